"""Django application of the console."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The console."""

    name = "hamaynk.console"
    label = "console"

    def ready(self) -> None:
        from hamaynk.contract import NavigationEntry, Surface
        from hamaynk.contract import text as _
        from hamaynk.ui.context import shell_entries

        shell_entries += [
            NavigationEntry(surface=Surface.CONSOLE, label=_("Towns"), url_name="console:towns", order=0),
            NavigationEntry(surface=Surface.CONSOLE, label=_("New town"), url_name="console:onboard", order=10),
        ]
