"""The questions of `make release-check` can be answered with no: locks, licences, bill of materials, wheel, secrets."""

import subprocess
import zipfile
from collections.abc import Callable
from email.message import Message
from pathlib import Path

import pytest

from tools.release import licences, locks, sbom, secret_scan, wheel
from tools.release.licences import Rules, is_compatible, judge, stated
from tools.release.secret_scan import Found

HASH = "a" * 64
SOUND = f"""django==5.2.1 \\
    --hash=sha256:{HASH} \\
    --hash=sha256:{"b" * 64}
    # via hamaynk
idna==3.7 ; x \\
    --hash=sha256:{HASH}
"""
RULES = Rules(
    compatible={"MIT": "x", "MPL-2.0": "x", "Apache-2.0 WITH LLVM-exception": "x"},
    names={"mit license": "MIT", "the licence of old": "MIT"},
    packages={"odd": {"states": "Dual License", "licence": "MIT", "reason": "says so in its README"}},
)


# --- locks ---


def test_our_lock_files_are_whole() -> None:
    """All of them, as they lie here."""
    assert locks.all_faults() == []


def test_a_sound_lock_has_no_fault() -> None:
    """Continued lines, comments and markers are read."""
    assert list(locks.faults(SOUND, "x.txt")) == []
    assert locks.pins(SOUND) == {"django": {"5.2.1"}, "idna": {"3.7"}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("redis==5.0", "redis has no hash"),
        (f"redis>=5.0 --hash=sha256:{HASH}", "not pinned"),
        ("redis==5.0 --hash=md5:abc", "no SHA-256"),
        (f"redis==5.0 --hash=sha256:{HASH} --hash=sha256:short", "no SHA-256"),
        ("--index-url https://pypi.example/simple", "--index-url"),
        ("--extra-index-url https://pypi.example/simple", "--extra-index-url"),
        ("-e .", "an option"),
        (f"redis @ https://files.example/redis.whl --hash=sha256:{HASH}", "names a place"),
        ("git+https://code.example/redis.git", "names a place"),
    ],
)
def test_a_hole_in_a_lock_is_named(line: str, said: str) -> None:
    """With its line."""
    (fault,) = locks.faults(f"{SOUND}{line}\n", "x.txt")
    assert fault.startswith("x.txt:7: ")
    assert said in fault
    assert list(locks.faults("# nothing\n", "x.txt")) == ["x.txt: holds no requirement"]


def test_locks_that_disagree_are_named(tmp_path: Path) -> None:
    """With one another, and with what the project asks for."""
    for name in locks.LOCKS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SOUND)
    (tmp_path / "requirements/run.txt").write_text(SOUND.replace("5.2.1", "5.2.2"))
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["Django>=5", "nh3[x]>=1"]\n')
    assert locks.all_faults(tmp_path) == [
        "requirements/run.txt: django 5.2.2, but another in requirements/dev.txt",
        "requirements/run.txt: nh3, which pyproject.toml asks for, is missing",
    ]


# --- licences ---


def metadata(**fields: str | list[str]) -> Message:
    """A package's statement."""
    message = Message()
    for name, value in fields.items():
        for text in [value] if isinstance(value, str) else value:
            message[name.replace("_", "-")] = text
    return message


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("MIT", True),
        ("GPL-2.0-only", False),
        ("", False),
        ("GPL-2.0-only OR MIT", True),
        ("GPL-2.0-only AND MIT", False),
        ("(GPL-2.0-only OR MIT) AND MPL-2.0", True),
        ("GPL-2.0-only OR MIT AND SSPL-1.0", False),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("MIT WITH Something-else", False),
        ("(MIT", False),
        ("MIT )", False),
    ],
)
def test_expressions(expression: str, answer: bool) -> None:
    """AND binds tighter than OR; what is not understood is not allowed."""
    assert is_compatible(expression, RULES) is answer


def test_what_a_package_states() -> None:
    """The expression before the classifiers before the text."""
    classifiers = ["License :: OSI Approved :: MIT License", "License :: OSI Approved"]
    assert stated(metadata(License_Expression="MPL-2.0", Classifier=classifiers), RULES) == "MPL-2.0"
    assert stated(metadata(Classifier=classifiers, License="nonsense"), RULES) == "MIT"
    assert stated(metadata(License="The licence of old\nwith all its words"), RULES) == "MIT"
    assert stated(metadata(), RULES) == ""
    both = metadata(Classifier=[*classifiers, "License :: OSI Approved :: GNU General Public License"])
    assert not is_compatible(stated(both, RULES), RULES)


def test_judgement() -> None:
    """Good, bad, silent, excepted; an exception that no longer fits, or that nobody needs."""
    good, bad = metadata(License_Expression="MIT"), metadata(License_Expression="SSPL-1.0")
    odd = metadata(License="Dual License")
    lines = {
        line.package: line
        for line in judge(
            [("good", "1", good), ("Bad", "1", bad), ("silent", "1", metadata()), ("odd", "1", odd)], RULES
        )
    }
    assert {name: bool(line.fault) for name, line in lines.items()} == {
        "Bad": True,
        "good": False,
        "odd": False,
        "silent": True,
    }
    assert lines["odd"].note == "says so in its README"
    (moved,) = judge([("odd", "2", bad)], RULES)
    assert "the rules know 'Dual License'" in moved.fault
    (unused,) = judge([], RULES)
    assert "is not installed" in unused.fault
    assert "| Bad | 1 | SSPL-1.0 | is not among" in licences.report(lines.values())


