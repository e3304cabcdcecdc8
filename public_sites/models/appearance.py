"""What a town chose for its site to look like, and how often its pages are asked for."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

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
