"""Minutes: from notes in one action, without a name in any of its forms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from factories.events import AgendaItemFactory, EventFactory, InvitationFactory, RoomFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.contacts.models import Person, PersonName
from hiwar.events.actions import minutes as act
from hiwar.events.actions import proceedings
from hiwar.events.models import Event, Minutes, Note
from hiwar.events.queries import minutes as ask
from hiwar.events.queries.names import forms_of, names_in, without_names

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ديما النجار", "وقالت ديما النجار إن المهلة قصيرة"),
        ("ديما النجار", "وقالت السيدة ديمة النجّار إن المهلة قصيرة"),
        ("ديما النجار", "رأي ديما مختلف"),
        ("ديما النجار", "وديما وافقت، كما وافق آل النجار"),
        ("Dima Najjar", "كلام ديما النجار واضح"),
        ("ديما النجار", "As Dima al-Najjar said"),
        ("عبد الله أبو شمالة", "سأل عبدالله ابوشماله عن الموعد"),
        ("أحمد محمود سليم القواسمي", "ذكّر د. أحمد القواسمي بالقرار"),
        ("O'Neill Sarah", "then Sarah O’Neill answered"),
    ],
)
def test_a_name_is_taken_out_however_it_was_written(name: str, text: str) -> None:
    forms = forms_of([name])
    clean = without_names(text, forms)
    assert "[…]" in clean
    for word in ("ديما", "ديمة", "النج", "Dima", "Najjar", "عبدالله", "شمال", "قواسمي", "Sarah"):
        assert word not in clean, clean
    assert names_in(clean, forms) == []


def test_ordinary_words_stay() -> None:
    forms = forms_of(["سامر حداد", "منى عودة"])
    text = "اتفق الحاضرون على كوتا 30% وعلى نشر الموازنة قبل الانتخابات بستة أشهر."
    assert without_names(text, forms) == text


@pytest.fixture
def held(director: User) -> Event:
    event = EventFactory.create(attribution="chatham_house", owner=director)
    room = RoomFactory.create(event=event)
    first = AgendaItemFactory.create(event=event, position=1)
    second = AgendaItemFactory.create(event=event, position=2, attribution="off_record")
    person = Person.objects.create(shown_name={"en": "Rana Odeh"}, created_at=NOW)
    PersonName.objects.create(person=person, language="ar", text="رنا عودة")
    InvitationFactory.create(event=event, name="سعادة خليل حمدان", delegated_to="وسيم جابر")
    proceedings.check_in(
        actor=director, room=room, key=uuid4(), now=NOW, name="زيتونة", person=person
    )
    for kind, text, item in (
        ("said", "قالت رنا عودة إن المهلة قصيرة", first),
        ("agreed", "كوتا 30% كما اقترح وسيم جابر", first),
        ("not_agreed", "خفض سن الترشح", first),
        ("to_study", "كلفة الحملة", first),
        ("question", "متى تُعلن المواعيد يا خليل حمدان؟", first),
        ("internal", "سرّ داخلي", first),
        ("said", "كلام لا يُنقل", second),
    ):
        proceedings.write_note(
            actor=director, event=event, key=uuid4(), now=NOW, item=item,
            writing=proceedings.Writing(text, "ar", kind=kind),
        )  # fmt: skip
    return event


def texts(minutes: Minutes) -> str:
    return "\n".join(str(one.text) for one in minutes.paragraphs.order_by("position"))


def test_both_versions_and_the_three_lists_come_from_the_notes(director: User, held: Event) -> None:
    internal, public = act.draft_minutes(actor=director, event=held, now=NOW)
    assert internal.paragraphs.count() == 7
    assert public.paragraphs.count() == 5
    for word in ("رنا", "عودة", "وسيم", "جابر", "خليل", "حمدان", "زيتونة", "داخلي", "لا يُنقل"):
        assert word not in texts(public)
        assert word in texts(internal) or word == "زيتونة"
    lists = ask.conclusions(held)
    assert [str(one.text) for one in lists["agreed"]] == ["كوتا 30% كما اقترح […]"]
    assert (len(lists["not_agreed"]), len(lists["to_study"])) == (1, 1)
    assert [str(one.text) for one in held.questions.all()] == ["متى تُعلن المواعيد يا […] ؟"]
    act.draft_minutes(actor=director, event=held, now=NOW)
    assert held.minutes.count() == 2
    assert held.conclusions.count() == 3
    assert held.questions.count() == 1


def test_another_person_approves_and_no_name_is_written_back(
    director: User, facilitator: User, held: Event
) -> None:
    _internal, public = act.draft_minutes(actor=director, event=held, now=NOW)
    with pytest.raises(NotAllowed):
        act.approve_minutes(actor=director, minutes=public, now=NOW)
    with pytest.raises(act.NotApproved):
        act.publish_minutes(actor=director, minutes=public, now=NOW)
    paragraph = public.paragraphs.order_by("position").first()
    assert paragraph is not None
    for text in ("As Rana Odeh said", "كما قالت رنا عودة"):
        with pytest.raises(act.NamesLeft):
            act.write_paragraph(actor=director, paragraph=paragraph, texts={"ar": text}, now=NOW)
    act.write_paragraph(
        actor=director, paragraph=paragraph, texts={"en": "The time is short."}, now=NOW
    )
    act.approve_minutes(actor=facilitator, minutes=public, now=NOW)
    with pytest.raises(act.AlreadyApproved):
        act.draft_minutes(actor=director, event=held, now=NOW)
    with pytest.raises(act.AlreadyApproved):
        act.write_paragraph(actor=director, paragraph=paragraph, texts={"ar": "آخر"}, now=NOW)
    with pytest.raises(NotAllowed):
        act.publish_minutes(actor=facilitator, minutes=public, now=NOW)
    # A name that becomes known later stops the publication.
    late = InvitationFactory.create(event=held, name="خفض سن")
    with pytest.raises(act.NamesLeft):
        act.publish_minutes(actor=director, minutes=public, now=NOW)
    late.delete()
    act.publish_minutes(actor=director, minutes=public, now=NOW)
    assert ask.public_minutes(held) == public


def test_opening_the_minutes_for_staff_needs_a_role_and_is_in_the_log(
    everybody: list[User], director: User, held: Event
) -> None:
    act.draft_minutes(actor=director, event=held, now=NOW)
    allowed = {"director", "programme_manager", "facilitator"}
    for user in everybody:
        opened = AuditEntry.objects.filter(verb="events.minutes.open", actor=user.reference)
        if user.email.partition("@")[0] in allowed:
            act.open_internal_minutes(actor=user, event=held, now=NOW)
            assert opened.count() == 1
        else:
            with pytest.raises(NotAllowed):
                act.open_internal_minutes(actor=user, event=held, now=NOW)
            assert opened.count() == 0


def test_on_the_record_names_stay(director: User) -> None:
    event = EventFactory.create(attribution="on_record")
    InvitationFactory.create(event=event, name="خليل حمدان")
    proceedings.write_note(
        actor=director, event=event, key=uuid4(), now=NOW,
        writing=proceedings.Writing("قال خليل حمدان نعم", "ar", kind=Note.Kind.SAID),
    )  # fmt: skip
    _internal, public = act.draft_minutes(actor=director, event=event, now=NOW)
    assert "خليل حمدان" in texts(public)
