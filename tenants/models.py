"""Tables of the `public` schema: who we serve, under which hosts, with which modules, at which release.

Town roles have no rights on them. The router reads the three tables that routing needs; console and owner write.
"""

import re
from functools import lru_cache
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hamaynk.contract import Surface
from tenants.names import SCHEMA_PATTERN, SLUG_PATTERN

LANGUAGES = ("hy", "en", "ru")
HOST_PATTERN = r"[a-z0-9-]+(\.[a-z0-9-]+)*"


def translated(obj: object, field: str) -> str:
    """The text of `field` in the active language, else in Armenian, else in whatever there is."""
    language = (get_language() or "hy")[:2]
    for code in (language, *LANGUAGES):
        if text := getattr(obj, f"{field}_{code}", ""):
            return str(text)
    return ""


class Marz(models.TextChoices):
    """The ten marzes and Yerevan by ISO 3166-2:AM code (verified); not a list of the core's, but of this country."""

    AG = "AG", _("Aragatsotn")
    AR = "AR", _("Ararat")
    AV = "AV", _("Armavir")
    ER = "ER", _("Yerevan")
    GR = "GR", _("Gegharkunik")
    KT = "KT", _("Kotayk")
    LO = "LO", _("Lori")
    SH = "SH", _("Shirak")
    SU = "SU", _("Syunik")
    TV = "TV", _("Tavush")
    VD = "VD", _("Vayots Dzor")


class Community(models.Model):
    """A municipality we serve: one schema, one login role, its hosts (համայնք)."""

    class State(models.TextChoices):
        """A suspended town's hosts answer 503; an archived one keeps its data and has no hosts."""

        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        ARCHIVED = "archived", _("Archived")

    slug = models.CharField(max_length=40, unique=True, validators=[RegexValidator(SLUG_PATTERN)])
    schema_name = models.CharField(max_length=40, unique=True, validators=[RegexValidator(SCHEMA_PATTERN)])
    name_hy = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    name_ru = models.CharField(max_length=120)
    hall_name_hy = models.CharField(max_length=200)
    hall_name_en = models.CharField(max_length=200)
    hall_name_ru = models.CharField(max_length=200)
    marz = models.CharField(max_length=2, choices=Marz.choices)
    population = models.PositiveIntegerField(null=True, blank=True)
    colour = models.CharField(max_length=7, default="#1f5a7a", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")])
    # Name of a picture among the static files, until towns bring their own with their themes.
    coat_of_arms = models.CharField(max_length=200, blank=True)
    address_hy = models.CharField(max_length=200, blank=True)
    address_en = models.CharField(max_length=200, blank=True)
    address_ru = models.CharField(max_length=200, blank=True)
    opening_hours_hy = models.CharField(max_length=200, blank=True)
    opening_hours_en = models.CharField(max_length=200, blank=True)
    opening_hours_ru = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    is_demo = models.BooleanField(default=False)
    is_canary = models.BooleanField(default=False)
    release = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ("slug",)
        constraints = [
            models.CheckConstraint(condition=Q(schema_name__regex=SCHEMA_PATTERN), name="community_schema_name"),
            models.CheckConstraint(condition=Q(slug__regex=SLUG_PATTERN), name="community_slug"),
        ]
        indexes = [models.Index(fields=["release"], name="community_release")]

    def __str__(self) -> str:
        return translated(self, "name")

    @property
    def name(self) -> str:
        """In the active language."""
        return translated(self, "name")


class Domain(models.Model):
    """A host of a town and the surface it opens. Secondary ones redirect to the primary of the same surface."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="domains")
    host = models.CharField(max_length=253, unique=True)
    surface = models.CharField(
        max_length=10, choices=[(Surface.SITE.value, _("site")), (Surface.OFFICE.value, _("office"))]
    )
    is_primary = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        ordering = ("host",)
        constraints = [
            models.UniqueConstraint(
                fields=["community", "surface"], condition=Q(is_primary=True), name="domain_one_primary_per_surface"
            )
        ]

    def __str__(self) -> str:
        return self.host

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Hosts are kept in small letters and in their ASCII form."""
        self.host = normal_host(self.host)
        super().save(*args, **kwargs)


@lru_cache(maxsize=4096)
def normal_host(host: str) -> str:
    """A host name as the routing table knows it: no port, small letters, punycode, no trailing dot; "" if it is none."""
    name, _colon, port = host.strip().partition(":")
    name = name.rstrip(".").lower()
    if port and not (port.isascii() and port.isdigit()):
        return ""
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii").rstrip(".").lower()
    except UnicodeError:
        return ""
    return name if re.fullmatch(HOST_PATTERN, name) else ""


class ModuleActivation(models.Model):
    """A module that a town has switched on. Its tables stand in the town either way; off hides, never drops."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="activations")
    module = models.CharField(max_length=30)
    enabled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "module"], name="activation_once")]

    def __str__(self) -> str:
        return f"{self.community_id}: {self.module}"


class TemplateRelease(models.Model):
    """The template town at one release: the DDL text that new towns replay, and the hash of its catalogue."""

    release = models.CharField(max_length=32, unique=True)
    catalogue_hash = models.CharField(max_length=64)
    ddl = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.release


class MigrationStep(models.Model):
    """One migration of the towns, compiled to SQL while it ran on the template.

    `sql` is None for a migration that runs Python or may not run in a transaction: Django itself runs it in each town.
    """

    app = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    sql = models.TextField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="migration_step_once")]

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


class RolloutEntry(models.Model):
    """The ledger of a rollout: one town at one release. What is done is not done again after a crash."""

    class State(models.TextChoices):
        """How it went."""

        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="rollouts")
    release = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=State.choices)
    steps_done = models.PositiveIntegerField(default=0)
    fault = models.TextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["community", "release"], name="rollout_once")]

    def __str__(self) -> str:
        return f"{self.community_id} {self.release} {self.state}"


class ProvisioningRun(models.Model):
    """An operator's wish for a new town, carried out by the provisioning process; the console shows how far it is."""

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    profile = models.JSONField()
    administrator = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    fault = models.TextField(blank=True)
    community = models.ForeignKey(Community, on_delete=models.SET_NULL, null=True, blank=True)
    asked_by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.profile.get('slug')} {self.state}"
