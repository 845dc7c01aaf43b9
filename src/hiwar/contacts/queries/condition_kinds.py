"""What the register itself can be asked for: sector, place, posts, bodies, consents, contacts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains
from django.utils.translation import gettext_lazy as _

from hiwar.contacts.models import Consent, Interaction, Membership, PostHolding
from hiwar.contacts.queries.conditions import Kind, Met, Parameter, register_condition
from hiwar.contacts.queries.contact_points import ANY
from hiwar.contacts.queries.holders import on
from hiwar.contacts.queries.log import interactions_for
from hiwar.contacts.queries.people import organisations_for, posts_for
from hiwar.contacts.queries.vocabularies import every_choice, style_texts
from hiwar.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
    from hiwar.contacts.queries.conditions import Asked

INVITATION = "invitation"


def agreed(purpose: str, channel: str, day: date) -> Q:
    """Return the condition of people who agreed to a purpose on a channel, on a day.

    As ``may_reach``: the latest word counts, and of two words of one day the stricter.
    """
    return Q(pk__in=_agreeing(purpose, channel, day).values("person"))


def _agreeing(purpose: str, channel: str, day: date) -> QuerySet[Consent]:
    """Return the words that stand: none is later, and none of the same day is stricter."""
    said = Consent.objects.filter(
        Q(channel=channel) | Q(channel=ANY), purpose=purpose, given_on__lte=day
    ).order_by()
    stands = Q(is_given=True) & (Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))
    stands &= Q(expires_on=None) | Q(expires_on__gte=day)
    over = Q(given_on__gt=OuterRef("given_on")) | (Q(given_on=OuterRef("given_on")) & ~stands)
    return said.filter(stands, ~Exists(said.filter(over, person=OuterRef("person"))))


def places_within(keys: Iterable[str]) -> set[object]:
    """Return the keys of places and of all places in them: one query of the tree."""
    under: dict[object, list[object]] = {}
    for key, parent in Place.objects.order_by("pk").values_list("pk", "parent_id"):
        under.setdefault(parent, []).append(key)
    places: set[object] = set()
    wanted = set(keys)
    new = [key for listed in under.values() for key in listed if str(key) in wanted]
    while new:
        places.update(new)
        new = [key for parent in new for key in under.get(parent, []) if key not in places]
    return places


def _sector(asked: Asked) -> Met:
    sectors = list(asked.values["sector"])
    return Met(Q(sector__in=sectors), Q(sector__in=sectors))


def _kind(asked: Asked) -> Met:
    kinds = list(asked.values["kind"])
    held = _held(asked).filter(post__organisation__kind__in=kinds)
    return Met(asked.named_in(held, "person"), Q(kind__in=kinds))


def _place(asked: Asked) -> Met:
    places = places_within(asked.values["place"])
    return Met(Q(place__in=places), Q(place__in=places))


def _post(asked: Asked) -> Met:
    held = _held(asked).filter(post__in=[UUID(value) for value in asked.values["post"]])
    return Met(asked.named_in(held, "person"))


def _style(asked: Asked) -> Met:
    held = _held(asked).filter(post__style__in=list(asked.values["style"]))
    return Met(asked.named_in(held, "person"))


def _body(asked: Asked) -> Met:
    keys = [UUID(value) for value in asked.values["body"]]
    joined = Membership.objects.filter(on(asked.day), organisation__in=keys)
    held = _held(asked).filter(post__organisation__in=keys)
    people = asked.named_in(joined, "person") | asked.named_in(held, "person")
    # Whoever stands below no body is not "unknown" to the opposite of this.
    bodies = asked.named_in(joined, "member") | Q(parent__isnull=False, parent__in=keys)
    return Met(people, bodies)


def _language(asked: Asked) -> Met:
    bodies = Q()
    for value in asked.values["language"]:
        bodies |= Q(Contains(Cast("languages", TextField()), f'"{value}"'))
    return Met(Q(language__in=list(asked.values["language"])), bodies)


def _consent(asked: Asked) -> Met:
    said = _agreeing(asked.one("purpose"), asked.one("channel"), asked.day)
    return Met(asked.named_in(said, "person"))


def _not_met(asked: Asked) -> Met | None:
    try:
        since = date.fromisoformat(asked.one("since"))
    except ValueError:
        return None
    talks = interactions_for(asked.user).filter(happened_on__gte=since).order_by()
    through = Interaction.people.through._default_manager
    with_them = through.filter(interaction__in=talks.values("pk"))
    return Met(~asked.named_in(with_them, "person"), ~asked.named_in(talks, "organisation"))


def _held(asked: Asked) -> QuerySet[PostHolding]:
    """Return the posts that somebody holds on the day, as far as the reader may know them."""
    seen = posts_for(asked.user).order_by().values("pk")
    return PostHolding.objects.filter(on(asked.day), post__in=seen)


def _words(group: str) -> Callable[[Somebody], Sequence[tuple[str, str]]]:
    return lambda _user: every_choice(group)


def _styles(_user: Somebody) -> list[tuple[str, str]]:
    return [(code, str(text)) for code, text in style_texts().items()]


def _places(_user: Somebody) -> list[tuple[str, str]]:
    return [(str(place.pk), str(place)) for place in Place.objects.order_by("code", "pk")]


def _named_places(_user: Somebody, keys: Collection[str]) -> dict[str, str]:
    return {str(place.pk): str(place) for place in Place.objects.filter(pk__in=keys)}


def _posts(user: Somebody) -> list[tuple[str, str]]:
    posts = posts_for(user).filter(abolished_on=None)
    return [(str(post.pk), f"{post} · {post.organisation}") for post in posts]


def _named_posts(user: Somebody, keys: Collection[str]) -> dict[str, str]:
    return {
        str(post.pk): f"{post} · {post.organisation}"
        for post in posts_for(user).filter(pk__in=keys)
    }


def _bodies(user: Somebody) -> list[tuple[str, str]]:
    return [(str(organisation.pk), str(organisation)) for organisation in organisations_for(user)]


def _named_bodies(user: Somebody, keys: Collection[str]) -> dict[str, str]:
    return {
        str(organisation.pk): str(organisation)
        for organisation in organisations_for(user).filter(pk__in=keys)
    }


KINDS = (
    Kind(
        "sector", _("Sector"), _("is in the sector: %(what)s"), _("is not in the sector: %(what)s"),
        (Parameter("sector", _("Sectors"), _words("sectors")),), _sector,
    ),
    Kind(
        "kind", _("Kind of organisation"),
        _("is an organisation of the kind, or holds a post in one: %(what)s"),
        _("is no organisation of the kind, and holds no post in one: %(what)s"),
        (Parameter("kind", _("Kinds"), _words("kinds")),), _kind,
    ),
    Kind(
        "place", _("Place, with the places in it"), _("is in: %(what)s"), _("is not in: %(what)s"),
        (Parameter("place", _("Places"), _places, _named_places),), _place,
    ),
    Kind(
        "post", _("A certain post"), _("holds the post: %(what)s"),
        _("does not hold the post: %(what)s"),
        (Parameter("post", _("Posts"), _posts, _named_posts),), _post,
    ),
    Kind(
        "style", _("Kind of post"), _("holds a post of the kind: %(what)s"),
        _("holds no post of the kind: %(what)s"),
        (Parameter("style", _("Kinds of posts"), _styles),), _style,
    ),
    Kind(
        "body", _("Belongs to an organisation or coalition"),
        _("belongs to: %(what)s"), _("does not belong to: %(what)s"),
        (Parameter("body", _("Organisations and coalitions"), _bodies, _named_bodies),), _body,
    ),
    Kind(
        "language", _("Language of letters"), _("is written to in: %(what)s"),
        _("is not written to in: %(what)s"),
        (Parameter("language", _("Languages"), _words("languages")),), _language,
    ),
    Kind(
        "consent", _("Agreed to be reached"), _("agreed: %(what)s"), _("did not agree: %(what)s"),
        (
            Parameter("purpose", _("What for"), _words("purposes"), is_single=True),
            Parameter("channel", _("How"), _words("channels"), is_single=True),
        ), _consent,
    ),
    Kind(
        "contact", _("Not contacted since a day"),
        _("no contact is known since %(what)s"), _("a contact is known since %(what)s"),
        (Parameter("since", _("Since")),), _not_met,
    ),
)  # fmt: skip


def register_kinds() -> None:
    """Offer the conditions of the register."""
    for kind in KINDS:
        register_condition(kind)
