"""Two releases in two folders: N is what lies here, N+1 a copy with one more column, one column less, and other pages.

The module that both bring along is the sample module, with a column `size` in N that N+1 no longer names: widened first
(`colour`), narrowed when nobody writes `size` any more. The kernel of N+1 has one more column as well.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("platform", "tenants", "modules", "public_sites", "tasks")
MODULE = "hamaynk_noticeboard"
MIGRATION = """from django.db import migrations, models
class Migration(migrations.Migration):
    {phase}
    dependencies = [({app!r}, {after!r})]
    operations = [{operation}]
"""
SIZE = "models.PositiveIntegerField(default=7, db_default=7)"
COLOUR = 'models.CharField(max_length=9, default="green", db_default="")'
NICKNAME = 'models.CharField(max_length=40, default="", db_default="", blank=True)'
VIEWS = '''

def _holds(name):
    """True while somebody wants us to wait; says that we are there."""
    import redis
    link = redis.Redis.from_url(settings.REDIS_URL)
    link.set(f"upgrade:{name}:inside", "1", ex=600)
    return bool(link.exists(f"upgrade:{name}:hold"))


def wait(name):
    import time
    end = time.monotonic() + 300
    while _holds(name) and time.monotonic() < end:
        time.sleep(0.05)


@public
def slow(request):
    """A page that takes its time."""
    wait("page")
    return HttpResponse("release " + RELEASE)


@permission_required("noticeboard.write")
def later(request):
    """A notice that a worker puts up."""
    from hamaynk_noticeboard.tasks import put_up
    if request.method == "POST":
        put_up.for_town(request.town.slug, request.POST["text"])
    return redirect("noticeboard:write")
'''
TASKS = '''"""Work of the notice board."""
from tasks.base import community_task

@community_task(name="noticeboard.put_up")
def put_up(text):
    """Put up a notice, taking its time."""
    from hamaynk_noticeboard.models import Notice
    from hamaynk_noticeboard.views import wait
    wait("task")
    Notice.objects.create(text=text)
'''


@dataclass(frozen=True)
class Release:
    """Where its source and its module lie."""

    name: str
    source: Path
    site: Path

    def environment(self, **more: str) -> dict[str, str]:
        """This release first on the path, whatever is installed beside it."""
        inherited = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
        sample = os.environ["HAMAYNK_SAMPLE_SITE"]
        others = [part for part in inherited if part not in (sample, str(ROOT), str(ROOT / "platform"))]
        path = [str(self.source), str(self.source / "platform"), str(self.site), *others, str(ROOT)]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(path), **more}

    def run(self, *words: str, **environment: str) -> str:
        """A command of this release that ends; its output."""
        done = subprocess.run(
            [str(Path(sys.executable).parent / "hamaynk"), *words],
            cwd=self.source, env=self.environment(**environment), capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (
            f"hamaynk {' '.join(words)} of release {self.name} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
        return done.stdout


def make(folder: Path) -> tuple[Release, Release]:
    """N and N+1."""
    first = Release("N", ROOT, _module(folder / "first", "N"))
    source = folder / "source"
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(ROOT / name, source / name)
    _more_of_the_kernel(source)
    return first, Release("N+1", source, _module(folder / "second", "N+1"))


def _module(site: Path, release: str) -> Path:
    shutil.copytree(os.environ["HAMAYNK_SAMPLE_SITE"], site, ignore=shutil.ignore_patterns("__pycache__"))
    package = site / MODULE
    _migration(package, MODULE, f'migrations.AddField("notice", "size", {SIZE})')
    columns = f"size = {SIZE}"
    if release == "N+1":
        _migration(package, MODULE, f'migrations.AddField("notice", "colour", {COLOUR})')
        _migration(package, MODULE, 'migrations.RemoveField("notice", "size")', phase='phase = "contract"')
        columns = f"colour = {COLOUR}"
        _replace(
            package / "templates/noticeboard/list.html", "{{ notice.text }}", "{{ notice.text }} {{ notice.colour }}"
        )
    _replace(
        package / "models.py",
        "text = models.CharField(max_length=500)",
        f"text = models.CharField(max_length=500)\n    {columns}",
    )
    _replace(package / "templates/noticeboard/list.html", "<h1>", f"<p>release {release}</p><h1>")
    views = package / "views.py"
    views.write_text(f"{views.read_text()}{VIEWS}\nRELEASE = {release!r}\n")
    (package / "tasks.py").write_text(TASKS)
    _replace(package / "urls_site.py", "urlpatterns = [", 'urlpatterns = [path("slow/", views.slow, name="slow"), ')
    _replace(
        package / "urls_office.py", "urlpatterns = [", 'urlpatterns = [path("later/", views.later, name="later"), '
    )
    return site


def _more_of_the_kernel(source: Path) -> None:
    package = source / "platform/hamaynk/accounts"
    _migration(package, "accounts", f'migrations.AddField("user", "nickname", {NICKNAME})')
    anchor = "    date_joined = models.DateTimeField(default=timezone.now)\n"
    _replace(package / "models.py", anchor, f"{anchor}    nickname = {NICKNAME}\n")


def _migration(package: Path, app: str, operation: str, *, phase: str = "") -> None:
    newest = sorted((package / "migrations").glob("0*.py"))[-1].stem
    name = f"{int(newest[:4]) + 1:04}_next_release"
    text = MIGRATION.format(app=app, after=newest, operation=operation, phase=phase)
    (package / "migrations" / f"{name}.py").write_text(text)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{path.name} no longer holds {old!r} once: adapt this copy"
    path.write_text(text.replace(old, new))
