"""The barrier register at the desk: asked by group and place, entered, followed, taken along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, list_page
from hiwar.common.desk.pages import attempt_and_say, attempt_with_form, paged, part_or_404
from hiwar.common.tables import file_response
from hiwar.common.templatetags.components import number
from hiwar.dossiers import rules
from hiwar.dossiers.actions import barriers as act
from hiwar.dossiers.exports import barriers_csv, barriers_xlsx
from hiwar.dossiers.forms.barriers import BarrierFilterForm, BarrierForm, BarrierStateForm
from hiwar.dossiers.models import Barrier
from hiwar.dossiers.queries.barriers import (
    Row,
    barrier_counts,
    barrier_rows,
    find_barriers,
    link_choices,
    readable_barriers,
)
from hiwar.dossiers.queries.timeline import BARRIER_TONES
from hiwar.dossiers.queries.vocabularies import word

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse


@needs(rules.can_see_dossiers)
def barriers(request: HttpRequest) -> HttpResponse:
    user = me(request)
    form = BarrierFilterForm(request.GET, links=link_choices(user))
    wish = form.wish()
    rows = find_barriers(user, wish)
    page = paged(request, rows)
    counts = barrier_counts(user)
    total = sum(counts.values())
    new = reverse("dossiers:new_barrier")
    may_edit = rules.can_edit_dossiers(user)
    listing = Listing(
        title=_("Barriers"),
        lead=_("What stands in whose way, where, and what became of it."),
        url=reverse("dossiers:barriers"),
        everything=_("All barriers"),
        no_match=_("No barrier answers this question"),
        fewer=_("Ask with fewer conditions."),
        none_yet=_("No barrier is entered yet"),
        why=_(
            "A barrier says what stands in the way of whom, where, and how that is known. What is "
            "done about it is followed until it is removed."
        ),
        new=(_("Enter a barrier"), new) if may_edit else None,
        first=(_("Enter the first barrier"), new) if may_edit else None,
    )
    count = ngettext("%(n)s barrier of %(total)s", "%(n)s barriers of %(total)s", len(rows))
    return list_page(
        request,
        "dossiers/barriers.html",
        listing,
        page=page,
        rows=[_shown(row) for row in page["page"].object_list],
        conditions=form,
        count=count % {"n": number(len(rows)), "total": number(total)},
        is_narrowed=not wish.is_empty,
        figures=[
            {"label": label, "value": counts.get(code, 0)} for code, label in Barrier.State.choices
        ],
        total=total,
        query=request.GET.urlencode(),
    )


@needs(rules.can_see_dossiers)
def as_csv(request: HttpRequest) -> HttpResponse:
    return _file(barriers_csv(_wished(request)), "csv")


@needs(rules.can_see_dossiers)
def as_xlsx(request: HttpRequest) -> HttpResponse:
    return _file(barriers_xlsx(_wished(request)), "xlsx")


@needs(rules.can_edit_dossiers)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a barrier; `dossier` in the address proposes the dossier it belongs to."""
    user = me(request)
    initial = {"identified_on": timezone.localdate(), "dossier": request.GET.get("dossier")}
    form = BarrierForm(request.POST or None, initial=initial, reader=user)
    barriers: list[Barrier] = []
    if form.is_valid():
        cleaned = form.cleaned_data
        where = act.Where(cleaned["place"], cleaned["locality_kind"])
        evidence = act.Evidence(
            cleaned["identified_on"],
            cleaned["evidence"] or {},
            cleaned["evidence_source"],
            cleaned["fact"],
        )
        if attempt_with_form(
            form,
            lambda: barriers.append(
                act.add_barrier(
                    actor=user, title=cleaned["title"], kind=cleaned["kind"],
                    groups=cleaned["groups"], evidence=evidence, where=where,
                    dossier=cleaned["dossier"], now=timezone.now(),
                )
            ),
        ):  # fmt: skip
            messages.success(request, _("The barrier is entered."))
            return redirect("dossiers:barrier", barriers[0].pk)
    return _form_page(request, form, None, _("Enter a barrier"), _("Save the barrier"))


@needs(rules.can_see_dossiers)
def barrier(request: HttpRequest, key: str) -> HttpResponse:
    subject = part_or_404(readable_barriers(me(request)), key)
    context = {
        "row": _shown(barrier_rows(me(request), [subject])[0]),
        "barrier": subject,
        "tone": BARRIER_TONES[Barrier.State(subject.state)],
        "may_edit": rules.can_edit_barrier(request.user, subject),
    }
    return render(request, "dossiers/barrier.html", context)


@needs(rules.can_edit_dossiers)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    user = me(request)
    subject = part_or_404(readable_barriers(user), key)
    names = ("title", "kind", "place", "locality_kind", "evidence", "evidence_source", "fact",
             "dossier", "identified_on")  # fmt: skip
    initial = {name: getattr(subject, name) for name in names}
    initial["groups"] = [group.group for group in subject.groups.all()]
    form = BarrierForm(request.POST or None, initial=initial, reader=user)
    del form.fields["identified_on"]
    if form.is_valid():
        changes = dict(form.cleaned_data)
        groups = changes.pop("groups")
        changes["evidence"] = changes["evidence"] or {}
        if attempt_with_form(
            form,
            lambda: act.update_barrier(
                actor=user, barrier=subject, changes=changes, groups=groups, now=timezone.now()
            ),
        ):
            messages.success(request, _("The barrier is saved."))
            return redirect("dossiers:barrier", key)
    return _form_page(request, form, subject, _("Edit the barrier"), _("Save the barrier"))


@needs(rules.can_edit_dossiers)
def state(request: HttpRequest, key: str) -> HttpResponse:
    """Say how far a barrier is removed."""
    subject = part_or_404(readable_barriers(me(request)), key)
    today = timezone.localdate()
    initial = {"state": subject.state, "on": today}
    form = BarrierStateForm(request.POST or None, initial=initial)
    if attempt_and_say(
        request,
        form,
        lambda: act.change_barrier_state(
            actor=me(request), barrier=subject, today=today, now=timezone.now(), **form.cleaned_data
        ),
        _("The state of the barrier is saved."),
    ):
        return redirect("dossiers:barrier", key)
    return _form_page(request, form, subject, _("State of the barrier"), _("Save the state"))


def _form_page(
    request: HttpRequest, form: BaseForm, barrier: Barrier | None, title: str, verb: str
) -> HttpResponse:
    listed = reverse("dossiers:barriers")
    home = reverse("dossiers:barrier", args=[barrier.pk]) if barrier else ""
    return form_page(
        request, form, title=title, verb=verb, back=home or listed,
        trail=[(_("Barriers"), listed)],
        record={"title": barrier.title, "url": home} if barrier else None,
        lead=barrier.title if barrier else "",
    )  # fmt: skip


def _wished(request: HttpRequest) -> list[Row]:
    user = me(request)
    form = BarrierFilterForm(request.GET, links=link_choices(user))
    return find_barriers(user, form.wish())


def _file(content: bytes, suffix: str) -> HttpResponse:
    return file_response(content, f"barriers-{timezone.localdate().isoformat()}.{suffix}")


def _shown(row: Row) -> dict[str, object]:
    barrier = row.barrier
    return {
        "barrier": barrier,
        "kind": word("barrier_kind", barrier.kind),
        "groups": [word("group", code) for code in row.groups],
        "locality": word("locality_kind", barrier.locality_kind) if barrier.locality_kind else "",
        "links": row.links,
        "tone": BARRIER_TONES[Barrier.State(barrier.state)],
    }
