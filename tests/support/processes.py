"""The processes of a deployment, started by the command `hamaynk` as a deployment starts them, on the suite's servers."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from deploy.local.process import free_port
from tests.support.links import plain_environment, wait_for


@dataclass
class Running:
    """A running process: where it answers and what it writes."""

    name: str
    child: subprocess.Popen[bytes]
    log: Path
    port: int
    metrics_port: int
    folder: Path
    stopped: bool = field(default=False)

    def get(self, path: str, *, host: str = "localhost", **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a page of web."""
        return ask(self.port, path, Host=f"{host}:{self.port}" if host == "localhost" else host, **headers)

    def watched(self, path: str) -> tuple[int, str]:
        """Status and body of /metrics or /livez."""
        status, _, body = ask(self.metrics_port, path)
        return status, body.decode()

    def figures(self) -> dict[str, list[Any]]:
        """All samples by name."""
        status, text = self.watched("/metrics")
        assert status == 200, text
        found: dict[str, list[Any]] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                found.setdefault(sample.name, []).append(sample)
        return found

    def figure(self, name: str, **labels: str) -> float:
        """The sum of the samples with these labels; 0 where there is none."""
        samples = self.figures().get(name, [])
        return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged. A line that is no JSON object fails the test."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines() if line.strip()]

    def stop(self) -> int:
        """As a supervisor stops it."""
        if not self.stopped:
            self.child.send_signal(signal.SIGTERM)
            self.stopped = True
        return self.child.wait(30)


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One question over HTTP; the answer as it came over the wire."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request("GET", path, headers={key.replace("_", "-"): value for key, value in headers.items()})
        answer = link.getresponse()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
    finally:
        link.close()


@contextmanager
def hamaynk(name: str, **environment: str) -> Iterator[Running]:
    """`hamaynk <name>` with figures on a free port, once it answers; ended with all its children."""
    with tempfile.TemporaryDirectory(prefix="hamaynk-run-") as place:
        port, metrics_port, log = free_port(), free_port(), Path(place) / "log"
        given = {
            "WEB_BIND": f"127.0.0.1:{port}",
            "METRICS_BIND": "127.0.0.1",
            "METRICS_PORT": str(metrics_port),
            "BEAT_SCHEDULE": str(Path(place) / "schedule"),
            "TMPDIR": place,
            "LOG_LEVEL": "INFO",
            **environment,
        }
        with log.open("wb") as output:
            child = subprocess.Popen(
                [sys.executable, "-m", "hamaynk.config.processes", name],
                env=plain_environment(**given),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running = Running(name, child, log, port, metrics_port, Path(place))
        try:
            wait_for(lambda: _answers(running), seconds=180, what=f"{name}'s first answer")
            yield running
        except BaseException:
            sys.stderr.write(f"--- {name} wrote at last:\n{log.read_text(encoding='utf-8')[-6000:]}\n")
            raise
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _answers(running: Running) -> bool:
    if running.child.poll() is not None:
        raise AssertionError(f"{running.name} ended by itself:\n{running.log.read_text(encoding='utf-8')[-4000:]}")
    try:
        if running.name == "web" and running.get("/healthz")[0] != 200:
            return False
        return running.watched("/livez")[0] == 200
    except (OSError, http.client.HTTPException):
        return False
