"""Amending instruments at the desk: each order beside its sentence, and the law on any day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, first_or_404, part_or_404
from hiwar.common.files.uploads import sent
from hiwar.common.multilingual import direction
from hiwar.common.refusals import Refused
from hiwar.engine import law as engine
from hiwar.legislation import rules
from hiwar.legislation.actions import consolidation
from hiwar.legislation.actions import instruments as act
from hiwar.legislation.desk.amendments import CLASHES, REFUSED
from hiwar.legislation.desk.pages import law_or_404, version_or_404
from hiwar.legislation.exports.comparison import changes_shown
from hiwar.legislation.forms import instruments as forms
from hiwar.legislation.models import AmendingInstrument, InstrumentOrder
from hiwar.legislation.queries.amendments import provisions_to_amend
from hiwar.legislation.queries.drafts import read_law_file
from hiwar.legislation.queries.instruments import (
    clashes_of,
    instruments_for,
    law_on,
    orders_of,
    orders_shown,
)
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.legislation.models import Law
    from hiwar.legislation.queries.instruments import OrderShown

S = InstrumentOrder.State
TONES = {S.OPEN: "notice", S.ACCEPTED: "success", S.LEFT: ""}
UNREAD = {
    "formula": gettext_lazy("no formula that is known stands in it"),
    "several": gettext_lazy("it orders different things of different provisions"),
    "target": gettext_lazy("this text has no such provision"),
    "exists": gettext_lazy("this text has such a provision already"),
    "text": gettext_lazy("the new text was not found in it"),
    "phrase": gettext_lazy("the words stand nowhere"),
}
NOTES = {
    "naming": gettext_lazy("names the law"),
    "definition": gettext_lazy("gives the law a short name"),
    "general_repeal": gettext_lazy("repeals in general, and names nothing"),
    "submission": gettext_lazy("is about submission"),
    "execution": gettext_lazy("is about execution"),
    "force": gettext_lazy("is about coming into force"),
}
STEPS = {
    "carry_out": (consolidation.carry_out, gettext_lazy("The instrument is carried out.")),
    "undo": (
        consolidation.undo_carrying_out,
        gettext_lazy("It is taken back. Its orders stay as decided."),
    ),
    "withdraw": (act.withdraw_instrument, gettext_lazy("The instrument is withdrawn.")),
    "reopen": (act.reopen_instrument, gettext_lazy("The instrument is pending again.")),
    "newest": (act.lay_on_newest, gettext_lazy("It lies on the newest text. Decide its orders.")),
}


def _instrument_or_404(request: HttpRequest, law: Law, key: str) -> AmendingInstrument:
    listed = instruments_for(me(request), law).defer(None).select_related("version", "added_by")
    instrument = part_or_404(listed, key)
    instrument.law = law
    instrument.version.law = law
    return instrument


def _order_or_404(instrument: AmendingInstrument, position: str) -> InstrumentOrder:
    if not position.isdecimal() or len(position) > 5:
        raise Http404
    order = first_or_404(instrument.orders.filter(position=int(position)))
    order.instrument = instrument
    return order


def _at(instrument: AmendingInstrument) -> str:
    return reverse("legislation:instrument", args=[instrument.law_id, instrument.pk])


@needs(rules.can_see_laws)
def instruments(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """List the instruments that amend a version."""
    user, subject = me(request), law_or_404(request, key)
    version = version_or_404(request, subject, number)
    undecided = Count("orders", filter=Q(orders__state=S.OPEN))
    listed = instruments_for(user, subject).filter(version=version).annotate(open=undecided)
    return render(request, "legislation/instruments.html", {
        "law": subject, "version": version, "instruments": listed,
        "may_edit": rules.can_edit_law(user, subject),
    })  # fmt: skip


@needs(rules.can_edit_laws)
def bring(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Take an amending instrument against a version, pasted or from a file."""
    subject = law_or_404(request, key)
    version = version_or_404(request, subject, number)
    form = forms.InstrumentForm(*sent(request))
    brought: list[AmendingInstrument] = []
    if form.is_valid():
        text, file = form.cleaned_data["text"], form.cleaned_data["file"]
        try:
            # Read before any transaction, and apart from this process.
            if file:
                text = read_law_file(file.content, direction(version.language)).text
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            if attempt_and_say(
                request, form,
                lambda: brought.append(
                    act.bring_instrument(
                        actor=me(request), version=version, text=text, facts=form.facts(),
                        now=timezone.now(),
                    )
                ),
                _("The instrument is read. Decide each of its orders."),
            ):  # fmt: skip
                return redirect(_at(brought[0]))
    return form_page(
        request,
        form,
        title=_("Amending instrument"),
        verb=_("Read the instrument"),
        law=subject,
        version=version,
        lead=_(
            "Its sentences are read as orders. None is applied before you accept it, and "
            "what is not understood is never applied."
        ),
        back=reverse("legislation:instruments", args=[subject.pk, version.pk]),
        template="legislation/instrument_form.html",
    )


