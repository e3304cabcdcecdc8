"""What happens around letters, for whoever wants to hear."""

from dataclasses import dataclass

from hamaynk.events import Event


@dataclass(frozen=True, kw_only=True)
class PagePublished(Event):
    """A page that residents may want to be told of became public for the first time. topic: a code of `Topic`."""

    name = "public_sites.page_published"

    page: int
    topic: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionAsked(Event):
    """Somebody gave an address and asked for letters; whether the address is theirs is not known yet."""

    name = "public_sites.subscription_asked"

    subscription: int
