"""Django application of oversight; its tables stand in the `oversight` schema."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Oversight."""

    name = "hamaynk.oversight"
    label = "oversight"

    def ready(self) -> None:
        from hamaynk.contract import NavigationEntry, Surface
        from hamaynk.contract import text as _
        from hamaynk.events import subscribe_platform
        from hamaynk.oversight.collecting import collect
        from hamaynk.oversight.refilling import refill
        from hamaynk.portability.restored import on_restored
        from hamaynk.statistics import ObservationRecorded
        from hamaynk.ui.context import shell_entries

        subscribe_platform(ObservationRecorded.name, collect)
        on_restored(refill)
        pages = ((_("Budget execution"), "execution"), (_("Twelve months"), "months"), (_("Late publishers"), "late"))
        for order, (label, page) in enumerate(pages):
            entry = NavigationEntry(surface=Surface.OVERSIGHT, label=label, url_name=f"oversight:{page}", order=order)
            shell_entries.append(entry)
