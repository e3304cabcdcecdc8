"""Whole addresses of a town's pages, the same from a request, a worker or a command."""

from django.conf import settings

from tenants.routing import Town


def site_url(town: Town) -> str:
    """ "https://dilijan.example.am": where the town's public site is, without a slash at its end."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{settings.PUBLIC_SCHEME}://{town.site_host}{port}"
