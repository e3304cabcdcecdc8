"""A town chooses its look: theme, colour, typeface, coat of arms, picture (R49)."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Drawing

from public_sites import dress as looks
from public_sites.dress import change_appearance
from public_sites.models import Appearance, Picture
from tenants.context import in_town
from tenants.routing import table

EDITOR, PUBLISHER = "public_sites.editor", "public_sites.publisher"


def drawing(size=(60, 80), kind="PNG", name="arms.png"):
    """A small picture as a browser sends it."""
    data = BytesIO()
    Drawing.new("RGB", size, "#204060").save(data, kind)
    return SimpleUploadedFile(name, data.getvalue(), "image/png")


def form(**changes):
    """What the browser sends."""
    return {"theme": "calm", "colour": "#7a1f2b", "typeface": "serif", "header_words": "", **changes}


def test_a_publisher_changes_the_look(sites, staff, visitor):
    """Over HTTP: the style sheet, the coat of arms and the icon follow at once, in this town alone."""
    client = staff(sites.first, roles=[PUBLISHER])
    before = visitor(sites.second).get("/").content
    answer = client.post("/site/appearance/", form(coat_of_arms=drawing()))
    assert (answer.status_code, answer["Location"]) == (302, "/site/appearance/")
    home = visitor(sites.first).get("/").content.decode()
    href = home.partition('href="/town.css')[2].partition('"')[0]
    sheet = visitor(sites.first).get(f"/town.css{href}")
    assert "#7a1f2b" in sheet.content.decode()
    assert "Sylfaen" in sheet.content.decode()
    assert "immutable" in sheet["Cache-Control"]
    assert "immutable" not in visitor(sites.first).get("/town.css?v=other")["Cache-Control"]
    assert '<link rel="icon" type="image/png" href="/media/images/' in home
    assert '<img class="crest" src="/media/images/' in home
    assert visitor(sites.first).get("/favicon.ico")["Location"].startswith("/media/images/")
    assert visitor(sites.second).get("/").content == before
    again = client.get("/site/appearance/").content.decode()
    assert 'value="calm" checked' in again
    client.post("/site/appearance/", form(no_coat_of_arms="on"))
    assert "/media/images/" not in visitor(sites.first).get("/").content.decode()


def test_the_first_page_shows_the_picture(planted, staff, visitor):
    """With its words, in two sizes that are known before it is loaded."""
    client = staff(planted.first, roles=[PUBLISHER])
    sent = form(header_picture=drawing((1700, 900), "JPEG", "town.jpg"), header_words="Լիճ և լեռներ")
    assert client.post("/site/appearance/", sent).status_code == 302
    home = visitor(planted.first).get("/").content.decode()
    assert 'alt="Լիճ և լեռներ"' in home
    assert 'width="1600" height="360"' in home
    assert "home-picture" not in visitor(planted.first).get("/community/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"theme": "rainbow"}, "theme"),
        ({"colour": "red;}"}, "colour"),
        ({"typeface": "comic"}, "typeface"),
        (
            {"coat_of_arms": SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")},
            "arms",
        ),
        ({"coat_of_arms": SimpleUploadedFile("a.png", b"not a picture")}, "arms"),
        ({"header_picture": "big"}, "header_picture"),
        ({"header_picture": "plain", "header_words": ""}, "header_words"),
    ],
)
def test_bad_input_is_refused_beside_its_field(sites, staff, wrong, field):
    """Nothing is stored, what was written stays in the form; a picture of 40 megapixels is never unpacked."""
    if wrong.get("header_picture") == "big":
        wrong = {"header_picture": drawing((8000, 5000)), "header_words": "Մեծ"}
    elif wrong.get("header_picture") == "plain":
        wrong = {**wrong, "header_picture": drawing()}
    answer = staff(sites.first, roles=[PUBLISHER]).post("/site/appearance/", form(**wrong))
    assert answer.status_code == 422
    assert field in str(answer.context["form"].errors.as_json())
    assert "field-error" in answer.content.decode()
    with in_town(sites.first):
        assert not Appearance.objects.exists()
        assert not Picture.objects.exists()


def test_a_colour_that_nobody_could_read_is_refused(sites, monkeypatch):
    """The check at saving; our themes pass it with every colour, so one that does not is put in its place."""
    with in_town(sites.first):
        town = table.town(sites.first)
        change_appearance(actor=None, theme="civic", colour="#ffee00", town=town)
        monkeypatch.setattr(looks, "faults", lambda theme, colour: [("ink", "ground", 2.1)])
        with pytest.raises(ValidationError) as refused:
            change_appearance(actor=None, theme="civic", colour="#ffee01", town=town)
        assert list(refused.value.message_dict) == ["colour"]
        assert Appearance.objects.get().colour == "#ffee00"


def test_an_editor_may_not(sites, staff, visitor):
    """The look is the publishers' business."""
    editor = staff(sites.first, roles=[EDITOR])
    assert editor.get("/site/appearance/").status_code == 403
    assert editor.post("/site/appearance/", form()).status_code == 403
    assert visitor(sites.first, "office").get("/site/appearance/").status_code == 302
