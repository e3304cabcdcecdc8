"""What runs by the clock for a town's site."""

from django.core.management import call_command

from hamaynk.search import refresh_all
from public_sites import links, visits
from public_sites.alerts.tasks import resume, send_mailing, tidy
from tasks.base import community_task
from tenants.context import current_schema
from tenants.routing import table

__all__ = [
    "check_links",
    "gather_visits",
    "publish_scheduled",
    "refresh_search",
    "resume",
    "send_mailing",
    "tidy",
]


@community_task(name="public_sites.tasks.gather_visits")
def gather_visits() -> int:
    """Bring the counters of visits into the table."""
    return visits.gather()


@community_task(name="public_sites.tasks.publish_scheduled")
def publish_scheduled() -> None:
    """Publish what is due and take down what has expired."""
    call_command("publish_scheduled", verbosity=0)


@community_task(name="public_sites.tasks.check_links")
def check_links() -> int:
    """Look at all links of the site's pages."""
    town = table.town(current_schema())
    return links.check(hosts=frozenset({town.site_host} if town else ()))


@community_task(name="public_sites.tasks.refresh_search")
def refresh_search() -> None:
    """Make the search of this town what its modules say now."""
    refresh_all()
