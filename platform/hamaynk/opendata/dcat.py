"""A catalogue as DCAT-AP 3.0: Turtle, JSON-LD and RDF/XML.

Names of things are addresses within the town's site; nothing is anonymous, so that the same catalogue gives the same
bytes. Every thing of a foreign list (language, theme, format) bears its class, for readers that fetch nothing.
Source: DCAT-AP 3.0.0 (SEMIC), vocabularies of the Publications Office of the EU.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import quote

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from hamaynk.opendata.values import Catalogue, Contact, Dataset, Distribution, Series, Words

AUTHORITY = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # version 3; the one of rdflib is older
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
LANGUAGES = {"hy": "HYE", "en": "ENG", "ru": "RUS"}
LOCAL_AUTHORITY = URIRef("http://purl.org/adms/publishertype/LocalAuthority")


@dataclass(frozen=True)
class Form:
    """One way to write the catalogue: media type, and what rdflib calls it."""

    media_type: str
    name: str


FORMS = {
    "ttl": Form("text/turtle", "turtle"),
    "jsonld": Form("application/ld+json", "json-ld"),
    "rdf": Form("application/rdf+xml", "xml"),
}


def serialise(catalogue: Catalogue, form: str) -> bytes:
    """The catalogue in one of FORMS, UTF-8. The same catalogue gives the same bytes."""
    compact = {"auto_compact": True, "sort_keys": True} if form == "jsonld" else {}
    return graph(catalogue).serialize(None, FORMS[form].name, None, "utf-8", **compact)


def graph(catalogue: Catalogue) -> Graph:
    """The catalogue as triples."""
    return _Writer(catalogue).written()


class _Writer:
    """Writes one catalogue into one graph."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.out = Graph(bind_namespaces="none")
        for prefix, namespace in (
            ("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("rdfs", RDFS), ("skos", SKOS), ("xsd", XSD),
            ("spdx", SPDX), ("vcard", VCARD), ("adms", ADMS),
        ):  # fmt: skip
            self.out.bind(prefix, namespace)
        self.page = f"{catalogue.base_url}/data/"
        self.node = URIRef(f"{self.page}#catalogue")
        self.publisher = URIRef(f"{self.page}#publisher")
        self.contact = URIRef(f"{self.page}#contact")
        self.place = URIRef(f"{self.page}#place")
        self.licence = self._listed("licence", catalogue.licence, DCTERMS.LicenseDocument)

    def written(self) -> Graph:
        self._publisher(self.catalogue.publisher)
        self._catalogue()
        for series in self.catalogue.series:
            self._series(series)
        for dataset in self.catalogue.datasets:
            self._dataset(dataset)
        return self.out

    def _catalogue(self) -> None:
        node, given = self.node, self.catalogue
        self._add(node, RDF.type, DCAT.Catalog)
        self._named(node, given.title, given.description)
        self._add(node, DCTERMS.publisher, self.publisher)
        self._add(node, DCTERMS.license, self.licence)
        self._add(node, DCTERMS.spatial, self.place)
        self._add(node, FOAF.homepage, self._typed(self.page, FOAF.Document))
        themes = self._typed(f"{AUTHORITY}data-theme", SKOS.ConceptScheme)
        self._words(themes, DCTERMS.title, {"en": "Data theme"})
        self._add(node, DCAT.themeTaxonomy, themes)
        for language in LANGUAGES.values():
            self._add(node, DCTERMS.language, self._listed("language", language, DCTERMS.LinguisticSystem))
        if given.datasets:
            self._date(node, DCTERMS.issued, min(dataset.issued for dataset in given.datasets))
            self._date(node, DCTERMS.modified, max(dataset.modified for dataset in given.datasets))
        for dataset in given.datasets:
            self._add(node, DCAT.dataset, self._at(dataset.code))

    def _publisher(self, who: Contact) -> None:
        self._add(self.publisher, RDF.type, FOAF.Agent)
        self._words(self.publisher, FOAF.name, who.name)
        self._add(self.publisher, DCTERMS.type, self._concept(LOCAL_AUTHORITY, {"en": "Local Authority"}))
        self._add(self.publisher, FOAF.homepage, self._typed(f"{self.catalogue.base_url}/", FOAF.Document))
        self._add(self.contact, RDF.type, VCARD.Kind)
        self._add(self.contact, RDF.type, VCARD.Organization)
        self._words(self.contact, VCARD.fn, who.name)
        self._add(self.contact, VCARD.hasURL, URIRef(f"{self.catalogue.base_url}/"))
        if who.email:
            self._add(self.contact, VCARD.hasEmail, URIRef(f"mailto:{quote(who.email, safe='@+')}"))
        if who.phone:
            digits = "".join(character for character in who.phone if character in "+0123456789")
            self._add(self.contact, VCARD.hasTelephone, URIRef(f"tel:{digits}"))
        self._add(self.place, RDF.type, DCTERMS.Location)
        self._words(self.place, SKOS.prefLabel, self.catalogue.place)

    def _series(self, series: Series) -> None:
        node = self._at(series.code)
        self._add(node, RDF.type, DCAT.DatasetSeries)
        self._named(node, series.title, series.description)
        self._add(node, DCTERMS.publisher, self.publisher)
        self._add(node, DCAT.contactPoint, self.contact)
        self._add(node, DCTERMS.spatial, self.place)
        members = [dataset for dataset in self.catalogue.datasets if dataset.series == series]
        self._date(node, DCTERMS.issued, min(dataset.issued for dataset in members))
        self._date(node, DCTERMS.modified, max(dataset.modified for dataset in members))
        if series.frequency:
            frequency = self._listed("frequency", series.frequency, DCTERMS.Frequency)
            self._add(node, DCTERMS.accrualPeriodicity, frequency)

    def _dataset(self, dataset: Dataset) -> None:
        node = self._at(dataset.code)
        self._add(node, RDF.type, DCAT.Dataset)
        self._named(node, dataset.title, dataset.description)
        self._add(node, DCTERMS.identifier, Literal(str(node)))
        self._add(node, DCTERMS.publisher, self.publisher)
        self._add(node, DCAT.contactPoint, self.contact)
        self._add(node, DCTERMS.spatial, self.place)
        self._add(node, DCTERMS.accessRights, self._listed("access-right", "PUBLIC", DCTERMS.RightsStatement))
        self._date(node, DCTERMS.issued, dataset.issued)
        self._date(node, DCTERMS.modified, dataset.modified)
        for language in dataset.title:
            self._add(node, DCTERMS.language, self._listed("language", LANGUAGES[language], DCTERMS.LinguisticSystem))
        for theme in dataset.themes:
            self._add(node, DCAT.theme, self._concept(URIRef(f"{AUTHORITY}data-theme/{theme}"), {"en": theme}))
        for words in dataset.keywords:
            self._words(node, DCAT.keyword, words)
        if dataset.version:
            self._add(node, DCAT.version, Literal(dataset.version))
        if dataset.series:
            self._add(node, DCAT.inSeries, self._at(dataset.series.code))
        if dataset.landing_path:
            self._add(node, DCAT.landingPage, self._typed(self._url(dataset.landing_path), FOAF.Document))
        if dataset.documentation_path:
            self._add(node, FOAF.page, self._typed(self._url(dataset.documentation_path), FOAF.Document))
        self._covers(dataset)
        for distribution in dataset.distributions:
            self._distribution(dataset, distribution)

    def _covers(self, dataset: Dataset) -> None:
        if dataset.covers:
            period = self._at(f"{dataset.code}-period")
            self._add(period, RDF.type, DCTERMS.PeriodOfTime)
            first, last = dataset.covers
            self._add(period, DCAT.startDate, Literal(first.isoformat(), datatype=XSD.date))
            self._add(period, DCAT.endDate, Literal(last.isoformat(), datatype=XSD.date))
            self._add(self._at(dataset.code), DCTERMS.temporal, period)

    def _distribution(self, dataset: Dataset, given: Distribution) -> None:
        name = f"{dataset.code}-{given.code}"
        node, url = self._at(name), self._typed(self._url(given.path), RDFS.Resource)
        self._add(self._at(dataset.code), DCAT.distribution, node)
        self._add(node, RDF.type, DCAT.Distribution)
        self._words(node, DCTERMS.title, given.title)
        self._add(node, DCAT.accessURL, url)
        self._add(node, DCAT.downloadURL, url)
        self._add(node, DCTERMS.license, self.licence)
        self._date(node, DCTERMS.modified, dataset.modified)
        self._add(node, DCTERMS["format"], self._listed("file-type", given.file_type, DCTERMS.MediaTypeOrExtent))
        self._add(node, DCAT.mediaType, self._typed(IANA + given.media_type, DCTERMS.MediaType))
        for standard in given.conforms_to:
            self._add(node, DCTERMS.conformsTo, self._typed(standard, DCTERMS.Standard))
        if given.byte_size is not None:
            self._add(node, DCAT.byteSize, Literal(str(given.byte_size), datatype=XSD.nonNegativeInteger))
        if given.sha256 is not None:
            checksum = self._at(f"{name}-checksum")
            algorithm = self._typed(str(SPDX.checksumAlgorithm_sha256), SPDX.ChecksumAlgorithm)
            self._add(checksum, RDF.type, SPDX.Checksum)
            self._add(checksum, SPDX.algorithm, algorithm)
            self._add(checksum, SPDX.checksumValue, Literal(given.sha256, datatype=XSD.hexBinary, normalize=False))
            self._add(node, SPDX.checksum, checksum)

    def _named(self, node: URIRef, title: Words, description: Words) -> None:
        self._words(node, DCTERMS.title, title)
        self._words(node, DCTERMS.description, description)

    def _words(self, node: URIRef, predicate: URIRef, words: Words) -> None:
        for language, text in words.items():
            if text:
                self._add(node, predicate, Literal(text, lang=language))

    def _date(self, node: URIRef, predicate: URIRef, moment: dt.datetime) -> None:
        self._add(node, predicate, Literal(moment.isoformat(), datatype=XSD.dateTime))

    def _listed(self, table: str, code: str, kind: URIRef) -> URIRef:
        """An entry of one of the EU's lists."""
        return self._typed(f"{AUTHORITY}{table}/{code}", kind)

    def _concept(self, node: URIRef, label: Words) -> URIRef:
        self._typed(str(node), SKOS.Concept)
        self._words(node, SKOS.prefLabel, label)
        return node

    def _typed(self, address: str, kind: URIRef) -> URIRef:
        node = URIRef(address)
        self._add(node, RDF.type, kind)
        return node

    def _at(self, name: str) -> URIRef:
        return URIRef(f"{self.page}#{name}")

    def _url(self, path: str) -> str:
        return self.catalogue.base_url + path

    def _add(self, subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> None:
        self.out.add((subject, predicate, value))
