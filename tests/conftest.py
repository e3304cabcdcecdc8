"""Fixtures of the whole suite. Two towns are always there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.support.platform import Towns

PASSWORD = "correct-horse-battery"  # noqa: S105


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A database of this run's own, with the platform prepared and two towns onboarded."""
    from tests.support import platform

    with django_db_blocker.unblock():
        platform.build()
        yield
        platform.drop_database()


@pytest.fixture
def towns(django_db_setup: None, django_db_blocker: Any) -> Iterator[Towns]:
    """The database, and the two towns in it: `towns.first` (dilijan), `towns.second` (sevan). Emptied afterwards."""
    from tests.support import platform

    with django_db_blocker.unblock():
        yield Towns()
        platform.reset()


@pytest.fixture
def drawn_each_time(settings: Any) -> None:
    """No public page is kept whole, so that a second request costs what the first did."""
    settings.PAGE_CACHE_SECONDS = 0


class HostClient(Client):
    """Django's test client at one host; signs in as `user` where one is given."""

    user: Any = None

    def __init__(self, host: str, **defaults: Any) -> None:
        super().__init__(headers={"host": host}, **defaults)
        self.host = host

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        """Through the form, as a person does."""
        return self.post("/accounts/login/", {"login": email, "password": password})


@pytest.fixture
def visitor(towns: Towns) -> Callable[..., HostClient]:
    """visitor("dilijan") is a client at the town's public site; visitor("dilijan", "office") at its office."""

    def make(slug: str, surface: str = "site", **defaults: Any) -> HostClient:
        host = f"{slug}.localhost" if surface == "site" else f"{slug}.office.localhost"
        return HostClient(host, **defaults)

    return make


@pytest.fixture
def staff(towns: Towns, visitor: Callable[..., HostClient]) -> Callable[..., HostClient]:
    """staff("dilijan", roles=["budgets.finance_officer"]) is a signed-in office client with `.user`."""

    def make(slug: str, roles: list[str] | tuple[str, ...] = (), email: str = "clerk@example.am") -> HostClient:
        from hamaynk.accounts.actions import create_account
        from tenants.context import in_town

        with in_town(slug):
            user = create_account(
                email=email, full_name="Անի Գրիգորյան", password=PASSWORD, is_staff=True, roles=tuple(roles)
            )
        client = visitor(slug, "office")
        answer = client.sign_in(email)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        client.user = user
        return client

    return make


@pytest.fixture
def operator(towns: Towns) -> HostClient:
    """A signed-in client at the console."""
    return _platform_client("console", "operator@example.am")


@pytest.fixture
def ministry(towns: Towns) -> HostClient:
    """A signed-in client at oversight."""
    return _platform_client("oversight", "ministry@example.am")


def _platform_client(surface: str, email: str) -> HostClient:
    from hamaynk.accounts.actions import create_account
    from tenants.context import in_console, in_oversight

    with in_console() if surface == "console" else in_oversight():
        user = create_account(email=email, full_name="Գոռ Պետրոսյան", password=PASSWORD, is_staff=True)
    client = HostClient(f"{surface}.localhost")
    answer = client.sign_in(email)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    client.user = user
    return client
