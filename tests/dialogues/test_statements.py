from __future__ import annotations

import random
from datetime import timedelta

import pytest

from factories.dialogues import (
    DialogueFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.personal.details import private_details
from hiwar.dialogues.actions import statements as actions
from hiwar.dialogues.actions.people import DialogueNotOpen
from hiwar.dialogues.actions.votes import NoRoundOpen, ParticipantBlocked, cast_votes
from hiwar.dialogues.models import Statement, Vote, Wording
from hiwar.dialogues.models.sequences import day_of
from hiwar.dialogues.queries.differences import difference
from hiwar.dialogues.queries.statements import (
    fold,
    open_statements,
    similar_statements,
    statements_of,
    untranslated,
)

EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
IDEA = "يجب نشر الوظائف الشاغرة في صفحة واحدة"


@pytest.fixture
def dialogue(db):
    return DialogueFactory.create()


@pytest.fixture
def author(dialogue):
    return ParticipantFactory.create(dialogue=dialogue)


def add(dialogue, author, now, text=IDEA, **more):
    return actions.add_statement(
        dialogue=dialogue, text=text, language="ar", author=author, now=now, **more
    )


def test_statement_of_a_participant_waits_and_its_author_agrees(dialogue, author, now):
    statement = add(dialogue, author, now, text=f"  {IDEA} \n")
    assert (statement.state, statement.number, statement.text["ar"]) == ("held", 1, IDEA)
    vote = Vote.objects.get()
    assert (vote.participant, vote.choice, day_of(vote.sequence)) == (author, 1, now.toordinal())
    assert list(statements_of(author.pk)) == [statement]


def test_where_review_comes_after_it_is_open_at_once(author, dialogue, now):
    dialogue.moderation = "open"
    dialogue.save()
    assert add(dialogue, author, now).state == Statement.State.OPEN


def test_private_details_wait_whatever_the_mode(author, dialogue, now):
    dialogue.moderation = "open"
    dialogue.save()
    statement = add(dialogue, author, now, text="اتصلوا بي على ٠٥٩٩٠٠٠١٧٦ لأخبركم بما جرى")
    assert statement.state == Statement.State.HELD


def test_seed_is_open_in_two_languages(dialogue, facilitator, now):
    texts = {"ar": IDEA, "en": "Publish vacancies on one page"}
    for number in (1, 2):
        statement = actions.add_statement(
            dialogue=dialogue, text=texts, language="ar", actor=facilitator, now=now, theme="jobs"
        )
        assert (statement.number, statement.state, statement.source) == (number, "open", "seed")
    assert dict(statement.text) == texts
    assert not Vote.objects.exists()


def test_outsider_adds_no_seed(dialogue, outsider, now):
    for actor in (outsider, None):
        with pytest.raises(NotAllowed):
            actions.add_statement(dialogue=dialogue, text=IDEA, language="ar", actor=actor, now=now)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("  \n ", actions.StatementEmpty),
        ("ن" * 301, actions.StatementTooLong),
    ],
)
def test_length(dialogue, author, now, text, why):
    with pytest.raises(why):
        add(dialogue, author, now, text=text)


@pytest.mark.parametrize(
    "again", ["يجبُ  نشر الوظائِف", "یجب نشر الوظا\u200bئف", "يجب نشر\u202e الوظائف"]
)
def test_same_words_are_said_already(dialogue, author, facilitator, now, again):
    actions.add_statement(
        dialogue=dialogue, text="يجب نشر الوظائف!", language="ar", actor=facilitator, now=now
    )
    with pytest.raises(actions.SaidAlready):
        add(dialogue, author, now, text=again)


def test_who_writes_what_waits_agrees_with_it_and_keeps_it_alive(dialogue, author, now):
    first = add(dialogue, author, now, text="يجب نشر الوظائف!")
    other = ParticipantFactory.create(dialogue=dialogue)
    assert add(dialogue, other, now, text="يجبُ نشر الوظائف") == first
    assert first.votes.filter(choice=1).count() == 2
    actions.withdraw_statement(statement=first, participant=author)
    first.refresh_from_db()
    assert (first.state, first.author_id) == ("held", other.pk)
    assert [vote.participant_id for vote in first.votes.all()] == [other.pk]


def test_texts_without_letters_are_different_statements(dialogue, author, now):
    texts = ["👍", "😡", "؟؟؟", "50%", "نعم", "نعم 👎", "نعم؟"]
    assert len({add(dialogue, author, now, text=text).pk for text in texts}) == len(texts)
    for unseen in ("\u200b\u200b\u200b", "\u3164", "\u202e\u202c"):
        with pytest.raises(actions.StatementEmpty):
            add(dialogue, author, now, text=unseen)
    spoof = add(dialogue, author, now, text="Vote for \u202eeerga I\u202c now\u0007")
    assert list(spoof.text.values()) == ["Vote for eerga I now"]


