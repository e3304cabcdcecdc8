"""Which texts a source file asks to have translated.

Python is read as a syntax tree, so that a name counts only where it was imported from Django's translation module (or is
`hamaynk.contract.text`), under whatever name it goes there. Templates pass through Django's own `templatize`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

SKIPPED_FOLDERS = {"migrations", "locale", "locale_borrowed", "build", "node_modules", "__pycache__", "static"}
# Function -> positions of context, singular and plural among its arguments.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(
    rf"(?<![\w.])(npgettext|pgettext|ngettext|gettext|_)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})?(?:\s*,\s*{LITERAL})?",
    re.DOTALL,
)


@dataclass(frozen=True, order=True)
class Message:
    """A text to be translated. Two with the same key are one entry of a catalogue."""

    singular: str
    context: str | None = None
    plural: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        """What the text is looked up by."""
        return self.context, self.singular


@dataclass(frozen=True)
class Fault:
    """Something wrong in a source file."""

    path: Path
    line: int
    text: str


class _Calls(ast.NodeVisitor):
    """Collects the translation calls of one module."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: dict[str, str] = {}
        self.modules: set[str] = set()
        self.messages: list[Message] = []
        self.faults: list[Fault] = []

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Learns under which names translation functions go here."""
        for alias in node.names:
            own = alias.asname or alias.name
            if node.module == "django.utils.translation" and alias.name in FUNCTIONS:
                self.names[own] = alias.name
            elif node.module == "hamaynk.contract" and alias.name == "text":
                self.names[own] = "gettext_lazy"
            elif node.module == "django.utils" and alias.name == "translation":
                self.modules.add(own)

    def visit_Call(self, node: ast.Call) -> None:
        """Reads one call, and the calls inside it."""
        function = self._function(node.func)
        if function is not None:
            self._read(node, FUNCTIONS[function])
        self.generic_visit(node)

    def _function(self, called: ast.expr) -> str | None:
        if isinstance(called, ast.Name):
            return self.names.get(called.id)
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            return called.attr if called.value.id in self.modules and called.attr in FUNCTIONS else None
        return None

    def _read(self, node: ast.Call, positions: tuple[int | None, int, int | None]) -> None:
        texts: list[str | None] = []
        for position in positions:
            if position is None:
                texts.append(None)
                continue
            given = node.args[position] if position < len(node.args) else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                texts.append(given.value)
                continue
            if isinstance(given, ast.JoinedStr | ast.BinOp) or _is_format_call(given):
                self.faults.append(Fault(self.path, node.lineno, "a text to translate is put together before the call"))
            return
        context, singular, plural = texts
        if singular:
            self.messages.append(Message(singular, context, plural))


def _is_format_call(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


def from_python(path: Path) -> tuple[list[Message], list[Fault]]:
    """The texts of a Python file, and the calls that can never be translated."""
    calls = _Calls(path)
    calls.visit(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    return calls.messages, calls.faults


def from_template(path: Path) -> list[Message]:
    """The texts of a template."""
    messages = []
    for found in TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        function = "gettext" if found[1] == "_" else found[1]
        given = [ast.literal_eval(part) if part else None for part in found.groups()[1:]]
        context, singular, plural = (None if p is None else given[p] for p in FUNCTIONS[function])
        if singular:
            messages.append(Message(singular, context, plural))
    return messages


def sources(roots: Iterable[Path]) -> Iterator[Path]:
    """Python files and templates below `roots`, in a fixed order."""
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if SKIPPED_FOLDERS.intersection(path.relative_to(root).parts) or not path.is_file():
                continue
            if path.suffix == ".py" or (path.suffix in (".html", ".txt", ".svg") and "templates" in path.parts):
                yield path


def extract(roots: Iterable[Path]) -> tuple[dict[Message, list[Path]], list[Fault]]:
    """Every text below `roots` with the files that hold it. A text asked for with a plural anywhere has it everywhere."""
    found: dict[tuple[str | None, str], tuple[Message, list[Path]]] = {}
    faults: list[Fault] = []
    for path in sources(roots):
        if path.suffix == ".py":
            messages, wrong = from_python(path)
            faults += wrong
        else:
            messages = from_template(path)
        for message in messages:
            known, paths = found.setdefault(message.key, (message, []))
            if message.plural is not None and known.plural is None:
                found[message.key] = (message, paths)
            if path not in paths:
                paths.append(path)
    return dict(found.values()), faults
