"""`make lighthouse`: Lighthouse on the phone profile, over a whole demo started for it. Scores depend on the machine's speed.

Prints, per page, the median of RUNS runs in each category, bytes sent, and the largest shift; ends with 1 where a median is
below GOAL. Not part of the tests: the score for speed is a measure of time.
"""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.local.demo import Demo
from deploy.local.environment import DemoPlace
from deploy.local.process import free_port

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "var/tools/web/node_modules/.bin/lighthouse"
GOAL = 95
RUNS = int(os.environ.get("RUNS", "3"))
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = {
    "home": "/",
    "news": "/community/news/",
    "people": "/town-hall/staff/",
    "budget": "/budget/",
    "revenue": "/budget/revenue/",
}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


# A demo keeps robots away, so that no search engine takes it for a town hall: measured are towns that are not one.
AS_REAL_TOWNS = """
from tenants.context import as_owner
from tenants.models import Community
from tenants.routing import announce_change
with as_owner():
    Community.objects.update(is_demo=False)
announce_change()
"""


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """A demo of its own in an empty folder; yields the address of a town."""
    with tempfile.TemporaryDirectory(prefix="hamaynk-lighthouse-") as folder:
        place = DemoPlace(ROOT, Path(folder), free_port(), None, None)
        started = Demo(place)
        try:
            with contextlib.redirect_stdout(sys.stderr):
                started.start()
                started.manage("shell", "--no-imports", "-c", AS_REAL_TOWNS)
            yield f"http://dilijan.localhost:{place.port}"
        finally:
            started.stop()


def measure(url: str, chromium: str) -> dict[str, Any]:
    """One run: score of each category from 0 to 100, bytes, shift, and what lost points."""
    done = subprocess.run(
        [str(PROGRAM), url, "--output=json", "--quiet", f"--chrome-flags={FLAGS}", "--max-wait-for-load=45000"],
        env=os.environ | {"CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    report = json.loads(done.stdout)
    audits, categories = report["audits"], report["categories"]
    lost = {
        ref["id"]
        for category in categories.values()
        for ref in category["auditRefs"]
        if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 0.9 and audits[ref["id"]]["score"] is not None
    }
    return {
        **{name: round(categories[name]["score"] * 100) for name in CATEGORIES},
        "bytes": int(audits["total-byte-weight"]["numericValue"]),
        "shift": audits["cumulative-layout-shift"]["numericValue"],
        "lost": lost,
    }


def main() -> int:
    """Measure every page; 1 where a median misses the goal."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is needed; on Debian install the package chromium.")
    missed = 0
    with demo() as town:
        measure(town + "/", chromium)  # not counted: workers still deliver what the demo's making has told
        print(f"{'page':<10}" + "".join(f"{name:>16}" for name in CATEGORIES) + f"{'kB':>8}{'shift':>8}  lost")
        for name, path in PAGES.items():
            runs = [measure(town + path, chromium) for _ in range(RUNS)]
            medians = {category: int(statistics.median(run[category] for run in runs)) for category in CATEGORIES}
            missed += sum(score < GOAL for score in medians.values())
            lost = ", ".join(sorted(set.intersection(*(run["lost"] for run in runs))))
            print(
                f"{name:<10}"
                + "".join(f"{medians[category]:>16}" for category in CATEGORIES)
                + f"{max(run['bytes'] for run in runs) / 1000:>8.0f}{max(run['shift'] for run in runs):>8.3f}  {lost}",
                flush=True,
            )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
