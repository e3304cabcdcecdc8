"""`CommunityTask`: a task that belongs to one town and refuses to run without it."""

from typing import Any

from celery import Task

from tasks.app import app
from tenants.context import NoTown, in_town
from tenants.routing import table


class CommunityTask(Task):  # type: ignore[misc]
    """Call with `task.for_town(slug, ...)`. The town travels in the message's headers, never in a global.

    The body runs as the town's login role; a task without a town, or of a town that is gone, raises NoTown.
    """

    abstract = True
    town_header = "hamaynk_town"

    def for_town(self, slug: str, *args: Any, queue: str | None = None, countdown: float | None = None) -> Any:
        """Queue the task for the town with this slug."""
        return self.apply_async(args=args, headers={self.town_header: slug}, queue=queue, countdown=countdown)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Enter the town that the message names, and run."""
        slug = self._slug()
        with in_town(slug):
            return super().__call__(*args, **kwargs)

    def _slug(self) -> str:
        headers = self.request.headers or {}
        slug = headers.get(self.town_header) or getattr(self.request, self.town_header, None)
        if not slug:
            raise NoTown(f"{self.name} was called without a town.")
        town = table.town(slug)
        if town is None:
            raise NoTown(f"{self.name}: there is no town {slug!r}.")
        return town.slug


def community_task(**options: Any) -> Any:
    """Decorator: a Celery task of one town."""
    return app.task(base=CommunityTask, **options)
