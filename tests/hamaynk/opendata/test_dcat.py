"""The catalogue as DCAT-AP: the shapes of SEMIC hold it, without a network, and they can say no."""

import datetime as dt
from dataclasses import replace

import pytest
from rdflib import DCTERMS, Graph

from hamaynk.opendata import Catalogue, Contact, Dataset, Distribution, Series
from hamaynk.opendata.dcat import DCAT, FORMS, graph, serialise
from tests.support.dcat import faults

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
CSV = Distribution(
    code="csv",
    title={"en": "CSV"},
    path="/notices/2026.csv",
    media_type="text/csv",
    file_type="CSV",
    byte_size=17,
    sha256="00" * 32,
    conforms_to=("https://www.rfc-editor.org/rfc/rfc4180",),
)
SERIES = Series(code="notices", title={"hy": "Ա", "en": "Notices"}, description={"en": "All"}, frequency="ANNUAL")
DATASET = Dataset(
    code="notices-2026",
    title={"hy": "Հայտարարություններ", "en": "Notices", "ru": "Объявления"},
    description={"en": "Notices of 2026"},
    issued=NOW,
    modified=NOW,
    distributions=(CSV,),
    version="2",
    covers=(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    series=SERIES,
    keywords=({"en": "notice"},),
    landing_path="/notices/",
    documentation_path="/notices/columns/",
)
CATALOGUE = Catalogue(
    base_url="https://goris.example.am",
    title={"hy": "Բաց տվյալներ", "en": "Open data"},
    description={"en": "All of it"},
    publisher=Contact(
        name={"hy": "Գորիս", "en": "Goris Town Hall"}, email="hall@goris.example", phone="+374 (284) 2-22"
    ),
    place={"hy": "Գորիս", "en": "Goris"},
    licence="CC_BY_4_0",
    datasets=(DATASET, replace(DATASET, code="others", series=None, covers=None, version="", distributions=())),
)


@pytest.mark.parametrize("form", FORMS)
def test_shapes_hold_every_form(form: str) -> None:
    """All three forms say the same, and conform."""
    content = serialise(CATALOGUE, form)
    assert serialise(CATALOGUE, form) == content
    read = Graph().parse(data=content, format=FORMS[form].name)
    assert len(read) == len(graph(CATALOGUE))
    assert faults(read) == []


def test_an_empty_catalogue_conforms() -> None:
    assert faults(graph(replace(CATALOGUE, datasets=(), publisher=Contact(name={"en": "Goris"})))) == []


@pytest.mark.parametrize("lost", [DCTERMS.title, DCTERMS.description], ids=["title", "description"])
def test_a_dataset_without_it_is_found(lost: object) -> None:
    """Control: a graph that lacks what is mandatory does not conform."""
    broken = graph(CATALOGUE)
    node = next(broken.objects(None, DCAT.dataset))
    broken.remove((node, lost, None))  # type: ignore[arg-type]
    assert len(faults(broken)) == 1


def test_a_file_without_an_address_is_found() -> None:
    broken = graph(CATALOGUE)
    broken.remove((None, DCAT.accessURL, None))
    assert faults(broken)


def test_values_refuse_nonsense() -> None:
    for wrong in ({"code": "Նիշ"}, {"modified": NOW - dt.timedelta(days=1)}, {"distributions": (CSV, CSV)}):
        with pytest.raises(ValueError):
            replace(DATASET, **wrong)
    for wrong in ({"path": "https://elsewhere/"}, {"byte_size": -1}, {"code": ""}):
        with pytest.raises(ValueError):
            replace(CSV, **wrong)
    for wrong in ({"datasets": (DATASET, DATASET)}, {"base_url": "https://goris.example.am/"}):
        with pytest.raises(ValueError):
            replace(CATALOGUE, **wrong)
    replace(CATALOGUE, datasets=(DATASET,))
