"""Writes many pages, files and pictures with few statements: the demo makes a hundred pages a town.

The content management system saves a page with some eighty statements. Here they go in as a fixture does, and what
follows from a page (the editors' search, where a file is used) is put right once, at the end.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import models as db
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Collection, Page, ReferenceIndex
from wagtail.search.backends import get_search_backends
from wagtail.utils.file import hash_filelike

from public_sites.drawing import HEIGHT, WIDTH
from public_sites.models import Picture, SitePage


def add_below(parent: SitePage, pages: list[SitePage]) -> None:
    """New published pages below `parent`, after those that are there."""
    last, now = parent.get_last_child(), timezone.now()
    step = int(last.path[-Page.steplen :], 36) if last else 0
    for number, page in enumerate(pages, step + 1):
        page.path, page.depth = Page._get_path(parent.path, parent.depth + 1, number), parent.depth + 1
        page.locale, page.draft_title, page.live = parent.locale, page.title, True
        page.first_published_at = page.last_published_at = page.latest_revision_created_at = now
        page.show_in_menus, page.content_type = False, ContentType.objects.get_for_model(type(page))
        page.set_url_path(parent)
    fields = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    rows = Page.objects.bulk_create(Page(**{name: getattr(page, name) for name in fields}) for page in pages)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.id = page.page_ptr_id = row.pk
        page.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=parent.pk).update(numchild=db.F("numchild") + len(pages))


def change(page: SitePage, values: dict[str, Any]) -> None:
    """Other contents of a page that is there."""
    for name, value in values.items():
        setattr(page, name, value)
    page.save_base(raw=True, force_update=True, update_fields=list(values))


def shelve(found: dict[Any, tuple[str, str, bytes]]) -> dict[Any, Document]:
    """Key -> title, name of the file and what is in it; gives the documents by the same keys."""
    root = Collection.get_first_root_node()
    made = {}
    for key, (title, name, content) in found.items():
        file = ContentFile(content, name)
        made[key] = Document(
            title=title, file=file, collection=root, file_size=len(content), file_hash=hash_filelike(file)
        )
    Document.objects.bulk_create(made.values())
    return made


def hang(found: dict[Any, tuple[str, str, bytes]]) -> dict[Any, Picture]:
    """Key -> what is to be seen, name of the file and the drawing; gives the pictures by the same keys."""
    root = Collection.get_first_root_node()
    made = {}
    for key, (words, name, content) in found.items():
        picture = Picture(title=words, description=words, collection=root, width=WIDTH, height=HEIGHT)
        picture.file = ContentFile(content, name)
        picture.file_size, picture.file_hash = len(content), hash_filelike(ContentFile(content))
        made[key] = picture
    Picture.objects.bulk_create(made.values())
    return made


def settle(pages: Iterable[SitePage], others: Iterable[db.Model]) -> None:
    """What saving one by one would have done: the day of change, the editors' search, where files are used."""
    by_kind: dict[type[Any], list[Any]] = defaultdict(list)
    for one in (*pages, *others):
        by_kind[type(one)].append(one)
    for backend in get_search_backends(with_auto_update=True):
        for kind, ones in by_kind.items():
            backend.add_bulk(kind, ones)
    for page in pages:
        ReferenceIndex.create_or_update_for_object(page)
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(last_published_at=timezone.now())
