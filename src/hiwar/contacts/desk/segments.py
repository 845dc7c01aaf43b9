"""Segments at the desk: their list, who is in one and why, and what makes it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.accounts.queries import readable_by
from hiwar.common.desk.lists import Listing, ordered, sort_columns
from hiwar.common.desk.pages import attempt, key_of, paged, part_or_404
from hiwar.common.templatetags.components import number
from hiwar.contacts import forms, rules
from hiwar.contacts.actions import people
from hiwar.contacts.actions import segments as act
from hiwar.contacts.desk.pages import form_page, narrowed_by, page, register_list
from hiwar.contacts.desk.register import file_of_people
from hiwar.contacts.forms.segments import ConditionForm, PickForm, PutInForm, SegmentForm
from hiwar.contacts.models import Segment
from hiwar.contacts.queries import people_for, search_organisations, search_people
from hiwar.contacts.queries.conditions import Asking, condition_kind, condition_kinds
from hiwar.contacts.queries.people import people_asked_for
from hiwar.contacts.queries.segments import (
    archived_segments,
    left_out,
    organisations_in,
    people_in,
    picked_together,
    reasons,
    segments_for,
    terms_of,
)

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from hiwar.accounts.models import User
    from hiwar.contacts.queries.conditions import Term

SHOWN = 20
NAMED = 8
MOST_AT_ONCE = 2000
NARROWING = ("q", "sector", "language")
TOO_MANY = lazy("At most %(n)s people are put in at once. Narrow the list first.")


def segment_or_404(request: HttpRequest, key: str) -> Segment:
    """Return a segment the user may read, one that was put away included."""
    segments = Segment.objects.filter(readable_by(me(request), Segment))
    return part_or_404(segments, key)


@needs(rules.can_see_contact)
def list_segments(request: HttpRequest) -> HttpResponse:
    """List the segments with what they are for."""
    user = me(request)
    may_edit = rules.can_edit_contact(user)
    columns = {"made": pgettext("list of people", "Added on"), "name": _("Name")}
    order, headings = sort_columns(request, columns, "made")
    orders = {"made": "created_at", "name": "name"}
    shown = paged(request, ordered(segments_for(user), order, orders))
    new = (_("New segment"), reverse("contacts:new_segment")) if may_edit else None
    listing = Listing(
        title=_("Segments"),
        url=reverse("contacts:segments"),
        everything=_("All segments"),
        no_match=_("There is no segment yet"),
        none_yet=_("There is no segment yet"),
        why=_(
            "Save a selection by what people and organisations are, where they are, what they "
            "agreed to and when they were last met."
        ),
        new=new,
        first=new,
    )
    return register_list(
        request,
        "segments",
        listing,
        tab="segments",
        page=shown,
        rows=list(shown["page"]),
        headings=headings,
        archived=list(archived_segments(user)[:SHOWN]) if may_edit else [],
    )


@needs(rules.can_edit_contact)
def new_segment(request: HttpRequest) -> HttpResponse:
    form = SegmentForm(request.POST or None, user=me(request))

    def add(values: dict[str, Any]) -> str:
        segment = act.create_segment(actor=me(request), now=timezone.now(), **values)
        return reverse("contacts:segment", args=[segment.pk])

    return form_page(
        request,
        form,
        add,
        title=_("New segment"),
        back=reverse("contacts:segments"),
        done=_("The segment was made. Nobody is in it before it has a condition."),
        verb=_("Make the segment"),
    )


@needs(rules.can_see_contact)
def segment(request: HttpRequest, key: str) -> HttpResponse:
    """Show who is in a segment today, and why: people, or organisations."""
    segment = segment_or_404(request, key)
    user, today = me(request), timezone.localdate()
    query = request.GET.get("q", "").strip()[:100]
    of_bodies = request.GET.get("of") == "organisations"
    in_people, in_bodies = people_in(user, segment, today), organisations_in(user, segment, today)
    counts = {"people": in_people.count(), "organisations": in_bodies.count()}
    listed: Any = in_bodies if of_bodies else in_people
    if query:
        keys = _answering(user, query, of_bodies=of_bodies)
        listed = listed.filter(pk__in=keys)
    shown = paged(request, listed)
    members = list(shown["page"])
    why = reasons(user, segment, members, today)
    terms = terms_of(segment)
    asking = Asking(user, today, terms)
    return page(
        request,
        "segment",
        segment=segment,
        terms=[(mark_of(term), asking.in_words(term)) for term in terms],
        kinds=condition_kinds(),
        rows=[(member, why[member.pk]) for member in members],
        of_bodies=of_bodies,
        query=query,
        counts=counts,
        left_out=list(left_out(user, segment)[:SHOWN]),
        together=picked_together(segment)[:SHOWN],
        readers=segment.readers.order_by("email", "pk"),
        **shown,
    )


def _answering(user: User, query: str, *, of_bodies: bool) -> list[object]:
    if of_bodies:
        return list(search_organisations(user, query).values_list("pk", flat=True))
    return [person.pk for person in search_people(user, query)]


def mark_of(term: Term) -> str:
    """Return by what an address names a condition: a fingerprint, since conditions have no key."""
    text = json.dumps(term, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@needs(rules.can_edit_contact)
def edit_segment(request: HttpRequest, key: str) -> HttpResponse:
    segment = segment_or_404(request, key)
    initial = {name: getattr(segment, name) for name in ("name", "purpose", "join")}
    form = SegmentForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: act.update_segment(
            actor=me(request), segment=segment, changes=values, now=timezone.now()
        ),
        title=_("Change the segment"),
        back=reverse("contacts:segment", args=[segment.pk]),
        subject=segment,
    )


@needs(rules.can_edit_contact)
def readers(request: HttpRequest, key: str) -> HttpResponse:
    """Say who may read a segment."""
    segment = segment_or_404(request, key)
    initial = {"visibility": segment.visibility, "readers": segment.readers.all()}
    form = forms.VisibilityForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: people.change_visibility(
            actor=me(request), record=segment, now=timezone.now(), **values
        ),
        title=_("Who may read it"),
        back=reverse("contacts:segment", args=[segment.pk]),
        subject=segment,
    )


@needs(rules.can_edit_contact)
def condition(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Add a condition of one kind."""
    segment = segment_or_404(request, key)
    chosen = condition_kind(kind)
    if chosen is None:
        raise Http404
    form = ConditionForm(request.POST or None, kind=chosen, user=me(request))
    return form_page(
        request,
        form,
        lambda values: act.add_term(
            actor=me(request),
            segment=segment,
            kind=chosen.code,
            values=form.values(),
            is_denied=values["is_denied"],
            now=timezone.now(),
        ),
        title=_("New condition: %(kind)s") % {"kind": chosen.label},
        back=reverse("contacts:segment", args=[segment.pk]),
        subject=segment,
        done=_("The condition was added."),
        verb=_("Add the condition"),
    )


