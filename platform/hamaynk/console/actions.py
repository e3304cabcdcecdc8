"""What operators do."""

from typing import Any

from django.db import transaction

from hamaynk.accounts.models import User
from hamaynk.audit import record
from tasks.provisioning import onboard_town
from tenants import activation
from tenants.models import Community, ProvisioningRun
from tenants.routing import announce_change


@transaction.atomic
def ask_for_town(*, actor: User, profile: dict[str, Any], administrator: dict[str, str]) -> ProvisioningRun:
    """Ask the provisioning process for a new town; the run's row shows how far it is."""
    run = ProvisioningRun.objects.create(
        profile={**profile, "site_hosts": list(profile["site_hosts"])}, administrator=administrator, asked_by=str(actor)
    )
    record(
        actor=actor, action="console.town_asked_for", subject=f"tenants.run:{run.pk}", data={"slug": profile["slug"]}
    )
    transaction.on_commit(lambda: onboard_town.delay(run.pk))
    return run


@transaction.atomic
def switch_module(*, actor: User, community: Community, module: str, on: bool) -> bool:
    """Switch a module on or off in one town. Raises ActivationRefused with the reason."""
    act = activation.enable if on else activation.disable
    changed = act(community=community, module=module)
    if changed:
        data = {"module": module, "on": on}
        record(actor=actor, action="console.module_switched", subject=f"tenants.community:{community.slug}", data=data)
    return changed


@transaction.atomic
def change_state(*, actor: User, community: Community, state: str) -> None:
    """Suspend (its hosts answer 503) or resume a town."""
    Community.objects.filter(pk=community.pk).update(state=state)
    record(
        actor=actor,
        action="console.state_changed",
        subject=f"tenants.community:{community.slug}",
        data={"from": community.state, "to": state},
    )
    transaction.on_commit(announce_change)
