"""Puts the texts upon the planted pages: bodies, entries, pages below."""

from collections import defaultdict
from typing import Any
from uuid import UUID, uuid4

from wagtail.models import Page

from public_sites.addresses import LANGUAGES
from public_sites.demo.days import days_of, hours_of
from public_sites.demo.papers import as_csv, as_odt
from public_sites.demo.storing import add_below, change, hang, settle, shelve
from public_sites.demo.words import Data, Voices, as_html
from public_sites.drawing import as_jpeg
from public_sites.models import SitePage

AS_HTML = frozenset({"answer", "words"})  # parts of entries that are formatted text
AS_THEY_ARE = ("title", "slug", "summary", "number", "place", "streets", "is_draft")
REVENUE = ("contributed", {"what": "budgets.revenue_by_month"})
ODT, CSV = "odt", "csv"
Key = tuple[
    str, ...
]  # of a file: language, slug of the list, slug of the item, kind; of a picture: language, landscape


class Filling:
    """One run for one town."""

    def __init__(self, voices: Voices) -> None:
        self.voices, self.said = voices, voices.said
        self.papers = shelve(self._papers())
        self.pictures = hang(self._pictures())
        self.keys: dict[tuple[str, str], UUID] = defaultdict(uuid4)

    def fill(self) -> None:
        """Every page that the texts name, in every language."""
        done: list[SitePage] = []
        for code in LANGUAGES:
            for page in _planted(code):
                if values := self._values(code, page):
                    change(page, values)
                    done.append(page)
                if below := self._below(code, page):
                    add_below(page, below)
                    done += below
        settle(done, [*self.papers.values(), *self.pictures.values()])

    # --- Files and pictures come first: pages name them ---

    def _papers(self) -> dict[Key, tuple[str, str, bytes]]:
        found: dict[Key, tuple[str, str, bytes]] = {}
        for code in LANGUAGES:
            for parent, items in self.said["below"].items():
                for raw in items:
                    self._papers_of(found, code, parent, raw)
            for raw in self.said["entries"]["forms"]:
                form = self.voices.say(raw, code)
                content = self._odt(code, form["title"], form["paper"])
                found[code, "forms", form["slug"], ODT] = form["title"], f"{form['slug']}-{code}.odt", content
        return found

    def _papers_of(self, found: dict[Key, tuple[str, str, bytes]], code: str, parent: str, raw: Data) -> None:
        item = self._say_item(raw, code)
        name = f"{parent}-{item['slug']}-{code}"
        if item.get("has_paper"):
            content = self._odt(code, item["title"], item["text"], item.get("number", ""))
            found[code, parent, item["slug"], ODT] = item["title"], f"{name}.odt", content
        if "table" in item:
            found[code, parent, item["slug"], CSV] = item["table_title"], f"{name}.csv", as_csv(item["table"])

    def _odt(self, code: str, title: str, text: str, number: str = "") -> bytes:
        hall = self.voices.town.texts["hall_name"][code]
        remark = self.voices.say(self.said["remark"], code)
        return as_odt(above=f"{hall}, {number}" if number else hall, title=title, text=text, remark=remark)

    def _pictures(self) -> dict[Key, tuple[str, str, bytes]]:
        """A picture a language: what is to be seen is said by the picture, not by the page that shows it."""
        found: dict[Key, tuple[str, str, bytes]] = {}
        for raw in self.said["entries"]["gallery"]:
            landscape = raw["landscape"]
            drawn = as_jpeg(landscape)
            for code in LANGUAGES:
                found[code, landscape] = self.voices.say(raw["seen"], code), f"{landscape}-{code}.jpg", drawn
        return found

    # --- A planted page ---

    def _values(self, code: str, page: SitePage) -> Data:
        slug, values = page.slug, {}
        if slug in self.said["summary"]:
            values["summary"] = self.voices.say(self.said["summary"][slug], code)
        if slug in self.said["text"]:
            values["body"] = [("text", as_html(self.voices.say(self.said["text"][slug], code)))]
            if slug == "about":
                values["body"].append(REVENUE)
        if entries := self._raw_entries(slug):
            field = "people" if hasattr(page, "people") else "entries"
            (kind,) = page._meta.get_field(field).stream_block.child_blocks
            values[field] = [(kind, self._entry(code, slug, raw)) for raw in entries]
        return values

    def _raw_entries(self, slug: str) -> list[Data]:
        """The head of the community stands at the head of the staff as well."""
        entries: dict[str, list[Data]] = self.said["entries"]
        return (entries["mayor"] if slug == "staff" else []) + entries.get(slug, [])

    def _entry(self, code: str, slug: str, raw: Data) -> Data:
        said: Data = self.voices.say(raw, code)
        if slug == "gallery":
            return {"picture": self.pictures[code, said["landscape"]], "caption": said["caption"]}
        if slug == "forms":
            return {"title": said["title"], "file": self.papers[code, slug, said["slug"], ODT], "note": said["note"]}
        return {name: as_html(value) if name in AS_HTML else value for name, value in said.items()}

    # --- Pages below ---

    def _below(self, code: str, parent: SitePage) -> list[SitePage]:
        return [self._child(code, parent, raw) for raw in self.said["below"].get(parent.slug, ())]

    def _child(self, code: str, parent: Any, raw: Data) -> SitePage:
        item = self._say_item(raw, code)
        kind = parent._meta.apps.get_model(parent.subpage_types[0])
        values = {name: item[name] for name in AS_THEY_ARE if name in item} | days_of(raw, self.voices.today)
        if "at" in raw:
            values |= hours_of(raw, self.voices.today)
        if "landscape" in raw:
            values["picture"] = self.pictures[code, raw["landscape"]]
        page: SitePage = kind(**values, translation_key=self.keys[parent.slug, item["slug"]])
        if "text" in item:
            page.body = [("text", as_html(item["text"]))]
        if files := [
            ("file", {"title": paper.title, "file": paper})
            for end in (ODT, CSV)
            if (paper := self.papers.get((code, parent.slug, item["slug"], end)))
        ]:
            page.files = files
        return page

    def _say_item(self, raw: Data, code: str) -> Data:
        said: Data = self.voices.say(raw, code, **days_of(raw, self.voices.today))
        return said


def _planted(code: str) -> list[SitePage]:
    pages = Page.objects.filter(url_path__startswith=f"/{code}/", depth__gt=2).specific()
    return [page for page in pages if isinstance(page, SitePage)]
