"""The words at the top of the OpenAPI document."""

from __future__ import annotations

DESCRIPTION = """See what goes on inside convolutional neural networks.

**Tensors** are C×H×W, or C for dense layers, float32 unless asked otherwise: exactly what PyTorch
computes. `?format=` or `Accept` chooses JSON, npy, npz, safetensors or a PNG sprite sheet;
`?channels=0-15,31` selects channels; `?dtype=float16` or `uint8` makes smaller bodies. For uint8,
value = offset + scale × code: in the headers `X-Offset` and `X-Scale` (npy), the fields `offset`
and `scale` (JSON), the array `<layer>/scale` (npz) or the file's metadata (safetensors).

**Layers** have the names that `torch.nn.Module.named_modules()` gives, plus `input`.

**Errors** are `application/problem+json` (RFC 9457) with fields that help: `field`, `valid_layers`,
`nearest`, `max_bytes` …

**Live:** `WS /api/v1/models/{model}/live`; query: `layers` (default: `input` and every stage's
output), `preprocess=center|none`, `dtype=float32|float16`. Send a drawing as one binary message:
784 bytes (28×28, row by row, white ink on black) or a PNG. Each answer is one binary message: the
header's length as unsigned 32-bit little-endian integer, the header as JSON `{"seq",
"predictions", "layers": [{"id", "shape", "dtype", "offset"}]}`, then the arrays, little-endian,
each at its `offset` from the start of the message, 8-byte aligned. `seq` is the number of
drawings received so far: the newest drawing is answered, those that came while the server was
busy are skipped. A bad drawing is answered by a text message with a problem; the socket stays
open.

```
API=http://127.0.0.1:8000/api/v1
curl -F file=@seven.png "$API/models/digitnet/predictions?top=3"
curl -F file=@seven.png "$API/models/harley/activations?layers=conv1&format=npy" -o conv1.npy
```
"""

TAGS = [
    {"name": "networks", "description": "What there is, and what each network is made of."},
    {"name": "filters", "description": "Kernels as tensors and as pictures."},
    {"name": "forward pass", "description": "Stateless: images in, predictions or layers out."},
    {"name": "passes", "description": "A forward pass that is kept, to be looked into by parts."},
    {"name": "jobs", "description": "What takes long: downloads, scans."},
    {"name": "pictures", "description": "Free pictures, and the colours of ours."},
    {"name": "data sets", "description": "Real digits, for those who cannot draw."},
    {"name": "health", "description": "For service managers."},
]
