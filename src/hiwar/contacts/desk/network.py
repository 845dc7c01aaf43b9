"""The network of a person, a body or several people: drawn, and as a table."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from hiwar.accounts.access import me, needs
from hiwar.common import dates
from hiwar.common.desk.pages import key_of, paged
from hiwar.common.templatetags.components import number
from hiwar.contacts import rules
from hiwar.contacts.desk.pages import organisation_or_404, page, person_or_404
from hiwar.contacts.forms.network import NetworkForm
from hiwar.contacts.queries import organisations_for, people_for
from hiwar.contacts.queries.network import Question, network_of
from hiwar.engine.graph import draw_columns, order_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hiwar.contacts.models import Organisation, Person
    from hiwar.contacts.queries.network import Network, Node, Tie
    from hiwar.engine.graph import Box, Curve

MOST_DRAWN = 60
DRAWN_BESIDE = 14
LINE, LINES = 23, 2
MARGIN = 6
ROWS = 40
ASKED = ("on", "steps", "kind", "ended")


@dataclass(frozen=True, slots=True)
class Line:
    """A tie as the table says it and the drawing marks it."""

    number: int
    tie: Tie
    first: Node
    second: Node

    @property
    def mark(self) -> str:
        """The letter of its kind and the number of its row."""
        return f"{letter(self.tie.group)}{number(self.number)}"


def letter(kind: str) -> str:
    """Return the letter by which a kind of node or tie is told without colour."""
    return {
        "post": pgettext("letter of a tie: post", "p"),
        "membership": pgettext("letter of a tie: membership", "m"),
        "part": pgettext("letter of a tie: part of", "u"),
        "relationship": pgettext("letter of a tie: relationship", "r"),
        "person": pgettext("letter of a node: person", "P"),
        "organisation": pgettext("letter of a node: organisation", "O"),
        "group": pgettext("letter of a node: coalition", "C"),
    }[kind]


@needs(rules.can_see_contact)
def network(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Show who is connected with a person or a body."""
    if kind not in {"person", "organisation"}:
        raise Http404
    find = person_or_404 if kind == "person" else organisation_or_404
    root: Person | Organisation = find(request, key)
    back = reverse(f"contacts:{kind}", args=[root.pk])
    return _page(request, [root], subject=root, back=back)


@needs(rules.can_see_contact)
def networks(request: HttpRequest) -> HttpResponse:
    """Show who is connected with several people and bodies, named by their keys."""
    keys = [key for key in request.GET.getlist("of")[:MOST_DRAWN] if key_of(key)]
    user = me(request)
    roots: list[Person | Organisation] = [*people_for(user).filter(pk__in=keys)]
    roots += organisations_for(user).filter(pk__in=keys)
    return _page(request, roots, of=[str(root.pk) for root in roots])


def _page(
    request: HttpRequest, roots: Sequence[Person | Organisation], **context: Any
) -> HttpResponse:
    today = timezone.localdate()
    query_dict = request.GET.copy()
    query_dict.setdefault("on", today.isoformat())
    form = NetworkForm(query_dict)
    question = form.question(today)
    network = network_of(me(request), roots, question)
    lines = lines_of(network)
    asked = urlencode([(name, value) for name in ASKED for value in request.GET.getlist(name)])
    return page(
        request,
        "network",
        form=form,
        roots=roots,
        question=question,
        answer=_answer(network, question),
        network=network,
        drawing=drawing_of(network, lines, most=MOST_DRAWN, asked=asked),
        legend=_legend(),
        **paged(request, lines, ROWS),
        **context,
    )


def drawing_beside(request: HttpRequest, root: Person | Organisation) -> dict[str, Any] | None:
    """Return a small drawing of who is connected with a record today, for the record's page."""
    network = network_of(me(request), [root], Question(timezone.localdate()))
    if not network.ties:
        return None
    return drawing_of(network, lines_of(network), most=DRAWN_BESIDE, is_numbered=False)


def lines_of(network: Network) -> list[Line]:
    """Return the ties in the order of the table, with their numbers."""
    nodes = {node.key: node for node in network.nodes}
    return [
        Line(at, tie, nodes[tie.first], nodes[tie.second]) for at, tie in enumerate(network.ties, 1)
    ]