OPPOSITES = [
    ("يجب رفع سعر المياه", "يجب خفض سعر المياه"),
    ("أؤيد زيادة الضرائب على الشركات", "أعارض زيادة الضرائب على الشركات"),
    ("عدد المعلمين في المدارس يكفي", "عدد المعلمين في المدارس لا يكفي"),
    ("يجب السماح بالبناء في المنطقة", "يجب منع البناء في المنطقة"),
    ("لا نريد حديقة في الحي", "نريد حديقة في الحي"),
    ("ينبغي فتح المكتبة مساء", "ينبغي إغلاق المكتبة مساء"),
    ("يجب إبقاء السوق في مكانه", "يجب إلغاء السوق من مكانه"),
    ("يكون التدريب إلزاميا للجميع", "يكون التدريب اختياريا للجميع"),
    ("The water price should be raised", "The water price should be lowered"),
    ("We should allow cars in the old town", "We shouldn't allow cars in the old town"),
    ("مش لازم نسكر الشارع", "لازم نسكر الشارع"),
]
ALIKE = [
    ("We should not close the school", "The school should be open"),
    ("يجب نشر جميع الوظائف الشاغرة", "يجب نشر كل الوظائف الشاغره في صفحة واحدة"),
    ("لا بد من خفض سعر المياه", "لا بد من تخفيض أسعار المياه"),
    ("Bus fares should be lower", "Bus fares should be much lower for students"),
]


@pytest.mark.parametrize(("first", "second"), OPPOSITES)
def test_what_turns_the_meaning_round_is_seen(first, second):
    assert difference(first, second).is_opposite
    assert difference(second, first).is_opposite


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_what_says_the_same_is_no_opposite(first, second):
    compared = difference(first, second)
    assert not compared.is_opposite
    assert " ".join(word for word, _differs in compared.second) == second


def test_a_vote_for_what_was_merged_counts_for_what_stays(dialogue, author, facilitator, now):
    kept, merged, last = (
        actions.add_statement(
            dialogue=dialogue, text=text, language="ar", actor=facilitator, now=now
        )
        for text in ("فكرة", "فكرة أخرى", "فكرة ثالثة")
    )
    Statement.objects.filter(pk=last.pk).update(state="merged", derived_from=merged)
    Statement.objects.filter(pk=merged.pk).update(state="merged", derived_from=kept)
    votes = [(last.number, 1, False, 7)]
    assert cast_votes(dialogue=dialogue, participant=author.pk, choices=votes) == [""]
    assert kept.votes.get().participant_id == author.pk


def test_ten_statements_are_enough(dialogue, author, now):
    made = [add(dialogue, author, now, text=f"فكرة رقم {n}") for n in range(10)]
    with pytest.raises(actions.EnoughStatements):
        add(dialogue, author, now, text="واحدة أخرى")
    actions.withdraw_statement(statement=made[0], participant=author)
    assert add(dialogue, author, now, text="واحدة أخرى").number == 11


def test_who_may_not_add(now, db):
    closed = DialogueFactory.create(state="closed")
    with pytest.raises(DialogueNotOpen):
        add(closed, ParticipantFactory.create(dialogue=closed), now)
    between = DialogueFactory.create(voting=False)
    with pytest.raises(NoRoundOpen):
        add(between, ParticipantFactory.create(dialogue=between), now)
    running = DialogueFactory.create()
    with pytest.raises(ParticipantBlocked):
        add(running, ParticipantFactory.create(dialogue=running, is_blocked=True), now)
    with pytest.raises(ParticipantBlocked):
        add(running, ParticipantFactory.create(), now)


def test_author_rewords_and_the_earlier_wording_is_kept(dialogue, author, facilitator, now):
    statement = add(dialogue, author, now)
    actions.translate_statement(
        actor=facilitator, statement=statement, text="Publish", language="en", now=now
    )
    later = now + timedelta(hours=1)
    again = actions.reword_statement(
        statement=statement, text="نشر كل الوظائف", participant=author, now=later
    )
    assert dict(again.text) == {"ar": "نشر كل الوظائف"}, "the translation said the old words"
    assert (again.was_reworded, again.state) == (True, "held")
    assert dict(Wording.objects.get().text) == {"ar": IDEA, "en": "Publish"}


