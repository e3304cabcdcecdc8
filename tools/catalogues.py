"""Where message catalogues lie, and how they are read and written: sorted, without line numbers and dates, so that two
people who translate meet in few conflicts."""

import gettext
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import allauth
import django
import wagtail
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po

from tools.extraction import Message

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("hy", "en", "ru")
PLURALS = {
    "hy": (2, "nplurals=2; plural=(n != 1);"),
    "en": (2, "nplurals=2; plural=(n != 1);"),
    "ru": (
        4,
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : "
        "n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);",
    ),
}
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # in the head of compiled catalogues, which want a time
Text = str | tuple[str, ...]


@dataclass
class Entry:
    """One text with its translation: a string, or one string per plural form."""

    message: Message
    text: Text
    fuzzy: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """All translated strings of this entry."""
        return (self.text,) if isinstance(self.text, str) else self.text

    @property
    def is_empty(self) -> bool:
        """True where a form is still to be written."""
        return not all(self.forms)


@dataclass(frozen=True)
class Place:
    """A folder of catalogues and the sources whose texts it holds."""

    name: str
    folder: Path
    roots: tuple[Path, ...]
    languages: tuple[str, ...] = LANGUAGES

    def file(self, language: str) -> Path:
        """The catalogue in `language`."""
        return self.folder / language / "LC_MESSAGES" / "django.po"


def places(root: Path = ROOT) -> list[Place]:
    """Our own catalogues: the platform's, the public site's, one a module."""
    platform = root / "platform" / "hamaynk"
    found = [
        Place("platform", platform / "ui" / "locale", (platform, root / "tenants", root / "tasks")),
        Place("public_sites", root / "public_sites" / "locale", (root / "public_sites",)),
    ]
    modules = sorted(manifest.parent for manifest in (root / "modules").glob("*/manifest.py"))
    modules.append(root / "tests" / "sample_module" / "hamaynk_noticeboard")
    return found + [Place(folder.name, folder / "locale", (folder,)) for folder in modules]


def borrowed(root: Path = ROOT) -> Place:
    """Texts of django-allauth and Django on our pages that their own catalogues lack."""
    of_allauth, of_django = Path(allauth.__file__).parent, Path(django.__file__).parent
    accounts = ("account", "core", "utils.py", "decorators.py", "templates/account", "templates/allauth")
    pages = (
        "forms",
        "core/validators.py",
        "db/models/fields",
        "db/models/base.py",
        "db/models/constraints.py",
        "contrib/auth/forms.py",
        "contrib/auth/password_validation.py",
        "contrib/auth/validators.py",
        "views/csrf.py",
        "utils/timesince.py",
        "utils/dates.py",
        "template/defaultfilters.py",
    )
    roots = (*(of_allauth / part for part in accounts), *(of_django / part for part in pages))
    return Place("borrowed", root / "platform" / "hamaynk" / "ui" / "locale_borrowed", roots, ("hy", "ru"))


def editing(root: Path = ROOT) -> Path:
    """Armenian texts of the content management system, which brings next to none itself."""
    return root / "public_sites" / "cms" / "locale"


# Parts of the content management system that an editor of a town's site sees.
EDITED = ("admin", "locale", "images", "documents", "contrib/redirects")


@cache
def of_editing(name: str) -> frozenset[tuple[str | None, str]]:
    """Keys of all texts of the editing screens in the catalogues called `name`: "django" or "djangojs"."""
    folder = Path(wagtail.__file__).parent
    parts = [folder if part == "locale" else folder / part for part in EDITED]
    files = [part / "locale" / "en" / "LC_MESSAGES" / f"{name}.po" for part in parts]
    return frozenset(
        (message.context, message.id if isinstance(message.id, str) else message.id[0])
        for file in files
        if file.exists()
        for message in _catalog(file, "en")
        if message.id
    )


@cache
def upstream(language: str) -> frozenset[tuple[str | None, str]]:
    """Keys that Django's and allauth's own catalogues translate."""
    of_allauth, of_django = Path(allauth.__file__).parent, Path(django.__file__).parent
    keys: set[tuple[str | None, str]] = set()
    for folder in (of_allauth, of_django / "conf", of_django / "contrib" / "auth"):
        file = folder / "locale" / language / "LC_MESSAGES" / "django.mo"
        if not file.exists():
            continue
        with file.open("rb") as stream:
            known = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
        for key, text in known.items():
            name = key[0] if isinstance(key, tuple) else key
            context, mark, singular = name.rpartition("\x04")
            if singular and text:
                keys.add((context if mark else None, singular))
    return frozenset(keys)


def read(path: Path, language: str) -> tuple[dict[tuple[str | None, str], Entry], list[str]]:
    """Entries by key, and the texts of entries marked as no longer used. Nothing where there is no file."""
    if not path.exists():
        return {}, []
    catalog = _catalog(path, language)
    entries = {}
    for message in catalog:
        if not message.id:
            continue
        many = isinstance(message.id, (tuple, list))
        own = Message(message.id[0] if many else message.id, message.context, message.id[1] if many else None)
        given = message.string or ""
        entries[own.key] = Entry(own, tuple(given) if isinstance(given, (tuple, list)) else given, message.fuzzy)
    return entries, [str(key) for key in catalog.obsolete]


def _catalog(path: Path, language: str) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def blank(message: Message, language: str) -> Text:
    """The translation before anybody wrote one; English is its own."""
    if message.plural is None:
        return message.singular if language == "en" else ""
    return (message.singular, message.plural) if language == "en" else ("",) * PLURALS[language][0]


def write(
    path: Path, language: str, entries: Iterable[Entry], origins: dict[tuple[str | None, str], list[str]]
) -> None:
    """One catalogue, byte for byte the same for the same texts."""
    out = io.StringIO()
    out.write('msgid ""\nmsgstr ""\n')
    for line in (
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {PLURALS[language][1]}",
    ):
        out.write(f'"{line}\\n"\n')
    for entry in sorted(entries, key=lambda e: (e.message.singular, e.message.context or "")):
        out.write("\n")
        out.writelines(f"#: {origin}\n" for origin in sorted(origins.get(entry.message.key, ())))
        out.writelines(_lines(entry))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != out.getvalue():
        path.write_text(out.getvalue(), encoding="utf-8")


def _lines(entry: Entry) -> Iterator[str]:
    message = entry.message
    formats = any(sign in form for form in (message.singular, message.plural or "") for sign in ("%(", "%s", "%d"))
    flags = (["fuzzy"] if entry.fuzzy else []) + (["python-format"] if formats else [])
    if flags:
        yield f"#, {', '.join(flags)}\n"
    if message.context is not None:
        yield f"msgctxt {_quoted(message.context)}\n"
    yield f"msgid {_quoted(message.singular)}\n"
    if message.plural is None:
        yield f"msgstr {_quoted(entry.forms[0])}\n"
        return
    yield f"msgid_plural {_quoted(message.plural)}\n"
    for number, form in enumerate(entry.forms):
        yield f"msgstr[{number}] {_quoted(form)}\n"


def _quoted(text: str) -> str:
    return normalize(text, width=100)


def compile_all(folders: Iterable[Path]) -> int:
    """Write the .mo beside every .po below `folders`; how many."""
    count = 0
    for folder in folders:
        for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            catalog = _catalog(path, path.parts[-3])
            catalog.creation_date = catalog.revision_date = (
                MADE  # else now: the same words would never be the same file
            )
            with path.with_suffix(".mo").open("wb") as stream:
                write_mo(stream, catalog)
            count += 1
    return count
