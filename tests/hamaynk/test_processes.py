"""`hamaynk web|worker|...`: one definition of each process, whoever starts it."""

import os
import subprocess
import sys

import pytest

from hamaynk.config import processes
from hamaynk.config.env import EnvironmentFault


def start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an installed deployment would."""
    kept = ("PATH", "PYTHONPATH", "HOME")
    return subprocess.run(
        [sys.executable, "-m", "hamaynk.config.processes", *arguments],
        env={key: os.environ[key] for key in kept if key in os.environ} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_settings_change_the_words():
    words = processes.command("web", {"WEB_BIND": "127.0.0.1:1 [::1]:1", "WEB_WORKERS": "3"})
    assert words[:3] == [sys.executable, "-m", "gunicorn"]
    assert words[words.index("--workers") + 1] == "3"
    assert [words[at + 1] for at, word in enumerate(words) if word == "--bind"] == ["127.0.0.1:1", "[::1]:1"]
    assert "mail" in processes.command("worker", {"WORKER_QUEUES": "mail"})


def test_only_the_provisioner_serves_its_queue():
    """Whoever serves it needs the owner's credentials; nobody else has them."""
    for name in processes.PROCESSES:
        assert ("provisioning" in processes.command(name, {})) == (name == "provisioner")


def test_a_setting_that_cannot_be_read_is_one_sentence():
    with pytest.raises(EnvironmentFault, match="WEB_WORKERS must be a whole number"):
        processes.command("web", {"WEB_WORKERS": "two"})
    done = start("web", WEB_WORKERS="two")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "WEB_WORKERS must be a whole number, not 'two'.\n"


@pytest.mark.parametrize("arguments", [(), ("webs",), ("web", "--bind=0.0.0.0:1")])
def test_other_words_are_answered_by_the_usage(arguments):
    done = start(*arguments)
    assert done.returncode == 1
    assert done.stderr == f"{processes.USAGE}\n"


def test_production_does_not_start_without_its_settings():
    """Through the real command: what is missing is told, and nothing is started."""
    done = start("web")
    assert done.returncode != 0
    assert "SECRET_KEY is not set." in done.stderr
