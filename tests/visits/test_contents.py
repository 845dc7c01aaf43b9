"""What a pack says is written at the desk: by whom, for whom, in which language, how old."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.contacts.models import Interaction, Organisation
from hiwar.visits import rules
from hiwar.visits.actions import texts as act
from hiwar.visits.actions.visits import copy_visit
from hiwar.visits.exports.pack import body_of, page_of
from hiwar.visits.models import PackHost, PackText, TalkingPoint, Visit
from hiwar.visits.queries.desk import figures_of, stale_points
from hiwar.visits.queries.packs import hosts_of

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 22, 9, tzinfo=UTC)
BRIEF = {
    "kind": "brief", "title": {"en": "Water, counted"}, "body": {"en": "Who may drill a well."},
    "is_for_members": True, "is_for_press": False, "position": 40,
}  # fmt: skip


def add(visit, actor, kind=PackText, **facts):
    base = BRIEF if kind is PackText else {
        "text": {"en": "A point."}, "reference": {"en": "A source"}, "address": "",
        "checked_on": NOW.date(), "is_for_members": True, "is_for_press": True, "position": 9,
    }  # fmt: skip
    return act.add_content(actor=actor, visit=visit, kind=kind, facts={**base, **facts}, now=NOW)


def pages(visit, language="en"):
    return {one: page_of(visit, variant=one, language=language)[0]
            for one in ("member", "staff", "press")}  # fmt: skip


@pytest.mark.parametrize(
    ("members", "press", "read_by"),
    [(True, False, {"member", "staff"}), (False, False, {"staff"}),
     (True, True, {"member", "staff", "press"}), (False, True, {"staff", "press"})],
)  # fmt: skip
def test_text_and_point_stand_only_in_the_packs_they_are_for(visit, staff, members, press, read_by):
    add(visit, staff["IR"], is_for_members=members, is_for_press=press)
    add(visit, staff["IR"], TalkingPoint, is_for_members=members, is_for_press=press,
        text={"en": "One in four."})  # fmt: skip
    made = pages(visit)
    assert {one for one, page in made.items() if "Who may drill a well." in page} == read_by
    assert {one for one, page in made.items() if "One in four." in page} == read_by


def test_risk_note_never_reaches_the_press(visit, staff, in_english):
    act.add_content(actor=staff["IR"], visit=visit, kind=PackText, now=NOW,
                    facts={**BRIEF, "kind": "risk", "is_for_press": True})  # fmt: skip
    assert "Who may drill a well." not in pages(visit)["press"]
    assert "Risk note" in pages(visit)["staff"]


def test_text_owed_in_a_language_is_marked_there_and_read_in_its_own_direction(visit, staff):
    add(visit, staff["IR"])
    arabic = page_of(visit, variant="member", language="ar")[0]
    before = arabic.split("Who may drill a well.")[0]
    assert before.count("لم يُترجم بعد") == 1
    assert before.rstrip().endswith('<div lang="en" dir="ltr"><p>')
    assert "Not yet translated" not in page_of(visit, variant="member", language="en")[0]


def test_change_keeps_what_it_was_with_who_changed_it(visit, staff, at_desk):
    text = add(visit, staff["IR"])
    facts = {**BRIEF, "body": {"en": "Who may drill.", "ar": "من يحفر بئراً"}}
    assert act.update_content(actor=staff["IR"], content=text, facts=facts, now=NOW)
    assert not act.update_content(actor=staff["IR"], content=text, facts=facts, now=NOW)
    entry = AuditEntry.objects.get(verb="visits.packtext.update")
    assert entry.actor == staff["IR"].reference
    assert entry.changed["body"] == [BRIEF["body"], facts["body"]]
    assert set(entry.changed) == {"what", "body"}
    act.remove_content(actor=staff["IR"], content=text, now=NOW)
    assert AuditEntry.objects.get(verb="visits.packtext.remove").changed["last"] == facts["body"]
    page = at_desk(staff["IR"]).get(reverse("visits:pack", args=[visit.code])).content.decode()
    assert page.count("Water, counted") == 3  # the log alone: added, changed, taken out


def test_old_reference_is_flagged_until_somebody_looks_it_up(visit, staff, at_desk):
    TalkingPoint.objects.filter(visit=visit).delete()
    point = add(visit, staff["IR"], TalkingPoint, checked_on=visit.starts_on - timedelta(days=366))
    assert "not checked for twelve months" in pages(visit)["member"]
    client = at_desk(staff["IR"])
    address = reverse("visits:check_point", args=[visit.code, point.pk])
    assert address in client.get(reverse("visits:pack", args=[visit.code])).content.decode()
    act.check_reference(actor=staff["IR"], point=point, on=NOW.date(), now=NOW)
    assert "not checked for twelve months" not in pages(visit)["member"]
    assert TalkingPoint.objects.get(pk=point.pk).checked_on == date(2027, 3, 22)


def test_host_is_written_about_and_names_the_contacts_that_were_chosen(visit, staff):
    host = Organisation.objects.get(code="GOV-01")
    rows = [
        Interaction.objects.create(organisation=host, kind="call", subject=subject, made_at=NOW,
                                   visibility=visibility, happened_on=date(2027, 3, day))
        for day, subject, visibility in ((1, "first", "institution"), (2, "second", "institution"),
                                         (3, "kept close", "team"))
    ]  # fmt: skip
    shown = {one.organisation.code: one for one in hosts_of(visit)}["GOV-01"]
    assert [one.subject for one in shown.contacts] == ["second", "first"]
    act.write_about_host(
        actor=staff["IR"], visit=visit, organisation=host, about={"en": "Forty-one districts."},
        is_for_press=False, risk="asks about the leak", contacts=[rows[0], rows[2]], now=NOW,
    )  # fmt: skip
    shown = {one.organisation.code: one for one in hosts_of(visit)}["GOV-01"]
    assert [one.subject for one in shown.contacts] == ["first"]
    made = pages(visit)
    assert {one for one, page in made.items() if "Forty-one districts." in page} == {
        "member", "staff",
    }  # fmt: skip
    assert {one for one, page in made.items() if "asks about the leak" in page} == {"staff"}
    entry = AuditEntry.objects.get(verb="visits.host.write")
    assert "asks about the leak" not in str(entry.changed)
    copy = copy_visit(actor=staff["IR"], visit=visit, title={"en": "Copy"}, now=NOW)
    assert PackHost.objects.get(visit=copy).risk == "asks about the leak"


def test_readers_and_outsiders_write_nothing(visit, staff, outsider):
    text = visit.texts.order_by("position", "pk").first()
    point = visit.points.order_by("position", "pk").first()
    host = Organisation.objects.get(code="GOV-01")
    about = {"about": {}, "is_for_press": True, "risk": "", "contacts": []}
    readers = [one for one in staff.values() if not rules.can_run_visits(one)]
    assert readers
    for who in [*readers, outsider]:
        for write in (
            lambda actor: add(visit, actor),
            lambda actor: act.update_content(actor=actor, content=text, facts={}, now=NOW),
            lambda actor: act.remove_content(actor=actor, content=text, now=NOW),
            lambda actor: act.check_reference(actor=actor, point=point, on=NOW.date(), now=NOW),
            lambda actor: act.write_about_host(actor=actor, visit=visit, organisation=host, now=NOW,
                                               **about),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                write(who)


def test_screens_write_what_the_pack_then_says(visit, staff, at_desk):
    client = at_desk(staff["IR"])
    fields = {"kind": "brief", "title_ar": "ماء", "title_en": "Water", "body_ar": "من يحفر بئراً",
              "body_en": "", "is_for_members": "on", "position": "3"}  # fmt: skip
    made = client.post(reverse("visits:add_text", args=[visit.code]), fields)
    assert made.status_code == 302
    text = PackText.objects.get(visit=visit, position=3, kind="brief")
    assert (dict(text.body), text.is_for_press) == ({"ar": "من يحفر بئراً"}, False)
    edit = reverse("visits:edit_text", args=[visit.code, text.pk])
    assert "من يحفر بئراً" in client.get(edit).content.decode()
    wrong = client.post(edit, {**fields, "kind": "risk", "is_for_press": "on"})
    assert wrong.status_code == 200
    preview = reverse("visits:preview", args=[visit.code])
    read = client.get(preview, {"variant": "press", "read": "en"}).content.decode()
    assert "من يحفر بئراً" not in read
    read = client.get(preview, {"variant": "member", "read": "ar"}).content.decode()
    assert "من يحفر بئراً" in read
    assert body_of(visit, variant="member", language="ar").count("map-frame") == 0
    gone = reverse("visits:remove_content", args=[visit.code, text.pk])
    assert client.get(gone).status_code == 200
    client.post(gone)
    assert not PackText.objects.filter(pk=text.pk).exists()


def test_figures_count_what_was_kept_within_ninety_days_and_old_references(visit, staff):
    stale = [one.checked_on for one in stale_points(staff["ED"], NOW.date())]
    assert stale
    assert all(day < date(2026, 3, 22) for day in stale)
    make_old = TalkingPoint.objects.filter(visit=visit)
    make_old.update(checked_on=NOW.date())
    assert stale_points(staff["ED"], NOW.date()) == []
    assert len(stale_points(staff["ED"], date(2028, 6, 1))) == make_old.count()
    for days in (90, 91, None):
        done_on = None if days is None else visit.ends_on + timedelta(days)
        visit.undertakings.create(text={"en": "A list"}, owner=staff["IR"], done_on=done_on,
                                  due_on=visit.ends_on)  # fmt: skip
    visit.state = Visit.State.HELD
    visit.save(update_fields=["state"])
    found = figures_of(staff["ED"], visit.starts_on, visit.ends_on)
    assert (found.undertakings, found.undertakings_done, found.undertakings_in_time) == (3, 2, 1)
    visit.visibility = "personal"
    visit.save(update_fields=["visibility"])
    assert stale_points(staff["ED"], date(2028, 6, 1)) == []
