"""Contacts with people and bodies, promises, notes, ways to reach, and who may read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.accounts.queries import readable_by
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page, words_of
from hiwar.common.desk.pages import attempt, key_or_404, paged, part_or_404
from hiwar.contacts import forms, rules
from hiwar.contacts.actions import contact_points, log, people
from hiwar.contacts.desk.pages import (
    form_page,
    organisation_or_404,
    page,
    person_or_404,
    post_or_404,
    register_list,
)
from hiwar.contacts.models import Interaction
from hiwar.contacts.queries import points_for
from hiwar.contacts.queries.log import interactions_for, notes_for, promises_for
from hiwar.contacts.queries.missions import missions as listed_missions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.common.desk.lists import Option
    from hiwar.contacts.models import Organisation, Person, Post

MISSIONS_PER_PAGE = 50
FINDERS = {"person": person_or_404, "organisation": organisation_or_404, "post": post_or_404}


def subject_or_404(request: HttpRequest, kind: str, key: str) -> Person | Organisation | Post:
    """Return the person, organisation or post that an address names."""
    if kind not in FINDERS:
        raise Http404
    return FINDERS[kind](request, key)  # type: ignore[return-value]  # each is one of the three


@needs(rules.can_see_mission)
def missions(request: HttpRequest) -> HttpResponse:
    """Show the missions with their officers, who leaves soon, and when they were last met."""
    missions = listed_missions(me(request), timezone.localdate())
    wanted = choice_of(request, "contact", ("met", "lapsed", "never"))
    counts = Counter(str(mission.freshness) for mission in missions)
    shown = [mission for mission in missions if wanted in {"", mission.freshness}]
    page = paged(request, shown, MISSIONS_PER_PAGE)
    options = [
        ("", pgettext("missions", "All"), len(missions)),
        ("met", pgettext("missions", "Met"), counts["met"]),
        ("lapsed", pgettext("missions", "Lapsed"), counts["lapsed"]),
        ("never", pgettext("missions", "Never met"), counts["never"]),
    ]
    may_edit = rules.can_edit_contact(request.user)
    nothing = _("No mission here")
    listing = Listing(
        title=_("Diplomatic missions"),
        url=reverse("contacts:missions"),
        everything=_("All missions"),
        no_match=nothing,
        fewer=_("Missions are organisations of the kind mission."),
        none_yet=nothing,
        why=_("Missions are organisations of the kind mission."),
        new=(_("Write down a contact"), reverse("contacts:new_interaction")) if may_edit else None,
    )
    return list_page(
        request,
        "contacts/missions.html",
        listing,
        page=page,
        rows=page["page"].object_list,
        filters=[("", filter_links("contact", wanted, options))],
        chosen={"contact": wanted},
        total=len(missions),
        counts={name: counts[name] for name in ("met", "lapsed", "never")},
        leaving=[
            (mission, officer)
            for mission in missions
            for officer in mission.officers
            if officer.is_leaving
        ],
    )


@needs(rules.can_see_contact)
def list_interactions(request: HttpRequest) -> HttpResponse:
    """List every contact the user may read, the latest first, by kind."""
    user, words = me(request), words_of(request)
    kind = choice_of(request, "kind", Interaction.Kind.values)
    interactions = interactions_for(user)
    interactions = interactions.filter(subject__icontains=words) if words else interactions
    shown = paged(request, interactions.filter(kind=kind) if kind else interactions)
    kinds: list[Option] = [("", pgettext("contacts", "All"), None)]
    kinds += [(code, text, None) for code, text in Interaction.Kind.choices]
    may_edit = rules.can_edit_contact(user)
    new = (_("Write down a contact"), reverse("contacts:new_interaction")) if may_edit else None
    listing = Listing(
        title=pgettext("log", "Contacts"),
        url=reverse("contacts:interactions"),
        everything=_("All contacts"),
        no_match=_("No contact matches"),
        none_yet=_("No contact is written down yet"),
        why=_("After a meeting or a call, write down in one line what it was about."),
        search=_("What it was about"),
        fewer=_("Try fewer words, or contacts of all kinds."),
        new=new,
    )
    return register_list(
        request,
        "interactions",
        listing,
        tab="log",
        page=shown,
        rows=list(shown["page"]),
        words=words,
        filters=[("", filter_links("kind", kind, kinds, {"q": words}))],
        chosen={"kind": kind},
        promises=promises_for(user).filter(state="open")[:20],
        today=timezone.localdate(),
    )


@needs(rules.can_edit_contact)
def new_interaction(request: HttpRequest) -> HttpResponse:
    """Write down a contact; the address may say with whom."""
    initial: dict[str, Any] = {"happened_on": timezone.localdate(), "kind": "meeting"}
    back = reverse("contacts:interactions")
    for kind in FINDERS:
        if key := request.GET.get(kind):
            subject = subject_or_404(request, kind, key)
            back = reverse(f"contacts:{kind}", args=[subject.pk])
            if kind == "person":
                initial["people"] = forms.shown_with_key(subject)  # type: ignore[arg-type]
            else:
                initial[kind] = subject
    form = forms.InteractionForm(request.POST or None, initial=initial, user=me(request))

    def write(values: dict[str, Any]) -> str:
        recorded = log.record_interaction(actor=me(request), now=timezone.now(), **values)
        return reverse("contacts:interaction", args=[recorded.pk])

    return form_page(
        request,
        form,
        write,
        title=_("Write down a contact"),
        back=back,
        done=_("The contact is in the log."),
        verb=pgettext("a contact", "Write it down"),
    )


@needs(rules.can_see_contact)
def interaction(request: HttpRequest, key: str) -> HttpResponse:
    """Show one contact with its promises."""
    interactions = part_or_404(interactions_for(me(request)), key)
    return page(
        request,
        "interaction",
        interaction=interactions,
        promises=interactions.promises.order_by("due_on", "pk"),
        readers=interactions.readers.order_by("email", "pk"),
    )


@require_POST
@needs(rules.can_edit_contact)
def remove_interaction(request: HttpRequest, key: str) -> HttpResponse:
    interactions = part_or_404(interactions_for(me(request)), key)
    attempt(
        request,
        lambda: log.remove_interaction(
            actor=me(request), interaction=interactions, now=timezone.now()
        ),
        _("The contact was taken out of the log."),
    )
    return page(request, "interaction_removed", interaction=interactions)


@require_POST
@needs(rules.can_edit_contact)
def restore_interaction(request: HttpRequest, key: str) -> HttpResponse:
    gone = Interaction.objects.exclude(removed_at=None)
    gone = gone.filter(readable_by(me(request), Interaction))
    interaction = part_or_404(gone, key)
    attempt(
        request,
        lambda: log.restore_interaction(
            actor=me(request), interaction=interaction, now=timezone.now()
        ),
        _("The contact is in the log again."),
    )
    return redirect("contacts:interaction", interaction.pk)


@needs(rules.can_edit_contact)
def promise(request: HttpRequest, key: str) -> HttpResponse:
    interactions = part_or_404(interactions_for(me(request)), key)
    form = forms.PromiseForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: log.add_promise(
            actor=me(request), interaction=interactions, now=timezone.now(), **values
        ),
        title=_("What was promised"),
        back=reverse("contacts:interaction", args=[interactions.pk]),
        subject=interactions,
    )


@needs(rules.can_edit_contact)
def settle(request: HttpRequest, key: str) -> HttpResponse:
    promises = part_or_404(promises_for(me(request)), key)
    initial = {"state": promises.state, "note": promises.note, "on": timezone.localdate()}
    form = forms.SettleForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: log.settle_promise(
            actor=me(request), promise=promises, now=timezone.now(), **values
        ),
        title=_("What became of the promise"),
        back=reverse("contacts:interaction", args=[promises.interaction_id]),
        subject=promises,
    )


@needs(rules.can_edit_contact)
def note(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    subject = subject_or_404(request, kind, key)
    form = forms.NoteForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: log.write_note(
            actor=me(request), subject=subject, now=timezone.now(), **values
        ),
        title=_("New note"),
        back=reverse(f"contacts:{kind}", args=[subject.pk]),
        subject=subject,
    )


@require_POST
@needs(rules.can_edit_contact)
def remove_note(request: HttpRequest, kind: str, key: str, part: str) -> HttpResponse:
    subject = subject_or_404(request, kind, key)
    notes = notes_for(me(request)).filter(**{kind: subject})
    note = part_or_404(notes, part)
    attempt(
        request,
        lambda: log.remove_note(actor=me(request), note=note, now=timezone.now()),
        _("The note was deleted."),
    )
    return redirect(f"contacts:{kind}", subject.pk)


@needs(rules.can_edit_contact)
def point(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Add a way to reach somebody."""
    subject = subject_or_404(request, kind, key)
    initial = {"is_private": kind == "person"}
    form = forms.PointForm(request.POST or None, initial=initial, user=me(request))

    def add(values: dict[str, Any]) -> None:
        wished = values.pop("kind")
        contact_points.add_point(
            actor=me(request), subject=subject, kind=wished, now=timezone.now(), **values
        )

    return form_page(
        request,
        form,
        add,
        title=_("A way to reach them"),
        back=reverse(f"contacts:{kind}", args=[subject.pk]),
        subject=subject,
    )


@require_POST
@needs(rules.can_edit_contact)
def remove_point(request: HttpRequest, kind: str, key: str, part: str) -> HttpResponse:
    subject = subject_or_404(request, kind, key)
    contact_point = get_object_or_404(
        points_for(me(request)).filter(**{kind: subject}), pk=key_or_404(part)
    )
    attempt(
        request,
        lambda: contact_points.remove_point(
            actor=me(request), point=contact_point, now=timezone.now()
        ),
        _("It was taken away."),
    )
    return redirect(f"contacts:{kind}", subject.pk)


@needs(rules.can_edit_contact)
def visibility(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Say who may read a person, an organisation or a post."""
    subject = subject_or_404(request, kind, key)
    initial = {"visibility": subject.visibility, "readers": subject.readers.all()}
    form = forms.VisibilityForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: people.change_visibility(
            actor=me(request), record=subject, now=timezone.now(), **values
        ),
        title=_("Who may read it"),
        back=reverse(f"contacts:{kind}", args=[subject.pk]),
        subject=subject,
    )
