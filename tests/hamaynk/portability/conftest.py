"""A town with something of everything, and its file."""

import shutil

import pytest

from tests.support import platform
from tests.support.whole_town import fill


@pytest.fixture
def media(settings, tmp_path):
    """Files of towns in a folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "test" / "media"  # where a process with HAMAYNK_VAR=tmp_path looks as well
    return settings.MEDIA_ROOT


@pytest.fixture
def full(towns, media, visitor):
    """The two towns, the first with something of everything, and visited."""
    fill(towns.first)
    assert visitor(towns.first).get("/community/about/").status_code == 200  # which makes the sizes of the picture
    return towns


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """Where the file of a full town is kept: it is made once in a session, for filling takes longer than all the rest."""
    return tmp_path_factory.mktemp("kept") / "town.tar.gz"


@pytest.fixture
def file(towns, media, visitor, kept, tmp_path):
    """The file of a first town that had something of everything. The towns that stand are empty."""
    from hamaynk.portability.exporting import export_town

    if not kept.exists():
        fill(towns.first)
        assert visitor(towns.first).get("/community/about/").status_code == 200
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
