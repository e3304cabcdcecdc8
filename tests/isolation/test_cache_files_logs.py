"""The town in everything that is not a table: cache keys, files, log lines, and process-wide caches."""

import io
import json
import logging

import pytest
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from hamaynk.config.logs import JsonLine
from tenants.context import in_console, in_town
from tenants.isolation import TownLogFilter


def test_a_cached_value_is_the_towns_own(towns):
    """R20: the same key in two towns is two entries; on the console a third."""
    with in_town(towns.first):
        cache.set("figure", "of the first")
    with in_town(towns.second):
        assert cache.get("figure") is None
        cache.set("figure", "of the second")
    with in_console():
        assert cache.get("figure") is None
    with in_town(towns.first):
        assert cache.get("figure") == "of the first"


def test_the_control_without_the_key_function_towns_would_meet(towns, monkeypatch):
    """With Django's own key function the same test goes red: the guard is what keeps them apart."""
    from django.core.cache.backends.base import default_key_func

    monkeypatch.setattr(cache._connections[cache._alias], "key_func", default_key_func)
    with in_town(towns.first):
        cache.set("figure", "of the first")
    with in_town(towns.second):
        assert cache.get("figure") == "of the first"


def test_files_lie_in_the_towns_own_folder(towns, settings, tmp_path):
    """R20: the place is asked for at each use, so one storage object serves all towns rightly."""
    settings.MEDIA_ROOT = tmp_path
    with in_town(towns.first):
        name = default_storage.save("plan.txt", ContentFile(b"first"))
        assert default_storage.path(name).startswith(str(tmp_path / "dilijan"))
    with in_town(towns.second):
        assert not default_storage.exists(name)
        default_storage.save("plan.txt", ContentFile(b"second"))
        assert default_storage.open("plan.txt").read() == b"second"
        for way_out in ("../dilijan/plan.txt", "/etc/passwd", "a/../../dilijan/plan.txt"):
            with pytest.raises(SuspiciousFileOperation):
                default_storage.open(way_out)
    assert (tmp_path / "dilijan" / "plan.txt").read_bytes() == b"first"


def test_no_file_without_a_town(towns):
    """Code that forgot its town writes nowhere."""
    with pytest.raises(SuspiciousFileOperation):
        default_storage.save("plan.txt", ContentFile(b"lost"))


def test_log_lines_say_which_town(towns):
    """One JSON object a line, with town and request."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(TownLogFilter())
    handler.setFormatter(JsonLine())
    logger = logging.getLogger("hamaynk.test")
    logger.addHandler(handler)
    try:
        with in_town(towns.first):
            logger.error("something")
        logger.error("outside")
    finally:
        logger.removeHandler(handler)
    first, second = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (first["town"], second["town"]) == ("dilijan", "public")
    assert first["text"] == "something"
    assert "request" in first


def test_pages_of_two_towns_in_turn_never_mix(towns, visitor):
    """Two hundred requests in turn through one process: each answer belongs to the host that asked."""
    first, second = visitor(towns.first), visitor(towns.second)
    for _ in range(100):
        assert "Դիլիջանի" in first.get("/").content.decode()
        assert "Սևանի" in second.get("/").content.decode()
