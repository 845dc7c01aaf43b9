"""Organisations, their posts, who holds them, and who belongs to which group."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.contacts.actions.people import TooLate, check_may_edit, restorable_since
from hiwar.contacts.models import (
    Membership,
    Organisation,
    Person,
    Post,
    PostHolding,
    Precedence,
)
from hiwar.contacts.queries.search_documents import ORGANISATION, document_of
from hiwar.contacts.queries.vocabularies import codes, rank_of_style, style_of_title
from hiwar.engine.names import fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.accounts.models import User


class Term(TypedDict, total=False):
    """What may be said of a holding; ``ends_earlier`` False leaves whoever held the post."""

    ends_on: date | None
    took_up_functions_at: datetime | None
    is_interim: bool
    source: str
    ends_earlier: bool


class DaysInDisorder(Refused):
    """The last day is before the first."""

    code = "days_in_disorder"
    message = _("The last day is before the first.")


class CodeTaken(Refused):
    """Another organisation has this code."""

    code = "code_taken"
    message = _("Another organisation has this code.")


class AlreadyHeld(Refused):
    """The person holds the post on these days already."""

    code = "already_held"
    message = _("This person holds the post in this time already.")


class NotAGroup(Refused):
    """Only coalitions and working groups have members."""

    code = "not_a_group"
    message = _("Only coalitions and working groups have members.")


class BelongsToItself(Refused):
    """An organisation stands above itself."""

    code = "belongs_to_itself"
    message = _("An organisation cannot stand above itself.")


@transaction.atomic
def create_organisation(
    *, actor: User | None, name: Mapping[str, str], now: datetime, **attributes: object
) -> Organisation:
    """Make an organisation. Raises ``NotAllowed``, ``CodeTaken`` and ``ValidationError``."""
    check_may_edit(actor)
    organisation = Organisation(
        name=name, created_at=now, modified_at=now, owner=actor, **attributes
    )
    _check_code(organisation)
    organisation.search_text = search_text(organisation)
    organisation.full_clean()
    organisation.save()
    index_record(ORGANISATION, document_of(organisation))
    audit(actor, "contacts.organisation.create", organisation, at=now)
    return organisation


@transaction.atomic
def update_organisation(
    *, actor: User | None, organisation: Organisation, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change what is known of an organisation.

    Raises ``NotAllowed``, ``CodeTaken``, ``BelongsToItself`` and ``ValidationError``.
    """
    check_may_edit(actor, organisation)
    above = changes.get("parent")
    while isinstance(above, Organisation):
        if above.pk == organisation.pk:
            raise BelongsToItself
        above = above.parent
    if "code" in changes:
        _check_code(Organisation(pk=organisation.pk, code=str(changes["code"])))
    is_changed = update_record(actor=actor, record=organisation, changes=changes, at=now)
    if is_changed:
        organisation.modified_at = now
        organisation.search_text = search_text(organisation)
        organisation.save(update_fields=["modified_at", "search_text"])
        index_record(ORGANISATION, document_of(organisation))
    return is_changed


@transaction.atomic
def remove_organisation(*, actor: User | None, organisation: Organisation, now: datetime) -> None:
    """Take an organisation out of the register; for some days it can be put back."""
    check_may_edit(actor, organisation)
    organisation.removed_at = now
    organisation.save(update_fields=["removed_at"])
    audit(actor, "contacts.organisation.remove", organisation, at=now)


@transaction.atomic
def restore_organisation(*, actor: User | None, organisation: Organisation, now: datetime) -> None:
    """Put an organisation back as it was. Raises ``TooLate``."""
    check_may_edit(actor, organisation)
    if organisation.removed_at is None or organisation.removed_at < restorable_since(now):
        raise TooLate
    organisation.removed_at = None
    organisation.save(update_fields=["removed_at"])
    audit(actor, "contacts.organisation.restore", organisation, at=now)


@transaction.atomic
def create_post(
    *,
    actor: User | None,
    organisation: Organisation,
    title: Mapping[str, str],
    now: datetime,
    **attributes: object,
) -> Post:
    """Make a post; its form of address and class follow from the title unless they are given.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    check_may_edit(actor, organisation)
    style = str(attributes.pop("style", "")) or style_of_title(title)
    rank = attributes.pop("rank", None) or rank_of_style(style)
    post = Post(
        organisation=organisation,
        title=title,
        style=style,
        rank=rank,  # type: ignore[misc]  # whatever it is, the model says so below
        created_at=now,
        owner=actor,
        **attributes,
    )
    post.visibility = str(attributes.get("visibility") or organisation.visibility)
    post.full_clean()
    post.save()
    post.readers.set(organisation.readers.all())
    audit(actor, "contacts.post.create", post, at=now)
    return post


@transaction.atomic
def update_post(
    *, actor: User | None, post: Post, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change a post. Raises ``NotAllowed`` and ``ValidationError``."""
    check_may_edit(actor, post)
    return update_record(actor=actor, record=post, changes=changes, at=now)


