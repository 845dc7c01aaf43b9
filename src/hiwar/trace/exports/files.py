"""A river as files: linked data, two tables, and a page that is walked without a network."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from hiwar.common.multilingual import direction
from hiwar.common.tables import write_csv
from hiwar.trace.exports.pages import shown
from hiwar.trace.queries.addresses import code_of, name_of, words_of
from hiwar.trace.queries.edges import sentence_of
from hiwar.trace.queries.kinds import KINDS, STATION_WORDS, STATIONS
from hiwar.trace.queries.river import scores_of

if TYPE_CHECKING:
    from datetime import date

    from hiwar.trace.exports.pages import Door
    from hiwar.trace.queries.graphs import Graph

# What became of an act beside what was asked: that the one came of the other is not claimed.
COMPARED = frozenset(["amended", "outcome", "proof"])
CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "derived": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "compared": {"@id": "schema:isRelatedTo", "@type": "@id"},
    "name": {"@id": "schema:name", "@container": "@language"},
    "station": "schema:position",
    "kind": "schema:additionalType",
}


def linked_data(graph: Graph, door: Door) -> str:
    """Return a graph as JSON-LD: what was derived from what, in the words of PROV.

    What became of an act is said to be compared with it, and never to be derived from it.
    """
    names = [door.address(door.walk(node.kind, code_of(node))) for node in graph.nodes]
    entries: list[dict[str, Any]] = []
    for name, node in zip(names, graph.nodes, strict=True):
        entries.append({
            "@id": name, "@type": "prov:Entity", "kind": node.kind, "station": node.station,
            "name": dict(words_of(node)),
        })  # fmt: skip
    for source, target in graph.edges:
        relation = "compared" if graph.nodes[target].kind in COMPARED else "derived"
        entries[target].setdefault(relation, []).append(names[source])
    document = {"@context": CONTEXT, "@graph": entries}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)


def tables_of(graph: Graph, door: Door) -> dict[str, bytes]:
    """Return the nodes and the edges of a graph as two tables in CSV, gaps marked as such."""
    language = get_language()
    nodes: list[list[object]] = [["node", "station", "kind", "name", "words", "address"]]
    for at, node in enumerate(graph.nodes):
        nodes.append([
            at + 1, node.station, node.kind, name_of(node),
            words_of(node).in_language(language),
            door.address(door.walk(node.kind, code_of(node))),
        ])  # fmt: skip
    edges: list[list[object]] = [["from", "to", "withheld stations between"]]
    edges += [[source + 1, target + 1, ""] for source, target in graph.edges]
    edges += [
        [gap.source + 1, gap.target + 1, " ".join(map(str, gap.stations))] for gap in graph.gaps
    ]
    return {"nodes.csv": write_csv(nodes), "edges.csv": write_csv(edges)}


def offline_page(graph: Graph, door: Door, title: str, today: date) -> str:
    """Return a page that stands alone: every node with links to what it came from and led to."""
    before: dict[int, list[tuple[int, str]]] = {}
    after: dict[int, list[tuple[int, str]]] = {}
    for source, target in graph.edges:
        ends = graph.nodes[source], graph.nodes[target]
        names = {"source": name_of(ends[0]), "target": name_of(ends[1])}
        sentence = str(sentence_of(ends[0].kind, ends[1].kind)) % names
        before.setdefault(target, []).append((source, sentence))
        after.setdefault(source, []).append((target, sentence))
    kept = {gap.target for gap in graph.gaps}, {gap.source for gap in graph.gaps}
    rows: dict[int, list[Any]] = {station: [] for station in STATIONS}
    for at, node in enumerate(graph.nodes):
        rows[node.station].append(
            (at, shown(node, door), before.get(at, []), after.get(at, []),
             at in kept[0], at in kept[1])
        )  # fmt: skip
    language = get_language() or ""
    return render_to_string("trace/offline.html", {
        "title": title, "language": language, "direction": direction(language),
        "stations": [(STATION_WORDS[station], nodes) for station, nodes in rows.items()],
        "scores": scores_of(graph), "fingerprint": graph.fingerprint, "today": today,
    })  # fmt: skip


def archive_of(graph: Graph, door: Door, title: str, today: date) -> bytes:
    """Return a zip of all of that with definitions and checksums, the same for the same graph."""
    words = [["kind", "station", "word"]]
    words += [[kind.code, str(kind.station), str(kind.word)] for kind in KINDS.values()]
    scores = [["score", "counted", "of", "formula"]]
    scores += [
        [score.code, str(score.count), str(score.of), str(score.formula)]
        for score in scores_of(graph)
    ]
    files = {
        "trace.jsonld": linked_data(graph, door).encode(),
        **tables_of(graph, door),
        "definitions.csv": write_csv(words),
        "figures.csv": write_csv(scores),
        "index.html": offline_page(graph, door, title, today).encode(),
    }
    sums = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)]
    files["SHA256SUMS"] = ("\n".join(sums) + "\n").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
