"""`hamaynk web|worker|...`: one definition of each process, whoever starts it."""

import os
import socket
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
    good = {"DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.demo"}
    done = start("web", WEB_WORKERS="two", WEB_BIND="nowhere", **good)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Hamaynk does not start:",
        "- WEB_BIND must be address:port, several separated by spaces, not 'nowhere'.",
        "- WEB_WORKERS must be a whole number, not 'two'.",
    ]


def test_a_taken_port_of_the_figures_is_told_before_anything_starts():
    """Two processes on one host need a port each."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        demo = {"DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.demo", "METRICS_BIND": "127.0.0.1"}
        done = start("beat", METRICS_PORT=port, **demo)
    assert done.returncode == 1
    assert done.stderr.startswith(f"METRICS_PORT {port} on 127.0.0.1 cannot be listened on: ")


@pytest.mark.parametrize("arguments", [(), ("webs",), ("web", "--bind=0.0.0.0:1")])
def test_other_words_are_answered_by_the_usage(arguments):
    done = start(*arguments)
    assert done.returncode == 1
    assert done.stderr == f"{processes.USAGE}\n"


def test_production_does_not_start_without_its_settings():
    """Through the real command: what is missing is told, and nothing is started."""
    done = start("web")
    assert done.returncode == 1
    missing = ("SECRET_KEY", "TOWN_ROLE_SECRET", "DATABASE_URL", "REDIS_URL", "BASE_DOMAIN")
    assert done.stderr.startswith("Hamaynk does not start:\n- ")
    for name in missing:
        assert f"- {name} is not set" in done.stderr
    assert len(done.stderr.splitlines()) == 1 + len(missing), done.stderr


def test_the_word_says_which_process_it_is():
    """Not an environment that several share: web would be taken for the provisioner, and keep the owner's credentials."""
    owner = {"DATABASE_URL": "postgresql://owner:word@127.0.0.1/hamaynk", "HAMAYNK_PROCESS": "provisioner"}
    assert "DATABASE_URL of the web process carries credentials" in start("web", **owner).stderr
    assert "carries credentials" not in start("provisioner", **owner).stderr