def test_open_statement_waits_again_after_rewording(dialogue, author, now):
    statement = add(dialogue, author, now)
    Statement.objects.update(state="open")
    again = actions.reword_statement(
        statement=statement, text="غير ذلك", participant=author, now=now
    )
    assert again.state == Statement.State.HELD


def test_words_that_others_voted_on_stay(dialogue, author, now):
    statement = add(dialogue, author, now)
    VoteFactory.create(statement=statement, participant__dialogue=dialogue)
    with pytest.raises(actions.VotedOnAlready):
        actions.reword_statement(statement=statement, text="غير ذلك", participant=author, now=now)


def test_only_the_author_rewords_and_withdraws(dialogue, author, facilitator, now):
    statement = add(dialogue, author, now)
    other = ParticipantFactory.create(dialogue=dialogue)
    for who in ({"participant": other}, {"actor": facilitator}):
        with pytest.raises(actions.NotTheAuthor):
            actions.reword_statement(statement=statement, text="غير ذلك", now=now, **who)
    with pytest.raises(actions.NotTheAuthor):
        actions.withdraw_statement(statement=statement, participant=other)


def test_seed_is_reworded_by_who_runs_the_dialogue(dialogue, facilitator, outsider, now):
    seed = StatementFactory.create(dialogue=dialogue)
    with pytest.raises(NotAllowed):
        actions.reword_statement(statement=seed, text="غير ذلك", actor=outsider, now=now)
    again = actions.reword_statement(statement=seed, text="غير ذلك", actor=facilitator, now=now)
    assert (again.state, again.was_reworded) == ("open", False)


@pytest.mark.parametrize("state", ["merged", "split", "withdrawn"])
def test_settled_statement_stays(dialogue, author, now, state):
    statement = add(dialogue, author, now)
    Statement.objects.update(state=state)
    with pytest.raises(actions.StatementSettled):
        actions.reword_statement(statement=statement, text="x", participant=author, now=now)
    with pytest.raises(actions.StatementSettled):
        actions.withdraw_statement(statement=statement, participant=author)


def test_translation(dialogue, facilitator, outsider, now):
    seed = StatementFactory.create(dialogue=dialogue)
    assert untranslated(dialogue, ("ar", "en")) == [seed]
    more = {"statement": seed, "language": "en", "now": now}
    with pytest.raises(NotAllowed):
        actions.translate_statement(actor=outsider, text="One", **more)
    actions.translate_statement(actor=facilitator, text="One", **more)
    actions.translate_statement(actor=facilitator, text="Two", **more)
    seed.refresh_from_db()
    assert seed.text["en"] == "Two"
    assert Wording.objects.get().text["en"] == "One"
    assert untranslated(dialogue, ("ar", "en")) == []
    with pytest.raises(actions.StatementSettled):
        actions.translate_statement(
            actor=facilitator, statement=seed, text="س", language="ar", now=now
        )


def test_fold_sees_through_arabic_spelling():
    assert fold("إِعــلان الوظائفِ، عَلى صفحةٍ!") == fold("اعلان الوظائف علي صفحه")
    assert fold("Café ١٢٣") == "cafe 123"


def test_near_copies_are_found_closest_first(dialogue):
    texts = [
        "يجب نشر جميع الوظائف الشاغرة في صفحة واحدة مفتوحة للجميع.",
        "يجب أن تنشر الوظائف الشاغرة جميعها في صفحة واحدة.",
        "يجب دعم المزارعين في الأغوار بالمياه.",
        "الأجر العادل حق لكل عاملة.",
    ]
    made = [StatementFactory.create(dialogue=dialogue, text={"ar": text}) for text in texts]
    StatementFactory.create(dialogue=dialogue, text={"ar": texts[0]}, state="rejected")
    found = similar_statements(dialogue, "يجب نشر جميع الوظائف الشاغره فى صفحه واحده مفتوحه للجميع")
    assert [one.statement for one in found] == made[:2]
    assert found[0].score > 0.95 > found[1].score
    assert similar_statements(dialogue, "المواصلات العامة") == []
    assert similar_statements(dialogue, " . ") == []
    assert len(similar_statements(dialogue, texts[0], limit=1)) == 1


def test_near_copy_in_the_other_language(dialogue):
    one = StatementFactory.create(
        dialogue=dialogue, text={"ar": IDEA, "en": "Vacancies should be published on one page."}
    )
    [found] = similar_statements(dialogue, "vacancies should be published on one page")
    assert (found.statement, found.score) == (one, 1.0)


