"""Django application of the office shell."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """The office."""

    name = "hamaynk.workspace"
    label = "workspace"

    def ready(self) -> None:
        from hamaynk.accounts.permissions import MANAGE_STAFF
        from hamaynk.contract import NavigationEntry, Surface
        from hamaynk.contract import text as _
        from hamaynk.ui.context import shell_entries

        shell_entries += [
            NavigationEntry(surface=Surface.OFFICE, label=_("Overview"), url_name="workspace:home", order=0),
            NavigationEntry(
                surface=Surface.OFFICE,
                label=_("Staff and roles"),
                url_name="workspace:staff",
                permission=MANAGE_STAFF,
                order=900,
            ),
        ]