@needs(rules.can_see_laws)
def instrument(request: HttpRequest, key: str, instrument: str) -> HttpResponse:
    """Show each order beside its sentence, with what it does to the text."""
    user, law = me(request), law_or_404(request, key)
    subject = _instrument_or_404(request, law, instrument)
    orders = orders_of(subject)
    base = text_of(subject.version)
    shown = orders_shown(subject, orders, base)
    is_pending = subject.state == AmendingInstrument.State.PENDING
    clashes = clashes_of(user, subject, orders, base) if is_pending else []
    may_edit = rules.can_edit_law(user, law)
    writing = law.jurisdiction if base.language == "ar" else base.language
    read = engine.read_amendment(engine.read_law(subject.text, writing).law)
    return render(request, "legislation/instrument.html", {
        "law": law, "instrument": subject, "version": subject.version,
        "rows": [_row(each) for each in shown],
        "clashes": [
            _("Order %(own)s, and order %(theirs)s of “%(other)s”: %(what)s (%(where)s).") % {
                "own": place_of(clash.own), "theirs": place_of(clash.theirs),
                "other": clash.other, "what": CLASHES.get(clash.code, clash.code),
                "where": clash.where,
            }
            for clash in clashes
        ],
        "notes": [(note.source, NOTES.get(note.kind, note.kind)) for note in read.notes],
        "open": sum(order.state == S.OPEN for order in orders),
        "is_pending": is_pending, "may_edit": may_edit,
        "is_behind": is_pending and subject.version.instruments.filter(
            state=AmendingInstrument.State.CARRIED_OUT
        ).exists(),
        "made": subject.versions.defer("text").order_by("number"),
        "day_form": forms.DayForm(initial={"in_force_on": subject.in_force_on}),
    })  # fmt: skip


def place_of(order: InstrumentOrder) -> str:
    """Return the number of an order as a page shows it: 2, and 2.1 for a further one."""
    whole, further = divmod(order.position, act.APART)
    return f"{whole}.{further}" if further else str(whole)


def _row(shown: OrderShown) -> dict[str, Any]:
    order = shown.order
    return {
        "shown": shown, "order": order, "place": place_of(order), "tone": TONES[S(order.state)],
        "why": UNREAD.get(order.reason, order.reason) if not order.kind else "",
        "refusal": REFUSED.get(shown.refusal, shown.refusal),
    }  # fmt: skip


@needs(rules.can_edit_laws)
def order(request: HttpRequest, key: str, instrument: str, position: str) -> HttpResponse:
    """Write by hand what a sentence orders, or put right what was read in it."""
    law = law_or_404(request, key)
    subject = _instrument_or_404(request, law, instrument)
    shown = _order_or_404(subject, position)
    form = forms.OrderForm(
        provisions_to_amend(text_of(subject.version)), request.POST or None,
        initial=forms.OrderForm.initial_of(shown),
    )  # fmt: skip
    if attempt_and_say(
        request,
        form,
        lambda: act.write_order(
            actor=me(request), order=shown, facts=form.facts(), now=timezone.now()
        ),
        _("The order is written. Look at what it does, and accept it."),
    ):
        return redirect(f"{_at(subject)}#order-{shown.position}")
    return form_page(
        request,
        form,
        title=_("Order %(number)s by hand") % {"number": place_of(shown)},
        verb=_("Save the order"),
        law=law,
        version=subject.version,
        instrument=subject,
        sentence=shown.source,
        back=_at(subject),
        template="legislation/instrument_form.html",
    )


@needs(rules.can_edit_laws)
@require_POST
def decide(request: HttpRequest, key: str, instrument: str, position: str) -> HttpResponse:
    """Accept an order, leave it out, open it again, or give its sentence a further one."""
    subject = _instrument_or_404(request, law_or_404(request, key), instrument)
    shown = _order_or_404(subject, position)
    wish, actor, now = request.POST.get("state", ""), me(request), timezone.now()
    if wish == "further":
        added: list[InstrumentOrder] = []
        if attempt(request, lambda: added.append(
            act.add_order(actor=actor, beside=shown, now=now)
        ), ""):  # fmt: skip
            return redirect("legislation:order", subject.law_id, subject.pk, added[0].position)
    elif wish in S.values:
        attempt(
            request, lambda: act.decide_order(actor=actor, order=shown, state=wish, now=now), ""
        )
    else:
        raise Http404
    return redirect(f"{_at(subject)}#order-{shown.position}")


@needs(rules.can_edit_laws)
@require_POST
def step(request: HttpRequest, key: str, instrument: str) -> HttpResponse:
    """Carry an instrument out, take that back, withdraw it, or say from which day it holds."""
    subject = _instrument_or_404(request, law_or_404(request, key), instrument)
    actor, now = me(request), timezone.now()
    wish = request.POST.get("step", "")
    if wish == "day":
        form = forms.DayForm(request.POST)
        if form.is_valid():
            day = form.cleaned_data["in_force_on"]
            attempt(
                request,
                lambda: act.say_day(actor=actor, instrument=subject, in_force_on=day, now=now),
                _("The day is noted."),
            )
        return redirect(_at(subject))
    if wish not in STEPS:
        raise Http404
    move, done = STEPS[wish]
    attempt(request, lambda: move(actor=actor, instrument=subject, now=now), str(done))
    return redirect(_at(subject))


@needs(rules.can_see_laws)
def on_day(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Show the law as it stands on a day, and what was done to it until then."""
    user, subject = me(request), law_or_404(request, key)
    version = version_or_404(request, subject, number)
    today = timezone.localdate()
    form = forms.OnDayForm(request.GET if "day" in request.GET else None, initial={"day": today})
    day = form.cleaned_data["day"] if form.is_valid() else today
    state = law_on(version, day, instruments_for(user, subject))
    # The text that was first amended may be closed to whoever reads a later one.
    version_or_404(request, subject, str(state.root.pk))
    changes = engine.compare(state.before, state.result.law)
    return render(request, "legislation/on_day.html", {
        "law": subject, "version": version, "form": form, "day": day, "state": state,
        "html": engine.to_html(state.result.law),
        "changes": changes_shown(changes, with_spelling=False),
    })  # fmt: skip
