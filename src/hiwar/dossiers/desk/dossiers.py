"""Dossiers at the desk: the list, a new one, its page, its state, its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.accounts.actions.looks import note_look
from hiwar.accounts.queries import changes_since
from hiwar.common import dates
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import (
    Listing,
    choice_of,
    filter_links,
    list_page,
    ordered,
    sort_columns,
    words_of,
)
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, paged
from hiwar.dossiers import rules
from hiwar.dossiers.actions import dossiers as act
from hiwar.dossiers.desk.pages import dossier_or_404, frame_of_dossier, page_of_dossier
from hiwar.dossiers.forms.dossiers import (
    DossierForm,
    NewDossierForm,
    PlacementForm,
    ReadersForm,
    StateForm,
)
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries.barriers import readable_barriers
from hiwar.dossiers.queries.dossiers import (
    ARCHIVED,
    counts_by_state,
    dossier_rows,
    last_change,
    open_steps,
    people_of,
    search_dossiers,
)
from hiwar.dossiers.queries.extension_points import registered_facets, registered_river
from hiwar.dossiers.queries.records import records_of
from hiwar.dossiers.queries.strategy import pillars
from hiwar.dossiers.queries.timeline import BARRIER_TONES, TONES, ahead, timeline
from hiwar.dossiers.queries.vocabularies import word

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_dossiers)
def list_dossiers(request: HttpRequest) -> HttpResponse:
    words = words_of(request)
    state = choice_of(request, "state", {*Dossier.State.values, ARCHIVED})
    offered = list(pillars())
    pillar = choice_of(request, "pillar", [candidate.code for candidate in offered])
    columns = {"code": _("Code"), "title": _("Title")}
    order, headings = sort_columns(request, columns, "code")
    listed = search_dossiers(me(request), words, state, pillar)
    page = paged(request, ordered(listed, order, {"code": "code", "title": "title"}))
    counts = counts_by_state(me(request), pillar)
    away = counts.pop(ARCHIVED)
    states = [
        ("", _("All"), sum(counts.values())),
        *((code, label, counts.get(code, 0)) for code, label in Dossier.State.choices),
        (ARCHIVED, pgettext("dossiers", "put away"), away),
    ]
    branches = [("", _("All pillars"), None), *((branch.code, branch, None) for branch in offered)]
    chosen = {"q": words, "state": state, "pillar": pillar}
    may_edit = rules.can_edit_dossiers(request.user)
    new_url = reverse("dossiers:new")
    listing = Listing(
        title=_("Dossiers"),
        search=_("Search in titles, aims and codes"),
        url=reverse("dossiers:list"),
        everything=_("All dossiers"),
        no_match=_("No dossier matches"),
        none_yet=_("No dossier yet"),
        why=_(
            "A dossier keeps one issue together for years: what is known, what was said, who was"
            " asked and what they answered."
        ),
        new=(_("New dossier"), new_url) if may_edit else None,
        first=(_("Make the first dossier"), new_url) if may_edit else None,
    )
    return list_page(
        request,
        "dossiers/list.html",
        listing,
        page=page,
        rows=[
            (row, TONES[Dossier.State(row.dossier.state)])
            for row in dossier_rows(page["page"].object_list)
        ],
        words=words,
        filters=[
            (_("Pillars"), filter_links("pillar", pillar, branches, chosen) if offered else []),
            ("", filter_links("state", state, states, chosen, with_none=False)),
        ],
        chosen={"state": state, "pillar": pillar},
        headings=headings,
    )


@needs(rules.can_edit_dossiers)
def new(request: HttpRequest) -> HttpResponse:
    form = NewDossierForm(request.POST or None)
    dossiers: list[Dossier] = []
    if attempt_and_say(
        request,
        form,
        lambda: dossiers.append(
            act.create_dossier(actor=me(request), now=timezone.now(), **form.cleaned_data)
        ),
        _("The dossier is made. It is observed until you decide more."),
    ):
        return redirect("dossiers:dossier", dossiers[0].code)
    listed = reverse("dossiers:list")
    return form_page(
        request, form, title=_("New dossier"), verb=_("Make the dossier"), back=listed,
        trail=[(_("Dossiers"), listed)],
    )  # fmt: skip


@needs(rules.can_see_dossiers)
def dossier(request: HttpRequest, code: str) -> HttpResponse:
    """Show the history of a dossier, where it stands, and what hangs on it."""
    subject = dossier_or_404(request, code)
    user = me(request)
    wanted = request.GET.get("kind", "")
    whole = timeline(user, subject)
    kind = wanted if wanted in {part.code for part in whole.kinds} else ""
    shown = timeline(user, subject, kind) if kind else whole
    barriers = readable_barriers(user).filter(dossier=subject)
    steps = open_steps(subject)[:5]
    before = note_look(user=user, record=subject, now=timezone.now())
    return page_of_dossier(
        request,
        "dossier",
        subject,
        tab="history",
        sentence=where_it_stands(subject),
        timeline=shown,
        ahead=ahead(shown, timezone.localdate()),
        kind=kind,
        whole=whole,
        people=[(word("role", person.role), person) for person in people_of(user, subject)],
        steps=steps,
        river=registered_river(user, subject),
        barriers=[
            (barrier, BARRIER_TONES[type(barrier).State(barrier.state)]) for barrier in barriers
        ],
        changes=changes_since(user, before, records_of(user, subject)) if before else None,
        facets=registered_facets(user, subject),
        change=last_change(subject),
        today=timezone.localdate(),
    )


def where_it_stands(subject: Dossier) -> str:
    """Return in one sentence where a dossier stands: what was written, else what is known."""
    if subject.where_it_stands:
        return str(subject.where_it_stands)
    change = last_change(subject)
    if change is None:
        return _("Observed: nothing has been decided yet.")
    facts = {"state": subject.get_state_display(), "day": dates.day(change.on)}
    return _("%(state)s since %(day)s.") % facts


@needs(rules.can_edit_dossiers)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    initial = {name: getattr(subject, name) for name in DossierForm.base_fields}
    form = DossierForm(request.POST or None, initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.update_dossier(
            actor=me(request), dossier=subject, changes=form.cleaned_data, now=timezone.now()
        ),
        _("The dossier is saved."),
    ):
        return redirect("dossiers:dossier", form.cleaned_data["code"])
    subject.refresh_from_db()
    return form_page(
        request, form, title=_("Edit the dossier"), verb=_("Save the dossier"),
        **frame_of_dossier(request, subject),
    )  # fmt: skip


@needs(rules.can_decide_state)
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Move a dossier to another state, with its day, its source and the reason."""
    subject = dossier_or_404(request, code)
    today = timezone.localdate()
    form = StateForm(request.POST or None, initial={"on": today}, current=subject.state)
    if form.is_valid():
        cleaned = form.cleaned_data
        why = act.Why(cleaned["source"], cleaned["source_url"], cleaned["reason"] or {})
        if attempt_with_form(
            form,
            lambda: act.change_state(
                actor=me(request), dossier=subject, state=cleaned["state"], on=cleaned["on"],
                today=today, now=timezone.now(), why=why,
            ),
        ):  # fmt: skip
            messages.success(request, _("The state is changed and stands on the history."))
            return redirect("dossiers:dossier", code)
    last = last_change(subject)
    return form_page(
        request, form, title=_("Change the state"), verb=_("Change the state"), last=last,
        template="dossiers/state.html", **frame_of_dossier(request, subject),
    )  # fmt: skip


