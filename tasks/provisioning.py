"""Onboarding asked for on the console, carried out by the process that has the owner's credentials."""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hamaynk.accounts.actions import invite_staff
from hamaynk.accounts.mail import send_invitation

from tasks.app import app
from tenants.context import as_owner, in_town
from tenants.models import ProvisioningRun
from tenants.provisioning import ProvisioningFault, TownProfile, onboard
from tenants.routing import table

log = logging.getLogger(__name__)


@app.task(name="tasks.provisioning.onboard_town")
def onboard_town(run_id: int) -> str:
    """Carry out one ProvisioningRun; its row says how far it is and how it ended."""
    with as_owner():
        run = ProvisioningRun.objects.get(pk=run_id)
        if run.state in (ProvisioningRun.State.DONE, ProvisioningRun.State.RUNNING):
            return run.state
        _keep(run, state=ProvisioningRun.State.RUNNING)
    profile = {**run.profile}
    for name in ("modules", "site_hosts"):
        if profile.get(name) is not None:
            profile[name] = tuple(profile[name])
    try:
        community = onboard(TownProfile(**profile), progress=lambda step: _step(run, step))
    except ValidationError as error:
        _end(run, fault="; ".join(f"{k}: {' '.join(v)}" for k, v in error.message_dict.items()))
    except ProvisioningFault as error:
        _end(run, fault=str(error))
    else:
        _invite(run)
        with as_owner():
            _keep(run, state=ProvisioningRun.State.DONE, community_id=community.pk, finished_at=timezone.now())
    return run.state


def _invite(run: ProvisioningRun) -> None:
    """Invite the administrator, as the new town's own role, in the town's own mail."""
    town = table.town(run.profile["slug"])
    if town is None or not run.administrator:
        return
    with in_town(town.slug), translation.override("hy"):
        invitation, token = invite_staff(
            actor=None,
            email=run.administrator["email"],
            full_name=run.administrator["name"],
            role="accounts.administrator",
        )
        port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
        send_invitation(town, invitation, f"{settings.PUBLIC_SCHEME}://{town.office_host}{port}/invitation/{token}/")


def _step(run: ProvisioningRun, step: str) -> None:
    """Progress inside of the onboarding's transaction would not be seen by others before its end: say what we can."""
    run.step = step
    if step in ("check", "done"):
        with as_owner():
            _keep(run, step=step)


def _end(run: ProvisioningRun, *, fault: str) -> None:
    log.error("onboarding %s failed: %s", run.profile.get("slug"), fault)
    with as_owner():
        _keep(run, state=ProvisioningRun.State.FAILED, fault=fault, finished_at=timezone.now())


def _keep(run: ProvisioningRun, **values: object) -> None:
    for name, value in values.items():
        setattr(run, name, value)
    ProvisioningRun.objects.filter(pk=run.pk).update(**values)
