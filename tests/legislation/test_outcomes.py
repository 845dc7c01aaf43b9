"""A new version arrives: what still applies, what became of each proposal, official answers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import (
    FIRST,
    NOW,
    SECOND,
    make_consultation,
    make_law,
    make_version,
)
from hiwar.legislation.actions import amendments, outcomes
from hiwar.legislation.actions.consultations import Said, enter_comment
from hiwar.legislation.actions.laws import TooLong, publish_version, summarise_law
from hiwar.legislation.exports.comparison import changes_between
from hiwar.legislation.models import AmendmentOutcome
from hiwar.legislation.queries.outcomes import outcome_rows

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Amendment, Law, LawVersion

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 7, 6, 9, tzinfo=UTC)


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def law(officer: User) -> Law:
    return make_law(officer)


def adopted(officer: User, version: LawVersion, kind: str, eid: str, **texts: str) -> Amendment:
    facts = amendments.AmendmentFacts(
        kind, eid, {"ar": "سبب"}, {"ar": texts.get("text", "")}, {"ar": texts.get("words", "")}, {}
    )
    amendment = amendments.propose_amendment(actor=officer, version=version, facts=facts, now=NOW)
    amendments.adopt_amendment(actor=officer, amendment=amendment, now=NOW)
    return amendment


@pytest.fixture
def versions(officer: User, law: Law) -> tuple[LawVersion, LawVersion]:
    """Return two versions: article 14 shortens a time, 14 bis is new, article 2 stays."""
    old = make_version(law)
    consultation = make_consultation(old)
    for eid in ("art_14", "art_14", "art_2", ""):
        said = Said(f"نص {eid}", "ar", "citizen", eid=eid, channel="paper",
                    received_on=date(2027, 5, 1))  # fmt: skip
        enter_comment(actor=officer, consultation=consultation, said=said, now=NOW)
    adopted(officer, old, "phrase", "art_14", words="ستين", text="ثلاثين")
    adopted(officer, old, "phrase", "art_2", words="خمسة عاملين", text="عاملين اثنين")
    adopted(officer, old, "substitution", "art_1",
            text="تنشر قرارات الصندوق كافة في الجريدة الرسمية.")  # fmt: skip
    return old, make_version(law, SECOND)


def test_comments_and_proposals_are_carried_over_with_their_state(
    client: Client, officer: User, law: Law, versions: tuple[LawVersion, LawVersion]
) -> None:
    sign_in_fully(client, officer)
    page = client.get(reverse("legislation:arrival", args=[law.pk, versions[1].pk]))
    assert page.context["counts"] == {"changed": 1, "added": 1, "removed": 0, "same": 2}
    carried = [(each.eid, each.count, each.carried.state)
               for each, *_shown in page.context["comments"]]  # fmt: skip
    assert carried == [("", 1, "applies"), ("art_2", 1, "applies"), ("art_14", 2, "changed")]


def test_what_became_of_a_proposal_is_proposed_and_confirmed_by_a_person(
    client: Client, officer: User, law: Law, versions: tuple[LawVersion, LawVersion]
) -> None:
    rows = outcome_rows(officer, *versions, changes_between(*versions))
    assert [(row.suggested.result, row.suggested.eid) for row in rows] == [
        ("same", ""), ("absent", ""), ("elsewhere", "art_14bis"),
    ]  # fmt: skip
    sign_in_fully(client, officer)
    address = reverse("legislation:arrival", args=[law.pk, versions[1].pk])
    assert client.get(address).context["rates"].undecided == 3
    for row, result in zip(rows, ("same", "absent", "unclear"), strict=True):
        client.post(address, {"number": row.amendment.number, "result": result})
    rates = client.get(address).context["rates"]
    assert (rates.fulfilled, rates.proposals) == (1, 3)
    assert (rates.articles_fulfilled, rates.articles, rates.undecided) == (1, 3, 0)
    outcome = AmendmentOutcome.objects.get(amendment=rows[2].amendment)
    assert (outcome.result, outcome.suggested, outcome.confirmed_by) == (
        "unclear", "elsewhere", officer,
    )  # fmt: skip
    with pytest.raises(outcomes.NotLater):
        outcomes.confirm_outcome(
            actor=officer, amendment=rows[0].amendment, version=versions[0],
            suggested=rows[0].suggested, result="same", note="", now=LATER,
        )  # fmt: skip
    reader = UserFactory.create(roles=["programme_manager"])
    sign_in_fully(client, reader)
    assert client.post(address, {"number": "99", "result": "same"}).status_code == 404


def test_everybody_reads_published_proposals_outcomes_and_answers_alone(
    client: Client, officer: User, law: Law, versions: tuple[LawVersion, LawVersion]
) -> None:
    publish_version(actor=officer, version=versions[1], now=LATER)
    page = reverse("public_laws:article", args=["en", law.pk, "2"])
    asked = "عاملين اثنين"
    assert asked not in client.get(page).content.decode()
    rows = outcome_rows(officer, *versions, changes_between(*versions))
    amendments.publish_amendments(
        actor=officer, law=law, amendments=[row.amendment for row in rows], is_shown=True, now=LATER
    )
    outcomes.confirm_outcome(
        actor=officer, amendment=rows[1].amendment, version=versions[1],
        suggested=rows[1].suggested, result="absent", note="داخلي", now=LATER,
    )  # fmt: skip
    for eid, said, is_published in (("art_2", "رأي الديوان", True), ("", "سر الديوان", False)):
        facts = outcomes.AnswerFacts(
            "ديوان الفتوى", {"ar": said}, "كتاب 7", date(2027, 7, 1), eid, is_published
        )
        outcomes.record_answer(actor=officer, law=law, facts=facts, now=LATER)
    text = client.get(page).content.decode()
    for word in (asked, "not adopted", "رأي الديوان"):
        assert word in text
    feed = client.get(reverse("public_laws:feed", args=["ar", law.pk])).content.decode()
    assert "رأي الديوان" in feed
    front = client.get(reverse("public_laws:law", args=["ar", law.pk])).content.decode()
    assert not any("سر الديوان" in each or "داخلي" in each for each in (text, feed, front))
    with pytest.raises(outcomes.AnswerToCome):
        outcomes.record_answer(
            actor=officer, law=law, now=NOW,
            facts=outcomes.AnswerFacts("ب", {"ar": "ن"}, "م", date(2027, 9, 1)),
        )  # fmt: skip


def test_a_summary_is_short_in_each_language(officer: User, law: Law) -> None:
    with pytest.raises(TooLong):
        summarise_law(actor=officer, law=law, summary={"en": "word " * 251}, now=NOW)
    summarise_law(actor=officer, law=law, summary={"en": "word " * 250, "ar": FIRST}, now=NOW)
    law.refresh_from_db()
    assert law.summary["ar"] == FIRST
