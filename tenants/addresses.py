"""Whole addresses of a town's pages, the same from a request, a worker or a command."""

from django.conf import settings

from tenants.context import current_schema
from tenants.routing import Town, table


def site_url(town: Town) -> str:
    """ "https://dilijan.example.am": where the town's public site is, without a slash at its end."""
    return _whole(town.site_host)


def office_url(town: Town) -> str:
    """The same of the town's office."""
    return _whole(town.office_host)


def present_office_url() -> str:
    """The office of the town that the connection stands in; the platform's own address where it stands in none."""
    town = table.town(current_schema())
    return office_url(town) if town else _whole(settings.BASE_DOMAIN)


def _whole(host: str) -> str:
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}"
