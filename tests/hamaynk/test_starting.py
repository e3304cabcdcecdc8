"""What keeps a process from starting: everything at once, a sentence each; and the one declaration behind it."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hamaynk.config.env import Environment, EnvironmentFault, UndeclaredSetting
from hamaynk.config.starting import faults, refuse
from hamaynk.config.variables import LIST, VARIABLES, Kind
from tools import settings_page

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "0123456789abcdef" * 4,
    "TOWN_ROLE_SECRET": "fedcba9876543210" * 4,
    "DATABASE_URL": "postgres://127.0.0.1/hamaynk",
    "REDIS_URL": "redis://127.0.0.1/0",
    "BASE_DOMAIN": "hamaynk.example",
    "HAMAYNK_PROCESS": "web",
}


def said(**changes: str) -> list[str]:
    """The sentences for the good settings with these changes."""
    return list(faults(GOOD | changes, production=True))


def test_good_settings_have_no_fault():
    """The control of all tests below."""
    assert said() == []
    assert list(faults({}, production=False)) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"WEB_WORKERS": "two"}, "WEB_WORKERS must be a whole number, not 'two'."),
        ({"WEB_WORKERS": "0"}, "WEB_WORKERS must be 1 or more, not 0."),
        ({"METRICS_PORT": "70000"}, "METRICS_PORT must be 0 to 65535, not 70000."),
        ({"DATABASE_POOLED": "perhaps"}, "DATABASE_POOLED must be yes or no, not 'perhaps'."),
        ({"WORKER_QUEUES": " , "}, "WORKER_QUEUES names nothing."),
        ({"WEB_BIND": "8000"}, "WEB_BIND must be address:port, several separated by spaces, not '8000'."),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'loud'."),
        ({"OPEN_DATA_LICENCE": "GPL"}, "OPEN_DATA_LICENCE must be one of CC-BY-4.0, CC0-1.0, not 'GPL'."),
        ({"REDIS_URL": "http://cache"}, "REDIS_URL must look like redis://host:6379/0."),
        ({"REDIS_URL": "redis://cache:many/0"}, "REDIS_URL must look like redis://host:6379/0."),
        ({"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL must look like postgres://user:password@host:5432/name."),
        ({"DATABASE_URL": "postgres://a:b/c"}, "DATABASE_URL names a port that is no number."),
        ({"DATABASE_URL": "postgres://a/b?x=1"}, "DATABASE_URL carries options that are not known here: x."),
        (
            {"BASE_DOMAIN": "https://hamaynk.am"},
            "BASE_DOMAIN must be a host name in small letters, without scheme and port, not 'https://hamaynk.am'.",
        ),
        ({"BASE_DOMAIN": ""}, "BASE_DOMAIN is not set (for example hamaynk.am)."),
        (
            {"BASE_DOMAIN": "localhost"},
            "BASE_DOMAIN is the demo's; give the platform's own domain (for example hamaynk.am).",
        ),
        ({"REDIS_URL": ""}, "REDIS_URL is not set."),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 32 characters."),
        (
            {"SECRET_KEY": "demo" * 10},
            "SECRET_KEY is a demo or test secret; make a new one with `openssl rand -hex 32`.",
        ),
        ({"TOWN_ROLE_SECRET": GOOD["SECRET_KEY"]}, "SECRET_KEY and TOWN_ROLE_SECRET must differ."),
        (
            {"DATABASE_URL": "postgres://owner:word@127.0.0.1/hamaynk"},
            "DATABASE_URL of the web process carries credentials; only provisioning may have them.",
        ),
        (
            {"HAMAYNK_PROCESS": "provisioner"},
            "DATABASE_URL of the provisioner process carries no credentials; it needs the database owner's.",
        ),
        (
            {"EMAIL_HOST_PASSWORD_FILE": "/nowhere/at/all"},
            "EMAIL_HOST_PASSWORD_FILE names /nowhere/at/all, which cannot be read: No such file or directory.",
        ),
        (
            {"SECRET_KEY_FILE": "/nowhere/at/all"},
            "SECRET_KEY and SECRET_KEY_FILE are both set; give one of them.",
        ),
        (
            {"DATABASE_IDLE_CONECTIONS": "5"},
            "DATABASE_IDLE_CONECTIONS is not a setting; is DATABASE_IDLE_CONNECTIONS meant?",
        ),
    ],
)
def test_each_fault_has_its_sentence(changes, sentence):
    """And nothing else is said."""
    assert said(**changes) == [sentence]


def test_all_faults_are_told_at_once(tmp_path):
    """Missing, malformed, unreadable and secret ones together; a secret in a file is looked at like any."""
    (tmp_path / "key").write_text("short\n")
    broken = {"SECRET_KEY": "", "SECRET_KEY_FILE": str(tmp_path / "key"), "REDIS_URL": "", "WEB_WORKERS": "two"}
    broken |= {"DATABASE_URL": "nonsense", "EMAIL_USE_TLS": "maybe"}
    with pytest.raises(EnvironmentFault) as told:
        refuse(GOOD | broken, production=True)
    assert sorted(str(told.value).splitlines()) == sorted(
        [
            "Hamaynk does not start:",
            "- DATABASE_URL must look like postgres://user:password@host:5432/name.",
            "- EMAIL_USE_TLS must be yes or no, not 'maybe'.",
            "- REDIS_URL is not set.",
            "- SECRET_KEY is shorter than 32 characters.",
            "- WEB_WORKERS must be a whole number, not 'two'.",
        ]
    )


def test_no_fault_shows_a_secret():
    """Sentences end up in logs: what is wrong with a secret is told without it."""
    word = "hunter2-hunter2"
    told = said(
        SECRET_KEY=word, TOWN_ROLE_SECRET=word, DATABASE_URL=f"mysql://a:{word}@b/c", REDIS_URL=f"http://:{word}@b/0"
    )
    assert len(told) == 5
    assert word not in " ".join(told)


@pytest.mark.parametrize("name", ["METRICS_PORT_9464_TCP_PORT", "DATABASE_URL_SERVICE_HOST", "PATH", "WEB_PORT"])
def test_names_of_others_are_nobodys_fault(name):
    """Kubernetes puts the addresses of its services into the environment."""
    assert said(**{name: "tcp://10.0.0.1:80"}) == []


def test_what_is_not_declared_cannot_be_read():
    """A fault of ours, not of the operator's; so is another kind than declared. The control is a declared one."""
    env = Environment({"WEB_WORKERS": "3"})
    assert env.number("WEB_WORKERS") == 3
    for read in (lambda: env.text("NOT_DECLARED"), lambda: env.flag("WEB_WORKERS"), lambda: env.number("LOG_LEVEL")):
        with pytest.raises(UndeclaredSetting):
            read()


