"""Loaded by `-p tests.support.servers` before anything else: servers, settings, and the third-party sample module.

With DATABASE_URL and REDIS_URL the suite runs on those servers, in databases of its own (hamaynk_test_...), with roles of
its own; the server's hardening is the platform's, so give it a server that serves nobody else. Without them an embedded
PostgreSQL and Valkey are started under var/test, on free ports, so the suite runs beside a running demo. The sample
module is installed into a folder of its own and put on the path, which is all that "installed" means: its entry point is
found like ours.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "platform", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
SAMPLE = ROOT / "tests" / "sample_module"
os.environ["DJANGO_SETTINGS_MODULE"] = "hamaynk.config.settings.test"
os.environ.pop("HAMAYNK_PROCESS", None)
_servers: list[object] = []


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "")


def _start_servers() -> None:
    if os.environ.get("HAMAYNK_TEST_SERVERS") == "up":
        return
    os.environ["HAMAYNK_TEST_SERVERS"] = "up"
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    from deploy.local.servers import LocalPostgres, LocalValkey

    home = Path(os.environ.get("HAMAYNK_VAR", str(ROOT / "var"))) / "test"
    home.mkdir(parents=True, exist_ok=True)
    run = Path(tempfile.mkdtemp(prefix="run-", dir=home))
    os.environ["HAMAYNK_TEST_RUN"] = str(run)
    for name, server in (
        ("DATABASE_URL", LocalPostgres(run / "postgres", durable=False)),
        ("REDIS_URL", LocalValkey(run / "valkey")),
    ):
        server.start()
        _servers.append(server)
        os.environ[name] = server.url


def _install_sample() -> None:
    target = Path(os.environ["HAMAYNK_SAMPLE_SITE"]) if "HAMAYNK_SAMPLE_SITE" in os.environ else None
    if target is None:
        target = Path(tempfile.mkdtemp(prefix="hamaynk-sample-"))
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-build-isolation", "--no-index", "--target", str(target), str(SAMPLE)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        os.environ["HAMAYNK_SAMPLE_SITE"] = str(target)
    if str(target) not in sys.path:
        sys.path.append(str(target))
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    for folder in (str(ROOT), str(ROOT / "platform"), str(target)):
        if folder not in paths:
            paths.append(folder)
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)


_start_servers()
_install_sample()
os.environ["DEPLOYMENT"] = f"hmt{_worker()}"
if _worker():  # emptying the cache empties one database of the server: each worker of the suite has its own, of sixteen
    os.environ["REDIS_URL"] = (
        f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{int(_worker().removeprefix('gw')) % 15 + 1}"
    )
_database = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
os.environ["DATABASE_URL"] = f"{_database}/hamaynk_test_{_worker() or 'main'}"


def pytest_unconfigure(config: object) -> None:
    """Stop what was started here, and clear it away."""
    import shutil

    for server in reversed(_servers):
        server.stop()  # type: ignore[attr-defined]
    if _servers:
        shutil.rmtree(os.environ["HAMAYNK_TEST_RUN"], ignore_errors=True)
        shutil.rmtree(os.environ["HAMAYNK_SAMPLE_SITE"], ignore_errors=True)
