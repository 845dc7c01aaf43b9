"""Asks at the desk: the list, one ask with what was said to it, the table of a dossier, links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.asks import forms, rules
from hiwar.asks.actions import asks as act
from hiwar.asks.actions import positions as say
from hiwar.asks.actions.letters import write_position_letter
from hiwar.asks.actions.publishing import show_ask
from hiwar.asks.desk.plan import dossier_or_404
from hiwar.asks.desk.points import ask_or_404
from hiwar.asks.exports import as_csv, as_xlsx
from hiwar.asks.exports.letters import position_letter, words_with_link
from hiwar.asks.models import Ask, Position, PositionLink
from hiwar.asks.queries.positions import (
    OWN,
    asks_for,
    asks_resting_on,
    dossiers_with_asks,
    history_of,
    links_of,
    mails_of,
    parties_of,
    positions_on,
    search_asks,
    table_of,
)
from hiwar.asks.queries.record import record_of
from hiwar.asks.queries.search_documents import TONES
from hiwar.asks.queries.standing import next_step, standing_of, standings_of
from hiwar.asks.queries.targets import words_of_target
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import (
    Listing,
    Select,
    choice_of,
    filter_links,
    list_page,
    words_of,
)
from hiwar.common.desk.pages import (
    attempt,
    attempt_and_say,
    attempt_with_form,
    first_or_404,
    key_or_404,
    paged,
    part_or_404,
)
from hiwar.common.links.purposes import address as link_address
from hiwar.common.links.queries import is_open
from hiwar.common.models import Visibility
from hiwar.common.numbering import written
from hiwar.common.tables import file_response
from hiwar.contacts.queries import organisations_for
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.forums.queries.forums import forums_for
from hiwar.papers.queries.papers import papers_for

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from hiwar.common.desk.lists import Option
    from hiwar.contacts.models import Organisation
    from hiwar.dossiers.models import Dossier

MARKS = {"for": "✓", "part": "◐", "against": "✕", "undecided": "?", "unsaid": "…", "": "–"}


def _organisation(request: HttpRequest, key: str) -> Organisation:
    return part_or_404(organisations_for(me(request)), key)


@needs(rules.can_see_asks)
def list_asks(request: HttpRequest) -> HttpResponse:
    """List the asks, dossier by dossier, by words, dossier and state."""
    user, words = me(request), words_of(request)
    state = choice_of(request, "state", Ask.State.values)
    offered = [(dossier.code, str(dossier.title)) for dossier in dossiers_with_asks(user)]
    code = choice_of(request, "dossier", [code for code, _title in offered])
    page = paged(request, search_asks(user, words, dossier=code, state=state))
    standings = standings_of(user, page["page"].object_list, timezone.localdate())
    rows: dict[Any, tuple[Dossier, list[tuple[Ask, str, object]]]] = {}
    for ask in page["page"].object_list:
        shown = (ask, TONES[Ask.State(ask.state)], standings[ask.pk])
        rows.setdefault(ask.dossier_id, (ask.dossier, []))[1].append(shown)
    states: list[Option] = [("", pgettext("asks", "All"), None)]
    states += [(value, label, None) for value, label in Ask.State.choices]
    chosen = {"q": words, "state": state, "dossier": code}
    listing = Listing(
        title=_("Asks"),
        lead=_("What the institution asks for, and who stands where on it."),
        url=reverse("asks:list"),
        everything=_("All asks"),
        search=_("Words of an ask"),
        no_match=_("No ask matches"),
        fewer=_("Try fewer words, or all dossiers and states."),
        none_yet=_("Nothing is asked for yet"),
        why=_(
            "An ask is one sentence that stays for years. Parties and bodies take a position on "
            "it, each with its day and source."
        ),
    )
    return list_page(
        request,
        "asks/list.html",
        listing,
        page=page,
        rows=list(rows.values()),
        words=words,
        filters=[("", filter_links("state", state, states, chosen))] if offered else [],
        chosen={"state": state},
        selects=[Select("dossier", _("Dossier"), _("All dossiers"), offered, code)]
        if offered
        else [],
        may_publish=rules.can_publish_meetings(user),
        dossiers=readable_dossiers(user) if rules.can_edit_asks(user) else [],
    )


@needs(rules.can_see_asks)
def of_forum(request: HttpRequest, code: str) -> HttpResponse:
    """Show the asks that rest on papers of a forum and what came of them, also as a part of it."""
    user = me(request)
    forum = first_or_404(forums_for(user).filter(code=code))
    asks = list(asks_resting_on(user, papers_for(user).filter(forum=forum)))
    standings = standings_of(user, asks, timezone.localdate())
    return render(request, "asks/of_forum.html", {
        "forum": forum, "rows": [(subject, standings[subject.pk]) for subject in asks],
    })  # fmt: skip


@needs(rules.can_edit_asks)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Write an ask into a dossier."""
    dossier = dossier_or_404(request, code)
    form = forms.AskForm(request.POST or None)
    added: list[Ask] = []
    if attempt_and_say(request, form, lambda: added.append(
            act.write_ask(
                actor=me(request), dossier=dossier, text=form.cleaned_data["text"],
                short=form.cleaned_data["short"], now=timezone.now(),
            )
        ), _("The ask is written, as a draft.")):  # fmt: skip
        return redirect("asks:ask", added[0].pk)
    return form_page(
        request,
        form,
        title=_("New ask"),
        verb=_("Save the ask"),
        dossier=dossier,
        back=reverse("asks:table", args=[dossier.code]),
        template="asks/form.html",
    )


