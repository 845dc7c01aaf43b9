"""Amending instruments at the desk: nothing applied unread, one text for each day, undone whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import NOW, make_instrument, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.engine import law as engine
from hiwar.legislation.actions import consolidation
from hiwar.legislation.actions import instruments as act
from hiwar.legislation.actions.amendments import AmendmentFacts, propose_amendment
from hiwar.legislation.actions.instruments import InstrumentFacts, OrderFacts
from hiwar.legislation.actions.laws import publish_version
from hiwar.legislation.models import AmendingInstrument, InstrumentOrder, LawVersion
from hiwar.legislation.queries.instruments import (
    clashes_of,
    instruments_for,
    law_on,
    orders_of,
    orders_shown,
)
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
BASE = "".join(
    f"مادة ({n})\n1. يصدر وزير الداخلية القرار {n}.\n2. يبلغ به لوزير الداخلية وجهاته.\n"
    for n in range(1, 7)
)
AMENDING = """أصدرنا القرار بقانون الآتي:
مادة (1)
تعدل الفقرة (1) من المادة (2) من القانون الأصلي لتصبح على النحو الآتي: “تسري على كل منشأة.”
مادة (2)
تلغى المادة (4) من القانون الأصلي.
مادة (3)
تضاف مادة جديدة إلى القانون الأصلي تحمل الرقم (5 مكرر)، نصها الآتي: “تنشر القرارات.”
مادة (4)
تستبدل عبارة “وزير الداخلية”، أينما وردت في القانون الأصلي، بعبارة “رئيس الهيئة”.
مادة (5)
تنظم العلاقة بين الطرفين في المادة السادسة بما يحقق المصلحة.
مادة (6)
يوقف العمل بأحكام المادة (3) من القانون الأصلي.
مادة (7)
يعمل بهذا القرار بقانون بعد ثلاثين يوماً من تاريخ نشره في الجريدة الرسمية.
"""
PUBLISHED = date(2027, 5, 1)
IN_FORCE = PUBLISHED + timedelta(days=30)
KINDS = ["substitution", "repeal", "insertion", "phrase", "", "suspension"]


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def version(officer: User) -> LawVersion:
    return make_version(make_law(officer), BASE)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    sign_in_fully(client, officer)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def bring(version: LawVersion, text: str = AMENDING, **more: object) -> AmendingInstrument:
    return make_instrument(version, text, published_on=PUBLISHED, **more)


def decide(instrument: AmendingInstrument, state: str = "accepted", *positions: int) -> None:
    """Decide the orders that are understood, or some; what is not understood is left out."""
    for order in orders_of(instrument):
        if positions and order.position not in positions:
            continue
        order.instrument = instrument
        act.decide_order(
            actor=instrument.added_by, order=order, state=state if order.kind else "left", now=NOW
        )


def at(name: str, instrument: AmendingInstrument, *more: object) -> str:
    return reverse(f"legislation:{name}", args=[instrument.law_id, instrument.pk, *more])


def step(desk: Client, instrument: AmendingInstrument, step: str, **more: str) -> HttpResponse:
    answer = desk.post(at("step_instrument", instrument), {"step": step, **more}, follow=True)
    instrument.refresh_from_db()
    return answer


def test_an_instrument_is_read_decided_carried_out_and_taken_back_at_the_desk(
    desk: Client, officer: User, version: LawVersion
) -> None:
    law = version.law
    address = reverse("legislation:bring_instrument", args=[law.pk, version.pk])
    sent = {
        "title": "قرار بقانون رقم (7) لسنة 2027", "authority": "official", "source": "الديوان",
        "published_on": PUBLISHED.isoformat(), "visibility": "institution",
    }  # fmt: skip
    assert desk.post(address, sent).context["form"].errors.keys() == {"text"}
    # From a file, which the closed process reads.
    file = SimpleUploadedFile("amending.txt", AMENDING.encode())
    answer = desk.post(address, {**sent, "file": file})
    instrument = AmendingInstrument.objects.get()
    assert answer["Location"] == at("instrument", instrument)
    assert instrument.in_force_on == IN_FORCE
    orders = orders_of(instrument)
    assert [order.kind for order in orders] == KINDS
    assert (orders[4].reason, orders[4].source) == (
        "formula", "تنظم العلاقة بين الطرفين في المادة السادسة بما يحقق المصلحة.",
    )  # fmt: skip
    page = desk.get(at("instrument", instrument)).content.decode()
    for order in orders:
        assert order.source in page
    assert "<ins><bdi>تسري على كل منشأة.</bdi></ins>" in page
    assert "Not understood: no formula that is known stands in it" in page
    assert "9 places" in page
    assert "1 sentence orders nothing" in page
    # Nothing changes before everything is decided, and what is not understood is not accepted.
    unread = orders[4]
    assert "Decide every order first" in step(desk, instrument, "carry_out").content.decode()
    answer = desk.post(
        at("decide_order", instrument, unread.position), {"state": "accepted"}, follow=True
    )
    assert "This sentence was not understood" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        InstrumentOrder.objects.filter(pk=unread.pk).update(state="accepted")


def test_what_is_accepted_makes_a_text_and_is_taken_back(desk: Client, version: LawVersion) -> None:
    instrument, law = bring(version, title="قرار بقانون رقم (7) لسنة 2027"), version.law
    orders = orders_of(instrument)
    for order in orders:
        state = "accepted" if order.kind else "left"
        desk.post(at("decide_order", instrument, order.position), {"state": state})
    assert law.versions.count() == 1
    step(desk, instrument, "carry_out")
    assert instrument.state == "carried_out"
    made = instrument.versions.get()
    assert (made.number, made.dated_on, made.authority, made.source, made.visibility) == (
        2, IN_FORCE, "consolidated", instrument.title, "institution",
    )  # fmt: skip
    text = text_of(made)
    parts = {part.eid: part.full_text() for part in text.walk()}
    assert "تسري على كل منشأة." in parts["art_2__para_1"]
    assert instrument.title in parts["art_4"]
    assert parts["art_5bis"].endswith("تنشر القرارات.")
    assert "وزير الداخلية" not in engine.to_text(text)
    assert "لرئيس الهيئة" in parts["art_6"]
    # What was not understood changed nothing.
    assert parts["art_6"].replace("رئيس الهيئة", "وزير الداخلية") == (
        text_of(version).provision("art_6").full_text()  # type: ignore[union-attr]
    )
    page = desk.get(reverse("legislation:on_day", args=[law.pk, made.pk]), {"day": "2027-07-01"})
    assert "What does not apply on this day" in page.content.decode()
    changes = [(change.tone, change.eid) for change in page.context["changes"]]
    assert ("primary", "art_5bis") in changes
    assert "art_6bis" not in {eid for _tone, eid in changes}
    step(desk, instrument, "undo")
    assert (instrument.state, law.versions.count()) == ("pending", 1)
    assert [order.state for order in orders_of(instrument)].count("accepted") == 5
    step(desk, instrument, "withdraw")
    assert instrument.state == "withdrawn"
    step(desk, instrument, "reopen")
    step(desk, instrument, "carry_out")
    assert instrument.versions.get().number == 2
    verbs = set(AuditEntry.objects.filter(object=law.reference).values_list("verb", flat=True))
    assert {f"legislation.law.{verb}" for verb in (
        "bring_instrument", "decide_order", "carry_out", "undo_carrying_out", "move_instrument",
    )} <= verbs  # fmt: skip


def test_what_is_not_understood_is_written_by_hand_beside_its_sentence(
    desk: Client, version: LawVersion
) -> None:
    instrument = bring(version)
    unread = orders_of(instrument)[4]
    address = at("order", instrument, unread.position)
    assert unread.source in desk.get(address).content.decode()
    answer = desk.post(address, {"kind": "substitution", "target": "art_6"})
    assert "Something is missing" in answer.content.decode()
    desk.post(address, {"kind": "insertion", "target": "art_6", "label": "(6 مكرر)", "text": "نص."})
    unread.refresh_from_db()
    assert (unread.kind, unread.target, unread.after, unread.is_by_hand, unread.state) == (
        "insertion", "art_6bis", "art_6", True, "open",
    )  # fmt: skip
    # A sentence that orders two things has two orders.
    desk.post(at("decide_order", instrument, unread.position), {"state": "further"})
    further = instrument.orders.get(position=unread.position + 1)
    assert (further.source, further.kind) == (unread.source, "")
    desk.post(at("order", instrument, further.position), {
        "kind": "addition", "target": "art_6", "label": "3", "text": "فقرة ثالثة.",
        "effective_on": "2027-09-01",
    })  # fmt: skip
    further.refresh_from_db()
    assert (further.target, further.effective_on) == ("art_6__para_3", date(2027, 9, 1))
    page = desk.get(at("instrument", instrument)).content.decode()
    assert "Order 5.1" in page
    # A day alone is no other order: what was accepted stays so.
    desk.post(at("decide_order", instrument, further.position), {"state": "accepted"})
    desk.post(at("order", instrument, further.position), {
        "kind": "addition", "target": "art_6", "label": "3", "text": "فقرة ثالثة.",
    })  # fmt: skip
    further.refresh_from_db()
    assert (further.state, further.effective_on) == ("accepted", None)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (OrderFacts("repeal"), act.OrderIncomplete),
        (OrderFacts("phrase", new_words="أ"), act.OrderIncomplete),
        (OrderFacts("addition", "art_2", "؟؟", "نص"), act.OrderIncomplete),
        (OrderFacts("suspension", "art_2", effective_on=date(2027, 6, 2), until=date(2027, 6, 1)),
         act.OrderIncomplete),
    ],
)  # fmt: skip
def test_an_order_by_hand_needs_what_its_kind_needs(
    version: LawVersion, facts: OrderFacts, refusal: type[Exception]
) -> None:
    instrument = bring(version)
    with pytest.raises(refusal):
        act.write_order(
            actor=instrument.added_by, order=orders_of(instrument)[0], facts=facts, now=NOW
        )


def test_an_order_that_the_text_does_not_bear_is_not_accepted(version: LawVersion) -> None:
    twice = "مادة (1)\nتلغى المادة (4) من القانون الأصلي.\n"
    instrument = bring(version, twice)
    (order,) = orders_of(instrument)
    act.write_order(
        actor=instrument.added_by, order=order, now=NOW,
        facts=OrderFacts("phrase", "", old_words="لا ترد", new_words="ترد"),
    )  # fmt: skip
    order.refresh_from_db()
    (shown,) = orders_shown(instrument, [order], text_of(version))
    assert shown.refusal == "phrase"
    with pytest.raises(act.CannotCarryOut):
        decide(instrument)


def test_each_day_has_its_text_and_the_law_is_there_on_any_day(version: LawVersion) -> None:
    instrument = bring(version)
    officer = instrument.added_by
    later, order = date(2028, 1, 1), orders_of(instrument)[1]
    act.write_order(
        actor=officer, order=order, now=NOW,
        facts=OrderFacts("repeal", "art_4", effective_on=later),
    )  # fmt: skip
    suspension = orders_of(instrument)[5]
    act.write_order(
        actor=officer, order=suspension, now=NOW,
        facts=OrderFacts("suspension", "art_3", until=date(2027, 12, 31)),
    )  # fmt: skip
    decide(instrument)
    first, second = consolidation.carry_out(actor=officer, instrument=instrument, now=NOW)
    assert [each.dated_on for each in (first, second)] == [IN_FORCE, later]

    def on(day: date) -> tuple[str, int, int, tuple[str, ...]]:
        state = law_on(second, day, instruments_for(officer, version.law))
        text = engine.to_text(state.result.law)
        return text, len(state.done), len(state.ahead), state.suspended

    before = engine.to_text(text_of(version))
    assert on(IN_FORCE - timedelta(days=1)) == (before, 0, 5, ())
    assert on(IN_FORCE) == (engine.to_text(text_of(first)), 4, 1, ("مادة (3)",))
    assert on(later) == (engine.to_text(text_of(second)), 5, 0, ())
    # Who may not read the instrument is told the text that was first amended.
    assert law_on(second, later, []).done == ()


def test_days_are_asked_for_and_do_not_lie_before_the_text(version: LawVersion) -> None:
    officer = version.added_by
    instrument = make_instrument(version, AMENDING)
    decide(instrument)
    assert instrument.in_force_on is None
    with pytest.raises(consolidation.DayMissing):
        consolidation.carry_out(actor=officer, instrument=instrument, now=NOW)
    for day in (version.dated_on - timedelta(days=1), version.dated_on):
        act.say_day(actor=officer, instrument=instrument, in_force_on=day, now=NOW)
        if day < version.dated_on:
            with pytest.raises(consolidation.DayBeforeText):
                consolidation.carry_out(actor=officer, instrument=instrument, now=NOW)
    assert len(consolidation.carry_out(actor=officer, instrument=instrument, now=NOW)) == 1
    nothing = make_instrument(version, AMENDING + " ")
    decide(nothing, "left")
    with pytest.raises(consolidation.NothingAccepted):
        consolidation.carry_out(actor=officer, instrument=nothing, now=NOW)


def test_two_pending_instruments_clash_in_words(desk: Client, version: LawVersion) -> None:
    first = bring(version)
    other = bring(
        version,
        "مادة (1)\nتعدل المادة (4) من القانون الأصلي، لتصبح على النحو الآتي: “نص جديد.”\n"
        "مادة (2)\nتعدل الفقرة (1) من المادة (2) من القانون الأصلي لتصبح على النحو الآتي: "
        "“غيره.”\n",
        title="قرار آخر",
    )
    page = desk.get(at("instrument", other)).content.decode()
    assert "Clashes with other pending instruments" in page
    told = "Order 1, and order 2 of “قرار بقانون معدل”: one takes out what the other changes"
    assert told in page
    assert "both give a new text to one provision (مادة (2) › 1.)" in page
    # What is left out, and what is withdrawn, clashes with nothing.
    decide(first, "left", 20, 40)
    user = first.added_by
    left = clashes_of(user, other, orders_of(other), text_of(version))
    assert {clash.code for clash in left} <= {"phrase"}
    act.withdraw_instrument(actor=user, instrument=first, now=NOW)
    assert clashes_of(user, other, orders_of(other), text_of(version)) == []


def test_an_instrument_that_was_overtaken_is_laid_on_the_newest_text(
    desk: Client, version: LawVersion
) -> None:
    first = bring(version)
    other = bring(version, "مادة (1)\nتلغى المادة (6) من القانون الأصلي.\n", title="قرار آخر")
    decide(first)
    decide(other)
    act.say_day(actor=other.added_by, instrument=other, in_force_on=date(2027, 8, 1), now=NOW)
    (second,) = consolidation.carry_out(actor=first.added_by, instrument=first, now=NOW)
    assert "Lay it on the newest text" in desk.get(at("instrument", other)).content.decode()
    assert "was carried out on this version since" in step(desk, other, "carry_out").text
    step(desk, other, "newest")
    assert other.version == second
    assert [order.state for order in orders_of(other)] == ["open"]
    decide(other)
    step(desk, other, "carry_out")
    third = other.versions.get()
    assert third.number == 3
    state = law_on(third, date(2028, 1, 1), instruments_for(other.added_by, version.law))
    assert state.root == version
    assert engine.to_text(state.result.law) == engine.to_text(text_of(third))
    # What a later instrument rests on is not taken back.
    with pytest.raises(consolidation.VersionsInUse):
        consolidation.undo_carrying_out(actor=first.added_by, instrument=first, now=NOW)


def test_what_is_used_since_is_not_taken_back(version: LawVersion) -> None:
    officer = version.added_by
    instrument = bring(version)
    decide(instrument)
    (made,) = consolidation.carry_out(actor=officer, instrument=instrument, now=NOW)
    facts = AmendmentFacts("repeal", "art_2", {"ar": "سبب"}, {}, {}, {})
    proposal = propose_amendment(actor=officer, version=made, facts=facts, now=NOW)
    with pytest.raises(consolidation.VersionsInUse):
        consolidation.undo_carrying_out(actor=officer, instrument=instrument, now=NOW)
    proposal.delete()
    publish_version(actor=officer, version=made, now=NOW)
    with pytest.raises(consolidation.VersionsInUse):
        consolidation.undo_carrying_out(actor=officer, instrument=instrument, now=NOW)
    with pytest.raises(act.NotPending):
        act.say_day(actor=officer, instrument=instrument, in_force_on=None, now=NOW)


def test_what_was_obtained_in_confidence_stays_with_its_owner(
    client: Client, version: LawVersion
) -> None:
    instrument = bring(version, authority="confidence", title="قرار سري")
    assert instrument.visibility == "personal"
    with pytest.raises(IntegrityError), transaction.atomic():
        AmendingInstrument.objects.update(visibility="institution")
    decide(instrument)
    (made,) = consolidation.carry_out(actor=instrument.added_by, instrument=instrument, now=NOW)
    assert (made.authority, made.visibility) == ("confidence", "personal")
    leaked = make_instrument(
        make_version(version.law, BASE + "مادة (7)\nنص.\n"), AMENDING, authority="leaked",
        in_force_on=IN_FORCE,
    )  # fmt: skip
    decide(leaked)
    (text,) = consolidation.carry_out(actor=leaked.added_by, instrument=leaked, now=NOW)
    assert (text.authority, text.visibility) == ("leaked", "institution")
    publish_version(actor=version.added_by, version=version, now=NOW)
    for role, is_staff in (("researcher", True), ("facilitator", True), ("", False)):
        if role:
            sign_in_fully(client, UserFactory.create(roles=[role]))
        for address in (
            at("instrument", instrument),
            reverse("legislation:on_day", args=[version.law_id, made.pk]),
            reverse("legislation:law", args=[version.law_id]),
            reverse("public_laws:law", args=["ar", version.law_id]),
        ):
            answer = client.get(address)
            assert "سري" not in answer.content.decode(), (role, address)
        if is_staff:
            client.logout()
    other = UserFactory.create(roles=["researcher"])
    with pytest.raises(NotAllowed):
        consolidation.undo_carrying_out(actor=other, instrument=instrument, now=NOW)


def test_a_text_without_articles_and_the_same_text_twice_are_refused(version: LawVersion) -> None:
    facts = InstrumentFacts("قرار", "official", "الديوان")
    with pytest.raises(act.NothingOrdered):
        act.bring_instrument(
            actor=version.added_by, version=version, text="نص بلا مواد", facts=facts, now=NOW
        )
    with pytest.raises(act.OtherLanguage):
        bring(version, "Article (1)\nArticle 4 of the Law is repealed.\n")
    bring(version)
    with pytest.raises(act.SameInstrument):
        bring(version)
