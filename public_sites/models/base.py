"""What all pages of a public site share, and the pictures on them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.models import Page

from hamaynk.accounts.models import User
from hamaynk.contract import Surface
from public_sites.addresses import in_language, reserved_words
from public_sites.blocks import BODY
from tenants.addresses import site_url
from tenants.context import current_schema
from tenants.routing import table


class Picture(AbstractImage):
    """A picture of a town, with the words for those who do not see it: required (WCAG 2.2, 1.1.1)."""

    description = models.CharField(
        _("what is to be seen"),
        max_length=255,
        help_text=_("One sentence for people who cannot see the picture, and for search engines."),
    )
    uploaded_by_user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]
    admin_form_fields = (*(name for name in Image.admin_form_fields if name != "description"), "description")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class Rendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class SitePage(Page):
    """Base of all page types. The tree of each language hangs below a home whose slug is the language's code.

    Addresses: /about/ in Armenian, /en/about/ and /ru/about/ in the others (R50).
    """

    summary = models.TextField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences: they stand below the title, in lists and in search engines."),
    )

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    layout = "public_sites/pages/page.html"
    show_in_menus_default = True
    publish = transaction.atomic(Page.publish)  # the page and what follows from it: both, or neither

    class Meta:
        abstract = True

    def get_url_parts(self, *args: Any, **kwargs: Any) -> tuple[int, str, str] | None:
        """(site, address of the town's site, path); None for a page outside of any language's tree."""
        _root, _slash, rest = self.url_path.lstrip("/").partition("/")
        town = table.town(current_schema())
        if not _root or town is None:
            return None
        return (1, site_url(town), in_language(_root, rest))

    def get_url(self, request: HttpRequest | None = None, current_site: Any = None) -> str | None:
        """The path on the site itself; the whole address where the page is spoken of in the office or in mail."""
        parts = self.get_url_parts()
        if parts is None:
            return None
        on_site = request is not None and getattr(request, "surface", None) == Surface.SITE
        return parts[2] if on_site else parts[1] + parts[2]

    url = property(get_url)

    @property
    def path_on_site(self) -> str:
        """The path on the town's site."""
        code, _slash, rest = self.url_path.lstrip("/").partition("/")
        return in_language(code, rest)

    def _get_dummy_headers(self, original_request: Any = None) -> dict[str, Any]:
        """Headers of a preview: what a visitor without an account sees. The editor's cookies are the office's, and a
        session shown on another host is ended."""
        headers: dict[str, Any] = super()._get_dummy_headers(original_request)
        return {name: value for name, value in headers.items() if name not in ("HTTP_COOKIE", "HTTP_AUTHORIZATION")}

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """The type's layout; a base class may give one to all that follow it."""
        return self.layout

    def clean(self) -> None:
        """A page beside the home's other children may not lie over a page of a module."""
        super().clean()
        parent = self.get_parent() if self.path else None
        if parent is not None and parent.depth == 2 and self.slug in reserved_words():
            raise ValidationError({"slug": _("This address belongs to another part of the site. Choose another word.")})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With the way from the home, the translations and, where it lists, the children."""
        from public_sites.selectors import trail, translated_links, translations
        from public_sites.structured import about_page

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["trail"] = trail(self)
        there = translations(self)
        context["language_links"] = translated_links(self, there)
        context["about"] = about_page(request, self, there)
        context["page_language"] = self.locale.language_code
        context["is_fallback"] = self.locale.language_code != (get_language() or "hy")[:2]
        return context


class BodyPage(SitePage):
    """A page with a free body of blocks."""

    body = StreamField(BODY, blank=True, verbose_name=_("content"))
    content_panels = [*SitePage.content_panels, FieldPanel("body")]

    class Meta:
        abstract = True
