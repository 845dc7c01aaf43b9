"""What people answer about themselves is a list of the institution; what was answered stays."""

from __future__ import annotations

import pytest
from django.utils import translation

from factories.dialogues import DialogueFactory, ParticipantFactory
from hiwar.accounts.actions import vocabularies as act
from hiwar.accounts.actions.vocabularies import ClosedVocabulary, EntryInUse
from hiwar.dialogues.actions.people import UnknownAnswer, describe_participant
from hiwar.dialogues.forms.public import AboutMeForm
from hiwar.dialogues.queries.attributes import answer_of, answers
from hiwar.dialogues.queries.coverage import coverage

pytestmark = pytest.mark.django_db
SEX, AGE, KIND = "dialogues.sex", "dialogues.age_band", "dialogues.locality_kind"


def offered(dialogue, person, field):
    form = AboutMeForm(dialogue=dialogue, person=person)
    return dict(form.fields[field].choices)


def test_new_words_are_asked_and_counted_and_the_stored_answer_stays(director, now):
    dialogue = DialogueFactory.create(asks_about=["sex", "place"])
    person = ParticipantFactory.create(dialogue=dialogue, locality_kind="village")
    act.word_entry(
        actor=director, vocabulary_code=KIND, code="village", values={"name": {"en": "Hamlet"}},
        at=now,
    )  # fmt: skip
    with translation.override("en"):
        assert offered(dialogue, person, "locality_kind")["village"] == "Hamlet"
        spread = coverage(dialogue).spreads["locality_kind"]
        assert [(str(c.name), c.people) for c in spread.categories] == [("Hamlet", 1)]
    person.refresh_from_db()
    assert person.locality_kind == "village"
    # A file of before and one of after are both read.
    assert {answer_of("locality_kind", text) for text in ("Village", "hamlet", "قرية")} == {
        "village"
    }


def test_retired_answer_is_offered_only_to_who_gave_it_and_stays_counted(director, now):
    dialogue = DialogueFactory.create(asks_about=["sex"])
    gave = ParticipantFactory.create(dialogue=dialogue, sex="other")
    act.retire_entry(actor=director, vocabulary_code=SEX, code="other", is_retired=True, at=now)
    assert "other" in offered(dialogue, gave, "sex")
    assert "other" not in offered(dialogue, ParticipantFactory.create(dialogue=dialogue), "sex")
    counted = {c.code: c.people for c in coverage(dialogue).spreads["sex"].categories}
    assert counted["other"] == 1


def test_own_band_is_answered_and_stands_by_its_first_year(director, now):
    dialogue = DialogueFactory.create(asks_about=["age_band"])
    for band in ("18-29", "60+"):
        ParticipantFactory.create(dialogue=dialogue, age_band=band)
    own = act.add_entry(
        actor=director, vocabulary_code=AGE, values={"name": {"en": "35 to 44"}}, at=now
    )
    person = ParticipantFactory.create(dialogue=dialogue)
    describe_participant(participant=person, answers={"age_band": own.code})
    stands = [category.code for category in coverage(dialogue).spreads["age_band"].categories]
    assert stands == ["18-29", own.code, "60+"]
    with pytest.raises(EntryInUse):
        act.remove_entry(actor=director, vocabulary_code=AGE, code=own.code, at=now)
    with pytest.raises(UnknownAnswer):
        describe_participant(participant=person, answers={"age_band": "nowhere"})


def test_answers_that_targets_count_on_cannot_be_taken_away(director, now):
    with pytest.raises(ClosedVocabulary):
        act.retire_entry(
            actor=director, vocabulary_code="dialogues.disability", code="yes", is_retired=True,
            at=now,
        )  # fmt: skip
    assert list(answers("disability")) == ["yes", "no"]
