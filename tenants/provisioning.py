"""A new town: role, schema, rights, structure, row, hosts, in one transaction. Failure leaves nothing.

Run by the owner. `onboard` reports each step to `progress`, so a command line or the console can show it.
"""

import logging
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from hamaynk.contract import Surface
from tenants.context import as_owner
from tenants.database.base import idle_connections
from tenants.ddl import StructureFault, read_structure
from tenants.models import Community, Domain, ModuleActivation, normal_host
from tenants.names import (
    PUBLIC,
    SHARED,
    SLUG_PATTERN,
    is_town_schema,
    role_of,
    schema_of_slug,
)
from tenants.reference_rows import copy_rows
from tenants.roles import define_role, grant_town, restrict, role_exists, run
from tenants.routing import announce_change
from tenants.template import current_release

log = logging.getLogger(__name__)
Progress = Callable[[str], None]
STEPS = ("check", "role", "structure", "proof", "hosts", "done")


class ProvisioningFault(Exception):
    """The town was not made, and nothing of it is left; the text says why."""


@dataclass(frozen=True, kw_only=True)
class TownProfile:
    """What an operator states about a new town. Texts per language; hosts besides the standard ones are secondary."""

    slug: str
    name_hy: str
    name_en: str
    name_ru: str
    hall_name_hy: str
    hall_name_en: str
    hall_name_ru: str
    marz: str
    population: int | None = None
    colour: str = "#1f5a7a"
    coat_of_arms: str = ""
    address_hy: str = ""
    address_en: str = ""
    address_ru: str = ""
    opening_hours_hy: str = ""
    opening_hours_en: str = ""
    opening_hours_ru: str = ""
    phone: str = ""
    email: str = ""
    is_demo: bool = False
    is_canary: bool = False
    modules: tuple[str, ...] | None = None
    site_hosts: tuple[str, ...] = field(default=())

    def community(self) -> Community:
        """An unsaved Community with these facts."""
        facts = {k: v for k, v in vars(self).items() if k not in ("modules", "site_hosts")}
        return Community(schema_name=schema_of_slug(self.slug), **facts)

    def hosts(self) -> list[tuple[str, Surface, bool]]:
        """(host, surface, is primary): the first of `site_hosts` is the site's primary, else the standard host is."""
        base, own = settings.BASE_DOMAIN, [normal_host(host) for host in self.site_hosts]
        hosts = [(host, Surface.SITE, place == 0) for place, host in enumerate(own)]
        hosts.append((f"{self.slug}.{base}", Surface.SITE, not own))
        hosts.append((f"{self.slug}.office.{base}", Surface.OFFICE, True))
        return hosts


def check_profile(profile: TownProfile) -> None:
    """Raises ValidationError with the faulty fields."""
    faults: dict[str, Any] = {}
    schema = schema_of_slug(profile.slug)
    if not re.fullmatch(SLUG_PATTERN, profile.slug) or profile.slug.endswith("-") or not is_town_schema(schema):
        faults["slug"] = _("Small Latin letters, digits and hyphens, two to forty of them, and not a reserved word.")
    elif Community.objects.filter(schema_name=schema).exists():
        faults["slug"] = _("There is a town with this address already.")
    if "slug" not in faults and (taken := _taken_hosts(profile)):
        faults["site_hosts"] = _("These hosts are taken: %(hosts)s") % {"hosts": ", ".join(taken)}
    if bad := [host for host in profile.site_hosts if len(normal_host(host)) not in range(1, 254)]:
        faults["site_hosts"] = _("These are not host names: %(hosts)s") % {"hosts": ", ".join(bad)}
    unknown = [name for name in profile.modules or () if name not in settings.MODULES]
    if unknown:
        faults["modules"] = _("These modules are not installed: %(names)s") % {"names": ", ".join(unknown)}
    try:
        profile.community().full_clean(exclude=["release"], validate_unique=False)
    except ValidationError as error:
        faults = {**error.message_dict, **faults}
    if faults:
        raise ValidationError(faults)