@needs(rules.can_edit_asks)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change the words of a draft."""
    subject = ask_or_404(request, key)
    initial = {"text": subject.text, "short": subject.short}
    form = forms.AskForm(request.POST or None, initial=initial)
    if attempt_and_say(request, form, lambda: act.change_ask(
            actor=me(request), ask=subject, text=form.cleaned_data["text"],
            short=form.cleaned_data["short"], now=timezone.now(),
        ), _("The ask is changed.")):  # fmt: skip
        return redirect("asks:ask", subject.pk)
    return form_page(
        request,
        form,
        title=_("Change the ask"),
        verb=_("Save the ask"),
        dossier=subject.dossier,
        back=reverse("asks:ask", args=[subject.pk]),
        template="asks/form.html",
    )


@needs(rules.can_see_asks)
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Show an ask: who stands where today, and everything that was said before."""
    user, subject = me(request), ask_or_404(request, key)
    rows = [
        {
            "organisation": organisation,
            "cell": cell,
            "mark": MARKS[cell.position.stance if cell.position else ""],
            "history": list(history_of(subject, organisation)),
        }
        for organisation, cell in positions_on(user, subject, timezone.localdate())
    ]
    standing = standing_of(user, subject, timezone.localdate())
    states = {addressee.state for addressee in standing.addressees}
    may_edit = rules.can_record_position(user, subject)
    return render(request, "asks/ask.html", {
        "ask": subject,
        "standing": standing,
        "points": [(point, cells, words_of_target(user, point)) for point, cells in standing.rows],
        "next_step": next_step(standing),
        "may_change_points": may_edit and states <= {"drafted"},
        "may_approve": "drafted" in states and rules.can_approve_ask(user, subject),
        "record": record_of(user, subject),
        "is_public": subject.visibility == Visibility.PUBLIC,
        "may_show": rules.can_approve_ask(user, subject)
        and (subject.state == Ask.State.APPROVED or subject.visibility == Visibility.PUBLIC),
        "tone": TONES[Ask.State(subject.state)],
        "rows": rows,
        "may_edit": may_edit,
        "follows": [(state.value, _next_step(state)) for state in Ask.State
                    if state in act.FOLLOWS[Ask.State(subject.state)]
                    and not (states and state == Ask.State.APPROVED)
                    and not (states - {"drafted"} and state == Ask.State.DRAFTED)],
    })  # fmt: skip


def _next_step(state: Ask.State) -> str:
    return {
        Ask.State.DRAFTED: _("Put back to draft"),
        Ask.State.APPROVED: _("Approve"),
        Ask.State.DROPPED: _("Drop"),
    }[state]