def test_looking_for_copies_takes_one_query(dialogue, django_assert_num_queries):
    for _number in range(3):
        StatementFactory.create(dialogue=dialogue)
    with django_assert_num_queries(1):
        similar_statements(dialogue, "رأي رقم")
    assert open_statements(dialogue).count() == 3


# The detector of private details, measured on a generated corpus.

FRAMES = (
    "اتصلوا بي على {} في أي وقت",
    "تواصلوا معه: {}.",
    "please contact {} for details",
    "({})",
    "الموظف الذي طلب الرشوة {} ويعمل هناك",
    "{}",
)


def phones(random_):
    base = "05" + random_.choice("69") + "".join(random_.choices("0123456789", k=7))
    national = base[1:]
    return random_.choice(
        [
            base,
            f"+970{national}",
            f"00970{national}",
            f"+972 {national[:2]} {national[2:5]} {national[5:]}",
            f"{base[:4]}-{base[4:]}",
            f"{base[:3]} {base[3:6]} {base[6:]}",
            f"{base[:4]}.{base[4:7]}.{base[7:]}",
            f"02-29{random_.randint(10000, 99999)}",
            f"(02) 29{random_.randint(10000, 99999)}",
            f"+44 20 7946 0{random_.randint(100, 999)}",
        ]
    )


def mails(random_):
    user = random_.choice(["rana", "s.khalil", "info", "a_b-c", "omar99"])
    host = random_.choice(["example.org", "mail.example.ps", "uni.example.edu"])
    at = random_.choice(["@", "@", "@", " @ ", "(at)", "[at]", " at "])
    return f"{user}{at}{host}"


def ids(random_):
    nine = random_.choice("489") + "".join(random_.choices("0123456789", k=8))
    return random_.choice([nine, f"هوية رقم {nine}", f"N{nine[:7]}", f"passport {nine[:8]}"])


def corpus(kind, size=500):
    random_ = random.Random(f"corpus {kind.__name__}")
    for _number in range(size):
        detail = kind(random_)
        if random_.random() < 0.4:
            detail = detail.translate(EASTERN)
        yield random_.choice(FRAMES).format(detail), detail


@pytest.mark.parametrize(("kind", "codes"), [
    (phones, {"phone", "id"}), (mails, {"email"}), (ids, {"id", "phone"}),
])  # fmt: skip
def test_recall_of_private_details(kind, codes):
    missed = [text for text, _ in corpus(kind)
              if not any(one.kind in codes for one in private_details(text))]  # fmt: skip
    assert len(missed) <= 0.02 * 500, missed[:5]


NAMES = [
    "السيد خالد منصور",
    "الدكتورة سلمى",
    "أبو محمد",
    "المهندس يزن القاسم",
    "أحمد محمود",
    "فاطمة علي",
    "رنا خليل",
    "Mr Tomas Brek",
    "Dr. Salma Khalil",
    "Ahmad Mansour",
    "Rana al-Khatib",
    "محمد عبدالله",
    "الأستاذة هدى",
    "Eng. Rula",
    "يوسف إبراهيم",
]


def test_recall_of_names():
    seen = [any(d.kind == "name" for d in private_details(f"قال {name} إن")) for name in NAMES]
    assert sum(seen) >= 0.9 * len(NAMES), [n for n, s in zip(NAMES, seen, strict=True) if not s]


@pytest.mark.parametrize(
    "text",
    [
        "يجب أن يبدأ الإرشاد المهني في المدرسة من الصف التاسع.",
        "رفع الحد الأدنى للأجور إلى 1880 شيكل قبل 2027",
        "بين 2026-2027 وحتى 15/03/2027 أو ٢٠٢٧-٠٣-١٥",
        "50% of new jobs, 1,000,000 hours, article 12",
        "Meet at the town hall at noon.",
        "أمل الشباب كبير ونور العلم",
    ],
)
def test_ordinary_sentences_are_left_alone(text):
    assert private_details(text) == []


def test_statements_of_the_demonstration_are_left_alone():
    import json
    from pathlib import Path

    warned = []
    for path in (Path(__file__).resolve().parents[2] / "demo/dialogues").glob("*.json"):
        for entry in json.loads(path.read_text("utf-8"))["statements"]:
            warned += [text for text in entry["text"].values() if private_details(text)]
    assert warned == []


def test_details_say_where_they_stand():
    text = "راسلوا rana@example.org أو ٠٥٩٩-١٢٣٤٥٦ من فضلكم"
    found = private_details(text)
    assert [(one.kind, text[one.start : one.end]) for one in found] == [
        ("email", "rana@example.org"),
        ("phone", "٠٥٩٩-١٢٣٤٥٦"),
    ]
