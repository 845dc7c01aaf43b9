"""Organisations and posts: pages, changes, who holds what, who belongs where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.lists import Listing, Select, ordered, sort_columns
from hiwar.common.desk.pages import attempt, key_or_404, paged, part_or_404
from hiwar.common.templatetags.components import number
from hiwar.contacts import forms, rules
from hiwar.contacts.actions import organisations
from hiwar.contacts.actions.people import restorable_since
from hiwar.contacts.desk.network import drawing_beside
from hiwar.contacts.desk.pages import (
    form_page,
    organisation_or_404,
    page,
    post_or_404,
    register_list,
)
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
ORDERS = {"code": "code", "name": "name", "added": "created_at"}


@needs(rules.can_see_contact)
def list_organisations(request: HttpRequest) -> HttpResponse:
    """List organisations, by kind or by what their name holds."""
    user = me(request)
    query, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    asked_for = search_organisations(user, query) if query else organisations_for(user)
    columns = {
        "code": _("Code"),
        "name": _("Name"),
        "added": pgettext("list of people", "Added on"),
    }
    order, headings = sort_columns(request, columns, "code")
    listed = asked_for.filter(kind=kind) if kind else asked_for
    shown = paged(request, ordered(listed.select_related("place"), order, ORDERS))
    count = shown["page"].paginator.count
    may_edit = rules.can_edit_contact(user)
    listing = Listing(
        title=_("Organisations"),
        url=reverse("contacts:organisations"),
        everything=_("All organisations"),
        no_match=_("No organisation was found"),
        none_yet=_("No organisation is in the register yet"),
        search=_("Name or code"),
        fewer=_("Try a part of the name, or all kinds."),
        new=(_("New organisation"), reverse("contacts:new_organisation")) if may_edit else None,
    )
    return register_list(
        request,
        "organisations",
        listing,
        tab="organisations",
        page=shown,
        words=query,
        selects=[Select("kind", _("Kind"), _("All kinds"), every_choice("kinds"), kind)],
        headings=headings,
        count=ngettext("%(n)s organisation", "%(n)s organisations", count) % {"n": number(count)},
        rows=[
            (row, label("kinds", row.kind), label("sectors", row.sector)) for row in shown["page"]
        ],
        removed=list(removed_organisations(user, restorable_since(timezone.now()))[:SHOWN])
        if may_edit and not query
        else [],
    )


@needs(rules.can_edit_contact)
def new_organisation(request: HttpRequest) -> HttpResponse:
    form = forms.OrganisationForm(request.POST or None, user=me(request))

    def add(values: dict[str, Any]) -> str:
        organisation = organisations.create_organisation(
            actor=me(request), now=timezone.now(), **values
        )
        return reverse("contacts:organisation", args=[organisation.pk])

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
    organisation = organisation_or_404(request, key)
    user, today = me(request), timezone.localdate()
    log = with_organisation(user, organisation)
    return page(
        request,
        "organisation",
        organisation=organisation,
        kind=label("kinds", organisation.kind),
        sector=label("sectors", organisation.sector),
        languages=[label("languages", language) for language in organisation.languages],
        is_mission=organisation.kind in codes("mission_kinds"),
        is_group=organisation.kind in codes("group_kinds"),
        posts=_posts(request, organisation),
        former=PostHolding.objects.filter(
            post__in=posts_for(user).filter(organisation=organisation),
            person__in=people_for(user),
            ends_on__lt=today,
        )
        .select_related("post", "person")
        .order_by("-ends_on", "pk"),
        points=points_for(user).filter(organisation=organisation),
        log=log[:SHOWN],
        log_count=log.count(),
        promises=promises_for(user).filter(interaction__organisation=organisation),
        notes=notes_for(user).filter(organisation=organisation),
        drawing=drawing_beside(request, organisation),
        segments=segments_of(user, organisation, today),
        members=members_of(user, organisation),
        groups=groups_of(user, organisation),
        children=organisations_for(user).filter(parent=organisation),
        parent=organisations_for(user).filter(children=organisation).first(),
        readers=organisation.readers.order_by("email", "pk"),
    )


def _posts(request: HttpRequest, organisation: Organisation) -> list[dict[str, object]]:
    user, today = me(request), timezone.localdate()
    posts = list(posts_for(user).filter(organisation=organisation))
    seen = {person.pk: person for person in people_for(user).filter(holdings__post__in=posts)}
    holdings: dict[object, list[PostHolding]] = {}
    for post_holding in PostHolding.objects.filter(on(today), post__in=posts).order_by(
        "is_interim", "pk"
    ):
        holdings.setdefault(post_holding.post_id, []).append(post_holding)
    return [
        {
            "post": post,
            "holders": [
                (seen[holding.person_id], holding, is_leaving(holding, today))
                for holding in holdings.get(post.pk, [])
                if holding.person_id in seen
            ],
        }
        for post in posts
    ]


@needs(rules.can_edit_contact)
def edit_organisation(request: HttpRequest, key: str) -> HttpResponse:
    organisation = organisation_or_404(request, key)
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
    initial = {name: getattr(organisation, name) for name in names}
    form = forms.OrganisationForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: organisations.update_organisation(
            actor=me(request), organisation=organisation, changes=values, now=timezone.now()
        ),
        title=_("Change the organisation"),
        back=reverse("contacts:organisation", args=[organisation.pk]),
        subject=organisation,
    )


@require_POST
@needs(rules.can_edit_contact)
def remove_organisation(request: HttpRequest, key: str) -> HttpResponse:
    organisation = organisation_or_404(request, key)
    attempt(
        request,
        lambda: organisations.remove_organisation(
            actor=me(request), organisation=organisation, now=timezone.now()
        ),
        _("The organisation was removed. For 30 days it can be put back from the list."),
    )
    return redirect("contacts:organisations")


@require_POST
@needs(rules.can_edit_contact)
def restore_organisation(request: HttpRequest, key: str) -> HttpResponse:
    since = restorable_since(timezone.now())
    organisation = part_or_404(removed_organisations(me(request), since), key)
    attempt(
        request,
        lambda: organisations.restore_organisation(
            actor=me(request), organisation=organisation, now=timezone.now()
        ),
        _("The organisation was put back."),
    )
    return redirect("contacts:organisation", organisation.pk)


@needs(rules.can_edit_contact)
def join(request: HttpRequest, key: str) -> HttpResponse:
    organisation = organisation_or_404(request, key)
    form = forms.MembershipForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: organisations.join_group(
            actor=me(request), organisation=organisation, now=timezone.now(), **values
        ),
        title=_("New member"),
        back=reverse("contacts:organisation", args=[organisation.pk]),
        subject=organisation,
    )


@needs(rules.can_edit_contact)
def leave(request: HttpRequest, key: str, part: str) -> HttpResponse:
    organisation = organisation_or_404(request, key)
    listed = {member.pk: member for member in members_of(me(request), organisation)}
    membership = listed.get(key_or_404(part)) or get_object_or_404(organisation.memberships.none())
    initial = {"day": timezone.localdate()}
    form = forms.DayForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: organisations.leave_group(
            actor=me(request), membership=membership, ends_on=values["day"], now=timezone.now()
        ),
        title=_("End the membership"),
        back=reverse("contacts:organisation", args=[organisation.pk]),
        subject=membership.person or membership.member,
    )


@needs(rules.can_edit_contact)
def new_post(request: HttpRequest, key: str) -> HttpResponse:
    organisation = organisation_or_404(request, key)
    form = forms.PostForm(request.POST or None, user=me(request))

    def add(values: dict[str, Any]) -> str:
        post = organisations.create_post(
            actor=me(request), organisation=organisation, now=timezone.now(), **values
        )
        return reverse("contacts:post", args=[post.pk])

    return form_page(
        request,
        form,
        add,
        title=_("New post"),
        back=reverse("contacts:organisation", args=[organisation.pk]),
        subject=organisation,
        verb=_("Add the post"),
    )


@needs(rules.can_see_contact)
def post(request: HttpRequest, key: str) -> HttpResponse:
    """Show a post: who holds and held it, how it is addressed, every contact with it."""
    post = post_or_404(request, key)
    user, today = me(request), timezone.localdate()
    seen = set(people_for(user).filter(holdings__post=post).values_list("pk", flat=True))
    holders = [person for person in holders_on(post, today) if person.pk in seen]
    log = with_post(user, post)
    is_hidden = bool({person.pk for person in holders_on(post, today)} - seen)
    spoken = letter_language(post, today)
    return page(
        request,
        "post",
        post=post,
        style=style_texts().get(post.style or "ordinary", ""),
        holders=holders,
        history=[
            (
                holding,
                is_leaving(holding, today),
                holding.ends_on is None or holding.ends_on >= today,
            )
            for holding in history_of(post)
            if holding.person_id in seen
        ],
        addresses=[]
        if is_hidden
        else [
            (address_of(post, language, today), label("languages", language))
            for language in languages_of_address(*post.organisation.languages, spoken)
        ],
        letter_language=label("languages", spoken),
        points=points_for(user).filter(post=post),
        log=log[:SHOWN],
        log_count=log.count(),
        promises=promises_for(user).filter(interaction__post=post),
        notes=notes_for(user).filter(post=post),
        precedence=getattr(post, "precedence", None),
        readers=post.readers.order_by("email", "pk"),
    )


@needs(rules.can_edit_contact)
def edit_post(request: HttpRequest, key: str) -> HttpResponse:
    post = post_or_404(request, key)
    initial = {
        name: getattr(post, name)
        for name in ("title", "feminine_title", "style", "rank", "position")
    }
    form = forms.PostForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: organisations.update_post(
            actor=me(request), post=post, changes=values, now=timezone.now()
        ),
        title=_("Change the post"),
        back=reverse("contacts:post", args=[post.pk]),
        subject=post,
    )


@needs(rules.can_edit_contact)
def hold(request: HttpRequest, key: str) -> HttpResponse:
    post = post_or_404(request, key)
    form = forms.HoldForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: organisations.hold_post(
            actor=me(request), post=post, now=timezone.now(), **values
        ),
        title=_("Who holds the post now"),
        back=reverse("contacts:post", args=[post.pk]),
        subject=post,
    )


@needs(rules.can_edit_contact)
def leave_post(request: HttpRequest, key: str, part: str) -> HttpResponse:
    post = post_or_404(request, key)
    rows = post.holdings.filter(person__in=people_for(me(request)))
    holding = part_or_404(rows, part)
    initial = {"day": holding.ends_on or timezone.localdate()}
    form = forms.DayForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: organisations.leave_post(
            actor=me(request), holding=holding, ends_on=values["day"], now=timezone.now()
        ),
        title=_("Leaves the post"),
        back=reverse("contacts:post", args=[post.pk]),
        subject=holding.person,
    )


@needs(rules.can_edit_contact)
def order(request: HttpRequest, key: str) -> HttpResponse:
    """Give a post a place in the order of precedence by hand."""
    post = post_or_404(request, key)
    there = getattr(post, "precedence", None)
    initial = {"decided_on": timezone.localdate()}
    if there is not None:
        initial = {name: getattr(there, name) for name in ("position", "note", "decided_on")}
    form = forms.PrecedenceForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: organisations.set_precedence(
            actor=me(request), post=post, now=timezone.now(), **values
        ),
        title=_("Place in the order of precedence"),
        back=reverse("contacts:post", args=[post.pk]),
        subject=post,
    )
