"""People: the list, the page of a person, and what is changed on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common import dates
from hiwar.common.desk.lists import Bulk, Listing, Select, ordered, sort_columns
from hiwar.common.desk.pages import attempt, key_or_404, paged, part_or_404
from hiwar.common.templatetags.components import number
from hiwar.contacts import forms, rules
from hiwar.contacts.actions import contact_points, organisations, people, quick_add, readings
from hiwar.contacts.desk.network import drawing_beside
from hiwar.contacts.desk.pages import (
    form_page,
    narrowed_by,
    page,
    person_or_404,
    register_list,
    removed_person_or_404,
)
from hiwar.contacts.models import PostHolding
from hiwar.contacts.queries import (
    address_of,
    letter_language,
    organisations_for,
    points_for,
    posts_of,
    search_people,
)
from hiwar.contacts.queries.contact_points import consents_of, silent_points, stands
from hiwar.contacts.queries.holders import is_leaving, on
from hiwar.contacts.queries.log import last_contacts, notes_for, with_person
from hiwar.contacts.queries.pages import relations_of
from hiwar.contacts.queries.people import people_asked_for, posts_for, removed_people
from hiwar.contacts.queries.register import open_pairs
from hiwar.contacts.queries.segments import segments_of
from hiwar.contacts.queries.vocabularies import every_choice, label

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.accounts.models import User
    from hiwar.contacts.models import Person
    from hiwar.contacts.queries import Address

SHOWN = 20
ORDERS = {"name": "sort_name", "added": "created_at"}


@needs(rules.can_see_contact)
def list_people(request: HttpRequest) -> HttpResponse:
    """List people: all, of a sector, of a language of letters, or whose names answer a query."""
    user, today = me(request), timezone.localdate()
    query, sector, language = narrowed_by(request)
    current = Prefetch(
        "holdings",
        PostHolding.objects.filter(on(today), post__in=posts_for(user))
        .select_related("post__organisation")
        .order_by("is_interim", "-starts_on", "pk"),
        to_attr="current",
    )
    columns = {"name": _("Name"), "added": pgettext("list of people", "Added on")}
    order, headings = sort_columns(request, columns, "name")
    asked_for = people_asked_for(user, query, sector, language).select_related("place")
    listed: Any = ordered(asked_for, order, ORDERS).prefetch_related(current)
    if query and "sort" not in request.GET:
        people_by_key = {member.pk: member for member in listed}
        keys = [match.pk for match in search_people(user, query)]
        listed = [people_by_key[key] for key in keys if key in people_by_key]
        headings["name"]["sorted"] = ""
    shown = paged(request, listed)
    members = list(shown["page"])
    count = shown["page"].paginator.count
    narrowed = urlencode({"q": query, "sector": sector, "language": language})
    into_segment = reverse("contacts:put_into_segment")
    may_edit = rules.can_edit_contact(user)
    may_import = rules.can_import_contact(user)
    files = reverse("accounts:import_files", args=["contacts.people"])
    listing = Listing(
        title=_("People"),
        url=reverse("contacts:people"),
        everything=_("All people"),
        no_match=_("Nobody was found"),
        none_yet=_("Nobody is in the register yet"),
        why=_("Add the first person, or bring in a spreadsheet as it is."),
        search=_("Name in any script, telephone or e-mail"),
        fewer=_(
            "Try a part of the name, in Arabic or Latin letters, or all sectors and languages."
        ),
        new=(_("New person"), reverse("contacts:new_person")) if may_edit else None,
        first=(_("Bring in a spreadsheet"), files) if may_import else None,
    )
    return register_list(
        request,
        "people",
        listing,
        tab="people",
        page=shown,
        words=query,
        selects=[
            Select("sector", _("Sector"), _("All sectors"), every_choice("sectors"), sector),
            Select(
                "language",
                _("Language of letters"),
                _("All languages"),
                every_choice("languages"),
                language,
            ),
        ],
        bulk=Bulk(
            into_segment,
            _("Put those chosen into a segment"),
            _("Put everybody in this list into a segment"),
            f"{into_segment}?{narrowed}",
        )
        if may_edit
        else None,
        caption=ngettext("%(n)s person", "%(n)s people", count) % {"n": number(count)},
        narrowed=narrowed,
        columns=[
            headings["name"],
            {"label": pgettext("list of people", "Post")},
            {"label": pgettext("list of people", "Place")},
            {"label": pgettext("list of people", "Last contact")},
            headings["added"],
        ],
        rows=_rows(user, members),
        pairs=open_pairs(user).count() if rules.can_merge_person(user) else 0,
        removed=list(removed_people(user, people.restorable_since(timezone.now()))[:SHOWN])
        if may_edit and not query
        else [],
    )


def _rows(user: User, members: list[Person]) -> list[list[dict[str, object]]]:
    """Return the cells of a page of people."""
    contacts = last_contacts(user, members)
    may_choose = rules.can_edit_contact(user)
    rows = []
    for person in members:
        is_close = person.visibility in {"team", "personal"}
        last = contacts.get(person.pk)
        posts = [f"{held.post.title} · {held.post.organisation.name}" for held in person.current]  # type: ignore[attr-defined]  # prefetched
        posts += [person.code] if person.code else []
        rows.append(
            [
                {
                    "label": _("Name"),
                    "value": person.shown_name.marked,
                    "url": reverse("contacts:person", args=[person.pk]),
                    "badge": person.get_visibility_display() if is_close else "",
                    "choose": person.pk if may_choose else None,
                },
                {"label": pgettext("list of people", "Post"), "value": _(", ").join(posts)},
                {
                    "label": pgettext("list of people", "Place"),
                    "value": person.place.name if person.place else "",
                },
                {
                    "label": pgettext("list of people", "Last contact"),
                    "value": dates.short_day(last) if last else "",
                },
                {
                    "label": pgettext("list of people", "Added on"),
                    "value": dates.short_day(dates.local_day(person.created_at)),
                },
            ]
        )
    return rows


@needs(rules.can_edit_contact)
def new_person(request: HttpRequest) -> HttpResponse:
    """Add a person in a minute: name, telephone, post."""
    form = forms.QuickPersonForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: _add(request, values),
        title=_("New person"),
        back=reverse("contacts:people"),
        done=_("The person was added."),
        verb=_("Add the person"),
    )


def _add(request: HttpRequest, values: dict[str, Any]) -> str:
    now = timezone.now()
    actor = me(request)
    person = quick_add.create_quick_person(actor=actor, now=now, **values)
    return reverse("contacts:person", args=[person.pk])


@needs(rules.can_see_contact)
def person(request: HttpRequest, key: str) -> HttpResponse:
    """Show everything about a person that the user may read, on one page."""
    person = person_or_404(request, key)
    if str(person.pk) != str(key_or_404(key)):
        return redirect("contacts:person", person.pk)
    user, today = me(request), timezone.localdate()
    log = with_person(user, person)
    shown = list(points_for(user).filter(person=person))
    notes = list(notes_for(user).filter(person=person))
    readings.record_reading(
        actor=user, person=person, points=shown, notes=notes, now=timezone.now()
    )
    return page(
        request,
        "person",
        person=person,
        sector=label("sectors", person.sector),
        language=label("languages", person.language),
        names=person.names.order_by("kind", "language", "text", "pk"),
        timeline=_posts(request, person),
        points=shown,
        silent=silent_points(shown),
        hidden_points=person.points.filter(is_private=True).exists()
        and not rules.can_see_private_point(user),
        consents=[
            (
                consent,
                label("purposes", consent.purpose),
                label("channels", consent.channel),
                stands(consent, today),
            )
            for consent in consents_of(person)
        ],
        log=log[:SHOWN],
        log_count=log.count(),
        relations=relations_of(user, person),
        drawing=drawing_beside(request, person),
        segments=segments_of(user, person, today),
        notes=notes,
        address=_address(request, person),
        pairs=open_pairs(user).filter_person(person) if rules.can_merge_person(user) else [],
        memberships=person.memberships.filter(organisation__in=organisations_for(user).order_by())
        .select_related("organisation")
        .order_by("starts_on", "pk"),
        merges=person.merges_kept.filter(undone_at=None)
        .select_related("other", "decided_by")
        .order_by("-decided_at", "pk"),
        readers=person.readers.order_by("email", "pk"),
    )


def _address(request: HttpRequest, person: Person) -> Address:
    """Return how a letter to the person opens, from the posts that the reader may read."""
    seen, today = posts_for(me(request)), timezone.localdate()
    language = letter_language(person, today, within=seen)
    return address_of(person, language, today, within=seen)


def _posts(request: HttpRequest, person: Person) -> list[dict[str, object]]:
    today = timezone.localdate()
    seen = set(posts_for(me(request)).values_list("pk", flat=True))
    return [
        {
            "holding": holding,
            "is_current": (holding.ends_on is None or holding.ends_on >= today)
            and (holding.starts_on is None or holding.starts_on <= today),
            "is_leaving": is_leaving(holding, today),
        }
        for holding in posts_of(person)
        if holding.post_id in seen
    ]


@needs(rules.can_edit_contact)
def edit_person(request: HttpRequest, key: str) -> HttpResponse:
    person = person_or_404(request, key)
    names = (
        "shown_name",
        "family_name",
        "sex",
        "honorific",
        "language",
        "sector",
        "birth_year",
        "place",
    )
    initial = {name: getattr(person, name) for name in names}
    form = forms.PersonForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: people.update_person(
            actor=me(request), person=person, changes=values, now=timezone.now()
        ),
        title=_("Change the person"),
        back=reverse("contacts:person", args=[person.pk]),
        subject=person,
    )


@needs(rules.can_edit_contact)
def name_person(request: HttpRequest, key: str) -> HttpResponse:
    person = person_or_404(request, key)
    form = forms.NameForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: people.add_name(
            actor=me(request), person=person, now=timezone.now(), **values
        ),
        title=_("Another spelling of the name"),
        back=reverse("contacts:person", args=[person.pk]),
        subject=person,
    )


@require_POST
@needs(rules.can_edit_contact)
def unname_person(request: HttpRequest, key: str, part: str) -> HttpResponse:
    person = person_or_404(request, key)
    name = part_or_404(person.names, part)
    attempt(
        request,
        lambda: people.remove_name(actor=me(request), name=name, now=timezone.now()),
        _("The spelling was taken away."),
    )
    return redirect("contacts:person", person.pk)


@needs(rules.can_edit_contact)
def consent(request: HttpRequest, key: str) -> HttpResponse:
    person = person_or_404(request, key)
    initial = {"given_on": timezone.localdate()}
    form = forms.ConsentForm(request.POST or None, initial=initial, user=me(request))
    return form_page(
        request,
        form,
        lambda values: contact_points.record_consent(
            actor=me(request), person=person, now=timezone.now(), **values
        ),
        title=_("What the person agreed to"),
        back=reverse("contacts:person", args=[person.pk]),
        subject=person,
    )


@require_POST
@needs(rules.can_edit_contact)
def withdraw(request: HttpRequest, key: str, part: str) -> HttpResponse:
    person = person_or_404(request, key)
    consents = part_or_404(person.consents, part)
    attempt(
        request,
        lambda: contact_points.withdraw_consent(
            actor=me(request), consent=consents, on=timezone.localdate(), now=timezone.now()
        ),
        _("The consent was withdrawn today."),
    )
    return redirect("contacts:person", person.pk)


@needs(rules.can_edit_contact)
def relate(request: HttpRequest, key: str) -> HttpResponse:
    person = person_or_404(request, key)
    form = forms.RelationshipForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: contact_points.relate_people(
            actor=me(request), person=person, now=timezone.now(), **values
        ),
        title=_("How the person stands to another"),
        back=reverse("contacts:person", args=[person.pk]),
        subject=person,
    )


@require_POST
@needs(rules.can_edit_contact)
def unrelate(request: HttpRequest, key: str, part: str) -> HttpResponse:
    person = person_or_404(request, key)
    relationship = part_or_404(person.relationships, part)
    attempt(
        request,
        lambda: contact_points.remove_relationship(
            actor=me(request), relationship=relationship, now=timezone.now()
        ),
        _("The relationship was taken away."),
    )
    return redirect("contacts:person", person.pk)


@needs(rules.can_edit_contact)
def person_post(request: HttpRequest, key: str) -> HttpResponse:
    """Give a person a post that is there."""
    person = person_or_404(request, key)
    form = forms.PersonPostForm(request.POST or None, user=me(request))
    return form_page(
        request,
        form,
        lambda values: organisations.hold_post(
            actor=me(request), person=person, now=timezone.now(), **values
        ),
        title=_("A post of the person"),
        back=reverse("contacts:person", args=[person.pk]),
        subject=person,
    )


@require_POST
@needs(rules.can_edit_contact)
def remove(request: HttpRequest, key: str) -> HttpResponse:
    person = person_or_404(request, key)
    attempt(
        request,
        lambda: people.remove_person(actor=me(request), person=person, now=timezone.now()),
        _("The person was removed. For 30 days they can be put back from the list of people."),
    )
    return redirect("contacts:people")


@require_POST
@needs(rules.can_edit_contact)
def restore(request: HttpRequest, key: str) -> HttpResponse:
    removed = removed_person_or_404(request, key)
    attempt(
        request,
        lambda: people.restore_person(actor=me(request), person=removed, now=timezone.now()),
        _("The person was put back."),
    )
    return redirect("contacts:people")
