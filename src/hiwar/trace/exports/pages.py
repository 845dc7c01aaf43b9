"""Rivers and walks as a page shows them, at the desk and on the public site alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language_bidi

from hiwar.common.multilingual import MultilingualText
from hiwar.dialogues.models import Publication
from hiwar.trace.exports.drawing import draw_river
from hiwar.trace.queries.addresses import (
    code_of,
    desk_page,
    name_of,
    public_page,
    state_of,
    words_of,
)
from hiwar.trace.queries.edges import sentence_of
from hiwar.trace.queries.graphs import walk_from
from hiwar.trace.queries.kinds import KINDS, STATION_WORDS
from hiwar.trace.queries.published import results_of
from hiwar.trace.queries.river import furthest, river_of, scores_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hiwar.trace.queries.graphs import Graph, Step
    from hiwar.trace.queries.kinds import Node


@dataclass(frozen=True, slots=True)
class Shown:
    """A node as a page shows it.

    Attributes
    ----------
    name, words, state, icon
        What it is called, its words, what it became, and a symbol.
    url : str
        Where its ways are shown.
    page : str
        Where it is read in its room; empty where nowhere.
    sentences : tuple of str
        What joins it to what the page is about, where that is one step away.
    result : mapping or None
        Of a statement: its published counts, the version, and the counts by sex.
    """

    name: str
    words: MultilingualText
    state: str
    icon: str
    url: str
    page: str
    sentences: tuple[str, ...] = ()
    result: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A station of a walk as a page shows it."""

    number: int
    word: str
    nodes: tuple[Shown, ...]
    more: int
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Door:
    """Through which door a page is read: the language of the public site, or the desk (empty)."""

    language: str = ""

    def walk(self, kind: str, code: str) -> str:
        """Return the address of the ways of a node."""
        if self.language:
            return reverse("public_trace:walk", args=[self.language, kind, code])
        return reverse("trace:walk", args=[kind, code])

    def page(self, node: Node) -> str:
        """Return where a node is read in its room."""
        return public_page(node, self.language) if self.language else desk_page(node)

    def address(self, path: str) -> str:
        """Return a whole address to be cited: that of the public site."""
        return f"{settings.PUBLIC_ORIGIN}{path}"


MOST_ON_A_WALK = 100


def shown(
    node: Node, door: Door, sentences: tuple[str, ...] = (), result: dict[str, Any] | None = None
) -> Shown:
    """Return a node as a page behind a door shows it."""
    return Shown(
        name_of(node), words_of(node), state_of(node), KINDS[node.kind].icon,
        door.walk(node.kind, code_of(node)), door.page(node), sentences, result,
    )  # fmt: skip


def river_context(graph: Graph, door: Door) -> dict[str, Any]:
    """Return what the page of a river shows: stations with their first nodes, drawing, figures."""
    stations = river_of(graph)
    nodes = {node.at: shown(node, door) for station in stations for node in station.nodes}
    return {
        "drawing": draw_river(
            graph, stations, lambda node: nodes[node.at].url, is_mirrored=get_language_bidi()
        ),
        "stations": [(station, [nodes[node.at] for node in station.nodes]) for station in stations],
        "last": furthest(stations),
        "scores": scores_of(graph),
        "fingerprint": graph.fingerprint,
        "is_public": bool(door.language),
    }


def station_context(graph: Graph, door: Door, number: int) -> dict[str, Any]:
    """Return every node of one station, for a page that lists them."""
    nodes = [node for node in graph.nodes if node.station == number]
    return {"nodes": nodes, "word": STATION_WORDS[number], "number": number}


def walk_context(graph: Graph, starts: Sequence[int], door: Door, now: datetime) -> dict[str, Any]:
    """Return what the page of a walk shows: the way back and the way forward, by station."""
    walk = walk_from(graph, starts)
    on_page = [graph.nodes[place] for place in starts]
    on_page += [node for step in (*walk.back, *walk.forward) for node in step.nodes]
    results = _results(on_page, now)
    sentences = _sentences(graph, set(starts))

    def step_shown(step: Step) -> ShownStep:
        nodes = step.nodes[:MOST_ON_A_WALK]
        return ShownStep(
            step.station, str(STATION_WORDS[step.station]),
            tuple(
                shown(node, door, tuple(sentences.get(graph.places[node.at], ())),
                      results.get(node.at))
                for node in nodes
            ),
            len(step.nodes) - len(nodes), step.is_withheld,
        )  # fmt: skip

    return {
        "subjects": [
            (shown(node, door, result=results.get(node.at)), STATION_WORDS[node.station])
            for node in (graph.nodes[place] for place in starts)
        ],
        "back": [step_shown(step) for step in walk.back],
        "forward": [step_shown(step) for step in walk.forward],
        "fingerprint": graph.fingerprint,
        "is_public": bool(door.language),
    }


def _sentences(graph: Graph, starts: set[int]) -> dict[int, list[str]]:
    """Return by place what joins a node to where the walk began, one sentence for each link."""
    sentences: dict[int, list[str]] = {}
    for source, target in graph.edges:
        if (source in starts) == (target in starts):
            continue
        ends = graph.nodes[source], graph.nodes[target]
        names = {"source": name_of(ends[0]), "target": name_of(ends[1])}
        sentence = str(sentence_of(ends[0].kind, ends[1].kind)) % names
        sentences.setdefault(target if source in starts else source, []).append(sentence)
    return sentences


def _results(nodes: Iterable[Node], now: datetime) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the published counts of statements; one query, none where there are no statements."""
    statements = {node.at: node for node in nodes if node.kind == "statement"}
    if not statements:
        return {}
    codes = {node.code for node in statements.values()}
    publications = Publication.objects.filter(dialogue__code__in=codes).select_related("dialogue")
    documents = {
        publication.dialogue.code: publication
        for publication in results_of(publications, now).values()
    }
    results = {}
    for at, node in statements.items():
        publication = documents.get(node.code)
        if publication is None:
            continue
        row = next(
            (row for row in publication.document.get("statements", [])
             if str(row["number"]) == node.number), None,
        )  # fmt: skip
        if row is not None:
            results[at] = {
                "counts": row["counts"], "version": publication.version, "code": node.code,
                "by_sex": _by_sex(publication.document, int(node.number)),
            }  # fmt: skip
    return results


def _by_sex(document: dict[str, Any], number: int) -> list[tuple[MultilingualText, Any]]:
    """Return how each sex voted on a statement as it was published; hidden cells are None."""
    for table in document.get("tables", []):
        if table["attribute"] == "sex" and number in table["columns"]:
            at = table["columns"].index(number)
            return [(MultilingualText(row["name"]), row["cells"][at]) for row in table["rows"]]
    return []