@transaction.atomic
def hold_post(
    *,
    actor: User | None,
    post: Post,
    person: Person,
    starts_on: date | None,
    now: datetime,
    **term: Unpack[Term],
) -> PostHolding:
    """Let a person hold a post; whoever held it without an end leaves the day before.

    Somebody acting (``is_interim``) ends nobody's holding. Raises ``NotAllowed``,
    ``DaysInDisorder``, ``AlreadyHeld`` and ``ValidationError``.
    """
    check_may_edit(actor, post)
    check_may_edit(actor, person)
    ends_on = term.get("ends_on")
    is_interim = term.get("is_interim", False)
    if starts_on and ends_on and ends_on < starts_on:
        raise DaysInDisorder
    for other in post.holdings.filter(person=person):
        begun_after = ends_on is not None and other.starts_on and other.starts_on > ends_on
        over_before = starts_on is not None and other.ends_on and other.ends_on < starts_on
        if not begun_after and not over_before:
            raise AlreadyHeld
    if starts_on and term.get("ends_earlier", True) and not is_interim:
        for other in post.holdings.filter(is_interim=False):
            if (other.starts_on is None or other.starts_on < starts_on) and (
                other.ends_on is None or other.ends_on >= starts_on
            ):
                leave_post(
                    actor=actor, holding=other, ends_on=starts_on - timedelta(days=1), now=now
                )
    holding = PostHolding(
        post=post,
        person=person,
        starts_on=starts_on,
        ends_on=ends_on,
        took_up_functions_at=term.get("took_up_functions_at"),
        is_interim=is_interim,
        source=term.get("source", ""),
    )
    holding.full_clean()
    holding.save()
    audit(actor, "contacts.post.hold", post, at=now, changed={"person": ["", person]})
    return holding


@transaction.atomic
def leave_post(
    *, actor: User | None, holding: PostHolding, ends_on: date, now: datetime
) -> PostHolding:
    """End a holding on a day. Raises ``NotAllowed`` and ``DaysInDisorder``."""
    check_may_edit(actor, holding.post)
    if holding.starts_on and ends_on < holding.starts_on:
        raise DaysInDisorder
    before, holding.ends_on = holding.ends_on, ends_on
    holding.full_clean()
    holding.save(update_fields=["ends_on"])
    changed = {"ends_on": [before, ends_on]}
    audit(actor, "contacts.post.leave", holding.post, at=now, changed=changed)
    return holding


@transaction.atomic
def join_group(
    *,
    actor: User | None,
    organisation: Organisation,
    now: datetime,
    person: Person | None = None,
    member: Organisation | None = None,
    role: str = "",
    starts_on: date | None = None,
    source: str = "",
) -> Membership:
    """Let a person or an organisation belong to a coalition or working group.

    Raises ``NotAllowed``, ``NotAGroup``, ``BelongsToItself`` and ``ValidationError``.
    """
    check_may_edit(actor, organisation)
    if organisation.kind not in codes("group_kinds"):
        raise NotAGroup
    if member is not None and member.pk == organisation.pk:
        raise BelongsToItself
    membership = Membership(
        organisation=organisation,
        person=person,
        member=member,
        role=role,
        starts_on=starts_on,
        source=source,
    )
    membership.full_clean()
    membership.save()
    audit(actor, "contacts.organisation.join", organisation, at=now)
    return membership


@transaction.atomic
def leave_group(
    *, actor: User | None, membership: Membership, ends_on: date, now: datetime
) -> Membership:
    """End a membership on a day. Raises ``NotAllowed`` and ``DaysInDisorder``."""
    check_may_edit(actor, membership.organisation)
    if membership.starts_on and ends_on < membership.starts_on:
        raise DaysInDisorder
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    audit(actor, "contacts.organisation.leave", membership.organisation, at=now)
    return membership


@transaction.atomic
def set_precedence(
    *,
    actor: User | None,
    post: Post,
    position: int | None,
    note: str,
    decided_on: date,
    now: datetime,
) -> Precedence | None:
    """Give a post a place in the order of precedence by hand, or take it back with None.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    check_may_edit(actor, post)
    Precedence.objects.filter(post=post).delete()
    precedence = None
    if position is not None:
        precedence = Precedence(post=post, position=position, note=note, decided_on=decided_on)
        precedence.full_clean()
        precedence.save()
    audit(actor, "contacts.post.set_precedence", post, at=now, changed={"position": ["", position]})
    return precedence


def search_text(organisation: Organisation) -> str:
    """Return what an organisation is searched by: its names in every language, and its code."""
    texts = [*organisation.name.values(), *organisation.short_name.values(), organisation.code]
    return " ".join(fold_latin(fold_arabic(text)) for text in texts if text)


def _check_code(organisation: Organisation) -> None:
    others = Organisation.objects.exclude(pk=organisation.pk)
    if organisation.code and others.filter(code=organisation.code).exists():
        raise CodeTaken