@require_POST
@needs(rules.can_edit_contact)
def remove_condition(request: HttpRequest, key: str, part: str) -> HttpResponse:
    segment = segment_or_404(request, key)
    term = next((candidate for candidate in terms_of(segment) if mark_of(candidate) == part), None)
    if term is None:
        messages.error(request, str(act.TermGone.message))
        return redirect("contacts:segment", segment.pk)
    attempt(
        request,
        lambda: act.remove_term(actor=me(request), segment=segment, term=term, now=timezone.now()),
        _("The condition was taken away."),
    )
    return redirect("contacts:segment", segment.pk)


@needs(rules.can_edit_contact)
def pick(request: HttpRequest, key: str) -> HttpResponse:
    """Put somebody in, or leave them out, by hand and with a reason."""
    segment = segment_or_404(request, key)
    form = PickForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: act.pick_member(
            actor=me(request),
            segment=segment,
            member=values["person"] or values["organisation"],
            is_in=values["is_in"],
            reason=values["reason"],
            now=timezone.now(),
        ),
        title=_("Put in or leave out by hand"),
        back=reverse("contacts:segment", args=[segment.pk]),
        subject=segment,
    )


@needs(rules.can_edit_contact)
def put_in(request: HttpRequest) -> HttpResponse:
    """Put people chosen in the list, or all whom it was narrowed to, into a segment."""
    user = me(request)
    keys = [key for text in request.GET.getlist("selected") if (key := key_of(text))]
    narrowed = narrowed_by(request)
    if keys:
        chosen = people_for(user).filter(pk__in=keys)
    else:
        chosen = people_asked_for(user, *narrowed) if any(narrowed) else people_for(user).none()
    count = chosen.count()
    back = f"{reverse('contacts:people')}?{urlencode(dict(zip(NARROWING, narrowed, strict=True)))}"
    if not 0 < count <= MOST_AT_ONCE:
        said = _("Choose somebody in the list first.") if not count else TOO_MANY
        messages.error(request, said % {"n": number(MOST_AT_ONCE)})
        return redirect(back)
    form = PutInForm(request.POST or None, user=user)

    def put(values: dict[str, Any]) -> str:
        now = timezone.now()
        with transaction.atomic():
            segment = values["segment"] or act.create_segment(
                actor=user, name=values["name"], purpose=_in_language(values["reason"]), now=now
            )
            act.pick_people(
                actor=user, segment=segment, people=list(chosen), reason=values["reason"], now=now
            )
        return reverse("contacts:segment", args=[segment.pk])

    return form_page(
        request,
        form,
        put,
        title=_("Put into a segment"),
        lead=ngettext("%(n)s person: %(names)s", "%(n)s people: %(names)s", count)
        % {"n": number(count), "names": _some_names(chosen, count)},
        back=back,
        done=_("They are in the segment now. Its page takes them out again at once."),
        verb=_("Put them in"),
    )


