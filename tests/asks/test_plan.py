"""The plan of an issue: one screen, what it lacks, what we say, and who may not read it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.asks import AddresseeFactory, AskFactory, AskPointFactory, TalkingLineFactory
from factories.contacts import PostFactory
from factories.dossiers import DossierFactory, FactFactory, NextStepFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import plan as act
from hiwar.asks.models import TalkingLine
from hiwar.asks.queries.plan import lines_for, plan_of, plans_at_rest
from hiwar.contacts.models import Interaction
from hiwar.dossiers.queries.extension_points import fact_uses

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
WORDS = {"ar": "البدل يفتح الباب", "en": "Pay opens the door"}


@pytest.fixture
def officer(roles: object) -> User:
    user: User = UserFactory.create(roles=["programme_manager"])
    return user


def test_one_screen_holds_the_plan_and_says_what_it_lacks(officer: User, client: Client) -> None:
    dossier = DossierFactory.create(owner=officer, state="in_advocacy", aim={"en": "Paid training"})
    empty = plan_of(officer, dossier, NOW.date())
    assert len(empty.gaps) == 5  # all but the aim
    assert [subject for subject, _lacking in plans_at_rest(officer)] == [dossier]
    put = AddresseeFactory.create(ask=AskFactory.create(dossier=dossier), answer_due=NOW.date())
    AskPointFactory.create(ask=put.ask)
    fact = FactFactory.create(dossier=dossier)
    NextStepFactory.create(dossier=dossier, owner=officer, due_on=date(2026, 11, 10))
    Interaction.objects.create(
        kind="meeting", happened_on=date(2026, 11, 5), subject="Talk on the budget",
        post=put.post, owner=officer, made_at=NOW, visibility="institution",
    )  # fmt: skip
    sign_in_fully(client, officer)
    client.cookies["hiwar_language"] = "en"
    page = reverse("asks:plan", args=[dossier.code])
    sent = client.post(reverse("asks:add_line", args=[dossier.code]), {
        "words_ar": WORDS["ar"], "words_en": WORDS["en"], "audience": "The press",
        "addressee": str(put.pk), "facts": [str(fact.pk)],
    })  # fmt: skip
    assert sent.status_code == 302, sent.context["form"].errors
    text = client.get(page).content.decode()
    for word in ("Paid training", str(put.ask.short), str(put.post.title), "The press",
                 WORDS["en"], "Talk on the budget", "every open step is overdue"):  # fmt: skip
        assert word in text, word
    assert "still lacks: every open step is overdue" in " ".join(text.split()).replace(
        "lacks: </", "lacks:</"
    )
    assert plans_at_rest(officer) == []
    line = TalkingLine.objects.get()
    assert [use.title for use in fact_uses(officer, [fact.pk])[fact.pk]]
    act.change_line(actor=officer, line=line, words={"en": "Other"}, audience="All", now=NOW)
    act.remove_line(actor=officer, line=line, now=NOW)
    assert not lines_for(officer, dossier).exists()


def test_a_line_belongs_to_somebody_and_to_its_dossier(officer: User) -> None:
    dossier = DossierFactory.create()
    with pytest.raises(act.ForNobody):
        act.write_line(actor=officer, dossier=dossier, words=WORDS, now=NOW)
    other = AddresseeFactory.create()
    with pytest.raises(act.OfAnotherDossier):
        act.write_line(actor=officer, dossier=dossier, words=WORDS, now=NOW, addressee=other)
    with pytest.raises(NotAllowed):
        act.write_line(
            actor=UserFactory.create(roles=["media"]), dossier=dossier, words=WORDS, now=NOW,
            audience="The press",
        )  # fmt: skip


def test_a_closed_dossier_and_a_closed_post_stay_closed(officer: User, client: Client) -> None:
    closed = TalkingLineFactory.create(dossier=DossierFactory.create(visibility="personal"))
    dossier = DossierFactory.create()
    post = PostFactory.create(visibility="personal", title={"en": "Quicksilver post"})
    put = AddresseeFactory.create(ask=AskFactory.create(dossier=dossier), post=post)
    hidden = TalkingLineFactory.create(dossier=dossier, addressee=put)
    sign_in_fully(client, officer)
    for line in (closed, hidden):
        for name in ("edit_line", "remove_line"):
            assert client.post(reverse(f"asks:{name}", args=[line.pk])).status_code == 404
    assert client.get(reverse("asks:plan", args=[closed.dossier.code])).status_code == 404
    text = client.get(reverse("asks:plan", args=[dossier.code])).content.decode()
    assert "Quicksilver" not in text
    assert str(hidden) not in text