@require_POST
@needs(rules.can_decide_state)
def take_back_state(request: HttpRequest, code: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    attempt(
        request,
        lambda: act.take_back_state(actor=me(request), dossier=subject, now=timezone.now()),
        _("The last change of state is taken back."),
    )
    return redirect("dossiers:dossier", code)


@needs(rules.can_edit_dossiers)
def readers(request: HttpRequest, code: str) -> HttpResponse:
    """Say who owns a dossier and who reads it."""
    subject = dossier_or_404(request, code)
    initial = {
        "visibility": subject.visibility,
        "owner": subject.owner,
        "readers": subject.readers.all(),
    }
    form = ReadersForm(
        request.POST or None,
        initial=initial,
        current=subject.visibility,
        may_publish=rules.can_publish_dossier(request.user, subject),
    )
    if form.is_valid():
        cleaned = dict(form.cleaned_data)
        named = cleaned.pop("readers")

        def keep() -> None:
            actor, now = me(request), timezone.now()
            act.set_readers(actor=actor, dossier=subject, readers=named, now=now)
            act.update_dossier(actor=actor, dossier=subject, changes=cleaned, now=now)

        if attempt_with_form(form, keep):
            messages.success(request, _("Who reads this dossier is saved."))
            return redirect("dossiers:dossier", code)
        subject = dossier_or_404(request, code)
    return form_page(
        request, form, title=_("Who reads it"), verb=_("Save"), template="dossiers/readers.html",
        may_change=rules.can_change_readers(request.user, subject),
        **frame_of_dossier(request, subject),
    )  # fmt: skip


@needs(rules.can_edit_dossiers)
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Hang a dossier on a programme and a project."""
    subject = dossier_or_404(request, code)
    initial = {"programme": subject.programme, "project": subject.project}
    form = PlacementForm(request.POST or None, initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.place_dossier(
            actor=me(request), dossier=subject, now=timezone.now(), **form.cleaned_data
        ),
        _("The dossier hangs on its programme."),
    ):
        return redirect("dossiers:dossier", code)
    return form_page(
        request, form, title=_("Programme and project"), verb=_("Save"),
        **frame_of_dossier(request, subject),
    )  # fmt: skip


@needs(rules.can_edit_dossiers)
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """Ask once; then put a dossier away, from where it can be brought back."""
    subject = dossier_or_404(request, code)
    if request.method != "POST":
        return page_of_dossier(request, "archive", subject)
    attempt(
        request,
        lambda: act.archive_dossier(actor=me(request), dossier=subject, now=timezone.now()),
        _("The dossier is put away. Nothing of it is lost."),
    )
    return redirect("dossiers:dossier", code)


@require_POST
@needs(rules.can_edit_dossiers)
def restore(request: HttpRequest, code: str) -> HttpResponse:
    subject = dossier_or_404(request, code)
    attempt(
        request,
        lambda: act.restore_dossier(actor=me(request), dossier=subject, now=timezone.now()),
        _("The dossier is back."),
    )
    return redirect("dossiers:dossier", code)
