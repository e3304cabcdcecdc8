"""Dashboards and alerts: good PromQL, and about figures that there really are."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import REGISTRY

from hamaynk.observability import metrics
from tasks.figures import gather, note_backup
from tests.support.links import wait_for
from tests.support.processes import hamaynk
from tests.support.workers import empty_queues
from tools import dashboards

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "deploy" / "observability"
ALERTS = FOLDER / "alerts.yaml"
ENDINGS = re.compile(r"_(total|bucket|count|sum)$")
OTHERS = {  # told by CloudNativePG, where it keeps the database
    "cnpg_collector_last_available_backup_timestamp",
    "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
}
assert metrics.requests


def rules() -> list[dict[str, Any]]:
    """All alerts."""
    return [rule for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


def boards() -> dict[str, Any]:
    """All dashboards by file."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (FOLDER / "dashboards").glob("*.json")}


def expressions() -> Iterator[tuple[str, str]]:
    """Where each stands, and the PromQL without Grafana's own words."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for name, board in boards().items():
        for panel in board["panels"]:
            for target in panel["targets"]:
                yield f"{name}: {panel['title']}", target["expr"].replace("$__rate_interval", "5m")


def selected(expression: str) -> set[str]:
    """Names of the figures in it, found by the parser."""
    found: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            found.add(node.name)
        for part in ("expr", "lhs", "rhs", "vector_selector", "param"):
            inner = getattr(node, part, None)
            if inner is not None and not isinstance(inner, str | int | float):
                walk(inner)
        for inner in getattr(node, "args", []) or []:
            walk(inner)

    walk(promql_parser.parse(expression))
    return found


def test_the_parser_finds_names_and_refuses_nonsense():
    """The control of the tests below."""
    text = (
        'histogram_quantile(0.9, sum by (le) (rate(a_bucket{x="1"}[5m]))) > 2 and time() - max(b) > 1 or absent(c == 1)'
    )
    assert selected(text) == {"a_bucket", "b", "c"}
    with pytest.raises(ValueError):
        promql_parser.parse("sum(rate(a[5m])")


def test_every_expression_is_promql_about_something():
    """In rules and on boards."""
    count = 0
    for place, expression in expressions():
        assert selected(expression), place
        count += 1
    assert count > 45


@pytest.mark.slow
def test_every_figure_that_is_named_is_told_by_a_process(towns):
    """Read from web and beat; what needs an event of its own (a task, a letter) stands in the definitions."""
    empty_queues()
    note_backup("cluster")
    gather()
    with hamaynk("web", WEB_WORKERS="1") as web, hamaynk("beat") as beat, hamaynk("worker") as worker:
        assert web.get("/", host="dilijan.localhost")[0] == 200
        wait_for(lambda: worker.figure("hamaynk_tasks_total") > 0, seconds=120, what="a task")
        told = {name for running in (web, beat, worker) for name in running.figures()}
    defined = {family.name for family in REGISTRY.collect() if family.name.startswith("hamaynk_")}
    named = {name for _, expression in expressions() for name in selected(expression)} - OTHERS
    unknown = {name for name in named - told if ENDINGS.sub("", name) not in defined}
    assert unknown == set()
    only_defined = {ENDINGS.sub("", name) for name in named - told}
    assert only_defined <= {"hamaynk_mails"}, only_defined
    assert len(named) > 20


def test_labels_that_are_named_are_there():
    """A rule about a label that no figure has would never speak."""
    known: dict[str, set[str]] = {}
    for family in REGISTRY.collect():
        for sample in family.samples:
            known.setdefault(sample.name, set()).update(sample.labels)
    for place, expression in expressions():
        for name, body in re.findall(r"(hamaynk_\w+)\{([^}]*)\}", expression):
            for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", body):
                if name in known and known[name]:
                    assert label in known[name], f"{place}: {name} has no label {label}"


def test_every_alert_says_what_and_where_to_read():
    """A summary, a severity, a place in the book that is there; and the book knows every alert and every figure."""
    book = (ROOT / "docs/operate/watch.md").read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", book, re.MULTILINE)
    }
    for rule in rules():
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "docs/operate/watch.md"
        assert anchor in anchors, rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert f"`{rule['alert']}`" in book, rule["alert"]
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    defined = {family.name for family in REGISTRY.collect() if family.name.startswith("hamaynk_")}
    for name in defined | {ENDINGS.sub("", name) for _, text in expressions() for name in selected(text)}:
        if name.startswith("hamaynk_"):
            assert name in book, name


def test_the_boards_are_as_their_list_has_them(tmp_path, monkeypatch):
    """The control: a board with one word changed is stale."""
    assert dashboards.main(["check"]) == 0
    assert set(boards()) == {f"{name}.json" for name in dashboards.BOARDS}
    for board in boards().values():
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    monkeypatch.setattr(dashboards, "FOLDER", tmp_path)
    assert dashboards.main(["check"]) == 1
    assert dashboards.main([]) == 0
    assert dashboards.main(["check"]) == 0


def promtool() -> str:
    """Where it is; missing in CI is a failure."""
    found = shutil.which("promtool")
    if found is None and os.environ.get("CI"):
        pytest.fail("promtool is missing: apt-get install prometheus")
    if found is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    return found


def test_prometheus_itself_takes_the_rules(tmp_path):
    """The control: a rule with an unknown function is refused."""
    tool = promtool()
    good = subprocess.run([tool, "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout + good.stderr
    broken = tmp_path / "broken.yaml"
    broken.write_text(ALERTS.read_text(encoding="utf-8").replace("absent(", "absend(", 1), encoding="utf-8")
    assert subprocess.run([tool, "check", "rules", str(broken)], capture_output=True, check=False).returncode != 0


CASES: dict[str, tuple[str, str, str, str]] = {
    # alert: series, values over minutes, when it speaks, when it must be silent
    "HamaynkOutboxOld": ("hamaynk_outbox_age_seconds", "0x10 700+60x20", "20m", "9m"),
    "HamaynkTownsBehind": ("hamaynk_towns_behind", "0x10 3x90", "85m", "9m"),
    "HamaynkBeatAway": ('hamaynk_info{process="beat",version="1"}', "1x10 _x20", "25m", "9m"),
    "HamaynkTwoBeats": ('hamaynk_info{process="beat",version="1"}', "1x40", "", "30m"),
    "HamaynkBackupOld": ('hamaynk_backup_timestamp_seconds{kind="cluster"}', "0x2000", "1600m", "60m"),
    "HamaynkBackupUnknown": ("hamaynk_cache_up", "1x2000", "1600m", "60m"),
    "HamaynkFiguresStale": ("hamaynk_figures_age_seconds", "10x10 300x20", "20m", "9m"),
    "HamaynkProvisioningStuck": ("hamaynk_provisioning_age_seconds", "0x10 1000x20", "20m", "9m"),
    "HamaynkMailFails": ('hamaynk_mails_total{kind="mailing",result="failed"}', "0x10 0+1x40", "40m", "9m"),
    "HamaynkCertificateFlood": ('hamaynk_certificate_questions_total{answer="no"}', "0x20 0+120x40", "55m", "15m"),
}


def test_alerts_speak_when_they_should_and_are_silent_else(tmp_path):
    """Prometheus's own rule tests, over made-up series."""
    tool = promtool()
    cases = []
    for alert, (series, values, speaks, silent) in CASES.items():
        for when, is_heard in ((speaks, True), (silent, False)):
            if when:
                cases.append({"alert": alert, "series": series, "values": values, "when": when, "heard": is_heard})
    for case in cases:
        heard = _is_heard(tool, tmp_path, case)
        assert heard == case["heard"], case
    assert sum(case["heard"] for case in cases) >= 9


