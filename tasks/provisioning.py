"""Onboarding asked for on the console, carried out by the process that has the owner's credentials."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation

from hamaynk.accounts.actions import invite_staff
from hamaynk.accounts.mail import send_invitation
from tasks.app import app
from tenants.context import as_owner, in_town
from tenants.models import ProvisioningRun
from tenants.provisioning import ProvisioningFault, TownProfile, onboard
from tenants.routing import table
from tenants.setup import set_up_town

log = logging.getLogger(__name__)
ENDED = (ProvisioningRun.State.DONE, ProvisioningRun.State.FAILED)
LATE = timedelta(minutes=1)


@app.task(name="tasks.provisioning.onboard_town")
def onboard_town(run_id: int) -> str:
    """Carry out one ProvisioningRun; its row says how it ended.

    The row stays locked while the town is made, so a message that comes twice does nothing, and a process that dies
    lets the lock go: the sweep then asks again. The town and the run's end are one transaction.
    """
    with as_owner():
        waiting = ProvisioningRun.objects.filter(pk=run_id, state=ProvisioningRun.State.WAITING)
        waiting.update(state=ProvisioningRun.State.RUNNING)
        with transaction.atomic():
            run = ProvisioningRun.objects.select_for_update(skip_locked=True).filter(pk=run_id).first()
            if run is None:
                return "with another process"
            if run.state in ENDED:
                return run.state
            _carry_out(run)
    if run.state == ProvisioningRun.State.DONE:
        set_up_town(run.profile["slug"])
        _invite(run)
    return run.state


@app.task(name="tasks.provisioning.sweep")
def sweep() -> int:
    """Ask again for what a lost message or a dead process left behind. Returns how many."""
    with as_owner():
        late = ProvisioningRun.objects.exclude(state__in=ENDED).filter(created_at__lt=timezone.now() - LATE)
        runs = list(late.values_list("pk", flat=True))
    for run_id in runs:
        onboard_town.delay(run_id)
    return len(runs)


def _carry_out(run: ProvisioningRun) -> None:
    profile = {**run.profile}
    for name in ("modules", "site_hosts"):
        if profile.get(name) is not None:
            profile[name] = tuple(profile[name])
    try:
        run.community = onboard(TownProfile(**profile))
        run.state = ProvisioningRun.State.DONE
    except ValidationError as error:
        run.fault = "; ".join(f"{k}: {' '.join(v)}" for k, v in error.message_dict.items())
    except (ProvisioningFault, TypeError) as error:
        run.fault = str(error)
    if run.fault:
        log.error("onboarding %s failed: %s", run.profile.get("slug"), run.fault)
        run.state = ProvisioningRun.State.FAILED
    run.finished_at = timezone.now()
    run.save()


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
