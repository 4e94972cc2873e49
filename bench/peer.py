"""The peer: a server that answers one PNG a channel as base64 in JSON, as older tools do.

``python -m bench.peer PORT MODEL``. It has the same networks, preprocessing and transport as ours,
so that what differs is the design of the answer.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from typing import Any

import numpy as np
import torch
import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from numpy.typing import NDArray
from PIL import Image
from torch import nn

import models
from app.services import preprocess


def png(channel: NDArray[np.float32]) -> str:
    """One channel, H×W, stretched to grey levels, as base64 PNG by Pillow's defaults."""
    low, high = float(channel.min()), float(channel.max())
    grey = (channel - low) * (255 / (high - low) if high > low else 0)
    body = io.BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(body, "PNG")
    return base64.b64encode(body.getvalue()).decode()


def pngs(layers: dict[str, NDArray[np.float32]]) -> dict[str, list[str]]:
    """Every channel of every layer (C×H×W; dense layers as one row)."""
    return {
        name: [png(channel) for channel in (values if values.ndim == 3 else values[None, None])]
        for name, values in layers.items()
    }


class Hooked:
    """A network with a hook on every leaf, the common way to look inside."""

    def __init__(self, model_id: str) -> None:
        self.spec = models.spec(model_id)
        self.network = models.load(model_id)
        self.layers: dict[str, NDArray[np.float32]] = {}
        for name, module in self.network.named_modules():
            if not list(module.children()):
                module.register_forward_hook(self._keep(name))

    def run(self, drawing: bytes) -> dict[str, Any]:
        """What the socket answers to 784 bytes."""
        pixels = np.frombuffer(drawing, np.uint8).reshape(1, 28, 28)
        x = preprocess.to_network(pixels, self.spec, "center")
        with torch.inference_mode():
            probabilities = self.network(x).softmax(1)[0].tolist()
        return {"probabilities": probabilities, "layers": pngs(self.layers)}

    def _keep(self, name: str) -> Any:
        def hook(module: nn.Module, inputs: Any, output: torch.Tensor) -> None:
            self.layers[name] = output[0].numpy()

        return hook


def create_app(model_id: str) -> FastAPI:
    """``/readyz`` and the socket ``/live``."""
    app, hooked = FastAPI(), Hooked(model_id)

    @app.get("/readyz")
    def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        try:
            while True:
                await socket.send_text(json.dumps(hooked.run(await socket.receive_bytes())))
        except WebSocketDisconnect:
            return

    return app


if __name__ == "__main__":
    torch.set_num_threads(1)
    port, model = sys.argv[1:]
    uvicorn.run(create_app(model), host="127.0.0.1", port=int(port), log_level="warning")
