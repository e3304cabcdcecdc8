"""Pages that list what comes in one after another, newest first, and what they list."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from public_sites import blocks
from public_sites.models.base import BodyPage, Picture


class ListPage(BodyPage):
    """Lists its children."""

    layout = "public_sites/pages/list.html"
    newest_by: ClassVar[str] = "date"
    letters_about: ClassVar[str] = ""  # the topic of letters (public_sites.alerts) that this list offers

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With one leaf of the children."""
        from public_sites.selectors import leaf

        context = super().get_context(request, *args, **kwargs)
        return {**context, **leaf(self, request.GET.get("page", "")), "feed": f"{self.path_on_site}feed.atom"}


class DatedPage(BodyPage):
    """Something with a date."""

    date = models.DateField(_("date"), default=timezone.localdate)
    content_panels = [*BodyPage.content_panels[:2], FieldPanel("date"), *BodyPage.content_panels[2:]]
    show_in_menus_default = False

    class Meta:
        abstract = True


class NewsPage(DatedPage):
    """One piece of news."""

    picture = models.ForeignKey(
        Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    content_panels = [*DatedPage.content_panels[:3], FieldPanel("picture"), *DatedPage.content_panels[3:]]
    parent_page_types = ["public_sites.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("news item")


class NewsIndexPage(ListPage):
    """News."""

    letters_about = "news"
    subpage_types = ["public_sites.NewsPage"]

    class Meta:
        verbose_name = _("news")


class AnnouncementPage(DatedPage):
    """Something that residents must know, as a rule until a day."""

    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    streets = models.TextField(
        _("streets concerned, one a line"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Residents who asked for letters about works in one of these streets get this announcement."),
    )
    content_panels = [
        *DatedPage.content_panels[:3],
        FieldPanel("valid_until"),
        FieldPanel("streets"),
        *DatedPage.content_panels[3:],
    ]
    parent_page_types = ["public_sites.AnnouncementsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("announcement")

    def clean(self) -> None:
        """Not valid until before it is made."""
        super().clean()
        if self.valid_until and self.date and self.valid_until < self.date:
            raise ValidationError({"valid_until": _("This day is before the date of the announcement.")})


class AnnouncementsPage(ListPage):
    """Announcements."""

    letters_about = "announcements"
    subpage_types = ["public_sites.AnnouncementPage"]

    class Meta:
        verbose_name = _("announcements")


class EventPage(BodyPage):
    """Something that takes place."""

    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    content_panels = [
        *BodyPage.content_panels[:2],
        FieldPanel("starts_at"),
        FieldPanel("ends_at"),
        FieldPanel("place"),
        *BodyPage.content_panels[2:],
    ]
    parent_page_types = ["public_sites.EventsPage"]
    subpage_types: list[str] = []
    show_in_menus_default = False

    class Meta:
        verbose_name = _("event")

    def clean(self) -> None:
        """Ends after it begins."""
        super().clean()
        if self.ends_at and self.starts_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("The event ends before it begins.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the address of the event as an entry of a calendar."""
        return {**super().get_context(request, *args, **kwargs), "calendar": f"{self.path_on_site}calendar.ics"}


class EventsPage(ListPage):
    """Calendar of events."""

    letters_about = "events"
    newest_by = "starts_at"
    subpage_types = ["public_sites.EventPage"]

    class Meta:
        verbose_name = _("calendar of events")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the address of the calendar to subscribe to."""
        return {**super().get_context(request, *args, **kwargs), "calendar": f"{self.path_on_site}calendar.ics"}


class VacancyPage(DatedPage):
    """An open post."""

    deadline = models.DateField(_("apply until"), null=True, blank=True)
    content_panels = [*DatedPage.content_panels[:3], FieldPanel("deadline"), *DatedPage.content_panels[3:]]
    parent_page_types = ["public_sites.VacanciesPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("vacancy")


class VacanciesPage(ListPage):
    """Open posts."""

    subpage_types = ["public_sites.VacancyPage"]

    class Meta:
        verbose_name = _("vacancies")


class LegalActPage(DatedPage):
    """A decision or another act, or its draft; `date` is the day of adoption, or of the draft."""

    number = models.CharField(_("number"), max_length=40, blank=True)
    is_draft = models.BooleanField(_("draft act, not adopted yet"), default=False)
    files = StreamField([("file", blocks.FileBlock())], blank=True, verbose_name=_("files"))
    content_panels = [
        *DatedPage.content_panels[:3],
        FieldPanel("number"),
        FieldPanel("is_draft"),
        *DatedPage.content_panels[3:],
        FieldPanel("files"),
    ]
    parent_page_types = ["public_sites.DocumentsPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("legal act or document")


class DocumentsPage(ListPage):
    """Documents and legal acts."""

    letters_about = "decisions"
    subpage_types = ["public_sites.LegalActPage"]

    class Meta:
        verbose_name = _("documents and legal acts")


class FormStorePage(BodyPage):
    """Blank forms to take away."""

    entries = StreamField([("file", blocks.FileBlock())], blank=True, verbose_name=_("forms"))
    content_panels = [*BodyPage.content_panels, FieldPanel("entries")]
    layout = "public_sites/pages/entries.html"

    class Meta:
        verbose_name = _("form store")


class ProcurementNoticePage(DatedPage):
    """A purchase that the town announces."""

    number = models.CharField(_("number"), max_length=60, blank=True)
    deadline = models.DateField(_("bids until"), null=True, blank=True)
    files = StreamField([("file", blocks.FileBlock())], blank=True, verbose_name=_("files"))
    content_panels = [
        *DatedPage.content_panels[:3],
        FieldPanel("number"),
        FieldPanel("deadline"),
        *DatedPage.content_panels[3:],
        FieldPanel("files"),
    ]
    parent_page_types = ["public_sites.ProcurementPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("procurement notice")


class ProcurementPage(ListPage):
    """Procurement."""

    subpage_types = ["public_sites.ProcurementNoticePage"]

    class Meta:
        verbose_name = _("procurement")
