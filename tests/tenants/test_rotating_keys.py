"""Both secrets are exchanged for others, as docs/operate/rotate-keys.md says (R48)."""

import io

import psycopg
import pytest
from django.core import signing
from django.core.management import call_command
from django.db import connection

from tenants.database.base import idle_connections
from tenants.names import password_of, role_of


def opens(slug, password):
    """True where the database lets the town's role in with this password."""
    place = connection.settings_dict
    try:
        psycopg.connect(
            host=place["HOST"], port=place["PORT"], dbname=place["NAME"], user=role_of(slug), password=password
        ).close()
    except psycopg.OperationalError:
        return False
    return True


def test_the_secret_of_the_roles(towns, visitor, settings):
    """Processes with the new secret are refused until the platform was prepared with it; then the old one is."""
    old = {slug: password_of(role_of(slug)) for slug in (towns.first, towns.second)}
    assert all(opens(slug, password) for slug, password in old.items())
    before = settings.TOWN_ROLE_SECRET
    try:
        settings.TOWN_ROLE_SECRET = "another-secret-of-forty-letters-and-more-2026"
        idle_connections.clear()
        assert not any(opens(slug, password_of(role_of(slug))) for slug in old)  # positive control
        call_command("platform", "prepare", stdout=io.StringIO())
        assert all(opens(slug, password_of(role_of(slug))) for slug in old)
        assert not any(opens(slug, password) for slug, password in old.items())
        for slug in old:
            assert visitor(slug).get("/").status_code == 200
    finally:
        settings.TOWN_ROLE_SECRET = before
        idle_connections.clear()
        call_command("platform", "prepare", stdout=io.StringIO())
    assert all(opens(slug, password) for slug, password in old.items())


def test_the_secret_of_the_links(settings):
    """What was signed before is believed as long as the old secret is named beside the new one, and no longer."""
    signed = signing.dumps({"a": 1}, salt="letters")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 40
    settings.SECRET_KEY_FALLBACKS = [old]
    assert signing.loads(signed, salt="letters") == {"a": 1}
    assert signing.dumps({"a": 1}, salt="letters") != signed
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(signing.BadSignature):
        signing.loads(signed, salt="letters")
