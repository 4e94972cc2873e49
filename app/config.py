"""Settings, read from environment variables named ``CONVSCOPE_…``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1024 * 1024

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_EVERY_ADDRESS = ("0.0.0.0", "::")


class Settings(BaseSettings):
    """How one server runs. ``CONVSCOPE_PORT=9000 make run`` sets ``port``, and so on."""

    model_config = SettingsConfigDict(env_prefix="CONVSCOPE_", frozen=True)

    host: str = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 for every one."
    )
    allowed_hosts: str = Field(
        default="",
        description="Names, with commas, by which browsers may call the server beside this "
        "machine's own; `*` allows any, and so does an empty list on 0.0.0.0.",
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one."
    )
    device: Literal["auto", "cuda", "mps", "cpu"] = Field(
        default="auto",
        description="Where networks run; auto takes CUDA, then MPS, then the processor.",
    )
    threads: int = Field(
        default=1,
        ge=1,
        le=256,
        description="Torch threads in one operation; small networks want 1.",
    )
    data_dir: Path = Field(
        default=Path("data"),
        description="Data sets of your own: mnist/ and fashion-mnist/ with the four idx files, "
        "cifar10/.",
    )
    weights_dir: Path | None = Field(
        default=None,
        description="Where fetched weights are kept; empty: convscope/weights in the user's "
        "cache directory (XDG_CACHE_HOME).",
    )
    networks_dir: Path | None = Field(
        default=None,
        description="Networks of your own: Python files with `@register`, run as the server "
        "starts; empty: none.",
    )
    pictures_dir: Path | None = Field(
        default=None,
        description="Pictures of your own, to search for the nearest neighbours and to learn from: "
        "sub-folders are classes; empty: none.",
    )
    cache_dir: Path | None = Field(
        default=None,
        description="Where inputs of kept passes go (empty: a folder that ends with us) and what "
        "networks made of pictures_dir (empty: the user's cache directory).",
    )
    max_upload_bytes: int = Field(
        default=32 * MIB, ge=1024, description="Longest request body; a longer one gets 413."
    )
    max_weights_bytes: int = Field(
        default=2048 * MIB, ge=1024, description="Longest weights file that may be uploaded."
    )
    max_images: int = Field(default=1000, ge=1, description="Most images in one call.")
    max_pixels: int = Field(
        default=40_000_000, ge=784, description="Most pixels in one uploaded picture, once decoded."
    )
    max_response_bytes: int = Field(
        default=256 * MIB, ge=MIB, description="Most bytes of activations in one answer."
    )
    max_forward_bytes: int = Field(
        default=1024 * MIB,
        ge=MIB,
        description="Memory for the wanted layers in one forward pass: more images take turns.",
    )
    network_bytes: int = Field(
        default=3072 * MIB,
        ge=0,
        description="Memory for loaded networks, beside those that come with the repository.",
    )
    pass_cache_bytes: int = Field(
        default=512 * MIB, ge=0, description="Memory for the activations of kept passes."
    )
    pass_input_bytes: int = Field(
        default=64 * MIB,
        ge=0,
        description="Memory for their inputs; what is above goes to cache_dir.",
    )
    maximization_bytes: int = Field(
        default=512 * MIB,
        ge=0,
        description="Disk for pictures that were computed to drive a unit, in cache_dir; empty: "
        "the user's cache directory.",
    )
    trainings_dir: Path | None = Field(
        default=None,
        description="Where trainings and the networks that came of them are kept; empty: "
        "convscope/trainings in the user's data directory (XDG_DATA_HOME).",
    )
    training_bytes: int = Field(
        default=8192 * MIB,
        ge=MIB,
        description="Disk for trainings; when it is used up, new ones get 507 until one is "
        "deleted.",
    )
    training_workers: int = Field(
        default=1, ge=1, le=64, description="Trainings that run at the same time; others queue."
    )
    max_trainings: int = Field(
        default=16, ge=1, description="Trainings that may wait; more get 503."
    )
    max_training_seconds: int = Field(
        default=24 * 3600, ge=1, description="So long one training may compute; then it ends."
    )
    max_training_parameters: int = Field(
        default=100_000_000,
        ge=1,
        description="Most parameters of a network that is trained.",
    )
    max_batch: int = Field(
        default=64,
        ge=1,
        description="Most images in one forward pass shared by several clients; 1: none.",
    )
    max_queue: int = Field(
        default=256, ge=1, description="Requests that may wait for one network; more get 503."
    )
    job_workers: int = Field(
        default=2, ge=1, le=64, description="Jobs (downloads, scans …) that run at the same time."
    )
    max_jobs: int = Field(default=32, ge=1, description="Jobs that may wait; more get 503.")
    max_live_clients: int = Field(
        default=256, ge=0, description="Live sockets open at the same time."
    )
    shutdown_seconds: int = Field(
        default=5,
        ge=0,
        description="How long running requests may take to end when the server stops.",
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="auto: console on a terminal, JSON lines elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least important message that is written."
    )

    def known_hosts(self) -> frozenset[str] | None:
        """The names, in small letters, by which the server may be called; None: any."""
        listed = {name.strip().lower() for name in self.allowed_hosts.split(",") if name.strip()}
        if "*" in listed or (not listed and self.host in _EVERY_ADDRESS):
            return None
        return frozenset({*_THIS_MACHINE, self.host.lower(), *listed})
