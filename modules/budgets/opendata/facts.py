"""Size and checksum of every file on offer, for the catalogue.

They come of building the files, so a worker does it: after a publication, and when the catalogue finds some missing. What
is kept is worth something as long as nothing in a file changes: figures, names of lines, or the way files are written.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from hamaynk.freshness import changed
from modules.budgets.opendata import source
from modules.budgets.opendata.dictionary import as_json
from modules.budgets.opendata.files import FORMS
from modules.budgets.opendata.source import OpenVersion
from modules.budgets.opendata.table import FORMAT
from tasks.base import community_task
from tenants.addresses import site_url

log = logging.getLogger(__name__)
KEPT_SECONDS = 90 * 24 * 3600
ASKED_KEY = "budgets:open-files-asked"
PAUSE_SECONDS = 30  # a worker begins that much later, and counts whatever was published meanwhile as well


@dataclass(frozen=True)
class FileFacts:
    """byte_size, and sha256 in hex, of a file as it is served."""

    byte_size: int
    sha256: str


Facts = dict[str, FileFacts]  # by form


def of_content(content: bytes) -> FileFacts:
    """The facts of a file."""
    return FileFacts(len(content), hashlib.sha256(content).hexdigest())


def known(versions: list[OpenVersion]) -> dict[OpenVersion, Facts]:
    """What is known of the files of these months. One query and one question to the cache."""
    keys = _keys(versions)
    kept = cache.get_many(list(keys.values()))
    found = {version: kept.get(key) for version, key in keys.items()}
    return {version: _read(one) for version, one in found.items() if one}


def ask_for_missing() -> None:
    """Has a worker count what is not known. A queue that is away is no fault of whoever asks: the catalogue asks again."""
    if not cache.add(ASKED_KEY, 1, PAUSE_SECONDS):
        return
    try:
        count_open_files.for_town(source.present_town().slug, countdown=PAUSE_SECONDS)
    except Exception as error:
        log.warning("the sizes of the open data files stay unknown for now: %s", type(error).__name__)


@community_task(name="modules.budgets.opendata.facts.count_open_files")
def count_open_files() -> None:
    """The same in a worker; run twice, it counts once."""
    count_missing()


def count_missing() -> int:
    """Builds the files of months whose facts are not known, and keeps the facts. Gives how many months those were."""
    versions = source.open_versions()
    present = known(versions)
    keys = _keys(versions)
    missing = [version for version in versions if version not in present]
    for version in missing:  # in a worker, one month after another: together they would not fit into memory
        month = source.open_month(version.year, version.month, version.side, version.version)
        if month is not None:
            counted = {code: of_content(form.build(month)) for code, form in FORMS.items()}
            kept = {code: (one.byte_size, one.sha256) for code, one in counted.items()}
            cache.set(keys[version], kept, KEPT_SECONDS)
    if missing:
        changed("budgets")  # kept pages and the catalogue do not know them yet
    return len(missing)


def _keys(versions: list[OpenVersion]) -> dict[OpenVersion, str]:
    """Names of the kept facts. One query."""
    way = [FORMAT, as_json(settings.CURRENCY), settings.OPEN_DATA_LICENCE, site_url(source.present_town())]
    common = json.dumps([way, source.names_stamp()], ensure_ascii=False, sort_keys=True)
    keys = {}
    for version in versions:
        said = f"{version.side} {version.period} {version.version} {version.stamp} {common}"
        keys[version] = f"budgets:open-files:{hashlib.sha256(said.encode()).hexdigest()}"
    return keys


def _read(kept: dict[str, tuple[int, str]]) -> Facts:
    return {code: FileFacts(*one) for code, one in kept.items()}
