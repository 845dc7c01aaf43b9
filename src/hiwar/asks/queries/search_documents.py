"""What of asks is offered to full text, to the timeline of a dossier and to the activity log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from hiwar.asks import rules
from hiwar.asks.models import Ask, Position
from hiwar.asks.queries.everybody import public_asks
from hiwar.asks.queries.positions import asks_for
from hiwar.common.search.sources import Document, Source, seen_among
from hiwar.contacts.queries import organisations_for
from hiwar.dossiers.queries.extension_points import Facet, LinkedRecord, TimelineEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier

KIND, PUBLIC = "asks.ask", "asks.public"
VERBS = {
    "asks.ask.write": gettext_lazy("wrote an ask"),
    "asks.ask.change": gettext_lazy("changed an ask"),
    "asks.ask.take_state": gettext_lazy("changed the state of an ask"),
    "asks.ask.approve": gettext_lazy("approved an ask for its addressees"),
    "asks.point.add": gettext_lazy("added a point to an ask"),
    "asks.point.remove": gettext_lazy("took a point out of an ask"),
    "asks.addressee.add": gettext_lazy("put an ask to a post"),
    "asks.addressee.remove": gettext_lazy("took an addressee back"),
    "asks.addressee.take_state": gettext_lazy("recorded how far an ask has come"),
    "asks.answer.record": gettext_lazy("recorded an answer to an ask"),
    "asks.answer.confirm": gettext_lazy("confirmed an answer to an ask"),
    "asks.letter.draft": gettext_lazy("wrote a letter"),
    "asks.letter.issue": gettext_lazy("issued a letter with its number"),
    "asks.letter.receive": gettext_lazy("recorded that a letter was received"),
    "asks.answer_link.make": gettext_lazy("made a link by which a post answers"),
    "asks.answer_link.hand_on": gettext_lazy("a post handed an ask on"),
    "asks.commitment.record": gettext_lazy("recorded a promise"),
    "asks.commitment.settle": gettext_lazy("recorded what became of a promise"),
    "asks.commitment.reply": gettext_lazy("recorded a reply to a verdict"),
    "asks.commitment.verify": gettext_lazy("verified what became of a promise"),
    "asks.ask.show": gettext_lazy("let everybody read an ask, or no longer"),
    "asks.commitment.show": gettext_lazy("let everybody read a promise, or no longer"),
    "asks.dispute.make": gettext_lazy("a post disputed what was noted of it"),
    "asks.dispute.decide": gettext_lazy("decided on a dispute"),
    "asks.outcome.record": gettext_lazy("recorded what became of a point"),
    "asks.outcome.reply": gettext_lazy("recorded a reply to what became of a point"),
    "asks.outcome.verify": gettext_lazy("verified what became of a point"),
    "asks.proof.add": gettext_lazy("added a proof to a promise"),
    "asks.map.open": gettext_lazy("opened the power map of a dossier"),
    "asks.map.change": gettext_lazy("changed the power map of a dossier"),
    "asks.map.name_readers": gettext_lazy("named who reads the power map of a dossier"),
    "asks.request.file": gettext_lazy("filed an information request"),
    "asks.request.step": gettext_lazy("recorded what happened with an information request"),
    "asks.request.show": gettext_lazy("let everybody read an information request, or no longer"),
    "asks.register.open": gettext_lazy("opened the register of meetings for a kind of body"),
    "asks.register.close": gettext_lazy("closed the register of meetings for a kind of body"),
    "asks.register.prepare": gettext_lazy("prepared an entry of the register of meetings"),
    "asks.register.rewrite": gettext_lazy("changed an entry that nobody had read"),
    "asks.register.tell": gettext_lazy("noted that the other side of a meeting was told"),
    "asks.register.publish": gettext_lazy("published an entry of the register of meetings"),
    "asks.register.correct": gettext_lazy("prepared a correction of the register of meetings"),
    "asks.register.withdraw": gettext_lazy("withdrew an entry of the register of meetings"),
    "asks.register.discard": gettext_lazy("threw away an entry that nobody had read"),
    "asks.clock.keep": gettext_lazy("entered or corrected a clock"),
    "asks.line.write": gettext_lazy("wrote what we say of an issue"),
    "asks.line.change": gettext_lazy("changed what we say of an issue"),
    "asks.line.remove": gettext_lazy("took a message out of a plan"),
    "asks.position.record": gettext_lazy("recorded a position"),
    "asks.position.retract": gettext_lazy("took a position back"),
    "asks.position.restore": gettext_lazy("let a position count again"),
    "asks.position.see": gettext_lazy("looked at a position that came in by a link"),
    "asks.position.correct": gettext_lazy("an organisation corrected its position"),
    "asks.link.make": gettext_lazy("made a link for an organisation"),
    "asks.link.withdraw": gettext_lazy("withdrew the link of an organisation"),
}
TONES = {Ask.State.DRAFTED: "notice", Ask.State.APPROVED: "primary", Ask.State.DROPPED: ""}


def document_of(ask: Ask) -> Document:
    """Return what can be found of one ask: its words, never what anybody said to it."""
    return Document(ask.pk, dict(ask.short), dict(ask.text))


def names_of_asks(keys: Iterable[str]) -> dict[str, str]:
    """Return the asks that all staff may read, by key."""
    wide = Ask.objects.exclude(visibility__in=("personal", "team")).filter(pk__in=list(keys))
    wide = wide.exclude(dossier__visibility__in=("personal", "team"))
    return {str(ask.pk): str(ask) for ask in wide}


def timeline(user: User, dossier: Dossier) -> Iterator[TimelineEntry]:
    """Yield what was said to the asks of a dossier, and by whom, as a user may read it."""
    if not rules.can_see_asks(user):
        return
    positions = Position.objects.filter(
        ask__in=asks_for(user).filter(dossier=dossier).order_by(),
        organisation__in=organisations_for(user).order_by(),
        retracted_at=None,
    )
    for position in positions.select_related("ask", "organisation").order_by(
        "said_on", "recorded_at", "pk"
    ):
        yield TimelineEntry(
            on=position.said_on,
            kind="position",
            label=pgettext("ask", "Position"),
            icon="ask",
            title=f"{position.organisation}: {position.ask}",
            url=reverse("asks:ask", args=[position.ask_id]),
            text=str(position.words) if position.words else "",
            state=str(position.get_stance_display()),
        )


def facets(user: User, dossier: Dossier) -> Iterator[Facet]:
    """Yield the asks of a dossier with their states."""
    if not rules.can_see_asks(user):
        return
    plan = LinkedRecord(_("Issue plan"), reverse("asks:plan", args=[dossier.code]))
    yield Facet(kind="plan", label=pgettext("dossier", "Plan"), icon="strategy", items=(plan,))
    yield Facet(
        kind="ask",
        label=_("Asks"),
        icon="ask",
        items=tuple(
            LinkedRecord(
                str(ask.short),
                reverse("asks:ask", args=[ask.pk]),
                str(ask.get_state_display()),
                TONES[Ask.State(ask.state)],
            )
            for ask in asks_for(user).filter(dossier=dossier)
        ),
        url=reverse("asks:table", args=[dossier.code]),
        new_url=(
            reverse("asks:new", args=[dossier.code])
            if rules.can_edit_asks_of(user, dossier)
            else ""
        ),
    )


def public_facet(dossier: Dossier, language: str, _now: datetime) -> Iterator[Facet]:
    """Yield the asks of a dossier that everybody may read."""
    yield Facet(
        kind="asks", label=_("What we ask for"), icon="ask",
        items=tuple(
            LinkedRecord(
                ask.short.marked, reverse("public_asks:ask", args=[language, ask.pk.hex])
            )
            for ask in public_asks().filter(dossier=dossier)
        ),
    )  # fmt: skip


def _documents() -> Iterator[Document]:
    for ask in Ask.objects.order_by("pk").iterator(chunk_size=500):
        yield document_of(ask)


def _at(key: UUID) -> str:
    return reverse("asks:ask", args=[key])


def _at_public(key: UUID) -> str:
    return reverse("public_asks:ask", args=[get_language(), key.hex])


# Who reads asks at the desk finds each once.
_SEEN_IN_PUBLIC = seen_among(
    lambda _reader: public_asks(), lambda reader: not rules.can_see_asks(reader)
)
SOURCES = (
    Source(
        KIND,
        gettext_lazy("Asks"),
        _documents,
        seen_among(asks_for, rules.can_see_asks),
        _at,
        order=40,
    ),
    Source(PUBLIC, gettext_lazy("Asks"), _documents, _SEEN_IN_PUBLIC, _at_public, order=40),
)
