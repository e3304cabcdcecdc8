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
        from hamaynk.statistics import ObservationRecorded
        from hamaynk.ui.context import shell_entries

        subscribe_platform(ObservationRecorded.name, collect)
        shell_entries.append(
            NavigationEntry(surface=Surface.OVERSIGHT, label=_("Budget revenue"), url_name="oversight:revenue", order=0)
        )
