"""The content management system publishes a page: whoever wants to hear of it hears, in the same transaction."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.signals import page_published

from hamaynk.events import publish
from public_sites.alerts.events import PagePublished
from public_sites.alerts.models import Mailing
from public_sites.alerts.quiet import is_quiet
from public_sites.alerts.topics import is_fresh, topic_of


@receiver(page_published)
def tell_of_page(instance: Any, alias: bool = False, **_: Any) -> None:
    """Once for all translations of a page."""
    topic = topic_of(instance)
    if topic is None or alias or instance.alias_of_id or is_quiet() or not instance.live or not is_fresh(instance):
        return
    if Mailing.objects.filter(translation_key=instance.translation_key).exists():
        return
    with transaction.atomic():
        publish(PagePublished(page=instance.pk, topic=topic.value))
