"""The catalogue of the open data: valid by shapes of DCAT-AP, the same graph in both files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pyshacl import validate
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from factories.open_data import NOW, WORD, public_house
from hiwar.common.tables.lending import public_tables
from hiwar.publishing.actions.open_data import note_tables
from hiwar.publishing.exports.linked_data import Literal as Written
from hiwar.publishing.exports.linked_data import Node, json_ld, turtle
from hiwar.publishing.exports.open_data import files_of

if TYPE_CHECKING:
    from django.test import Client

# The reader of JSON-LD warns of a class of its own library.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
SHAPES = Path(__file__).parent / "dcat_ap.ttl"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
TERMS = Namespace("http://purl.org/dc/terms/")
SPDX = Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture
def graph(client: Client, roles: object, db: None) -> Graph:
    public_house()
    note_tables(tables=[files_of(table, NOW) for table in public_tables()], now=NOW)
    return Graph().parse(data=client.get("/open-data/catalogue.ttl").text, format="turtle")


def faults(graph: Graph) -> str:
    conforms, _report, text = validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none")
    return "" if conforms else str(text)


def test_the_catalogue_is_valid_and_every_file_in_it_opens(client: Client, graph: Graph) -> None:
    assert faults(graph) == ""
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == len(public_tables())
    files = list(graph.subject_objects(DCAT.downloadURL))
    assert len(files) == 2 * len(public_tables())
    for file, address in files:
        answer = client.get(urlsplit(str(address)).path)
        assert answer.status_code == 200
        assert int(graph.value(file, DCAT.byteSize)) == len(answer.content)
    assert WORD not in graph.serialize()
    other = Graph().parse(data=client.get("/open-data/catalogue.jsonld").text, format="json-ld")
    assert isomorphic(graph, other)


@pytest.mark.parametrize(("path", "kind"), [
    (TERMS.title, DCAT.Dataset), (TERMS.publisher, DCAT.Catalog), (DCAT.accessURL,
    DCAT.Distribution), (SPDX.checksumValue, SPDX.Checksum),
])  # fmt: skip
def test_the_shapes_find_what_is_missing(graph: Graph, path: URIRef, kind: URIRef) -> None:
    subject = next(graph.subjects(RDF.type, kind))
    graph.remove((subject, path, None))
    assert str(path) in faults(graph) or "minCount" in faults(graph)


def test_the_words_of_schema_org_name_every_table(client: Client, graph: Graph) -> None:
    document = json.loads(client.get("/open-data/datasets.json").content)
    assert document["@type"] == "DataCatalog"
    assert [each["identifier"] for each in document["dataset"]] == [
        table.code for table in public_tables()
    ]
    for each in document["dataset"]:
        assert {text["@language"] for text in each["name"]} == {"ar", "en"}
        assert each["dateModified"].startswith("2027-07-04")
        assert each["license"].startswith("https://creativecommons.org/")


def test_hard_texts_are_the_same_in_both_files() -> None:
    hard = 'quote " backslash \\ line\nnext\ttab \u200f \U0001f54a الشباب'
    node = Node("https://house.example/a b/ملف", "dcat:Dataset")
    node.say("dcterms:title", Written(hard, "ar"), Written(hard))
    prefixes = {"dcat": str(DCAT), "dcterms": str(TERMS)}
    read = [
        Graph().parse(data=turtle([node], prefixes), format="turtle"),
        Graph().parse(data=json_ld([node], prefixes), format="json-ld"),
    ]
    assert isomorphic(*read)
    assert set(read[0].objects(None, TERMS.title)) == {Literal(hard, lang="ar"), Literal(hard)}
