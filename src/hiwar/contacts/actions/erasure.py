"""What the register holds on a person, and how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import is_readable_by
from hiwar.accounts.rules import can_erase_people
from hiwar.common.personal.actions import empty_runs
from hiwar.common.personal.holdings import Holding, Subject
from hiwar.contacts.models import (
    ContactPoint,
    FileRow,
    Interaction,
    Membership,
    Person,
    PersonName,
    PostHolding,
    Relationship,
)
from hiwar.contacts.queries.people import search_people

if TYPE_CHECKING:
    from hiwar.accounts.rules import Somebody
    from hiwar.common.personal.holdings import Traces

PERSON = "contacts.person"


def records_of(person: Person, traces: Traces) -> list[Person]:
    """Return every record of a person, merged ones too, and note the words they hold."""
    root = person
    while root.merged_into is not None:
        root = root.merged_into
    records, at = [root], 0
    while at < len(records):
        records += records[at].merged.order_by("pk")
        at += 1
    for record in records:
        traces.know(str(record.pk), record.pk.hex, *record.shown_name.values())
    names = PersonName.objects.filter(person__in=records).order_by("pk")
    traces.know(*names.values_list("text", flat=True))
    points = ContactPoint.objects.filter(person__in=records).order_by("pk")
    for value, key in points.values_list("value", "key"):
        traces.know(value, key)
    return [person, *(record for record in records if record.pk != person.pk)]


def _may(user: Somebody, person: Person | None) -> bool:
    return can_erase_people(user) and (person is None or is_readable_by(user, person))


def _erase(traces: Traces) -> None:
    people = Person.objects.filter(pk__in=traces.keys)
    rows = FileRow.objects.filter(person__in=people)
    empty_runs(traces, rows.order_by("pk").values_list("run", flat=True))
    traces.drop(rows)
    traces.drop(Relationship.objects.filter(person__in=people))
    traces.drop(Relationship.objects.filter(other__in=people))
    traces.drop(PostHolding.objects.filter(person__in=people))
    traces.drop(Membership.objects.filter(person__in=people))
    # A contact with this person alone is about her; of one with several, others have their part.
    alone = Interaction.objects.filter(people__in=people, organisation=None, post=None)
    shared = alone.filter(people__in=Person.objects.exclude(pk__in=traces.keys))
    kept = set(shared.values_list("pk", flat=True))
    keys = [key for key in set(alone.values_list("pk", flat=True)) if key not in kept]
    traces.drop(Interaction.objects.filter(pk__in=keys))
    people.update(merged_into=None)
    traces.drop(people)


SUBJECT = Subject(
    code=PERSON,
    label=_("a person of the register"),
    may=_may,
    name=str,
    records=records_of,
    effects=(
        _("Names, ways to reach them, notes, consents, posts, memberships and relations go."),
        _("Records that were merged into this one go as well; merges keep nothing of them."),
        _("Contacts with this person alone go; contacts with others stay without the person."),
        _("Attendance stays as one of so many people, with nothing said about them."),
        _("Invitations, letters and files made of rows of this person go; such an import can no "
          "longer be undone."),
    ),
    look_up=search_people,
    home=lambda person: reverse("contacts:person", args=[person.pk]),
)  # fmt: skip
HOLDING = Holding(
    PERSON,
    "contacts",
    (
        "contacts.Person", "contacts.PersonName", "contacts.NameKey", "contacts.ContactPoint",
        "contacts.Consent", "contacts.Relationship", "contacts.PostHolding", "contacts.Membership",
        "contacts.Note", "contacts.Interaction", "contacts.Promise", "contacts.DuplicatePair",
        "contacts.Merge", "contacts.FileRow", "contacts.SegmentPick", "common.ImportRun",
    ),
    _erase,
)  # fmt: skip
