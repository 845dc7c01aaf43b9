"""The register of meetings at the desk: opened, prepared, told, published, put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.asks import rules
from hiwar.asks.actions import register as act
from hiwar.asks.forms import register as forms
from hiwar.asks.models import MeetingEntry, RegisterKind
from hiwar.asks.queries.register import (
    contacts_to_tell,
    entries_for,
    is_register_open,
    lines_of,
    open_from,
    public_entries,
)
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, list_page
from hiwar.common.desk.pages import attempt, attempt_and_say, paged, part_or_404
from hiwar.contacts.queries import vocabularies

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LABELS = {
    "draft": pgettext_lazy("meeting", "being prepared"),
    "told": pgettext_lazy("meeting", "the other side was told"),
    "published": pgettext_lazy("meeting", "everybody reads it"),
    "withdrawn": pgettext_lazy("meeting", "withdrawn"),
}
TONES = {"published": "success", "told": "notice"}
NOTHING = gettext_lazy("Nothing stands in the register yet")
WHY = gettext_lazy("The register is off until it is opened for a kind of body, and each contact is "
                   "told by a decision of its own.")  # fmt: skip


def _entry(request: HttpRequest, key: str) -> MeetingEntry:
    return part_or_404(entries_for(me(request)), key)


def _of(entry: MeetingEntry) -> str:
    return reverse("asks:register_entry", args=[entry.pk])


def _above(entry: MeetingEntry | None = None) -> list[tuple[object, str]]:
    """Return the way to a form: the register, and the entry that it is about."""
    way: list[tuple[object, str]] = [(_("Register of meetings"), reverse("asks:register"))]
    return way if entry is None else [*way, (entry, _of(entry))]


@needs(rules.can_publish_meetings)
def register(request: HttpRequest) -> HttpResponse:
    """List what stands in the register and what is prepared for it, the latest first."""
    user = me(request)
    page = paged(request, entries_for(user))
    rows = [(row, LABELS[row.state], TONES.get(row.state, "")) for row in page["page"].object_list]
    listing = Listing(
        title=_("Register of meetings"),
        lead=_("Which posts we met, when and on what, as everybody reads it. The contact log stays "
               "at the desk."),
        url=reverse("asks:register"), everything="", no_match=str(NOTHING),
        none_yet=str(NOTHING), why=str(WHY),
    )  # fmt: skip
    kinds = RegisterKind.objects.order_by("code").values_list("code", flat=True)
    return list_page(
        request, "asks/register.html", listing, page=page, rows=rows,
        kinds=[vocabularies.label("kinds", code) for code in kinds],
    )  # fmt: skip


@needs(rules.can_publish_meetings)
def register_contacts(request: HttpRequest) -> HttpResponse:
    """List the contacts that can be told, the latest first."""
    page = paged(request, contacts_to_tell(me(request)))
    nothing = _("No contact waits here")
    listing = Listing(
        title=_("Contacts for the register"),
        lead=_("Contacts with posts of the kinds for which the register is open. Nothing of them "
               "is told unless somebody writes what."),
        url=reverse("asks:register_contacts"), everything="", no_match=nothing, none_yet=nothing,
        why=_("Only contacts with a post stand here, and only those that all colleagues may read."),
    )  # fmt: skip
    return list_page(
        request, "asks/register_contacts.html", listing, page=page,
        rows=list(page["page"].object_list),
    )  # fmt: skip


@needs(rules.can_publish_meetings)
def register_kinds(request: HttpRequest) -> HttpResponse:
    """Say for which kinds of bodies the register is open."""
    codes = list(RegisterKind.objects.order_by("code").values_list("code", flat=True))
    form = forms.KindsForm(codes, request.POST or None, initial={"codes": codes})
    if request.method == "POST" and attempt_and_say(request, form, lambda: act.open_register(
            actor=me(request), codes=form.cleaned_data["codes"], now=timezone.now(),
        ), _("For what the register is open is saved.")):  # fmt: skip
        return redirect("asks:register")
    return form_page(
        request,
        form,
        title=_("For what the register is open"),
        verb=_("Save"),
        back=reverse("asks:register"),
        template="asks/form.html",
        trail=_above(),
        lead=_("What stands in it for other kinds is shown no longer, and is kept."),
    )


@needs(rules.can_publish_meetings)
def new_entry(request: HttpRequest, key: str) -> HttpResponse:
    """Write what everybody is to read of a contact."""
    user = me(request)
    contact = part_or_404(contacts_to_tell(user), key)
    form = forms.EntryForm(user, request.POST or None)
    written: list[MeetingEntry] = []
    if attempt_and_say(request, form, lambda: written.append(act.prepare_entry(
            actor=user, interaction=contact, shown=form.shown(), now=timezone.now(),
        )), _("It is prepared; nobody reads it yet.")):  # fmt: skip
        return redirect(_of(written[0]))
    return form_page(
        request,
        form,
        title=_("What everybody is to read"),
        verb=_("Prepare it"),
        back=reverse("asks:register_contacts"),
        template="asks/form.html",
        trail=_above(),
        lead=f"{contact.organisation} · {contact.post}",
    )


@needs(rules.can_publish_meetings)
def register_entry(request: HttpRequest, key: str) -> HttpResponse:
    """Show an entry as everybody reads it or will read it, and what comes next."""
    entry = _entry(request, key)
    later = MeetingEntry.objects.filter(corrects=entry).first()
    first = open_from(entry)
    return render(request, "asks/register_entry.html", {
        "entry": entry, "line": lines_of([entry])[0], "state": entry.state,
        "label": LABELS[entry.state], "tone": TONES.get(entry.state, ""), "open_from": first,
        "may_publish": first is not None and first <= timezone.localdate(), "later": later,
        "is_shown": public_entries().filter(pk=entry.pk).exists(),
        "is_open": is_register_open(),
    })  # fmt: skip


@needs(rules.can_publish_meetings)
def edit_entry(request: HttpRequest, key: str) -> HttpResponse:
    """Change what nobody read yet."""
    entry = _entry(request, key)
    shown = _shown(entry)
    form = (
        forms.EntryForm(me(request), request.POST or None, initial=shown)
        if entry.corrects_id is None
        else forms.CorrectionForm(me(request), request.POST or None, initial=shown)
    )
    if attempt_and_say(request, form, lambda: act.rewrite_entry(
            actor=me(request), entry=entry, shown=form.shown(), now=timezone.now(),
            correction=form.cleaned_data.get("correction"),
        ), _("It is changed; whoever was told has to be told again.")):  # fmt: skip
        return redirect(_of(entry))
    return form_page(
        request,
        form,
        title=_("What everybody is to read"),
        verb=_("Save"),
        back=_of(entry),
        template="asks/form.html",
        trail=_above(entry),
        lead=str(entry),
    )


@needs(rules.can_publish_meetings)
def correct_entry(request: HttpRequest, key: str) -> HttpResponse:
    """Prepare a correction of what everybody reads."""
    entry = _entry(request, key)
    initial = {**_shown(entry), "correction": None}
    form = forms.CorrectionForm(me(request), request.POST or None, initial=initial)
    written: list[MeetingEntry] = []
    if attempt_and_say(request, form, lambda: written.append(act.correct_entry(
            actor=me(request), entry=entry, shown=form.shown(),
            correction=form.cleaned_data["correction"], now=timezone.now(),
        )), _("The correction is prepared; what stands there stays until it is "
              "published.")):  # fmt: skip
        return redirect(_of(written[0]))
    return form_page(
        request,
        form,
        title=_("Correct an entry of the register"),
        verb=_("Prepare it"),
        back=_of(entry),
        template="asks/form.html",
        trail=_above(entry),
        lead=str(entry),
    )


@needs(rules.can_publish_meetings)
def tell_other_side(request: HttpRequest, key: str) -> HttpResponse:
    """Note when the other side was told."""
    entry = _entry(request, key)
    form = forms.ToldForm(request.POST or None, initial={"on": timezone.localdate()})
    if attempt_and_say(request, form, lambda: act.tell_other_side(
            actor=me(request), entry=entry, now=timezone.now(), **form.cleaned_data,
        ), _("It is noted that they were told.")):  # fmt: skip
        return redirect(_of(entry))
    return form_page(
        request,
        form,
        title=_("The other side was told"),
        verb=_("Record it"),
        back=_of(entry),
        template="asks/form.html",
        trail=_above(entry),
        lead=str(entry),
    )


@require_POST
@needs(rules.can_publish_meetings)
def publish_entry(request: HttpRequest, key: str) -> HttpResponse:
    """Let everybody read an entry."""
    entry = _entry(request, key)
    attempt(
        request,
        lambda: act.publish_entry(actor=me(request), entry=entry, now=timezone.now()),
        _("Everybody reads it from now on."),
    )
    return redirect(_of(entry))


@needs(rules.can_publish_meetings)
def withdraw_entry(request: HttpRequest, key: str) -> HttpResponse:
    """Take an entry out of what everybody reads, with a reason."""
    entry = _entry(request, key)
    form = forms.WithdrawalForm(request.POST or None)
    if attempt_and_say(request, form, lambda: act.withdraw_entry(
            actor=me(request), entry=entry, because=form.cleaned_data["because"],
            now=timezone.now(),
        ), _("It is withdrawn; its words are shown no longer.")):  # fmt: skip
        return redirect(_of(entry))
    return form_page(
        request,
        form,
        title=_("Withdraw the entry?"),
        verb=_("Withdraw"),
        back=_of(entry),
        template="asks/form.html",
        trail=_above(entry),
        cancel=_("Keep it"),
        is_danger=True,
        lead=_(
            "At once everybody reads only the month, that it was withdrawn, and "
            "why. This cannot be undone."
        ),
    )


@require_POST
@needs(rules.can_publish_meetings)
def discard_entry(request: HttpRequest, key: str) -> HttpResponse:
    """Throw away what nobody read yet."""
    entry = _entry(request, key)
    attempt(
        request,
        lambda: act.discard_entry(actor=me(request), entry=entry, now=timezone.now()),
        _("It is thrown away; the contact stays in the log."),
    )
    return redirect("asks:register")


def _shown(entry: MeetingEntry) -> dict[str, object]:
    names = ("theme", "is_off_record", "precision", "manner", "place", "ours", "correction")
    return {"point": entry.point_id, **{name: getattr(entry, name) for name in names}}