@pytest.mark.parametrize("series", sorted(OTHERS))
def test_backups_of_cloudnativepg_count(tmp_path, series):
    """Without a word of ours: an old one is told, and a known one is not unknown."""
    tool = promtool()
    case = {"alert": "HamaynkBackupOld", "series": series, "values": "0x2000", "when": "1600m"}
    assert _is_heard(tool, tmp_path, case)
    assert not _is_heard(tool, tmp_path, {**case, "when": "60m"})
    unknown = {**case, "alert": "HamaynkBackupUnknown", "more": {"hamaynk_cache_up": "1x2000"}}
    assert not _is_heard(tool, tmp_path, unknown)
    assert _is_heard(tool, tmp_path, {**unknown, "series": "nothing_of_that_kind"})


def _is_heard(tool: str, place: Path, case: dict[str, Any]) -> bool:
    """Whether promtool agrees that the alert is silent: it compares lists of alerts, and an empty one is easily written."""
    test = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [
                    {"series": name, "values": values}
                    for name, values in {case["series"]: case["values"], **case.get("more", {})}.items()
                ],
                "alert_rule_test": [{"eval_time": case["when"], "alertname": case["alert"], "exp_alerts": []}],
            }
        ],
    }
    path = place / "test.yaml"
    path.write_text(yaml.safe_dump(test), encoding="utf-8")
    done = subprocess.run([tool, "test", "rules", str(path)], capture_output=True, text=True, check=False)
    assert "error" not in done.stderr.lower(), done.stderr
    return done.returncode != 0
