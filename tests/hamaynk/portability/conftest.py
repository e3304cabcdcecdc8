"""A town with something of everything, and its file."""

import shutil

import pytest

from tests.conftest import HostClient
from tests.support import platform
from tests.support.remembered import remembered
from tests.support.whole_town import fill


@pytest.fixture
def media(settings, tmp_path):
    """Files of towns in a folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "test" / "media"  # where a process with HAMAYNK_VAR=tmp_path looks as well
    return settings.MEDIA_ROOT


@remembered
def _visited(slug):
    fill(slug)
    assert HostClient(f"{slug}.localhost").get("/community/about/").status_code == 200  # makes the sizes of the picture


@pytest.fixture
def full(towns, media):
    """The two towns, the first with something of everything, and visited."""
    _visited(towns.first)
    return towns


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """Where the file of a full town is kept: it is made once in a session, for filling takes longer than all the rest."""
    return tmp_path_factory.mktemp("kept") / "town.tar.gz"


@pytest.fixture
def file(towns, media, kept, tmp_path):
    """The file of a first town that had something of everything. The towns that stand are empty."""
    from hamaynk.portability.exporting import export_town

    if not kept.exists():
        _visited(towns.first)
        export_town(towns.first, kept)
        platform.reset()
        shutil.rmtree(media)
    return shutil.copyfile(kept, tmp_path / "town.tar.gz")


@pytest.fixture
def refilled(file, towns):
    """The two towns, the first as in its file."""
    from hamaynk.portability.restoring import restore_town
    from tenants.provisioning import remove

    remove(towns.first)
    restore_town(file)
    return towns
