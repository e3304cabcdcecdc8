"""`/metrics` and `/livez` of a process, on a port of their own, answered by a thread of its main process."""

import os
import socket
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from hamaynk.observability import folder


class About(Collector):
    """Which process of which version answers."""

    def __init__(self, process: str) -> None:
        self.process = process

    def collect(self) -> Iterable[Any]:
        """One series that is always 1."""
        family = GaugeMetricFamily("hamaynk_info", "The process that answers.", labels=("process", "version"))
        family.add_metric((self.process, version("hamaynk")), 1)
        yield family


def registry_of(process: str, collectors: Iterable[Collector] = ()) -> CollectorRegistry:
    """Figures of this process and of all it has forked, the main process's own memory and time, and `collectors`."""
    registry = CollectorRegistry()
    if folder.VARIABLE in os.environ:
        MultiProcessCollector(registry)
        ProcessCollector(registry=registry)
    else:
        registry.register(REGISTRY)
    registry.register(About(process))
    for collector in collectors:
        registry.register(collector)
    return registry


class Exposition:
    """The little server. `fault` tells what is wrong with the main loop, "" if nothing is."""

    def __init__(self, registry: CollectorRegistry, fault: Callable[[], str]) -> None:
        self.registry = registry
        self.fault = fault
        self._server: ThreadingHTTPServer | None = None

    def start(self, bind: str, port: int) -> int:
        """Listen; returns the port (a free one for 0). OSError where it is taken."""
        server = type("Server", (ThreadingHTTPServer,), {"address_family": family_of(bind), "daemon_threads": True})
        self._server = server((bind, port), self._handler())
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and body for a path."""
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST, generate_latest(self.registry)
        if path == "/livez":
            fault = self.fault()
            return (503 if fault else 200), "text/plain; charset=utf-8", f"{fault or 'ok'}\n".encode()
        return 404, "text/plain; charset=utf-8", b"/metrics or /livez\n"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        exposition = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10  # a scraper that says nothing keeps no thread

            def do_GET(self) -> None:
                status, kind, body = exposition.answer(self.path.partition("?")[0])
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: a line for each scrape would say nothing."""

        return Handler


def family_of(bind: str) -> socket.AddressFamily:
    """IPv6 for an address with colons."""
    return socket.AF_INET6 if ":" in bind else socket.AF_INET


def can_listen(bind: str, port: int) -> str:
    """ "" where the address is free, else what the system says."""
    try:
        with socket.socket(family_of(bind), socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((bind, port))
    except OSError as error:
        return str(error.strerror or error)
    return ""
