"""Open data over HTTP, with two towns: files of a published month, the dictionary, the catalogue."""

import base64
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from frictionless import Package
from rdflib import DCTERMS, RDF, Graph, URIRef

from hamaynk.opendata.dcat import DCAT, FORMS, SPDX
from hamaynk.ui.spoken import in_language
from modules.budgets.opendata import facts
from modules.budgets.opendata.files import FORMS as FILES
from tenants.context import in_town
from tests.modules.budgets.support import plain, publish
from tests.support.dcat import faults
from tests.support.offline import no_network

SEPTEMBER = "/budget/data/2015/9/revenue"


@pytest.fixture
def published(towns: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dilijan with August and two versions of September, Sevan with September; other figures in each. Nothing is cached."""
    here = uuid4().hex  # other runs may use the same cache server
    monkeypatch.setattr(facts, "FORMAT", here)
    monkeypatch.setattr(facts, "ASKED_KEY", here)
    with in_town("dilijan"):
        publish(8, "1000,100,10,7.5", "1110,50,5,4")
        publish(9, "1000,100,20,8", "1110,50,10,6")
        publish(9, "1000,100,20,9.00001", "1110,50,10,6", "1120,1,1,1")
    with in_town("sevan"):
        publish(9, "1000,70,7,7")
    return


def table(answer: Any) -> list[dict[str, str]]:
    """Rows of a CSV file as served."""
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def test_a_month_to_take_away(published: None, visitor: Callable[..., Any]) -> None:
    """R41, R55: exact drams, cumulative and of the single month where the month before states the line."""
    rows = table(visitor("dilijan").get(f"{SEPTEMBER}.csv"))
    assert [(row["code"], row["actual"], row["month_actual"]) for row in rows] == [
        ("1000", "2000.01", "-1499.99"),
        ("1110", "6000.00", "2000.00"),
        ("1120", "1000.00", ""),
    ]
    assert [row["adjusted_plan"] for row in rows] == ["49000.00", "50000.00", "1000.00"]
    assert {row["name_en"] for row in rows} >= {"Total revenue"}


def test_each_town_its_own(published: None, visitor: Callable[..., Any]) -> None:
    assert [row["actual"] for row in table(visitor("sevan").get(f"{SEPTEMBER}.csv"))] == ["7000.00"]
    assert visitor("dilijan").get("/budget/data/2015/8/revenue.csv").status_code == 200
    assert visitor("sevan").get("/budget/data/2015/8/revenue.csv").status_code == 404


def test_older_versions_stay(published: None, visitor: Callable[..., Any]) -> None:
    """A correction makes a new version; the old one is served as it was, each with its number and digest."""
    client = visitor("dilijan")
    newest = client.get(f"{SEPTEMBER}.json").json()
    first = client.get(f"{SEPTEMBER}.json?version=1").json()
    assert (newest["version"], first["version"]) == (2, 1)
    assert newest["digest"] != first["digest"]
    assert [row["actual"] for row in first["rows"]] == ["2000.00", "6000.00"]
    assert client.get(f"{SEPTEMBER}.json?version=2").content == client.get(f"{SEPTEMBER}.json").content


@pytest.mark.parametrize(
    "address",
    [
        f"{SEPTEMBER}.csv?version=3",
        f"{SEPTEMBER}.csv?version=0",
        f"{SEPTEMBER}.csv?version=x",
        f"{SEPTEMBER}.csv?version=9999999999999999",
        f"{SEPTEMBER}.exe",
        "/budget/data/2015/13/revenue.csv",
        "/budget/data/99999999999999999999/9/revenue.csv",
        "/budget/data/2015/9/nonsense.csv",
        "/budget/data/2015/10/revenue.csv",
        "/data/catalog.exe",
    ],
)
def test_what_is_not_there_is_404(published: None, visitor: Callable[..., Any], address: str) -> None:
    assert visitor("dilijan").get(address).status_code == 404


@pytest.mark.parametrize("form", FILES)
def test_a_file_names_its_checksum(published: None, visitor: Callable[..., Any], form: str) -> None:
    """The ETag is sha256 of the bytes; who has them already gets none; another version has another."""
    client = visitor("dilijan")
    answer = client.get(f"{SEPTEMBER}.{form}")
    checksum = hashlib.sha256(answer.content)
    assert answer["ETag"] == f'"{checksum.hexdigest()}"'
    assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(checksum.digest()).decode()}:"
    assert answer["Content-Type"].split(";")[0] == FILES[form].media_type
    assert answer["Content-Disposition"] == f'attachment; filename="dilijan-revenue-2015-09-v2.{form}"'
    again = client.get(f"{SEPTEMBER}.{form}", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    older = client.get(f"{SEPTEMBER}.{form}?version=1", headers={"if-none-match": answer["ETag"]})
    assert older.status_code == 200
    client.get("/language/ru/?next=/")
    assert client.get(f"{SEPTEMBER}.{form}").content == answer.content


def test_the_served_package_is_valid(published: None, visitor: Callable[..., Any], tmp_path: Any) -> None:
    """frictionless reads what the town serves, without a network."""
    content = visitor("dilijan").get(f"{SEPTEMBER}.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    with pytest.MonkeyPatch.context() as patch, no_network():
        patch.chdir(tmp_path)
        assert Package.from_descriptor("datapackage.json").validate().valid


def test_a_month_takes_few_queries(published: None, visitor: Callable[..., Any], drawn_each_time: None) -> None:
    client = visitor("dilijan")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{SEPTEMBER}.csv")
    assert len(queries) <= 6


def test_the_dictionary_in_three_languages(published: None, visitor: Callable[..., Any]) -> None:
    """R50: the page speaks the reader's language, the file all three."""
    client = visitor("dilijan")
    for language, word in (("hy", "Բնակավայր"), ("en", "Settlement"), ("ru", "Населённый пункт")):
        client.post(f"/language/{language}/", {"next": "/"})
        page = plain(client.get("/budget/data/dictionary/").content.decode())
        assert f"settlement string {word}" in page
    said = client.get("/budget/data/dictionary.json").json()
    assert {item["name"] for item in said["fields"]} == set(table(client.get(f"{SEPTEMBER}.csv"))[0])


@pytest.mark.parametrize("town", ["dilijan", "sevan"])
@pytest.mark.parametrize("form", FORMS)
def test_the_served_catalogue_conforms(published: None, visitor: Callable[..., Any], town: str, form: str) -> None:
    """DCAT-AP 3.0: the shapes hold what each town serves, in each form, without a network."""
    with in_town(town):
        facts.count_missing()
    read = catalogue(visitor(town), form)
    assert faults(read) == []
    assert len(list(read.subjects(RDF.type, DCAT.Dataset))) == {"dilijan": 2, "sevan": 1}[town]
    assert not [node for node in read.all_nodes() if {"dilijan": "sevan", "sevan": "dilijan"}[town] in str(node)]


def test_a_lost_title_is_found(published: None, visitor: Callable[..., Any]) -> None:
    """Control: the same catalogue without the title of one dataset does not conform."""
    read = catalogue(visitor("dilijan"), "ttl")
    read.remove((next(read.subjects(RDF.type, DCAT.Dataset)), DCTERMS.title, None))
    assert len(faults(read)) == 1


def test_sizes_and_checksums_are_those_of_the_files(published: None, visitor: Callable[..., Any]) -> None:
    """Every file of the catalogue is there and is what the catalogue says; before a worker counted, it says nothing."""
    client = visitor("dilijan")
    assert not list(catalogue(client, "ttl").subject_objects(DCAT.byteSize))
    with in_town("dilijan"):
        assert facts.count_missing() == 2
        assert facts.count_missing() == 0
    read = catalogue(client, "ttl")
    files = list(read.subjects(RDF.type, DCAT.Distribution))
    assert len(files) == 2 * len(FILES)
    for file in files:
        address = str(read.value(file, DCAT.downloadURL))
        content = client.get(address.removeprefix("http://dilijan.localhost")).content
        checksum = read.value(read.value(file, SPDX.checksum), SPDX.checksumValue)
        assert int(str(read.value(file, DCAT.byteSize))) == len(content)
        assert str(checksum).lower() == hashlib.sha256(content).hexdigest()


def test_a_correction_changes_the_catalogue(published: None, visitor: Callable[..., Any]) -> None:
    """Also the single month after it: its files hold another difference now."""
    client = visitor("dilijan")
    with in_town("dilijan"):
        facts.count_missing()
    before = catalogue(client, "ttl")
    with in_town("dilijan"):
        publish(8, "1000,100,10,7", "1110,50,5,4")
        assert facts.count_missing() == 2
    after = catalogue(client, "ttl")
    august = URIRef("http://dilijan.localhost/data/#budgets-revenue-2015-08")
    versions = [str(read.value(august, DCAT.version)) for read in (before, after)]
    assert versions == ["1", "2"]
    assert after.value(august, DCTERMS.issued) == before.value(august, DCTERMS.issued)
    assert after.value(august, DCTERMS.modified) != before.value(august, DCTERMS.modified)


def test_the_catalogue_is_asked_for_again_only_if_it_changed(
    published: None, visitor: Callable[..., Any], drawn_each_time: None
) -> None:
    client = visitor("dilijan")
    answer = client.get("/data/catalog.jsonld")
    assert json.loads(answer.content)
    again = client.get("/data/catalog.jsonld", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, answer["ETag"])
    with CaptureQueriesContext(connection) as queries:
        client.get("/data/catalog.jsonld")
    assert len(queries) <= 2


def test_the_page_for_people(published: None, visitor: Callable[..., Any]) -> None:
    """R50: every file by a link, three languages; the footer leads there; a town without data says so."""
    client = visitor("dilijan")
    for language, word in (("hy", "Բաց տվյալներ"), ("en", "Open data"), ("ru", "Открытые данные")):
        client.post(f"/language/{language}/", {"next": "/"})
        page = client.get("/data/").content.decode()
        assert f"<h1>{word}</h1>" in page
        for form in FILES:
            assert f'href="{SEPTEMBER}.{form}"' in page
        there = in_language(language, "/data/")
        assert f'href="{there}"' in client.get("/").content.decode()


def test_the_page_of_a_town_without_data(towns: Any, visitor: Callable[..., Any]) -> None:
    """The empty state, and a catalogue that conforms all the same."""
    client = visitor("sevan")
    assert 'class="empty"' in client.get("/data/").content.decode()
    assert faults(catalogue(client, "ttl")) == []


def catalogue(client: Any, form: str) -> Graph:
    """The catalogue that a town serves."""
    answer = client.get(f"/data/catalog.{form}")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(FORMS[form].media_type)
    return Graph().parse(data=answer.content, format=FORMS[form].name)


def test_a_worker_is_asked_once_and_its_absence_is_no_fault(
    published: None, visitor: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The catalogue asks for what it does not know; a queue that is away breaks no page."""
    asked: list[str] = []
    monkeypatch.setattr(facts.count_open_files, "for_town", lambda slug, **_: asked.append(slug))
    for _ in range(2):
        assert visitor("dilijan").get("/data/").status_code == 200
    assert asked == ["dilijan"]

    def away(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(facts.count_open_files, "for_town", away)
    assert visitor("sevan").get("/data/catalog.ttl").status_code == 200
    with in_town("dilijan"):
        facts.count_missing()
        cache.delete(facts.ASKED_KEY)
    monkeypatch.setattr(facts.count_open_files, "for_town", lambda slug, **_: asked.append("again"))
    assert visitor("dilijan").get("/data/").status_code == 200
    assert asked == ["dilijan"]
