"""Names of domains: as people type them, as the DNS has them, as pages show them (IDNA 2008, RFC 5890 and following)."""

import ipaddress
import re
import unicodedata

import idna
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 253 - len("_hamaynk.")
SCRIPTS = frozenset({"LATIN", "ARMENIAN", "CYRILLIC", "GREEK"})
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")


def ascii_host(typed: str) -> str:
    """ "https://Դիլիջան.հայ/" -> "xn--...": what may be asked for. Raises ValidationError with a sentence for the form."""
    text = _SCHEME.sub("", typed.strip().lower()).partition("/")[0].rstrip(".")
    wrong = ValidationError(_("This is no domain. Write it like dilijan.am or դիլիջան.հայ."))
    if not text or ":" in text or "@" in text:
        raise wrong
    try:
        ipaddress.ip_address(text)
    except ValueError:
        pass
    else:
        raise ValidationError(_("This is a number of a machine. Write the name of a domain."))
    try:
        host = idna.encode(text, uts46=True).decode("ascii")
        shown = idna.decode(host)
    except (idna.IDNAError, UnicodeError, IndexError):
        raise wrong from None
    if "." not in host or len(host) > LONGEST:
        raise wrong
    for label in shown.split("."):
        if len({script for character in label if (script := _script(character)) in SCRIPTS}) > 1:
            raise ValidationError(_("Letters of two alphabets stand in one word of this domain."))
    base = settings.BASE_DOMAIN
    if host == base or host.endswith(f".{base}"):
        raise ValidationError(_("This address belongs to the platform. Write a domain of the town's own."))
    return host


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def shown_host(host: str) -> str:
    """As people read it: դիլիջան.հայ; as it is where it cannot be read so."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host
