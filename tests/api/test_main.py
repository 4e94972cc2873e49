"""``python -m app``, in a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]


def start(**settings: str) -> subprocess.Popen[str]:
    env = {f"CONVSCOPE_{name.upper()}": value for name, value in settings.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_prints_its_address_serves_and_stops_on_ctrl_c() -> None:
    with start(port="0", log_level="warning") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ConvScope runs on http://127.0.0.1:")
        url = line.split()[3]
        assert httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")


def test_a_port_that_is_taken_is_said_plainly() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with start(port=str(port)) as process:
            _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Port {port} is taken" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(("setting", "value"), [("port", "x"), ("device", "tpu"), ("threads", "0")])
def test_a_wrong_setting_is_named(setting: str, value: str) -> None:
    with start(**{setting: value}) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert setting in errors
    assert "Traceback" not in errors
