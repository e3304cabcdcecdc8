"""systemd units, read as systemd reads them as far as ours go: what would be started, as whom, with which environment."""

import shlex
from dataclasses import dataclass
from pathlib import Path

UNITS = Path(__file__).resolve().parents[2] / "deploy/systemd"


@dataclass(frozen=True)
class Unit:
    """One service, after its common drop-in."""

    commands: tuple[tuple[str, ...], ...]
    environment: dict[str, str]
    credentials: dict[str, Path]
    environment_files: tuple[Path, ...]
    user: str


def assignments(text: str) -> list[tuple[str, str]]:
    """(key, value) of the section [Service], in order."""
    found, section = [], ""
    for line in (raw.strip() for raw in text.splitlines()):
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and not line.startswith(("#", ";")):
            key, _, value = line.partition("=")
            found.append((key.strip(), value.strip()))
    return found


def sources(name: str) -> list[Path]:
    """The file of a unit or of its template, and its drop-ins."""
    stem, _, kind = name.rpartition(".")
    file = f"{stem.partition('@')[0]}@.{kind}" if "@" in stem else name
    return [UNITS / file, *sorted((UNITS / f"{file}.d").glob("*.conf"))]


def unit(name: str) -> Unit:
    """What `name` (hamaynk-worker@default.service) means."""
    instance = name.partition("@")[2].rpartition(".")[0]
    pairs = [
        (key, value.replace("%i", instance)) for path in sources(name) for key, value in assignments(path.read_text())
    ]
    every = lambda wanted: [value for key, value in pairs if key == wanted]  # noqa: E731
    loaded = dict(value.split(":", 1) for value in every("LoadCredential"))
    return Unit(
        commands=tuple(tuple(shlex.split(value)) for value in every("ExecStart")),
        environment=dict(word.split("=", 1) for value in every("Environment") for word in shlex.split(value)),
        credentials={credential: Path(path) for credential, path in loaded.items()},
        environment_files=tuple(Path(value) for value in every("EnvironmentFile")),
        user=every("User")[-1],
    )
