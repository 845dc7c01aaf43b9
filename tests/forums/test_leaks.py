"""What of forums is seen by whom: at the desk as each role, and on the public site."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.dialogues import DialogueFactory, StatementFactory
from factories.dossiers import DossierFactory
from factories.events import EventFactory
from factories.forums import NOW, make_approved, make_forum, make_planner
from hiwar.forums.actions.stages import update_stage
from hiwar.forums.models import Forum
from hiwar.forums.queries.forums import stages_of
from roles import PERMITS, roles_that_differ

pytestmark = pytest.mark.django_db
SECRET, CLOSED = "سرمنتدىلاينشر", "جلسةمغلقةلاتعرف"


@pytest.fixture
def forum(roles: object) -> Forum:
    """Return a forum for everybody that is not approved yet, with a session that is closed."""
    InstitutionFactory.create()
    subject = make_forum(make_planner(), visibility="public", question={"ar": SECRET})
    director = UserFactory.create(roles=["director"])
    event = EventFactory.create(owner=director, visibility="personal", title={"ar": CLOSED})
    dialogue = DialogueFactory.create(state="draft", opened_at=None, title={"ar": SECRET})
    StatementFactory.create(dialogue=dialogue, text={"ar": SECRET})
    stages = stages_of(subject)
    update_stage(actor=director, stage=stages[1], values={"event": event}, now=NOW)
    update_stage(actor=director, stage=stages[3], values={"round": dialogue.rounds.get()}, now=NOW)
    return subject


LOG = {"/desk/", "/desk/activity/"}


def desk_pages(forum: Forum) -> list[str]:
    names = ("forum", "edit", "results", "restart", "add_stage")
    return [
        *(reverse(f"forums:{name}", args=[forum.code]) for name in names),
        reverse("forums:list"), reverse("papers:of_forum", args=[forum.code]),
        reverse("asks:of_forum", args=[forum.code]), reverse("accounts:morning"),
        reverse("forums:edit_stage", args=[stages_of(forum)[0].pk]),
        f"/desk/search/?q={SECRET}", "/desk/activity/",
    ]  # fmt: skip


@pytest.mark.costly("opens every page of forums twice")
@pytest.mark.parametrize("role", roles_that_differ("forums", among=tuple(PERMITS)))
def test_the_desk_shows_forums_to_their_readers_and_no_closed_session(
    forum: Forum, role: str
) -> None:
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=[] if role == "outsider" else [role]))

    def pages_with(*words: str) -> list[str]:
        texts = {path: client.get(path).text.replace(f'value="{SECRET}"', "")
                 for path in desk_pages(forum)}  # fmt: skip
        return [path for path, text in texts.items() if any(word in text for word in words)]

    # The log names what all staff may read to whoever may read the log.
    named = [path for path in pages_with(str(forum.title)) if path not in LOG]
    assert bool(named) is ("forums.see" in PERMITS[role])
    assert pages_with(CLOSED) == []
    Forum.objects.filter(pk=forum.pk).update(visibility="personal")
    assert [path for path in pages_with(str(forum.title), SECRET) if "/forums/" in path] == []


def public_pages(forum: Forum) -> list[str]:
    return [
        reverse("public_forums:forums", args=["ar"]),
        reverse("public_forums:forum", args=["ar", forum.code]),
        f"{reverse('public_publishing:search', args=['ar'])}?q={SECRET}",
    ]


def seen_by_everybody(forum: Forum, word: str) -> list[bool]:
    client = Client()
    return [
        word in client.get(path).text.replace(f'value="{word}"', "").replace(f"«{word}»", "")
        for path in public_pages(forum)
    ]


def test_everybody_reads_a_forum_once_it_is_approved_and_its_dossier_is_public(
    forum: Forum,
) -> None:
    title = str(forum.title)
    assert seen_by_everybody(forum, title) == [False, False, False]
    make_approved(forum, UserFactory.create(roles=["director"]))
    assert seen_by_everybody(forum, title) == [True, True, True]
    page = Client().get(public_pages(forum)[1]).text
    # Neither a session that is not published nor a dialogue that is a draft stands on the path.
    assert CLOSED not in page
    assert page.count("/desk/") == 0
    assert len(stages_of(forum)) == 10
    assert page.count('id="stage-') == 8
    dossier = DossierFactory.create(visibility="institution")
    Forum.objects.filter(pk=forum.pk).update(dossier=dossier)
    assert seen_by_everybody(forum, title) == [False, False, False]
