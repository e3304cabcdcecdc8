"""What the present town wears: read once, kept until it or a picture changes."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection

from hamaynk.audit import record
from hamaynk.freshness import remembered
from hamaynk.ui.dress import Dress, Shown
from hamaynk.ui.themes import THEMES, faults
from public_sites.models import Appearance, Picture
from tenants.routing import Town

CREST, ICON, TOUCH_ICON = "max-120x128|format-png", "max-64x64|format-png", "max-180x180|format-png"
WIDE, NARROW = "fill-1600x360|format-webp|webpquality-72", "fill-800x320|format-webp|webpquality-70"


def dress_of_town(town: Town) -> Dress:
    """The dress of the town that the connection stands in."""
    kept = remembered("public_sites:dress", ("public_sites",), _load)
    return replace(kept, colour=kept.colour or town.colour)


def _load() -> Dress:
    chosen = Appearance.objects.select_related("coat_of_arms", "header_picture").first()
    if chosen is None:
        return Dress(colour="")
    crest, header = chosen.coat_of_arms, chosen.header_picture
    return Dress(
        colour=chosen.colour,
        theme=chosen.theme,
        typeface=chosen.typeface,
        crest=_shown(crest, CREST),
        icon=_shown(crest, ICON),
        touch_icon=_shown(crest, TOUCH_ICON),
        header=_shown(header, WIDE),
        header_narrow=_shown(header, NARROW),
        header_words=header.description if header else "",
    )


def _shown(picture: Picture | None, size: str) -> Shown | None:
    if picture is None:
        return None
    try:
        made = picture.get_rendition(size)
    except OSError:  # the file is gone or spoilt: the page goes without
        return None
    return Shown(made.url, made.width, made.height)


@transaction.atomic
def change_appearance(
    *,
    actor: Any,
    theme: str,
    colour: str = "",
    typeface: str = "",
    coat_of_arms: Picture | UploadedFile | None = None,
    header_picture: Picture | UploadedFile | None = None,
    town: Town,
    coat_of_arms_words: str = "",
    header_words: str = "",
) -> Appearance:
    """Choose the look. A colour whose words could not be read upon the theme's grounds is refused (WCAG 2.2, 1.4.3)."""
    if theme not in THEMES:
        raise ValidationError({"theme": _("There is no such theme.")})
    unreadable = faults(THEMES[theme], colour or town.colour)
    if unreadable:
        wrong = _(
            "With this colour words of the page cannot be read (contrast %(ratio)s, needed is 4.5). Choose a darker one."
        )
        raise ValidationError({"colour": wrong % {"ratio": min(ratio for _ink, _ground, ratio in unreadable)}})
    chosen = Appearance.objects.select_for_update().first() or Appearance(pk=1)
    chosen.theme, chosen.colour, chosen.typeface = theme, colour.lower(), typeface
    chosen.coat_of_arms = _picture(coat_of_arms, coat_of_arms_words, actor)
    chosen.header_picture = _picture(header_picture, header_words, actor)
    chosen.full_clean(validate_constraints=False, validate_unique=False)
    chosen.save()
    record(
        actor=actor,
        action="public_sites.change_appearance",
        subject="public_sites.appearance",
        data={"theme": theme, "colour": chosen.colour, "typeface": typeface},
    )
    return chosen


def _picture(given: Picture | UploadedFile | None, words: str, actor: Any) -> Picture | None:
    if given is None or isinstance(given, Picture):
        return given
    picture = Picture(
        title=words[:255], description=words[:255], file=given, uploaded_by_user=actor if actor and actor.pk else None
    )
    picture.collection = Collection.get_first_root_node()
    picture.save()
    return picture
