"""What laws wait for: clocks of stages, consultations, and what is new to who follows them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import NOW, SECOND, make_consultation, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.search.query import find
from hiwar.dossiers.queries.extension_points import registered_timeline
from hiwar.legislation.actions import following as act
from hiwar.legislation.actions.consultations import Said, enter_comment
from hiwar.legislation.actions.laws import summarise_law
from hiwar.legislation.actions.steps import StepFacts, record_step
from hiwar.legislation.models import Law, LegislativeStep, Stage
from hiwar.legislation.queries.deadlines import calendar_of, clock_of, deadlines_of, urgent
from hiwar.legislation.queries.following import news_since
from hiwar.legislation.queries.laws import steps_of
from hiwar.places.queries.deadlines import DaysOff
from hiwar.places.queries.derivations import derivation_in_words

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
MAY = date(2027, 5, 3)
EID = (date(2027, 5, 16), date(2027, 5, 19), "Eid", True)


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


def came(law: Law, code: str, on: date | None) -> LegislativeStep:
    stage = law.procedure.stages.get(code=code)
    facts = StepFacts("stage", stage, on, "official_text")
    assert law.owner is not None
    return record_step(actor=law.owner, law=law, facts=facts, now=NOW)


def became(law: Law, kind: str, on: date) -> LegislativeStep:
    facts = StepFacts(kind, None, on, "official_statement")
    assert law.owner is not None
    return record_step(actor=law.owner, law=law, facts=facts, now=NOW)


def end(law: Law, off: DaysOff | None = None) -> date | None:
    steps = steps_of(law)
    clock = clock_of(steps, off or calendar_of(steps))
    return clock.day if clock else None


def test_a_stage_has_its_days_and_a_suspension_stops_its_clock(officer: User) -> None:
    law = make_law(officer)
    assert end(law) is None
    came(law, "gazette", None)
    assert end(law) is None
    came(law, "gazette", MAY)
    assert end(law) == date(2027, 6, 2)
    became(law, "suspended", date(2027, 5, 10))
    clock = clock_of(steps_of(law), calendar_of([]))
    assert clock is not None
    assert (clock.day, clock.paused_on) == (None, date(2027, 5, 10))
    became(law, "resumed", date(2027, 5, 20))
    assert end(law) == date(2027, 6, 12)
    became(law, "withdrawn", date(2027, 5, 21))
    assert end(law) is None
    came(law, "in-force", date(2027, 5, 22))
    assert end(law) is None


def test_working_days_and_a_day_off_move_the_end_and_say_why(officer: User) -> None:
    law = make_law(officer)
    off = DaysOff(frozenset([5, 6]), (EID,))
    Stage.objects.filter(code="gazette").update(clock_days=10, counts_working_days=True)
    came(law, "gazette", MAY)
    assert end(law, off) == date(2027, 5, 23)
    Stage.objects.filter(code="gazette").update(clock_days=14, counts_working_days=False)
    assert end(law, off) == date(2027, 5, 17)
    Stage.objects.filter(code="gazette").update(rolls=True)
    clock = clock_of(steps_of(law), off)
    assert clock is not None
    assert clock.day == date(2027, 5, 20)
    assert clock.is_estimated
    words = derivation_in_words(clock.steps)
    assert len(words) == len(clock.steps)
    assert sum("Eid" in line for line in words) == 3


def test_consultations_wait_as_far_as_a_reader_may_know(
    officer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    law = make_law(officer)
    consultation = make_consultation(make_version(law), opens=date(2027, 4, 11))
    before = datetime(2027, 6, 1, 9, tzinfo=UTC)
    kinds = [(each.kind, each.day) for each in deadlines_of(officer, [law], before)]
    assert kinds == [("closing", date(2027, 6, 10))]
    assert urgent(deadlines_of(officer, [law], before - timedelta(days=9)), before) != []
    assert urgent(deadlines_of(officer, [law], before), before - timedelta(days=9)) == []
    said = Said("نص", "ar", "citizen", channel="paper", received_on=date(2027, 5, 1))
    enter_comment(actor=officer, consultation=consultation, said=said, now=NOW)
    laws = [law, make_law(officer)]
    with django_assert_max_num_queries(4):
        (owed,) = deadlines_of(officer, laws, NOW)
    assert (owed.kind, owed.consultation) == ("answers", consultation)
    version = consultation.version
    version.visibility, version.owner = "personal", officer
    version.save()
    other = UserFactory.create(roles=["director"])
    assert deadlines_of(other, [law], NOW) == []
    assert len(deadlines_of(officer, [law], NOW)) == 1


def test_what_others_did_is_new_until_it_is_marked_as_seen(officer: User) -> None:
    law = make_law(officer)
    other = UserFactory.create(roles=["researcher"])
    make_version(law, SECOND)
    assert news_since(officer, {law.pk: NOW - timedelta(days=1)}) == []
    follower = act.follow_law(actor=other, law=law, now=NOW - timedelta(days=1))
    (news,) = news_since(other, {law.pk: follower.seen_at})
    assert news.who == str(officer)
    secret = make_version(law, authority="confidence")
    assert secret.visibility == "personal"
    assert len(news_since(other, {law.pk: follower.seen_at})) == 1
    act.mark_law_seen(actor=other, law=law, until=NOW + timedelta(days=9), now=NOW)
    follower.refresh_from_db()
    assert follower.seen_at == NOW
    assert news_since(other, {law.pk: follower.seen_at}) == []
    act.mark_law_seen(actor=other, law=law, until=NOW - timedelta(days=9), now=NOW)
    follower.refresh_from_db()
    assert follower.seen_at == NOW
    act.unfollow_law(actor=other, law=law, now=NOW)
    with pytest.raises(NotAllowed):
        act.mark_law_seen(actor=other, law=law, until=NOW, now=NOW)
    with pytest.raises(NotAllowed):
        act.follow_law(actor=UserFactory.create(), law=law, now=NOW)


def test_the_morning_page_tells_owner_and_follower_and_nobody_else(
    officer: User, client: Client
) -> None:
    law = make_law(officer)
    today = timezone.localdate()
    came(law, "gazette", MAY)
    LegislativeStep.objects.update(happened_on=today - timedelta(days=40))
    follower, other = (UserFactory.create(roles=["media"]) for _person in range(2))
    act.follow_law(actor=follower, law=law, now=NOW - timedelta(days=300))
    LegislativeStep.objects.update(recorded_at=timezone.now())
    page, file = reverse("accounts:morning"), reverse("legislation:law", args=[law.pk])
    for person, sees in ((officer, True), (follower, True), (other, False)):
        sign_in_fully(client, person)
        assert (f'href="{file}"' in client.get(page).content.decode()) is sees
    sign_in_fully(client, follower)
    assert f"{file}#news" in client.get(page).content.decode()
    shown = client.get(file)
    assert 'id="news"' in shown.content.decode()
    address = reverse("legislation:seen", args=[law.pk])
    client.post(address, {"until": shown.context["shown_at"]})
    assert 'id="news"' not in client.get(file).content.decode()
    client.post(reverse("legislation:follow", args=[law.pk]), {"follow": "no"})
    assert f'href="{file}"' not in client.get(page).content.decode()


def test_the_history_of_a_dossier_and_the_search_know_the_law(officer: User) -> None:
    law = make_law(officer)
    make_consultation(make_version(law), opens=timezone.localdate() - timedelta(days=3))
    came(law, "gazette", MAY)
    LegislativeStep.objects.update(happened_on=timezone.localdate())
    entries = [each for each in registered_timeline(officer, law.dossier) if each.kind == "law"]
    assert len(entries) == 5
    assert sum(each.is_expected for each in entries) == 2
    summarise_law(actor=officer, law=law, summary={"en": "Pensions for all who work"}, now=NOW)
    kinds = [group.kind for group in find(officer, "pensions").groups]
    assert "legislation.law" in kinds
