"""Starting: what production refuses, and how addresses are read."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.config.env import DatabaseAddress, Environment, EnvironmentFault

GOOD = {
    "SECRET_KEY": "a" * 40,
    "TOWN_ROLE_SECRET": "b" * 40,
    "DATABASE_URL": "postgres://127.0.0.1/hamaynk",
    "REDIS_URL": "redis://127.0.0.1/0",
    "BASE_DOMAIN": "hamaynk.example",
    "HAMAYNK_PROCESS": "web",
}


def _start(**changes: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "HOME")}
    environment = {**inherited, **GOOD, **changes, "DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.production"}
    command = [sys.executable, "-c", "import django; django.setup(); print('started')"]
    given_values = {name: value for name, value in environment.items() if value}
    return subprocess.run(command, env=given_values, capture_output=True, text=True, check=False)


def test_production_starts_with_everything_in_place():
    """The control of the test below."""
    result = _start()
    assert result.stdout.strip() == "started", result.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"SECRET_KEY": "demo-secret-key-only-for-the-demo-and-long"}, "SECRET_KEY is a demo or test secret"),
        ({"TOWN_ROLE_SECRET": "short"}, "TOWN_ROLE_SECRET is shorter than 32 characters."),
        ({"TOWN_ROLE_SECRET": "a" * 40}, "SECRET_KEY and TOWN_ROLE_SECRET must differ."),
        ({"BASE_DOMAIN": ""}, "BASE_DOMAIN is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set."),
        ({"DATABASE_URL": "postgres://owner:word@127.0.0.1/hamaynk"}, "carries credentials"),
        ({"DATABASE_URL": "mysql://127.0.0.1/hamaynk"}, "DATABASE_URL must look like"),
        ({"DATABASE_IDLE_CONNECTIONS": "many"}, "DATABASE_IDLE_CONNECTIONS must be a whole number"),
    ],
)
def test_production_refuses_with_a_sentence(changes, sentence):
    """Demo secrets, missing secrets, a web process that could become the owner."""
    result = _start(**changes)
    assert result.returncode != 0
    assert sentence in result.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    """NAME_FILE names a file that holds NAME."""
    (tmp_path / "key").write_text("from the file\n")
    assert Environment({"SECRET_KEY_FILE": str(tmp_path / "key")}).text("SECRET_KEY") == "from the file"
    with pytest.raises(EnvironmentFault, match="cannot be read"):
        Environment({"SECRET_KEY_FILE": str(tmp_path / "missing")}).text("SECRET_KEY")


words = st.text(st.characters(min_codepoint=33, max_codepoint=0x587, exclude_categories=("Cc", "Cs")), min_size=1)


@given(user=words, password=words, name=words)
def test_a_database_address_survives_its_own_writing(user, password, name):
    """Whatever stands in user, password and name."""
    address = DatabaseAddress("db.example", 5433, name, user, password, (("sslmode", "require"),))
    assert DatabaseAddress.parse(address.url()) == address
    assert (
        password not in address.without_credentials().url().replace(name, "")[len("postgres://") :] or len(password) < 9
    )


def test_unknown_options_of_the_address_are_refused():
    """Nothing is dropped silently; what secures the connection is kept."""
    kept = DatabaseAddress.parse("postgres://a:b@db.example/x?sslmode=verify-full&sslrootcert=/ca.pem")
    assert dict(kept.options) == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}
    with pytest.raises(EnvironmentFault, match="options"):
        DatabaseAddress.parse("postgres://a:b@db.example/x?options=-csearch_path=public")
