"""A town with something of everything: people, pages, pictures, figures, letters; and checksums over all it has."""

import hashlib
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tenants.context import in_town
from tenants.names import schema_of_slug
from tenants.setup import set_up_town
from tests.conftest import PASSWORD
from tests.hamaynk.oversight.towns import publish_execution
from tests.support.links import owner_link

EDITOR = "editor@town.example"
WORD = "Գետափնյա"


def fill(slug: str) -> None:
    """Starter pages, an editor, a page with a picture that a visitor has seen, a figure at the ministry, a subscriber."""
    from django.utils import timezone

    from hamaynk.accounts.actions import create_account
    from public_sites import models
    from public_sites.alerts.models import Subscription

    set_up_town(slug)
    publish_execution(slug, "250.00")
    with in_town(slug):
        create_account(
            email=EDITOR,
            full_name="Մարիամ \\ Հովհաննիսյան\tt",
            password=PASSWORD,
            is_staff=True,
            roles=("public_sites.publisher",),
        )
        Subscription.objects.create(email="a@b.example", language="hy", confirmed_at=timezone.now())
        page = models.TextPage.objects.filter(slug="about", locale__language_code="hy").get()
        page.title = f"{WORD} այգի"
        page.body = [("picture", {"picture": picture(), "caption": "Գետ"})]
        page.save_revision().publish()


def picture(name: str = "river.png", colour: str = "#336699") -> object:
    """A picture in the present town."""
    from public_sites.models import Picture

    held = BytesIO()
    Image.new("RGB", (900, 600), colour).save(held, "PNG")
    file = SimpleUploadedFile(name, held.getvalue(), "image/png")
    return Picture.objects.create(title="Գետ", description="Գետը գարնանը", file=file)


def checksums(slug: str) -> dict[str, str]:
    """Table or file -> checksum of all that it holds, worked out without the code that is tested."""
    schema = schema_of_slug(slug)
    found: dict[str, str] = {}
    with owner_link(options="-c timezone=UTC") as owner:
        names = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
        for (name,) in names:
            question = (
                f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text COLLATE "C")) FROM "{schema}"."{name}" t'
            )
            found[name] = str(owner.execute(question).fetchone()[0])
    folder = Path(settings.MEDIA_ROOT) / schema
    for path in folder.rglob("*"):
        if path.is_file():
            found[f"media/{path.relative_to(folder)}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