def _taken_hosts(profile: TownProfile) -> list[str]:
    """Hosts that others have, that are named twice, or that the platform gives: console's, oversight's, every slug's."""
    hosts = [host for host, *_rest in profile.hosts()]
    own = hosts[: len(profile.site_hosts)]
    platform = [host for host in own if host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}")]
    twice = [host for host in own if hosts.count(host) > 1]
    return sorted({*Domain.objects.filter(host__in=hosts).values_list("host", flat=True), *platform, *twice})


def onboard(profile: TownProfile, *, progress: Progress = lambda step: None) -> Community:
    """Make a town. Raises ValidationError for a bad profile, ProvisioningFault when the database did not bear it."""
    started = time.monotonic()
    with as_owner():
        progress("check")
        check_profile(profile)
        try:
            with transaction.atomic():
                community = _make(profile, progress)
                transaction.on_commit(announce_change)
        except (StructureFault, ProvisioningFault):
            raise
        except Exception as error:
            raise ProvisioningFault(f"{profile.slug}: {error}") from error
    progress("done")
    log.info("onboarded %s in %.2f s", profile.slug, time.monotonic() - started)
    return community


def _make(profile: TownProfile, progress: Progress) -> Community:
    community = profile.community()
    schema, release = community.schema_name, current_release()
    progress("role")
    if role_exists(role_of(schema)):
        raise ProvisioningFault(f"{profile.slug}: the role {role_of(schema)} exists already in this cluster")
    define_role(schema, (schema, SHARED))
    run(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    grant_town(schema)
    progress("structure")
    with connection.cursor() as cursor:
        _set_path(cursor, schema, SHARED)
        cursor.execute(release.ddl)
        copy_rows(schema)
        restrict(schema)
        progress("proof")
        if read_structure(schema).catalogue_hash() != release.catalogue_hash:
            raise ProvisioningFault(f"{profile.slug}: the new schema differs from the template")
        _set_path(cursor, PUBLIC, SHARED)
    progress("hosts")
    community.release = release.release
    community.save()
    for host, surface, primary in profile.hosts():
        Domain.objects.create(community=community, host=host, surface=surface, is_primary=primary)
    modules = settings.MODULES.defaults() if profile.modules is None else profile.modules
    ModuleActivation.objects.bulk_create(ModuleActivation(community=community, module=name) for name in modules)
    return community


def _set_path(cursor: Any, *schemas: str) -> None:
    path = sql.SQL(", ").join(sql.Identifier(schema) for schema in schemas)
    cursor.execute(sql.SQL("SET LOCAL search_path = {}").format(path).as_string(None))


def set_state(slug: str, state: Community.State) -> None:
    """Suspend, resume or archive: what every process sees within a second."""
    changed = Community.objects.filter(slug=slug).update(state=state)
    if not changed:
        raise ProvisioningFault(f"There is no town called {slug}.")
    announce_change()


def remove(slug: str) -> None:
    """Drop a town with all its data: schema, role, row, hosts, files. For towns made by mistake, and for tests."""
    with as_owner():
        community = Community.objects.filter(slug=slug).first()
        if community is None:
            raise ProvisioningFault(f"There is no town called {slug}.")
        schema, role = sql.Identifier(community.schema_name), role_of(community.schema_name)
        idle_connections.clear()
        with transaction.atomic():
            run(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))  # a damaged town may have lost it
            if role_exists(role):
                database = sql.Identifier(connection.settings_dict["NAME"])
                name = sql.Identifier(role)
                run(
                    sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(database, name),
                    sql.SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(sql.Identifier(SHARED), name),
                    sql.SQL("DROP ROLE {}").format(name),
                )
            files = f"{settings.MEDIA_ROOT}/{community.schema_name}"
            community.delete()
    announce_change()
    shutil.rmtree(files, ignore_errors=True)