@require_POST
@needs(rules.can_approve_asks)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Let everybody read an ask, or the institution alone."""
    subject, is_public = ask_or_404(request, key), request.POST.get("is_public") == "yes"
    attempt(
        request,
        lambda: show_ask(actor=me(request), ask=subject, is_public=is_public, now=timezone.now()),
        _("Everybody reads it from now on.") if is_public else _("It is read at the desk alone."),
    )
    return redirect("asks:ask", subject.pk)


@require_POST
@needs(rules.can_edit_asks)
def take_state(request: HttpRequest, key: str) -> HttpResponse:
    subject = ask_or_404(request, key)
    attempt(
        request,
        lambda: act.take_state(
            actor=me(request), ask=subject, state=request.POST.get("state", ""), now=timezone.now()
        ),
        _("The state of the ask is changed."),
    )
    return redirect("asks:ask", subject.pk)


@needs(rules.can_see_asks)
def table(request: HttpRequest, code: str) -> HttpResponse:
    """Show who stands where on every ask of a dossier, as of any day; the same as a file."""
    user, dossier = me(request), dossier_or_404(request, code)
    form = forms.DayForm(request.GET or None)
    today = timezone.localdate()
    on: date = (form.cleaned_data["on"] if form.is_valid() else None) or today
    shown = table_of(user, dossier, on)
    kind = request.GET.get("as", "")
    if kind in {"csv", "xlsx"}:
        content = as_xlsx(shown) if kind == "xlsx" else as_csv(shown)
        return file_response(content, f"positions-{dossier.code}-{on:%Y-%m-%d}.{kind}")
    counts = shown.counts()
    return render(request, "asks/table.html", {
        "dossier": dossier,
        "form": forms.DayForm(initial={"on": on}),
        "on": on,
        "is_past": on < today,
        "asks": [(subject, _summary(counts.get(str(subject.pk), {}))) for subject in shown.asks],
        "rows": [
            (row.organisation,
             [(cell, MARKS[cell.position.stance if cell.position else ""]) for cell in row.cells])
            for row in shown.rows
        ],
        "legend": [(MARKS[value], label, value) for value, label in Position.Stance.choices],
        "may_edit": rules.can_edit_asks_of(user, dossier),
    })  # fmt: skip


def _summary(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Return how many hold each stance, in the order of the stances; nothing known comes last."""
    counted = [
        (value, str(label), counts.get(value, 0)) for value, label in Position.Stance.choices
    ]
    counted.append(("", _("not stated"), counts.get("", 0)))
    return [line for line in counted if line[2]]


@needs(rules.can_edit_asks)
def record(request: HttpRequest, key: str, organisation: str) -> HttpResponse:
    """Write down what an organisation said to an ask."""
    subject, whose = ask_or_404(request, key), _organisation(request, organisation)
    form = forms.PositionForm(request.POST or None, initial={"said_on": timezone.localdate()})
    if form.is_valid():
        cleaned = form.cleaned_data
        saying = say.Saying(
            stance=cleaned["stance"], words=cleaned["words"] or {}, said_by=cleaned["said_by"],
            source_kind=cleaned["source_kind"], source=cleaned["source"],
            confirmed_by=cleaned["confirmed_by"], confirmed_on=cleaned["confirmed_on"],
        )  # fmt: skip
        if attempt_with_form(
            form,
            lambda: say.record_position(
                actor=me(request), ask=subject, organisation=whose, said_on=cleaned["said_on"],
                saying=saying, now=timezone.now(),
            ),
        ):  # fmt: skip
            messages.success(request, _("The position is recorded. Earlier ones stay."))
            return redirect("asks:table", subject.dossier.code)
    return form_page(
        request,
        form,
        title=_("Record a position"),
        verb=_("Record the position"),
        dossier=subject.dossier,
        lead=f"{whose} · {subject}",
        back=reverse("asks:table", args=[subject.dossier.code]),
        template="asks/form.html",
    )


def _position(request: HttpRequest, key: str) -> Position:
    positions = Position.objects.filter(
        pk=key_or_404(key), ask__in=asks_for(me(request)).order_by()
    )
    position = positions.select_related("ask__dossier", "organisation").first()
    if (
        position is None
        or not organisations_for(me(request)).filter(pk=position.organisation_id).exists()
    ):
        raise Http404
    return position