def _some_names(people: Any, count: int) -> str:
    names = [str(person) for person in people[:NAMED]]
    return _list_of(names) if count <= NAMED else _list_of([*names, "…"])


def _list_of(names: list[str]) -> str:
    return _(", ").join(names)


def _in_language(text: str) -> dict[str, str]:
    return {get_language() or settings.LANGUAGE_CODE: text}


@require_POST
@needs(rules.can_edit_contact)
def forget_several(request: HttpRequest, key: str, part: str) -> HttpResponse:
    """Take out again whom somebody put in at one time, named by one of them."""
    segment = segment_or_404(request, key)
    picked = part_or_404(segment.picks, part)
    attempt(
        request,
        lambda: act.forget_picks(
            actor=me(request), segment=segment, picked_at=picked.picked_at, now=timezone.now()
        ),
        _("They were taken out of the segment again."),
    )
    return redirect("contacts:segment", segment.pk)


@require_POST
@needs(rules.can_edit_contact)
def forget(request: HttpRequest, key: str, part: str) -> HttpResponse:
    segment = segment_or_404(request, key)
    picked = part_or_404(segment.picks, part)
    attempt(
        request,
        lambda: act.forget_pick(actor=me(request), pick=picked, now=timezone.now()),
        _("The conditions decide again."),
    )
    return redirect("contacts:segment", segment.pk)


@needs(rules.can_export_contact)
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Take the people of a segment out as a file, with a reason that stands in the log."""
    segment = segment_or_404(request, key)
    user, today = me(request), timezone.localdate()
    form = forms.ExportForm(request.POST or None, user=user)
    if not rules.can_see_private_point(user):
        del form.fields["with_private"]
    members = people_in(user, segment, today)
    if form.is_valid():
        return _file(request, segment, form.cleaned_data, today)
    count = members.count()
    text = ngettext("%(n)s person leaves the house.", "%(n)s people leave the house.", count)
    return page(
        request,
        "form",
        form=form,
        title=_("Take out as a file"),
        lead=text % {"n": number(count)},
        back=reverse("contacts:segment", args=[segment.pk]),
        subject=segment,
        verb=_("Take out"),
    )


def _file(
    request: HttpRequest, segment: Segment, values: dict[str, Any], today: date
) -> HttpResponse:
    members = people_in(me(request), segment, today)
    act.record_segment_export(
        actor=me(request),
        segment=segment,
        kind=values["kind"],
        count=members.count(),
        reason=values["reason"],
        now=timezone.now(),
    )
    return file_of_people(request, values, members)


@require_POST
@needs(rules.can_edit_contact)
def archive(request: HttpRequest, key: str) -> HttpResponse:
    segment = segment_or_404(request, key)
    attempt(
        request,
        lambda: act.archive_segment(actor=me(request), segment=segment, now=timezone.now()),
        _("The segment was put away. It can be brought back from the list."),
    )
    return redirect("contacts:segments")


@require_POST
@needs(rules.can_edit_contact)
def restore(request: HttpRequest, key: str) -> HttpResponse:
    segment = segment_or_404(request, key)
    attempt(
        request,
        lambda: act.restore_segment(actor=me(request), segment=segment, now=timezone.now()),
        _("The segment is back."),
    )
    return redirect("contacts:segment", segment.pk)
