"""Items, ways, versions, permissions: what the actions of a programme do and refuse."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from factories.accounts import UserFactory
from factories.visits import PLANNED, delegation_file, make_visit
from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.actions.vocabularies import add_entry, word_entry
from hiwar.common.models import AuditEntry
from hiwar.events.models import Event
from hiwar.visits.actions import debrief, delegation_import, programme, sharing, travellers
from hiwar.visits.actions import visits as steps
from hiwar.visits.actions.programme import Hosts, ItemChange
from hiwar.visits.actions.stops import Stop, StopChange
from hiwar.visits.models import (
    Booking,
    Leg,
    MeetingNote,
    Route,
    ShareLink,
    TravellerDocument,
    Visit,
    VisitItem,
)
from hiwar.visits.queries.delegation_import import read_delegation
from hiwar.visits.queries.desk import diets_of, figures_of, hide_small
from hiwar.visits.queries.double_bookings import clashes_of
from hiwar.visits.queries.programme import counts_of, programme_of
from hiwar.visits.queries.templates import find_template, template_choices

pytestmark = pytest.mark.django_db

LATER = datetime(2027, 3, 25, 17, 5, tzinfo=UTC)
MORNING = {"day": date(2027, 3, 24), "starts": time(9), "ends": time(10)}


def item_of(visit, number):
    return VisitItem.objects.select_related("event", "visit").get(
        event__code=f"{visit.code}-{number:02}"
    )


def change(visit, actor, number, reason="", override="", **stop):
    item = item_of(visit, number)
    one = ItemChange(item=item, stop=StopChange(**stop), override_reason=override)
    return programme.change_programme(
        actor=actor, visit=item.visit, changes=[one], reason=reason, now=LATER
    )


def test_file_is_read_with_its_numbers(visit):
    days = programme_of(visit)
    assert [day.count for day in days] == [4, 3, 2, 3, 2]
    assert counts_of(days) == {
        "all": 14, "moved": 0, "other_form": 0, "briefing": 3, "discussion": 3, "meeting": 7,
        "site_visit": 1,
    }  # fmt: skip
    assert visit.travellers.count() == 9
    assert list(visit.travellers.filter(is_step_free=True).values_list("number", flat=True)) == [3]
    head = visit.travellers.get(is_head=True)
    assert (head.name, head.variant) == ("Ms Signe Halvorsen Lund", "member")
    assert visit.travellers.filter(variant="press").get().number == 9
    assert dict(diets_of(visit)) == {"vegetarian": 1, "no nuts": 1, "vegan": 1, "": 6}


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ([], "This is not a delegation file."),
        ({}, "The file holds neither travellers nor a programme."),
        ({"members": [{}], "meetings": "x"}, "The file holds neither travellers nor a programme."),
    ],
)
@pytest.mark.usefixtures("in_english")
def test_what_is_no_delegation_stops(document, what):
    found = read_delegation(document, starts_on=date(2027, 3, 24), ends_on=date(2027, 3, 28))
    assert found.is_stopped
    assert found.problems[0].what == what


@pytest.mark.usefixtures("in_english", "staff")
def test_problems_of_a_file_are_told_and_the_rest_is_read():
    document = delegation_file()
    document["meetings"][0]["start"] = "nine"
    document["meetings"][1]["date"] = "2027-04-01"
    document["meetings"][2]["host"] = ["GOV-99"]
    document["members"][8]["name"] = " "
    found = read_delegation(document, starts_on=date(2027, 3, 24), ends_on=date(2027, 3, 28))
    assert {one.where for one in found.problems} == {
        "members 9", "meetings 1", "meetings 2", "meetings 3",
    }  # fmt: skip
    assert (len(found.travellers), len(found.items), found.is_stopped) == (8, 12, False)


def test_loading_is_undone_as_one_step(staff):
    visit = make_visit(staff["IR"])
    events = Event.objects.count()
    delegation_import.load_delegation(
        actor=staff["IR"], visit=visit, document=delegation_file(), now=PLANNED
    )
    with pytest.raises(delegation_import.NotEmpty):
        delegation_import.load_delegation(
            actor=staff["IR"], visit=visit, document=delegation_file(), now=PLANNED
        )
    delegation_import.undo_loading(actor=staff["IR"], visit=visit, now=PLANNED)
    assert Event.objects.count() == events
    assert not visit.travellers.exists()
    assert not visit.bookings.exists()


def test_ways_follow_the_order_of_stops_and_begin_where_the_night_was(visit, staff):
    assert str(item_of(visit, 5).leg.origin.in_language("en")) == "Ramallah"
    assert item_of(visit, 10).leg.origin.in_language("en") == "Bethlehem"
    assert not Leg.objects.filter(item=item_of(visit, 11)).exists()
    assert item_of(visit, 12).leg.origin.in_language("en") == "Jericho"
    # With Jericho online, the afternoon in Ramallah is reached from where people slept.
    change(visit, staff["IR"], 10, form="online")
    assert item_of(visit, 12).leg.origin.in_language("en") == "Bethlehem"


def test_way_written_by_hand_stays_while_it_begins_where_it_did(visit, staff):
    leg = item_of(visit, 7).leg
    facts = {"typical_minutes": 44, "bad_day_minutes": 99}
    programme.set_leg(actor=staff["IR"], item=item_of(visit, 7), facts=facts, now=LATER)
    change(visit, staff["IR"], 7, starts=time(15, 45), ends=time(16, 45))
    assert item_of(visit, 7).leg.typical_minutes == 44
    assert leg.typical_minutes == Route.objects.get(destination="hebron area village",
                                                    origin="hebron").typical_minutes  # fmt: skip


def test_several_changes_are_one_version_whose_reason_stays_inside(visit, staff):
    lina = staff["IR"]
    change(visit, lina, 1, starts=time(9, 15))
    changes = [
        ItemChange(item=item_of(visit, 8), stop=StopChange(form="online")),
        ItemChange(item=item_of(visit, 9), stop=StopChange(form="online")),
        ItemChange(item=item_of(visit, 2), stop=StopChange(day=date(2027, 3, 27), starts=time(18),
                                                            ends=time(19))),
    ]  # fmt: skip
    before = {one.pk: one.sequence for one in Event.objects.all()}
    visit.refresh_from_db()
    programme.change_programme(
        actor=lina, visit=visit, changes=changes, reason="road closed", now=LATER
    )
    visit.refresh_from_db()
    last = visit.versions.get(number=3)
    assert (visit.version, last.reason, len(last.changes)) == (3, "road closed", 3)
    counts = counts_of(programme_of(visit))
    assert (counts["all"], counts["moved"], counts["other_form"]) == (14, 1, 2)
    raised = {pk for pk, sequence in before.items()
              if Event.objects.get(pk=pk).sequence == sequence + 1}  # fmt: skip
    assert raised == {one.item.event_id for one in changes}


def test_no_version_before_the_programme_is_fixed_and_none_for_nothing(staff):
    visit = make_visit(staff["IR"])
    stop = Stop(kind="meeting", title={"en": "One"}, **MORNING)
    item = programme.add_item(actor=staff["IR"], visit=visit, stop=stop, now=PLANNED)
    one = ItemChange(item=item, stop=StopChange(starts=time(9, 30)))
    programme.change_programme(actor=staff["IR"], visit=visit, changes=[one], now=PLANNED)
    assert not visit.versions.exists()
    with pytest.raises(programme.NothingChanged):
        programme.change_programme(actor=staff["IR"], visit=visit, changes=[one], now=PLANNED)


@pytest.mark.parametrize(
    ("stop", "refusal"),
    [
        ({"day": date(2027, 4, 2)}, programme.OutsideVisit),
        ({"starts": time(23), "ends": time(23)}, programme.EndsFirst),
    ],
)
def test_item_outside_the_visit_or_without_length_is_refused(visit, staff, stop, refusal):
    with pytest.raises(refusal):
        change(visit, staff["IR"], 1, **stop)
    assert item_of(visit, 1).event.starts == time(9)


def test_speaker_in_two_places_needs_a_reason_which_is_kept(visit, staff):
    stop = Stop(kind="meeting", title={"en": "Elsewhere"}, **MORNING)
    hosts = Hosts(staff=[staff["ED"]])
    with pytest.raises(programme.TwoPlaces):
        programme.add_item(actor=staff["IR"], visit=visit, stop=stop, hosts=hosts, now=LATER)
    assert VisitItem.objects.count() == 14
    item = programme.add_item(
        actor=staff["IR"], visit=visit, stop=stop, hosts=hosts, override_reason="two halves",
        now=LATER,
    )  # fmt: skip
    assert VisitItem.objects.get(pk=item.pk).override_reason == "two halves"
    assert [one.event.code for one in clashes_of(item)] == ["velmark-01"]


def test_clash_counts_across_visits_and_not_what_is_called_off(visit, staff):
    other = make_visit(staff["IR"])
    stop = Stop(kind="meeting", title={"en": "Elsewhere"}, **MORNING)
    hosts = Hosts(staff=[staff["ED"]])
    with pytest.raises(programme.TwoPlaces):
        programme.add_item(actor=staff["IR"], visit=other, stop=stop, hosts=hosts, now=LATER)
    off = ItemChange(item=item_of(visit, 1), is_cancelled=True)
    programme.change_programme(actor=staff["IR"], visit=visit, changes=[off], now=LATER)
    assert item_of(visit, 1).event.state == Event.State.CANCELLED
    programme.add_item(actor=staff["IR"], visit=other, stop=stop, hosts=hosts, now=LATER)


def test_documents_are_sealed_opened_on_record_and_deleted_by_date(visit, staff):
    lina, traveller = staff["IR"], visit.travellers.get(number=1)
    document = travellers.keep_document(
        actor=lina, traveller=traveller, kind="passport", text="X 123456", now=PLANNED
    )
    assert b"123456" not in bytes(document.sealed)
    assert travellers.open_document(actor=lina, document=document, now=LATER) == "X 123456"
    assert AuditEntry.objects.filter(verb="visits.document.open", actor=lina.reference).count() == 1
    for code in ("DF3", "PR2", "DF2", "MO"):
        with pytest.raises(NotAllowed):
            travellers.open_document(actor=staff[code], document=document, now=LATER)
        with pytest.raises(NotAllowed):
            travellers.keep_document(
                actor=staff[code], traveller=traveller, kind="passport", text="x", now=LATER
            )
    assert document.delete_on == date(2027, 4, 11)
    assert travellers.delete_due_documents(today=date(2027, 4, 10)) == 0
    assert travellers.delete_due_documents(today=date(2027, 4, 11)) == 1
    assert not TravellerDocument.objects.exists()


def test_outsider_and_readers_change_nothing(visit, staff):
    actors = [UserFactory.create(roles=[]), staff["PR2"], staff["DF3"], staff["MO"]]
    new = steps.NewVisit(title={"en": "x"}, starts_on=date(2027, 5, 1), ends_on=date(2027, 5, 2),
                         zone="Asia/Hebron")  # fmt: skip
    for actor in actors:
        for act in (
            lambda a: steps.create_visit(actor=a, template="short", new=new, now=LATER),
            lambda a: steps.take_step(actor=a, visit=visit, state="held", now=LATER),
            lambda a: steps.copy_visit(actor=a, visit=visit, title={"en": "x"}, now=LATER),
            lambda a: change(visit, a, 1, starts=time(9, 30)),
            lambda a: travellers.add_traveller(actor=a, visit=visit, facts={}, now=LATER),
            lambda a: sharing.make_link(actor=a, visit=visit, kind="programme", now=LATER),
            lambda a: delegation_import.undo_loading(actor=a, visit=visit, now=LATER),
            lambda a: programme.set_leg(actor=a, item=item_of(visit, 1), facts={}, now=LATER),
        ):
            with pytest.raises(NotAllowed):
                act(actor)


def test_visit_for_named_colleagues_is_hidden_from_others(visit, staff):
    visit.visibility = "team"
    visit.save()
    with pytest.raises(NotAllowed):
        debrief.add_note(actor=staff["ED"], item=item_of(visit, 1), kind="minutes", text="x",
                            now=LATER)  # fmt: skip
    visit.readers.add(staff["ED"])
    note = debrief.add_note(
        actor=staff["ED"], item=item_of(visit, 1), kind="minutes", text="x", now=LATER
    )
    assert note.at == LATER


def test_note_keeps_its_own_time_and_never_a_later_one(visit, staff):
    item = item_of(visit, 11)
    said = datetime(2027, 3, 25, 9, tzinfo=UTC)
    note = debrief.add_note(actor=staff["DF2"], item=item, kind="answer", text="yes", at=said,
                               now=LATER)  # fmt: skip
    assert (note.at, note.recorded_at, note.kind) == (said, LATER, MeetingNote.Kind.ANSWER)
    with pytest.raises(debrief.SaidLater):
        debrief.add_note(actor=staff["DF2"], item=item, kind="answer", text="no",
                            at=datetime(2027, 3, 26, tzinfo=UTC), now=LATER)  # fmt: skip


def test_refused_entry_postpones_a_copy_and_counts_it_as_planned(visit, staff):
    lina = staff["IR"]
    copy = steps.copy_visit(actor=lina, visit=visit, title={"en": "Again"}, now=LATER)
    sharing.make_link(actor=lina, visit=copy, kind="programme", colleague=lina, now=LATER)
    assert copy.items.count() == 14
    with pytest.raises(steps.ReasonMissing):
        steps.take_step(actor=lina, visit=copy, state="postponed", now=LATER)
    copy = steps.take_step(
        actor=lina, visit=copy, state="postponed", reason="refused_entry", now=LATER
    )
    assert (copy.state, copy.reason_class) == ("postponed", "refused_entry")
    assert set(copy.bookings.values_list("state", flat=True)) == {Booking.State.TO_CANCEL}
    assert {language for language, text in copy.statement.items() if text} == {"ar", "en"}
    assert not ShareLink.objects.filter(visit=copy, private_link__withdrawn_at=None).exists()
    states = set(copy.items.values_list("event__state", flat=True))
    assert states == {Event.State.POSTPONED}
    for state in ("under_way", "held"):
        steps.take_step(actor=lina, visit=visit, state=state, now=LATER)
    found = figures_of(lina, date(2027, 1, 1), date(2027, 3, 31))
    assert (found.hosted, found.postponed, found.planned) == (1, 1, 2)
    assert (found.kinds["meeting"], found.kinds["briefing"]) == (7, 3)


def test_steps_go_only_where_they_lead(visit, staff):
    for state in ("held", "closed", "idea"):
        with pytest.raises(steps.StepNotPossible):
            steps.take_step(actor=staff["IR"], visit=visit, state=state, now=LATER)
    empty = make_visit(staff["IR"])
    Visit.objects.filter(pk=empty.pk).update(state="draft")
    with pytest.raises(steps.NothingToFix):
        steps.take_step(actor=staff["IR"], visit=empty, state="fixed", now=LATER)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"female": 31, "male": 28, "other": 0}, {"female": 31, "male": 28, "other": 0}),
        ({"female": 31, "male": 3, "other": 0}, {"female": None, "male": None, "other": 0}),
        ({"female": 31, "male": 28, "other": 2}, {"female": 31, "male": None, "other": None}),
        ({"female": 0, "male": 0, "other": 4}, {"female": 0, "male": 0, "other": None}),
    ],
)
def test_small_counts_of_people_are_hidden_with_another(counts, told):
    assert hide_small(counts) == told


@pytest.mark.django_db
def test_templates_and_texts_of_packs_are_worded_by_the_house(director, now):
    """A new visit begins with the words of now; one that is there keeps its own."""
    before = make_visit(director)
    word_entry(
        actor=director, vocabulary_code="visits.pack_text", code="safety", at=now,
        values={"body": {"en": "Wear a helmet."}},
    )  # fmt: skip
    add_entry(
        actor=director, vocabulary_code="visits.template", at=now,
        values={"name": {"en": "Visit of a mine"}, "statement": {"en": "Put off."},
                "texts": ["safety", "nowhere"], "buffer": ["90 minutes", "45"], "kept": ["365"]},
    )  # fmt: skip
    after = make_visit(director)
    assert "Wear a helmet." not in {text.body.get("en") for text in before.texts.all()}
    assert [text.body["en"] for text in after.texts.filter(kind="advice")] == ["Wear a helmet."]
    own = find_template("visit_of_a_mine")
    assert (own.buffer_minutes, own.documents_kept_days, len(own.texts)) == (45, 90, 1)
    assert dict(template_choices())["visit_of_a_mine"] == "Visit of a mine"
    for code in ("delegation", "short"):
        assert set(find_template(code).statement) == {"ar", "en"}
