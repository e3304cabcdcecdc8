"""What the platform knows of a town beside its schema: the rows of Community, Domain and ModuleActivation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from hamaynk.contract import Surface
from hamaynk.portability.faults import FileFault, PortabilityFault
from hamaynk.portability.manifest import HostFacts, Manifest
from tenants.models import Community, Domain, ModuleActivation, normal_host
from tenants.provisioning import TownProfile, check_profile

# These belong to the place and not to the town; the state and the time are put in afterwards.
_OF_THE_PLACE = frozenset({"id", "schema_name", "release"})
_AFTERWARDS = frozenset({"slug", "state", "created_at"})


def describe(community: Community) -> dict[str, Any]:
    """The columns of a town's row as JSON has them."""
    fields = [field.attname for field in community._meta.concrete_fields if field.attname not in _OF_THE_PLACE]
    said = {name: getattr(community, name) for name in fields}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}


def hosts_of(community: Community) -> list[HostFacts]:
    """Its hosts, by name."""
    return [HostFacts(one.host, one.surface, one.is_primary) for one in community.domains.order_by("host")]


def modules_of(community: Community) -> dict[str, datetime]:
    """Module -> when it was switched on."""
    return dict(community.activations.order_by("module").values_list("module", "enabled_at"))


@dataclass(frozen=True)
class Wish:
    """The town that is to be: the file's facts under a slug, with hosts of its own."""

    manifest: Manifest
    slug: str
    own_hosts: tuple[str, ...]
    main_host: str  # "" for the address that the platform gives

    @property
    def profile(self) -> TownProfile:
        """As an operator would state it. FileFault where the file's row is not one of this software."""
        known = set(TownProfile.__dataclass_fields__) - {"modules", "site_hosts", "slug"}
        facts = {name: value for name, value in self.manifest.town.items() if name not in _AFTERWARDS}
        if set(facts) != known:
            raise FileFault("The file's facts of the town are not those that this software knows of one.")
        modules = tuple(self.manifest.modules)
        return TownProfile(slug=self.slug, modules=modules, site_hosts=self.own_hosts, **facts)

    @property
    def state(self) -> Community.State:
        """As it was when the file was made."""
        try:
            return Community.State(str(self.manifest.town.get("state")))
        except ValueError as error:
            raise FileFault("The file says a state of the town that there is not.") from error


def wish_for(manifest: Manifest, slug: str | None, hosts: Sequence[str] | None) -> Wish:
    """hosts: own hosts of the site, the main one first; None: those of the file, if the slug is its own.

    Under another slug a town gets the addresses of the platform alone: the others lead to the one it was taken from.
    """
    wanted = slug or manifest.slug
    if hosts is not None:
        own = tuple(normal_host(host) or host for host in hosts)
        return Wish(manifest, wanted, own, own[0] if own else "")
    if wanted != manifest.slug:
        return Wish(manifest, wanted, (), "")
    given = f"{manifest.slug}.{manifest.base_domain}"
    found = [one for one in manifest.hosts if one.surface == Surface.SITE.value and one.host != given]
    main = next((normal_host(one.host) for one in found if one.is_primary), "")
    return Wish(manifest, wanted, tuple(normal_host(one.host) or one.host for one in found), main)


def make_row(wish: Wish, release: str) -> Community:
    """The town's row, archived until everything stands. Raises PortabilityFault for what cannot be one."""
    try:
        with translation.override("en"):  # as all that operators read on the command line
            check_profile(wish.profile)
    except ValidationError as fault:
        with translation.override("en"):
            said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in fault.message_dict.items())
        hint = " Other hosts, or none, are given with --hosts." if "site_hosts" in fault.message_dict else ""
        raise PortabilityFault(f"{wish.slug} cannot be a town here: {said}{hint}") from fault
    community = wish.profile.community()
    community.release, community.state = release, Community.State.ARCHIVED
    community.save()
    return community


def make_hosts(wish: Wish, community: Community) -> list[str]:
    """Hosts and modules of the town. Returns the hosts."""
    given = f"{wish.slug}.{settings.BASE_DOMAIN}"
    main = wish.main_host or given
    for host, surface, _ in wish.profile.hosts():
        primary = host == main or surface == Surface.OFFICE
        Domain.objects.create(community=community, host=host, surface=surface, is_primary=primary)
    for module, since in wish.manifest.modules.items():
        ModuleActivation.objects.create(community=community, module=module)
        ModuleActivation.objects.filter(community=community, module=module).update(enabled_at=since)
    made = wish.manifest.town.get("created_at")
    try:
        Community.objects.filter(pk=community.pk).update(created_at=datetime.fromisoformat(str(made)))
    except ValueError as error:
        raise FileFault("The file says a time of the town's beginning that is none.") from error
    return [host for host, *_ in wish.profile.hosts()]