def drawing_of(
    network: Network,
    lines: Iterable[Line],
    *,
    most: int,
    asked: str = "",
    is_numbered: bool = True,
) -> dict[str, Any]:
    """Return what the template draws: at most so many nodes, the nearest and best known first."""
    nodes = _drawn(network, most)
    place = {node.key: at for at, node in enumerate(nodes)}
    shown = [line for line in lines if line.tie.first in place and line.tie.second in place]
    edges = [(place[line.tie.first], place[line.tie.second]) for line in shown]
    columns = [
        [at for at, node in enumerate(nodes) if node.step == step]
        for step in range(max((node.step for node in nodes), default=-1) + 1)
    ]
    drawing = draw_columns(order_columns(columns, edges), edges, is_mirrored=get_language_bidi())
    boxes = [
        _box(node, drawing.boxes[at], f"?{asked}" if asked else "") for at, node in enumerate(nodes)
    ]
    width, height = (side + 2 * MARGIN for side in (drawing.width, drawing.height))
    return {
        "view": f"{-MARGIN} {-MARGIN} {width:.0f} {height:.0f}",
        "width": f"{width:.0f}",
        "boxes": sorted(boxes, key=lambda box: (box["step"], box["y"])),
        "curves": [
            {
                "path": _path(curve),
                "x": f"{curve.mark[0]:.1f}",
                "y": f"{curve.mark[1]:.1f}",
                "half": f"{7 + 3.4 * len(_mark(line, is_numbered=is_numbered)):.1f}",
                "wide": f"{14 + 6.8 * len(_mark(line, is_numbered=is_numbered)):.1f}",
                "text": _mark(line, is_numbered=is_numbered),
                "group": line.tie.group,
                "is_over": line.tie.is_over,
                "has_arrow": line.tie.group == "relationship" and line.tie.is_directed,
                "title": f"{line.first.name} – {line.tie.label} – {line.second.name}",
            }
            for line, curve in zip(shown, drawing.curves, strict=True)
        ],
        "drawn": len(nodes),
        "all": len(network.nodes),
        "is_whole": len(nodes) == len(network.nodes),
    }


def _drawn(network: Network, most: int) -> list[Node]:
    ties: dict[UUID, int] = {}
    for tie in network.ties:
        for key in (tie.first, tie.second):
            ties[key] = ties.get(key, 0) + 1
    chosen = sorted(network.nodes, key=lambda node: (node.step, -ties.get(node.key, 0)))[:most]
    keys = {node.key for node in chosen}
    return [node for node in network.nodes if node.key in keys]


def _box(node: Node, box: Box, asked: str) -> dict[str, Any]:
    kind = "person" if node.is_person else "organisation"
    shape = "group" if node.is_group else kind
    side = 17.0 if not get_language_bidi() else box.width - 17
    lines = textwrap.wrap(node.name, LINE, max_lines=LINES, placeholder="…") or ["–"]
    middle = box.y + box.height / 2
    return {
        "url": reverse("contacts:network", args=[kind, node.key]) + asked,
        "name": node.name,
        "kind": {"person": _("person"), "organisation": _("organisation"),
                 "group": _("coalition or working group")}[shape],
        "shape": shape,
        "outline": _outline(shape, box),
        "letter": letter(shape),
        "is_root": node.step == 0,
        "step": node.step,
        "y": box.y,
        "letter_x": f"{box.x + side:.1f}",
        "letter_y": f"{middle + 4.5:.1f}",
        "text_x": f"{box.x + box.width / 2 + (12 if not get_language_bidi() else -12):.1f}",
        "lines": [
            (text, f"{middle + 4.5 + 17 * (at - (len(lines) - 1) / 2):.1f}")
            for at, text in enumerate(lines)
        ],
    }  # fmt: skip


def _outline(shape: str, box: Box) -> str:
    """Return the path of a box: round for people, square for bodies, cut corners for groups."""
    x, y, width, height = box.x, box.y, box.width, box.height
    if shape == "organisation":
        return f"M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z"
    bend = min(24.0, height / 2) if shape == "person" else 13.0
    flat, tall = width - 2 * bend, height - 2 * bend
    if shape == "group":
        return (f"M{x + bend:.1f} {y:.1f}h{flat:.1f}l{bend} {bend}v{tall:.1f}l-{bend} {bend}"
                f"h-{flat:.1f}l-{bend} -{bend}v-{tall:.1f}z")  # fmt: skip
    arc = f"a{bend:.1f} {bend:.1f} 0 0 1"
    return (f"M{x + bend:.1f} {y:.1f}h{flat:.1f}{arc} {bend:.1f} {bend:.1f}v{tall:.1f}"
            f"{arc} -{bend:.1f} {bend:.1f}h-{flat:.1f}{arc} -{bend:.1f} -{bend:.1f}v-{tall:.1f}"
            f"{arc} {bend:.1f} -{bend:.1f}z")  # fmt: skip


def _path(curve: Curve) -> str:
    points = (curve.start, curve.first, curve.second, curve.end)
    (a, b, c, d) = (f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M{a}C{b} {c} {d}"


def _mark(line: Line, *, is_numbered: bool) -> str:
    return line.mark if is_numbered else letter(line.tie.group)


def _answer(network: Network, question: Question) -> str:
    if question.steps == 1:
        text = ngettext(
            "%(n)s person or body is connected directly, as it stood on %(day)s.",
            "%(n)s people and bodies are connected directly, as it stood on %(day)s.",
            network.others,
        )
    else:
        text = ngettext(
            "%(n)s person or body is connected within two steps, as it stood on %(day)s.",
            "%(n)s people and bodies are connected within two steps, as it stood on %(day)s.",
            network.others,
        )
    return text % {"n": number(network.others), "day": dates.day(question.day)}


def _legend() -> list[dict[str, str]]:
    shapes = (
        ("person", _("person")),
        ("organisation", _("organisation")),
        ("group", _("coalition or working group")),
    )
    ties = (
        ("post", _("holds a post")),
        ("membership", _("is a member")),
        ("part", _("is a part of it")),
        ("relationship", _("relationship of two people")),
    )
    return [
        {"letter": letter(code), "text": text, "code": code, "is_tie": is_tie}
        for listed, is_tie in ((shapes, ""), (ties, "1"))
        for code, text in listed
    ]
