"""Organisations and posts: pages, changes, who holds what, who belongs where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.pages import attempt, key_or_404, paged
from hiwar.contacts import forms, rules
from hiwar.contacts.actions import organisations
from hiwar.contacts.actions.people import restorable_since
from hiwar.contacts.desk.network import drawing_beside
from hiwar.contacts.desk.pages import form_page, organisation_or_404, page, post_or_404
from hiwar.contacts.models import PostHolding
from hiwar.contacts.queries import (
    address_of,
    history_of,
    holders_on,
    languages_of_address,
    letter_language,
    organisations_for,
    people_for,
    points_for,
    posts_for,
    search_organisations,
)
from hiwar.contacts.queries.holders import is_leaving, on
from hiwar.contacts.queries.log import notes_for, promises_for, with_organisation, with_post
from hiwar.contacts.queries.pages import groups_of, members_of
from hiwar.contacts.queries.people import removed_organisations
from hiwar.contacts.queries.segments import segments_of
from hiwar.contacts.queries.vocabularies import codes, every_choice, label, style_texts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.contacts.models import Organisation

SHOWN = 20


@needs(rules.can_see_contact)
def list_organisations(request: HttpRequest) -> HttpResponse:
    """List organisations, by kind or by what their name holds."""
    user = me(request)
    query, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    found = search_organisations(user, query) if query else organisations_for(user)
    listed = found.filter(kind=kind) if kind else found
    shown = paged(request, listed.select_related("place"))
    return page(
        request,
        "organisations",
        query=query,
        kind=kind,
        kinds=every_choice("kinds"),
        rows=[
            (one, label("kinds", one.kind), label("sectors", one.sector)) for one in shown["page"]
        ],
        removed=list(removed_organisations(user, restorable_since(timezone.now()))[:SHOWN])
        if rules.can_edit_contact(user) and not query
        else [],
        **shown,
    )


@needs(rules.can_edit_contact)
def new_organisation(request: HttpRequest) -> HttpResponse:
    form = forms.OrganisationForm(request.POST or None, user=me(request))

    def add(given: dict[str, Any]) -> str:
        made = organisations.create_organisation(actor=me(request), now=timezone.now(), **given)
        return reverse("contacts:organisation", args=[made.pk])

    return form_page(
        request,
        form,
        add,
        title=_("New organisation"),
        back=reverse("contacts:organisations"),
        done=_("The organisation was added."),
        verb=_("Add the organisation"),
    )


@needs(rules.can_see_contact)
def organisation(request: HttpRequest, key: str) -> HttpResponse:
    """Show an organisation: its posts and who holds them, and every contact with it."""
    found = organisation_or_404(request, key)
    user, today = me(request), timezone.localdate()
    log = with_organisation(user, found)
    return page(
        request,
        "organisation",
        organisation=found,
        kind=label("kinds", found.kind),
        sector=label("sectors", found.sector),
        languages=[label("languages", one) for one in found.languages],
        is_mission=found.kind in codes("mission_kinds"),
        is_group=found.kind in codes("group_kinds"),
        posts=_posts(request, found),
        former=PostHolding.objects.filter(
            post__in=posts_for(user).filter(organisation=found),
            person__in=people_for(user),
            ends_on__lt=today,
        )
        .select_related("post", "person")
        .order_by("-ends_on", "pk"),
        points=points_for(user).filter(organisation=found),
        log=log[:SHOWN],
        log_count=log.count(),
        promises=promises_for(user).filter(interaction__organisation=found),
        notes=notes_for(user).filter(organisation=found),
        drawing=drawing_beside(request, found),
        segments=segments_of(user, found, today),
        members=members_of(user, found),
        groups=groups_of(user, found),
        children=organisations_for(user).filter(parent=found),
        parent=organisations_for(user).filter(children=found).first(),
        readers=found.readers.order_by("email", "pk"),
    )


def _posts(request: HttpRequest, found: Organisation) -> list[dict[str, object]]:
    user, today = me(request), timezone.localdate()
    posts = list(posts_for(user).filter(organisation=found))
    seen = {one.pk: one for one in people_for(user).filter(holdings__post__in=posts)}
    holdings: dict[object, list[PostHolding]] = {}
    for one in PostHolding.objects.filter(on(today), post__in=posts).order_by("is_interim", "pk"):
        holdings.setdefault(one.post_id, []).append(one)
    return [
        {
            "post": post,
            "holders": [
                (seen[one.person_id], one, is_leaving(one, today))
                for one in holdings.get(post.pk, [])
                if one.person_id in seen
            ],
        }
        for post in posts
    ]


@needs(rules.can_edit_contact)
def edit_organisation(request: HttpRequest, key: str) -> HttpResponse:
    found = organisation_or_404(request, key)
    names = (
        "name",
        "short_name",
        "code",
        "kind",
        "sector",
        "languages",
        "place",
        "parent",
        "stance",
    )
    initial = {name: getattr(found, name) for name in names}
    form = forms.OrganisationForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda given: organisations.update_organisation(
            actor=me(request), organisation=found, changes=given, now=timezone.now()
        ),
        title=_("Change the organisation"),
        back=reverse("contacts:organisation", args=[found.pk]),
        subject=found,
    )


@require_POST
@needs(rules.can_edit_contact)
def remove_organisation(request: HttpRequest, key: str) -> HttpResponse:
    found = organisation_or_404(request, key)
    attempt(
        request,
        lambda: organisations.remove_organisation(
            actor=me(request), organisation=found, now=timezone.now()
        ),
        _("The organisation was removed. For 30 days it can be put back from the list."),
    )
    return redirect("contacts:organisations")


@require_POST
@needs(rules.can_edit_contact)
def restore_organisation(request: HttpRequest, key: str) -> HttpResponse:
    since = restorable_since(timezone.now())
    found = get_object_or_404(removed_organisations(me(request), since), pk=key_or_404(key))
    attempt(
        request,
        lambda: organisations.restore_organisation(
            actor=me(request), organisation=found, now=timezone.now()
        ),
        _("The organisation was put back."),
    )
    return redirect("contacts:organisation", found.pk)


@needs(rules.can_edit_contact)
def join(request: HttpRequest, key: str) -> HttpResponse:
    found = organisation_or_404(request, key)
    form = forms.MembershipForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda given: organisations.join_group(
            actor=me(request), organisation=found, now=timezone.now(), **given
        ),
        title=_("New member"),
        back=reverse("contacts:organisation", args=[found.pk]),
        subject=found,
    )


@needs(rules.can_edit_contact)
def leave(request: HttpRequest, key: str, part: str) -> HttpResponse:
    found = organisation_or_404(request, key)
    listed = {one.pk: one for one in members_of(me(request), found)}
    membership = listed.get(key_or_404(part)) or get_object_or_404(found.memberships.none())
    initial = {"day": timezone.localdate()}
    form = forms.DayForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda given: organisations.leave_group(
            actor=me(request), membership=membership, ends_on=given["day"], now=timezone.now()
        ),
        title=_("End the membership"),
        back=reverse("contacts:organisation", args=[found.pk]),
        subject=membership.person or membership.member,
    )


@needs(rules.can_edit_contact)
def new_post(request: HttpRequest, key: str) -> HttpResponse:
    found = organisation_or_404(request, key)
    form = forms.PostForm(request.POST or None, user=me(request))

    def add(given: dict[str, Any]) -> str:
        made = organisations.create_post(
            actor=me(request), organisation=found, now=timezone.now(), **given
        )
        return reverse("contacts:post", args=[made.pk])

    return form_page(
        request,
        form,
        add,
        title=_("New post"),
        back=reverse("contacts:organisation", args=[found.pk]),
        subject=found,
        verb=_("Add the post"),
    )


@needs(rules.can_see_contact)
def post(request: HttpRequest, key: str) -> HttpResponse:
    """Show a post: who holds and held it, how it is addressed, every contact with it."""
    found = post_or_404(request, key)
    user, today = me(request), timezone.localdate()
    seen = set(people_for(user).filter(holdings__post=found).values_list("pk", flat=True))
    holders = [one for one in holders_on(found, today) if one.pk in seen]
    log = with_post(user, found)
    is_hidden = bool({one.pk for one in holders_on(found, today)} - seen)
    return page(
        request,
        "post",
        post=found,
        style=style_texts().get(found.style or "ordinary", ""),
        holders=holders,
        history=[
            (one, is_leaving(one, today), one.ends_on is None or one.ends_on >= today)
            for one in history_of(found)
            if one.person_id in seen
        ],
        addresses=[]
        if is_hidden
        else [
            (address_of(found, one, today), label("languages", one))
            for one in languages_of_address()
        ],
        letter_language=label("languages", letter_language(found, today)),
        points=points_for(user).filter(post=found),
        log=log[:SHOWN],
        log_count=log.count(),
        promises=promises_for(user).filter(interaction__post=found),
        notes=notes_for(user).filter(post=found),
        precedence=getattr(found, "precedence", None),
        readers=found.readers.order_by("email", "pk"),
    )


@needs(rules.can_edit_contact)
def edit_post(request: HttpRequest, key: str) -> HttpResponse:
    found = post_or_404(request, key)
    initial = {
        name: getattr(found, name)
        for name in ("title", "feminine_title", "style", "rank", "position")
    }
    form = forms.PostForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda given: organisations.update_post(
            actor=me(request), post=found, changes=given, now=timezone.now()
        ),
        title=_("Change the post"),
        back=reverse("contacts:post", args=[found.pk]),
        subject=found,
    )


@needs(rules.can_edit_contact)
def hold(request: HttpRequest, key: str) -> HttpResponse:
    found = post_or_404(request, key)
    form = forms.HoldForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda given: organisations.hold_post(
            actor=me(request), post=found, now=timezone.now(), **given
        ),
        title=_("Who holds the post now"),
        back=reverse("contacts:post", args=[found.pk]),
        subject=found,
    )


@needs(rules.can_edit_contact)
def leave_post(request: HttpRequest, key: str, part: str) -> HttpResponse:
    found = post_or_404(request, key)
    rows = found.holdings.filter(person__in=people_for(me(request)))
    holding = get_object_or_404(rows, pk=key_or_404(part))
    initial = {"day": holding.ends_on or timezone.localdate()}
    form = forms.DayForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda given: organisations.leave_post(
            actor=me(request), holding=holding, ends_on=given["day"], now=timezone.now()
        ),
        title=_("Leaves the post"),
        back=reverse("contacts:post", args=[found.pk]),
        subject=holding.person,
    )


@needs(rules.can_edit_contact)
def order(request: HttpRequest, key: str) -> HttpResponse:
    """Give a post a place in the order of precedence by hand."""
    found = post_or_404(request, key)
    there = getattr(found, "precedence", None)
    initial = {"decided_on": timezone.localdate()}
    if there is not None:
        initial = {name: getattr(there, name) for name in ("position", "note", "decided_on")}
    form = forms.PrecedenceForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda given: organisations.set_precedence(
            actor=me(request), post=found, now=timezone.now(), **given
        ),
        title=_("Place in the order of precedence"),
        back=reverse("contacts:post", args=[found.pk]),
        subject=found,
    )
