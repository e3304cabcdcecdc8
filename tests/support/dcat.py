"""A catalogue held against the shapes of DCAT-AP 3.0, as SEMIC published them (tests/standards)."""

from functools import cache
from pathlib import Path

import pyshacl
from rdflib import SH, Graph

from tests.support.offline import no_network

SHAPES = Path(__file__).parents[1] / "standards/dcat-ap-3.0.0-shapes.jsonld"


@cache
def shapes() -> Graph:
    """The shapes, read once."""
    return Graph().parse(SHAPES, format="json-ld")


def faults(data: Graph) -> list[str]:
    """What the shapes find, without a network: node, path and message of each fault."""
    with no_network():
        conforms, report, _text = pyshacl.validate(data, shacl_graph=shapes(), inference="none")
    assert isinstance(report, Graph)
    found = [
        f"{report.value(one, SH.focusNode)} {report.value(one, SH.resultPath)} {report.value(one, SH.resultMessage)}"
        for one in report.objects(None, SH.result)
    ]
    assert conforms == (not found)
    return found
