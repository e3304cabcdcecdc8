"""Pages of free text, and pages that are one list kept by hand."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from public_sites import blocks
from public_sites.models.base import BodyPage


class HomePage(BodyPage):
    """The first page of one language. Tasks and figures come from the modules; the body stands below them."""

    parent_page_types = ["wagtailcore.Page"]
    layout = "public_sites/home.html"

    class Meta:
        verbose_name = _("first page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With what the modules contribute, and the newest news."""
        from public_sites.selectors import home_contributions

        return {**super().get_context(request, *args, **kwargs), **home_contributions(request, self)}


class SectionPage(BodyPage):
    """A part of the site: says what it is about and lists what is in it. Those below the first page are the menu (R52)."""

    menu_place = models.PositiveSmallIntegerField(
        _("place in the menu"), default=100, help_text=_("The smaller number stands first; the budget stands at 30.")
    )
    settings_panels = [FieldPanel("menu_place"), *BodyPage.settings_panels]
    layout = "public_sites/pages/section.html"

    class Meta:
        verbose_name = _("section")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the pages below."""
        from public_sites.selectors import children

        return {**super().get_context(request, *args, **kwargs), "children": children(self)}


class TextPage(BodyPage):
    """Free text."""

    class Meta:
        verbose_name = _("page of text")


class ContactPage(BodyPage):
    """Where the town hall is, when it is open, how to reach it: facts of the town, and whatever is to be added."""

    layout = "public_sites/pages/contact.html"

    class Meta:
        verbose_name = _("contacts")


class PeoplePage(BodyPage):
    """Mayor, deputies, staff, council members (R16)."""

    people = StreamField([("person", blocks.PersonBlock())], blank=True, verbose_name=_("people"))
    content_panels = [*BodyPage.content_panels, FieldPanel("people")]
    layout = "public_sites/pages/people.html"

    class Meta:
        verbose_name = _("people and staff")


class OrganisationsPage(BodyPage):
    """Organisations of the community."""

    entries = StreamField([("organisation", blocks.OrganisationBlock())], blank=True, verbose_name=_("organisations"))
    content_panels = [*BodyPage.content_panels, FieldPanel("entries")]
    layout = "public_sites/pages/entries.html"

    class Meta:
        verbose_name = _("organisations")


class FaqPage(BodyPage):
    """Questions that many ask."""

    entries = StreamField([("question", blocks.QuestionBlock())], blank=True, verbose_name=_("questions"))
    content_panels = [*BodyPage.content_panels, FieldPanel("entries")]
    layout = "public_sites/pages/entries.html"

    class Meta:
        verbose_name = _("questions and answers")


class PhoneBookPage(BodyPage):
    """Phone numbers of the town."""

    entries = StreamField([("phone", blocks.PhoneBlock())], blank=True, verbose_name=_("phone numbers"))
    content_panels = [*BodyPage.content_panels, FieldPanel("entries")]
    layout = "public_sites/pages/phones.html"

    class Meta:
        verbose_name = _("phone book")


class GalleryPage(BodyPage):
    """Pictures."""

    entries = StreamField([("picture", blocks.PictureBlock())], blank=True, verbose_name=_("pictures"))
    content_panels = [*BodyPage.content_panels, FieldPanel("entries")]
    layout = "public_sites/pages/gallery.html"

    class Meta:
        verbose_name = _("gallery")


class VideoPage(BodyPage):
    """Recordings, each with its words."""

    entries = StreamField([("video", blocks.VideoBlock())], blank=True, verbose_name=_("recordings"))
    content_panels = [*BodyPage.content_panels, FieldPanel("entries")]
    layout = "public_sites/pages/entries.html"

    class Meta:
        verbose_name = _("video")
