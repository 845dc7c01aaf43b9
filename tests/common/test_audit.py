from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from factories.accounts import InstitutionFactory, UserFactory
from hiwar.common import queries
from hiwar.common.actions import audit, update_record
from hiwar.common.dates import local_day
from hiwar.common.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_audit_keeps_who_what_and_when(director, facilitator, now):
    audit(director, "accounts.user.close", facilitator, at=now, changed={"on": date(2026, 1, 2)})
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry is not None
    assert (entry.actor, entry.verb, entry.object, entry.at, entry.changed) == (
        f"accounts.user:{director.pk}",
        "accounts.user.close",
        f"accounts.user:{facilitator.pk}",
        now,
        {"on": "2026-01-02"},
    )


def test_audit_entry_is_never_changed(director, now):
    entry = audit(director, "accounts.user.sign_in", director, at=now)
    with pytest.raises(TypeError, match="never changed"):
        entry.save()
    with pytest.raises(TypeError, match="never changed"):
        AuditEntry.objects.update(verb="else")
    with pytest.raises(TypeError, match="never deleted"):
        entry.delete()
    with pytest.raises(TypeError, match="never deleted"):
        AuditEntry.objects.all().delete()


def test_database_itself_refuses_to_change_an_audit_entry(director, now):
    audit(director, "accounts.user.sign_in", director, at=now)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE common_auditentry SET verb = 'else'")


def test_update_record_audits_only_what_changed(director, now):
    house = InstitutionFactory.create()
    changes = {"founded": 2011, "vision": {"en": "Everybody is heard"}, "seat": {}}
    assert update_record(actor=director, record=house, changes=changes, at=now)
    entry = AuditEntry.objects.get(verb="accounts.institution.update")
    assert entry.changed == {
        "founded": [None, 2011],
        "vision": [
            {"ar": "مجتمع يصغي", "en": "A society that listens"},
            {"ar": "مجتمع يصغي", "en": "Everybody is heard"},
        ],
    }
    assert not update_record(actor=director, record=house, changes=changes, at=now)
    assert AuditEntry.objects.filter(verb="accounts.institution.update").count() == 1


def test_update_record_saves_nothing_that_is_invalid(director, now):
    house = InstitutionFactory.create()
    with pytest.raises(ValidationError):
        update_record(actor=director, record=house, changes={"name": {"ar": "", "en": ""}}, at=now)
    house.refresh_from_db()
    assert house.name["en"] == "House of Dialogue"
    assert not AuditEntry.objects.filter(verb="accounts.institution.update").exists()


def test_entries_are_found_by_person_verb_and_day(director, facilitator, now):
    audit(director, "accounts.user.sign_in", director, at=now)
    audit(facilitator, "accounts.user.sign_in", facilitator, at=now + timedelta(days=1))
    audit(director, "accounts.user.close", facilitator, at=now + timedelta(days=2))
    day = local_day(now)
    mine = queries.audit_entries(actor=director.reference)
    assert [entry.verb for entry in mine] == ["accounts.user.close", "accounts.user.sign_in"]
    assert queries.audit_entries(verb="accounts.user.sign_in").count() == 2
    assert queries.audit_entries(subject=facilitator.reference).count() == 2
    assert queries.audit_entries(since=day, until=day).filter(actor=director.reference).count() == 1


def test_activities_name_people_with_one_look_up_per_kind(director, now, django_assert_num_queries):
    people = [UserFactory.create() for _ in range(3)]
    entries = [audit(director, "accounts.user.close", one, at=now) for one in people]
    with django_assert_num_queries(1):
        told = queries.activities(entries)
    assert {one.actor for one in told} == {str(director)}
    assert [one.object for one in told] == [str(one) for one in people]


def test_activity_of_somebody_unknown_has_no_name(now, director):
    entry = AuditEntry(at=now, actor="system", verb="x.y", object="gone.thing:1")
    told = queries.activities([entry])[0]
    assert (told.actor, told.verb, told.object) == ("", "x.y", "")
