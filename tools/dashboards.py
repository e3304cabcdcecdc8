"""The dashboards of Grafana, from a short list: `python -m tools.dashboards` writes them, `check` says if they are stale.

Two boards of plain panels. Here a panel is a title, a unit and expressions; what Grafana wants around them is always the
same and nobody could review it.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "deploy" / "observability" / "dashboards"
WIDE, HIGH = 8, 8
SOURCE = {"type": "prometheus", "uid": "${source}"}


@dataclass(frozen=True)
class Panel:
    """A graph, or with `now` a single number. `lines`: expression and legend."""

    title: str
    unit: str
    lines: tuple[tuple[str, str], ...]
    now: bool = False


def _quantile(share: float, name: str, by: str) -> tuple[str, str]:
    inner = f"sum by (le, {by}) (rate({name}_bucket[$__rate_interval]))"
    return f"histogram_quantile({share}, {inner})", f"{{{{{by}}}}} {share}"


BOARDS: dict[str, tuple[str, list[Panel]]] = {
    "overview": (
        "Hamaynk: overview",
        [
            Panel("Towns", "short", (("max(hamaynk_towns)", "towns"),), now=True),
            Panel(
                "Failures of the last hour",
                "percentunit",
                (
                    (
                        'sum(rate(hamaynk_requests_total{status="5xx"}[1h])) / sum(rate(hamaynk_requests_total[1h]))',
                        "failed",
                    ),
                ),
                now=True,
            ),
            Panel("Oldest event that waits", "s", (("max(hamaynk_outbox_age_seconds)", "age"),), now=True),
            Panel(
                "Requests by surface",
                "reqps",
                (("sum by (surface) (rate(hamaynk_requests_total[$__rate_interval]))", "{{surface}}"),),
            ),
            Panel(
                "Requests by status",
                "reqps",
                (("sum by (status) (rate(hamaynk_requests_total[$__rate_interval]))", "{{status}}"),),
            ),
            Panel(
                "Seconds to an answer",
                "s",
                (
                    _quantile(0.5, "hamaynk_request_seconds", "surface"),
                    _quantile(0.95, "hamaynk_request_seconds", "surface"),
                ),
            ),
            Panel(
                "Pages from memory",
                "percentunit",
                (
                    (
                        'sum(rate(hamaynk_page_cache_total{result="hit"}[$__rate_interval]))'
                        " / sum(rate(hamaynk_page_cache_total[$__rate_interval]))",
                        "from memory",
                    ),
                ),
            ),
            Panel(
                "Database connections",
                "short",
                (
                    ("sum by (role) (hamaynk_database_connections)", "{{role}}"),
                    ("sum(hamaynk_database_parked_connections)", "parked"),
                    ("max(hamaynk_database_connection_limit)", "limit"),
                ),
            ),
            Panel(
                "Connections opened",
                "cps",
                (("sum by (role) (rate(hamaynk_database_connects_total[$__rate_interval]))", "{{role}}"),),
            ),
            Panel("Processes", "short", (("count by (process, version) (hamaynk_info)", "{{process}} {{version}}"),)),
            Panel("Memory of main processes", "bytes", (("process_resident_memory_bytes", "{{instance}}"),)),
            Panel(
                "Certificates asked for",
                "cps",
                (("sum by (answer) (rate(hamaynk_certificate_questions_total[$__rate_interval]))", "{{answer}}"),),
            ),
        ],
    ),
    "towns-and-tasks": (
        "Hamaynk: towns and tasks",
        [
            Panel("Towns behind", "short", (("max(hamaynk_towns_behind)", "towns"),), now=True),
            Panel("Figures gathered", "s", (("max(hamaynk_figures_age_seconds)", "ago"),), now=True),
            Panel(
                "Last backup",
                "s",
                (("time() - max by (kind) (hamaynk_backup_timestamp_seconds)", "{{kind}}"),),
                now=True,
            ),
            Panel("Queues", "short", (("max by (queue) (hamaynk_queue_length)", "{{queue}}"),)),
            Panel(
                "Tasks by outcome",
                "cps",
                (("sum by (outcome) (rate(hamaynk_tasks_total[$__rate_interval]))", "{{outcome}}"),),
            ),
            Panel(
                "Tasks that fail",
                "cps",
                (('sum by (task) (rate(hamaynk_tasks_total{outcome!="success"}[$__rate_interval]))', "{{task}}"),),
            ),
            Panel("Begun late", "s", (_quantile(0.95, "hamaynk_task_age_seconds", "task"),)),
            Panel("Taken", "s", (_quantile(0.95, "hamaynk_task_seconds", "task"),)),
            Panel(
                "Outboxes",
                "short",
                (
                    ("max(hamaynk_outbox_waiting)", "events that wait"),
                    ("max(hamaynk_outbox_unknown)", "towns not looked at"),
                ),
            ),
            Panel(
                "Age of outboxes",
                "s",
                (
                    ("max(hamaynk_outbox_age_seconds)", "oldest event"),
                    ("max(hamaynk_outbox_noted_age_seconds)", "looked at longest ago"),
                ),
            ),
            Panel(
                "Onboardings",
                "short",
                (("max by (state) (hamaynk_provisioning_runs)", "{{state}}"),),
            ),
            Panel("Oldest onboarding", "s", (("max(hamaynk_provisioning_age_seconds)", "age"),)),
            Panel(
                "Letters",
                "cps",
                (("sum by (kind, result) (rate(hamaynk_mails_total[$__rate_interval]))", "{{kind}} {{result}}"),),
            ),
            Panel("Cache and queue server", "short", (("min(hamaynk_cache_up)", "answers"),)),
        ],
    ),
}


def board(name: str) -> str:
    """The JSON of one dashboard."""
    title, panels = BOARDS[name]
    whole: dict[str, Any] = {
        "uid": f"hamaynk-{name}",
        "title": title,
        "tags": ["hamaynk"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [{"name": "source", "label": "Source", "type": "datasource", "query": "prometheus"}]},
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }
    return json.dumps(whole, indent=1) + "\n"


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    return {
        "id": number + 1,
        "title": panel.title,
        "type": "stat" if panel.now else "timeseries",
        "datasource": SOURCE,
        "gridPos": {"x": number % 3 * WIDE, "y": number // 3 * HIGH, "w": WIDE, "h": HIGH},
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "targets": [
            {"refId": chr(65 + index), "datasource": SOURCE, "expr": expression, "legendFormat": legend}
            for index, (expression, legend) in enumerate(panel.lines)
        ],
    }


def main(arguments: list[str]) -> int:
    """Write them, or with `check` compare them: 1 if one is stale."""
    stale = [name for name in BOARDS if not _is_fresh(name)]
    if arguments == ["check"]:
        print(f"stale: {', '.join(stale)}; run `python -m tools.dashboards`" if stale else "the dashboards are fresh")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / f"{name}.json").write_text(board(name), encoding="utf-8")
    return 0


def _is_fresh(name: str) -> bool:
    path = FOLDER / f"{name}.json"
    return path.exists() and path.read_text(encoding="utf-8") == board(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
