"""What a town chose for its site to look like, how often its pages are asked for, which links are broken."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from hamaynk.ui.themes import DEFAULT, FACES, THEMES
from public_sites.models.base import Picture


class Appearance(models.Model):
    """One row a town: theme, colour, typeface, coat of arms, picture of the head. Never templates of its own."""

    theme = models.CharField(
        _("theme"), max_length=20, default=DEFAULT, choices=[(theme.code, theme.label) for theme in THEMES.values()]
    )
    colour = models.CharField(_("colour"), max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")])
    typeface = models.CharField(
        _("typeface"), max_length=10, blank=True, choices=[(code, label) for code, (label, _face) in FACES.items()]
    )
    coat_of_arms = models.ForeignKey(Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    header_picture = models.ForeignKey(Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("look of the site")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="appearance_is_one_row")]

    def __str__(self) -> str:
        return self.theme


class Visits(models.Model):
    """How often a page was asked for on a day. Nobody is told apart: no address, no cookie, no browser is kept (R60)."""

    day = models.DateField()
    path = models.CharField(max_length=255)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "path"], name="visits_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.path}: {self.count}"


class LinkFault(models.Model):
    """A link of a published page that leads nowhere, as the last look found it."""

    class Fault(models.TextChoices):
        """What is wrong."""

        PAGE_GONE = "page_gone", _("The page is not there, or not published")
        DOCUMENT_GONE = "document_gone", _("The document is not there")
        GONE = "gone", _("The other site says that nothing is there")
        NO_HOST = "no_host", _("There is no such site")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=500)
    fault = models.CharField(max_length=20, choices=Fault.choices)
    found_at = models.DateTimeField(auto_now_add=True)

    page.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.target} {self.fault}"
