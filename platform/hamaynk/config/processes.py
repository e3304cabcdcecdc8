"""`hamaynk web|worker|provisioner|beat|migrate|manage`: the processes of a deployment, written once.

Image, compose file, chart, systemd units and `make demo` all start these and nothing else. Each becomes the real program
(exec), so signals reach it and nothing stands between it and the one that supervises it.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from hamaynk.config.env import Environment, EnvironmentFault
from hamaynk.config.starting import refuse
from hamaynk.observability import exposition, folder

PRODUCTION = "hamaynk.config.settings.production"
USAGE = "Usage: hamaynk web|worker|provisioner|beat, or hamaynk migrate|manage [ARGUMENT ...]"
QUIET = ("--without-mingle", "--without-gossip")


def web(env: Environment) -> list[str]:
    """Gunicorn with threads. WEB_BIND: addresses, separated by spaces."""
    bound = [word for address in env.text("WEB_BIND").split() for word in ("--bind", address)]
    return [
        *("gunicorn", "hamaynk.config.wsgi:application", "--config", "python:hamaynk.config.gunicorn", *bound),
        *("--worker-class", "gthread"),
        *("--workers", str(env.number("WEB_WORKERS")), "--threads", str(env.number("WEB_THREADS"))),
        *("--timeout", str(env.number("WEB_TIMEOUT")), "--graceful-timeout", str(env.number("STOP_SECONDS"))),
        # The heartbeat file in memory: a slow disk must not look like a stuck worker. No control socket: it would lie
        # in the home directory, one for all deployments of a user.
        *("--worker-tmp-dir", _memory(), "--log-level", "warning", "--no-control-socket"),
    ]


def worker(env: Environment) -> list[str]:
    """A worker of the queues named in WORKER_QUEUES."""
    return _celery(env, ",".join(env.words("WORKER_QUEUES")), env.number("WORKER_CONCURRENCY"), "worker")


def provisioner(env: Environment) -> list[str]:
    """The worker that makes towns: the only long-running process that may have the owner's credentials."""
    return _celery(env, "provisioning", 1, "provisioner")


def beat(env: Environment) -> list[str]:
    """The clock. Exactly one in a deployment."""
    schedule = env.text("BEAT_SCHEDULE", os.path.join(env.text("HAMAYNK_VAR", "var"), "beat-schedule"))
    return ["celery", "--quiet", "-A", "tasks", "beat", "--schedule", schedule]


def _celery(env: Environment, queues: str, concurrency: int, name: str) -> list[str]:
    return [
        *("celery", "--quiet", "-A", "tasks", "worker", "-Q", queues, "--concurrency", str(concurrency)),
        *(*QUIET, "-n", f"{name}@%h"),
    ]


def _memory() -> str:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else os.environ.get("TMPDIR", "/tmp")  # noqa: S108


PROCESSES: dict[str, Callable[[Environment], list[str]]] = {
    "web": web,
    "worker": worker,
    "provisioner": provisioner,
    "beat": beat,
}
COMMANDS = ("migrate", "manage")


def command(name: str, source: Mapping[str, str] | None = None) -> list[str]:
    """The words that start a long-running process with this Python, by the settings in `source` (the environment).

    Raises KeyError for a name that is none, EnvironmentFault for a setting that cannot be read.
    """
    program, *words = PROCESSES[name](Environment(source))
    return [sys.executable, "-m", program, *words]


def main(arguments: Sequence[str] | None = None) -> None:
    """Become the process, or run the management command."""
    name, *rest = list(sys.argv[1:] if arguments is None else arguments) or [""]
    if (name not in PROCESSES and name not in COMMANDS) or (name in PROCESSES and rest):
        sys.exit(USAGE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", PRODUCTION)
    try:
        if name in COMMANDS:
            _manage(["platform", "prepare", *rest] if name == "migrate" else rest)
            return
        os.environ["HAMAYNK_PROCESS"] = name  # whatever a shared environment says
        refuse(production=os.environ["DJANGO_SETTINGS_MODULE"] == PRODUCTION)
        words = command(name)
        _prepare_metrics(Environment())
    except EnvironmentFault as fault:
        sys.exit(str(fault))
    os.execv(words[0], words)  # noqa: S606


def _prepare_metrics(env: Environment) -> None:
    """The folder must be there before the program that counts; a taken port is better told now than in its log."""
    port, bind = env.number("METRICS_PORT"), env.text("METRICS_BIND")
    if not port:
        return
    if taken := exposition.can_listen(bind, port):
        raise EnvironmentFault(f"METRICS_PORT {port} on {bind} cannot be listened on: {taken}.")
    folder.make()


def _manage(arguments: list[str]) -> None:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("HAMAYNK_PROCESS", "command")
    execute_from_command_line(["hamaynk manage", *arguments])


if __name__ == "__main__":
    main()