@needs(rules.can_edit_asks)
def retract(request: HttpRequest, key: str) -> HttpResponse:
    """Take a position back, with a reason; or let it count again."""
    position = _position(request, key)
    if position.retracted_at is not None and request.method == "POST":
        attempt(
            request,
            lambda: say.restore_position(actor=me(request), position=position, now=timezone.now()),
            _("The position counts again."),
        )
        return redirect("asks:ask", position.ask_id)
    form = forms.RetractionForm(request.POST or None)
    if attempt_and_say(request, form, lambda: say.retract_position(
            actor=me(request), position=position, reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ), _("The position is taken back. It stays in the history.")):  # fmt: skip
        return redirect("asks:ask", position.ask_id)
    return form_page(
        request,
        form,
        title=_("Take a position back"),
        verb=_("Take it back"),
        dossier=position.ask.dossier,
        lead=f"{position.organisation} · {position.get_stance_display()} · {position.ask}",
        back=reverse("asks:ask", args=[position.ask_id]),
        template="asks/form.html",
    )


@require_POST
@needs(rules.can_edit_asks)
def see(request: HttpRequest, key: str) -> HttpResponse:
    position = _position(request, key)
    attempt(
        request,
        lambda: say.see_position(actor=me(request), position=position, now=timezone.now()),
        _("Seen. It no longer waits on the morning page."),
    )
    return redirect("asks:ask", position.ask_id)


@needs(rules.can_edit_asks)
def links(request: HttpRequest, code: str) -> HttpResponse:
    """Let an organisation correct its own positions: by a letter, or by a link shown once."""
    user, dossier = me(request), dossier_or_404(request, code)
    address: dict[str, Any] = {}
    if request.method == "POST":
        organisation = _organisation(request, request.POST.get("organisation", ""))
        if "send" in request.POST:
            _send_letter(request, dossier, organisation)
            return redirect("asks:links", dossier.code)
        address = _new_link(request, dossier, organisation)
    latest, parties, now = links_of(dossier), parties_of(user, dossier), timezone.now()
    mails = mails_of(user, parties)
    rows = [
        (party, link, link is not None and is_open(link.private_link, now),
         written(link.number) if link is not None and link.number is not None else "",
         (link.address if link is not None else "") or mails.get(party.pk, ""))
        for party in parties
        for link in [latest.get(party.pk)]
    ]  # fmt: skip
    context = {
        "dossier": dossier, "rows": rows, "made": address, "languages": settings.LANGUAGES,
    }  # fmt: skip
    return render(request, "asks/links.html", context)


def _send_letter(request: HttpRequest, dossier: Dossier, organisation: Organisation) -> None:
    form = forms.PositionLetterForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is no e-mail address."))
        return
    attempt(
        request,
        lambda: write_position_letter(
            actor=me(request), dossier=dossier, organisation=organisation,
            recipient=form.cleaned_data["email"], language=form.cleaned_data["language"],
            compose=position_letter, now=timezone.now(),
        ),
        _("The letter is in the outbox."),
    )  # fmt: skip


def _new_link(request: HttpRequest, dossier: Dossier, organisation: Organisation) -> dict[str, Any]:
    """Make a link that somebody hands on; return what the page shows of it, once."""
    links: list[tuple[PositionLink, str]] = []
    if not attempt(
        request,
        lambda: links.append(
            say.make_position_link(
                actor=me(request), dossier=dossier, organisation=organisation, now=timezone.now()
            )
        ),
        _("The link is made. It is shown once: copy it now."),
    ):
        return {}
    link, token = links[0]
    address, last_day = link_address(OWN, token), link.private_link.ends_on
    assert last_day is not None  # noqa: S101 - a link of this kind always has a last day
    return {"organisation": organisation, "address": address, "ends_on": last_day,
            "letters": [(language, str(name), words_with_link(language, dossier, address, last_day))
                        for language, name in settings.LANGUAGES]}  # fmt: skip


@require_POST
@needs(rules.can_edit_asks)
def withdraw_link(request: HttpRequest, code: str, key: str) -> HttpResponse:
    dossier = dossier_or_404(request, code)
    link = part_or_404(PositionLink.objects.filter(dossier=dossier), key)
    attempt(
        request,
        lambda: say.withdraw_position_link(actor=me(request), link=link, now=timezone.now()),
        _("The link is withdrawn."),
    )
    return redirect("asks:links", dossier.code)