def test_everything_declared_is_read_somewhere():
    """By our code through a reader; nothing stands on the page that nobody heeds."""
    read = {"DJANGO_SETTINGS_MODULE"}
    for path in (ROOT / "platform/hamaynk/config").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                first = node.args[0]
                if node.func.attr in ("text", "number", "flag", "words") and isinstance(first, ast.Constant):
                    read.add(first.value)
    assert set(VARIABLES) <= read, set(VARIABLES) - read
    assert len(LIST) == len(VARIABLES)


def test_defaults_are_good_themselves():
    """And every flag and number has one."""
    defaults = {variable.name: variable.default for variable in LIST if variable.default}
    assert list(faults(defaults, production=False)) == []
    assert all(v.default for v in LIST if v.kind in (Kind.FLAG, Kind.NUMBER) and v.name != "PORT")


def test_the_page_is_as_the_declaration_has_it(tmp_path, monkeypatch, capsys):
    """The control: a page with one word changed is stale."""
    assert settings_page.main(["check"]) == 0
    for variable in LIST:
        assert f"| `{variable.name}` |" in settings_page.page()
    stale = tmp_path / "settings.md"
    stale.write_text(settings_page.page().replace("| `WEB_THREADS` |", "| `WEB_THREDS` |"))
    monkeypatch.setattr(settings_page, "PAGE", stale)
    assert settings_page.main(["check"]) == 1
    assert settings_page.main([]) == 0
    assert settings_page.main(["check"]) == 0


def check_deploy(**changes: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` under production settings."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=kept | GOOD | {"DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.production"} | changes,
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_checks_of_a_deployment_say_nothing():
    """The control: without HTTPS they do."""
    good = check_deploy()
    assert good.returncode == 0, good.stderr
    assert re.match(r"System check identified no issues", good.stdout)
    assert "security.W008" in check_deploy(SECURE_SSL_REDIRECT="no").stderr
