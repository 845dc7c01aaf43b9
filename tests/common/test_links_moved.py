"""Links that were given out before go on opening, and no token stays in plain text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory
from factories.asks import AskFactory, PartyFactory
from factories.events import EventFactory, InvitationFactory
from factories.visits import make_visit
from hiwar.asks.models import PositionLink
from hiwar.common.links import actions, queries
from hiwar.events.models import CalendarFeed, Invitation, InvitationMessage
from hiwar.visits.models import ShareLink

pytestmark = pytest.mark.django_db(transaction=True)
ROOMS = ("asks", "events", "visits")
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def migrate(*, back: bool) -> Any:
    """Bring the rooms to the day before private links, or to today; return the models."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    targets = graph.leaf_nodes()
    if back:
        firsts = [
            node for node in graph.nodes if node[0] in ROOMS and node[1].endswith("_private_links")
        ]
        firsts = [node for node in firsts if "_move_" not in node[1]]
        targets = [
            parent.key
            for node in firsts
            for parent in graph.node_map[node].parents
            if parent.key[0] == node[0]
        ]
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def test_links_move_and_come_back(roles: None) -> None:
    InstitutionFactory.create()
    user = UserFactory.create(email="salma@house.example", roles=["director"])
    soon = timezone.localdate() + timedelta(days=3)
    event = EventFactory.create(published_at=NOW, starts_on=soon, ends_on=soon)
    invited, withdrawn = (InvitationFactory.create(event=event) for _each in range(2))
    token = queries.token_of(invited.private_link)
    Invitation.objects.filter(pk=withdrawn.pk).update(is_withdrawn=True)
    calendar, calendar_token = actions.make_link(purpose="events.calendar", now=NOW)
    CalendarFeed.objects.create(user=user, private_link=calendar, made_at=NOW)
    own, own_token = actions.make_link(purpose="asks.positions", now=NOW, ends_on=soon)
    ask, party = AskFactory.create(), PartyFactory.create()
    PositionLink.objects.create(dossier=ask.dossier, organisation=party, private_link=own)
    share, share_token = actions.make_link(purpose="visits.programme", now=NOW, ends_on=soon)
    visit = make_visit(user)
    ShareLink.objects.create(
        visit=visit, colleague=user, kind="programme", private_link=share, made_by=user
    )
    InvitationMessage.objects.create(
        invitation=invited, kind="invitation", subject="S", body="Here:\n{link}\n", made_at=NOW
    )
    try:
        old = migrate(back=True)
        before = old.get_model("events", "Invitation").objects.get(pk=invited.pk)
        assert before.secret == token, "a token that was kept does not come back"
        feed = old.get_model("events", "CalendarFeed").objects.get()
        feed.secret = calendar_token[:40]
        feed.save()
        message = old.get_model("events", "InvitationMessage").objects.get()
        message.body = f"Here:\nhttps://house.example/e/{token}\n"
        message.save()
        row = old.get_model("visits", "ShareLink").objects.get()
        assert (row.digest, row.ends_on) == (queries.plain_digest(share_token), soon)
    finally:
        migrate(back=False)
    message = InvitationMessage.objects.get()
    assert message.body == "Here:\n{link}\n"
    assert f"/e/{token}\n" in queries.fill_in(message.body, message.invitation.private_link)
    gone = Invitation.objects.get(pk=withdrawn.pk).private_link
    assert gone.withdrawn_at is not None
    assert queries.token_of(gone) == ""
    for path in (
        f"/e/{token}", f"/calendar/{calendar_token[:40]}.ics", f"/p/{own_token}/",
        f"/v/{share_token}/",
    ):  # fmt: skip
        assert Client().get(path).status_code == 200, path