def test_every_rule_has_its_reason() -> None:
    """In the file that is really used; the copyleft that would bind us is not among the compatible ones."""
    rules = Rules.read()
    assert all(len(reason) > 15 for reason in rules.compatible.values())
    assert all(len(entry["reason"]) > 15 for entry in rules.packages.values())
    assert not any(
        is_compatible(name, rules) for name in ("GPL-2.0-only", "GPL-3.0-only", "AGPL-3.0-only", "SSPL-1.0", "BUSL-1.1")
    )


# --- bill of materials ---


def test_bill_and_lock() -> None:
    """What is in one of them only, or in another version."""

    def bill(**versions: str) -> dict[str, object]:
        return {"components": [{"name": n, "version": v, "purl": f"pkg:pypi/{n}@{v}"} for n, v in versions.items()]}

    assert list(sbom.faults(bill(Django="5.2.1", idna="3.7"), SOUND)) == []
    assert list(sbom.faults(bill(django="5.2.1", pip="26"), SOUND, extra=frozenset({"pip"}))) == []
    assert list(sbom.faults(bill(django="5.2.0", extra="1"), SOUND)) == [
        "extra is in the bill and not in the lock",
        "django is 5.2.0 in the bill and 5.2.1 in the lock",
    ]
    assert list(sbom.faults({"components": []}, SOUND)) == ["the bill is empty"]


# --- wheel ---


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An exported source with one file of each kind."""
    for name in ("tenants/a.py", "platform/hamaynk/ui/templates/a.html", "platform/hamaynk/ui/static/a.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    for name in ("modules/x/static/a.js", "modules/x/locale/hy/LC_MESSAGES/django.mo", "tests/test_a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


Pack = Callable[..., Path]


@pytest.fixture
def pack(source: Path) -> Pack:
    """pack(name, without=..., more=...) makes a wheel of it."""

    def make(name: str = "a", *, without: str = "", more: str = "", content: str = "x", time: int = 1990) -> Path:
        path = source / f"{name}.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for inner in sorted([*wheel.wanted(source), "hamaynk-1.dist-info/METADATA", *filter(None, [more])]):
                if inner != without:
                    archive.writestr(zipfile.ZipInfo(inner, (time, 1, 1, 0, 0, 0)), content)
        return path

    return make


def test_a_whole_wheel(source: Path, pack: Pack) -> None:
    """Templates, static files and words; `platform/` is no package."""
    assert list(wheel.faults(pack(), source)) == []
    assert wheel.digest(pack("a")) == wheel.digest(pack("b"))


@pytest.mark.parametrize(
    "name", ["hamaynk/ui/templates/a.html", "modules/x/locale/hy/LC_MESSAGES/django.mo", "tenants/a.py"]
)
def test_what_is_missing(source: Path, pack: Pack, name: str) -> None:
    """Named one by one."""
    assert f"{name} is missing in the wheel" in list(wheel.faults(pack(without=name), source))


@pytest.mark.parametrize(
    "name", ["tests/test_a.py", "tools/lint.py", "modules/x/tests/a.py", "tenants/test_a.py", "a.pyc"]
)
def test_what_has_no_business_there(source: Path, pack: Pack, name: str) -> None:
    """Tests, tools, leftovers."""
    assert f"{name} has no business in the wheel" in list(wheel.faults(pack(more=name), source))


def test_where_two_builds_differ(pack: Pack) -> None:
    """Content, time, files."""
    first = pack("first")
    assert list(wheel.differences(first, pack("same"))) == []
    assert "tenants/a.py has another content" in list(wheel.differences(first, pack("b", content="y")))
    assert "tenants/a.py bears another time" in list(wheel.differences(first, pack("c", time=1991)))
    assert list(wheel.differences(first, pack("d", more="x.py"))) == ["x.py is in one of them only"]


# --- secrets ---


def test_only_what_is_known_passes() -> None:
    """Each once; and what is known and found nowhere can be told, so that the list does not grow old."""
    found = [
        Found("1" * 40, "Secret Keyword", "a.py:3"),
        *[Found("2" * 40, "Private Key", f"b.py:{n}") for n in (1, 2)],
    ]
    assert list(secret_scan.faults(found, {"1" * 40: "a demo's"})) == [f"b.py:1: Private Key, sha1 {'2' * 40}"]
    assert secret_scan.unneeded(found, {"1" * 40: "x", "3" * 40: "x"}) == ["3" * 40]


def test_every_known_one_has_its_reason() -> None:
    """A finding is audited by saying why it is none."""
    assert all(len(why) > 15 for why in secret_scan.known().values())


def test_what_was_removed_is_still_read(tmp_path: Path) -> None:
    """History holds what the tree no longer does."""

    def git(*words: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.am"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / "a.txt").write_text("once here\nstays\n")
    git("add", ".")
    git("commit", "-qm", "one")
    (tmp_path / "a.txt").write_text("stays\n")
    git("commit", "-qam", "two")
    assert secret_scan.tree(tmp_path) == {"a.txt": ["stays"]}
    assert secret_scan.history(tmp_path) == {"a.txt": ["once here", "stays"]}
    assert secret_scan.gone(tmp_path) == {"a.txt": ["once here"]}
    assert secret_scan.is_shallow(tmp_path) is False
