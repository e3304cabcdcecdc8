"""Verbs of `manage.py towns` that belong to applications above this one: added when these are ready."""

from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand


@dataclass(frozen=True, kw_only=True)
class Verb:
    """`run` gets the command, for its output, and the arguments by name."""

    name: str
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[..., None]


added: dict[str, Verb] = {}


def add_verb(verb: Verb) -> None:
    """From an AppConfig's `ready`."""
    added[verb.name] = verb


def run_verb(command: BaseCommand, name: str, options: dict[str, Any]) -> None:
    """Carry out an added verb."""
    added[name].run(command, **options)
