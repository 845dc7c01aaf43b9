"""Issues of the newsletter: chosen from what is public, whole, approved by a second person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory
from factories.newsletter import make_issue, make_public_item, subscribe
from factories.publishing import NOW
from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels.actions.issues import NobodySubscribes
from hiwar.channels.models import Batch, IssueCopy, IssueSending, Message
from hiwar.channels.queries.contents import content_of as words_of_message
from hiwar.common.dates import local_day
from hiwar.common.multilingual import MultilingualText
from hiwar.publishing.actions import newsletter as act
from hiwar.publishing.actions.openings import ReasonMissing, SecondPersonNeeded, withdraw_item
from hiwar.publishing.exports.newsletter import letters_of
from hiwar.publishing.models import Issue, Item
from hiwar.publishing.queries.newsletter import candidates, lacks

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house(roles: None) -> None:
    InstitutionFactory.create()


@pytest.fixture
def writer(roles: None) -> User:
    return UserFactory.create(roles=["media"])


def _entries(issue: Issue) -> list[tuple[str, str]]:
    return [(entry.kind, entry.key) for entry in issue.entries.order_by("position")]


def _approve(issue: Issue, actor: User) -> Issue:
    writer = issue.writers.earliest("pk")
    act.ask_about_issue(actor=writer, issue=issue, now=NOW)
    return act.approve_issue(actor=actor, issue=issue, write=letters_of, now=NOW)


def test_an_issue_holds_what_became_public_in_its_days_in_the_order_that_was_chosen(
    writer: User,
) -> None:
    issue = make_issue(writer, items=3)
    first, second, third = _entries(issue)
    before = make_public_item(7)
    Item.objects.filter(pk=before.pk).update(published_at=NOW - timedelta(days=60))
    offered = {(page.kind, page.key) for page in candidates(issue, NOW)}
    assert {first, second, third} <= offered
    assert ("site-news", str(before.pk)) not in offered
    unknown = ("site-news", "00000000-0000-4000-8000-000000000000")
    act.write_issue(
        actor=writer, issue=issue, now=NOW,
        entries=[third, unknown, first, ("site-news", str(before.pk)), third],
    )  # fmt: skip
    assert _entries(issue) == [third, first]


def test_nothing_goes_out_while_a_language_lacks_and_every_reason_is_said(writer: User) -> None:
    issue = make_issue(writer, items=1)
    half = make_public_item(8, {"ar": "بالعربية وحدها."})
    act.write_issue(
        actor=writer, issue=issue, entries=[*_entries(issue), ("site-news", str(half.pk))],
        title=MultilingualText({"ar": "نشرة"}), intro=MultilingualText({"en": "Words"}), now=NOW,
    )  # fmt: skip
    issue.refresh_from_db()
    with pytest.raises(act.IssueLacks) as refused:
        act.ask_about_issue(actor=writer, issue=issue, now=NOW)
    assert len(refused.value.reasons) == 3
    assert any("خبر 8" in reason for reason in refused.value.reasons)
    empty = act.start_issue(
        actor=writer, title=MultilingualText({"ar": "أ", "en": "A"}),
        intro=MultilingualText({"ar": "ب", "en": "B"}), from_day=local_day(NOW),
        until_day=local_day(NOW), now=NOW,
    )  # fmt: skip
    assert len(lacks(empty, NOW)) == 1


def test_whoever_wrote_any_of_it_does_not_approve_it(writer: User, director: User) -> None:
    subscribe("reader@elsewhere.example")
    issue = make_issue(writer)
    act.write_issue(actor=director, issue=issue, entries=_entries(issue), now=NOW)
    act.ask_about_issue(actor=writer, issue=issue, now=NOW)
    for person in (writer, director):
        with pytest.raises(SecondPersonNeeded):
            act.approve_issue(actor=person, issue=issue, write=letters_of, now=NOW)
    editor = UserFactory.create(roles=["editor"])
    with pytest.raises(NotAllowed):
        act.approve_issue(actor=editor, issue=issue, write=letters_of, now=NOW)
    assert not IssueSending.objects.exists()
    second = UserFactory.create(roles=["media"])
    act.approve_issue(actor=second, issue=issue, write=letters_of, now=NOW)
    assert IssueCopy.objects.count() == 1
    with pytest.raises(act.WrongIssueState):
        act.approve_issue(actor=second, issue=issue, write=letters_of, now=NOW)
    with pytest.raises(act.WrongIssueState):
        act.write_issue(actor=writer, issue=issue, entries=[], now=NOW)


def test_a_change_after_it_was_asked_about_needs_to_be_looked_at_again(
    writer: User, director: User
) -> None:
    issue = make_issue(writer)
    act.ask_about_issue(actor=writer, issue=issue, now=NOW)
    act.write_issue(actor=writer, issue=issue, entries=_entries(issue), now=NOW)
    with pytest.raises(act.WrongIssueState):
        act.approve_issue(actor=director, issue=issue, write=letters_of, now=NOW)
    act.ask_about_issue(actor=writer, issue=issue, now=NOW)
    with pytest.raises(ReasonMissing):
        act.send_issue_back(actor=director, issue=issue, remark=" ", now=NOW)
    act.send_issue_back(actor=director, issue=issue, remark="Shorter, please.", now=NOW)
    issue.refresh_from_db()
    assert (issue.state, issue.remark) == (Issue.State.DRAFT, "Shorter, please.")


def test_without_anybody_on_the_list_nothing_is_approved(writer: User, director: User) -> None:
    issue = make_issue(writer)
    with pytest.raises(NobodySubscribes):
        _approve(issue, director)
    issue.refresh_from_db()
    assert issue.state == Issue.State.REVIEW


def test_its_page_is_permanent_and_names_nothing_that_was_withdrawn(
    client: Client, writer: User, director: User
) -> None:
    issue = make_issue(writer, items=2)
    page = {code: reverse("public_publishing:issue", args=[code, issue.code])
            for code in ("ar", "en")}  # fmt: skip
    assert client.get(page["en"]).status_code == 404
    subscribe("reader@elsewhere.example")
    _approve(issue, director)
    arabic, english = (client.get(page[code]).content.decode() for code in ("ar", "en"))
    assert "نشرة آذار" in arabic
    assert "خبر 1" in arabic
    assert "News of March" in english
    assert "News 1" in english
    assert issue.code in client.get("/sitemap.xml").content.decode()
    assert issue.code in client.get(reverse("public_publishing:newsletter", args=["ar"])
                                    ).content.decode()  # fmt: skip
    item = Item.objects.get(pk=_entries(issue)[0][1])
    reason = MultilingualText({"ar": "خطأ", "en": "A mistake"})
    withdraw_item(actor=director, item=item, reason=reason, now=NOW + timedelta(1))
    after = client.get(page["en"]).content.decode()
    assert "News 0" not in after
    assert "News 1" in after
    assert "reader@elsewhere.example" not in arabic + english + after


def test_a_letter_is_small_says_its_direction_and_fetches_nothing(writer: User) -> None:
    issue = make_issue(writer, items=2)
    issue.content = act.content_of(issue, NOW)
    letters = letters_of(issue.content, issue.code)
    for language, side in (("ar", "rtl"), ("en", "ltr")):
        letter = letters[language]
        assert f'<html lang="{language}" dir="{side}">' in letter["html"]
        for tag in ("<img", "<link", "<script", "style=", "src="):
            assert tag not in letter["html"]
        assert "{way_out}" in letter["html"]
        assert "{way_out}" in letter["text"]
        assert "?" not in letter["html"].partition("<body")[2].replace("{way_out}", "")
        assert f"/{language}/newsletter/{issue.code}/" in letter["text"]
        assert len(letter["html"].encode()) < 60_000
    assert "&" not in letters["en"]["subject"]


def test_what_is_too_large_is_refused(writer: User, director: User) -> None:
    issue = make_issue(writer)
    act.ask_about_issue(actor=writer, issue=issue, now=NOW)
    huge = {"en": {"subject": "s", "text": "t", "html": "x" * 60_001}}
    with pytest.raises(act.TooLarge):
        act.approve_issue(actor=director, issue=issue, write=lambda _content, _code: huge, now=NOW)


def test_the_desk_leads_from_a_new_issue_to_the_sending(
    at_desk: Callable[[User], Client], director: User, writer: User
) -> None:
    subscribe("reader@elsewhere.example")
    news = make_public_item(1)
    desk = at_desk(writer)
    day = local_day(NOW).isoformat()
    words = {"title_ar": "نشرة", "title_en": "News", "intro_ar": "كلام", "intro_en": "Words",
             "from_day": day, "until_day": day}  # fmt: skip
    made = desk.post(reverse("publishing:new_issue"), words)
    issue = Issue.objects.get()
    edit = reverse("publishing:edit_issue", args=[issue.code])
    assert made["Location"] == edit
    page = desk.get(edit).content.decode()
    assert f'value="site-news {news.pk}"' in page
    chosen = {"entry": [f"site-news {news.pk}"], "place": ["1"]}
    assert desk.post(edit, words | chosen).status_code == 302
    home = reverse("publishing:issue", args=[issue.code])
    assert "News 1" in desk.get(home).content.decode()
    desk.post(home, {"test": "yes"})
    tests = Message.objects.filter(purpose="channels.newsletter_test")
    assert tests.count() == 2
    assert all(words is not None and words.html for words in map(words_of_message, tests))
    desk.post(home, {"ask": "yes"})
    desk.post(home, {"approve": "yes"})
    issue.refresh_from_db()
    assert issue.state == Issue.State.REVIEW, "the writer approves nothing"
    desk = at_desk(director)
    assert "News 1" in desk.get(home).content.decode()
    desk.post(home, {"approve": "yes"})
    issue.refresh_from_db()
    assert issue.state == Issue.State.APPROVED
    batch = Batch.objects.get()
    assert (batch.made_by, batch.state) == (director, Batch.State.PREPARED)
    assert reverse("channels:batch", args=[batch.pk]) in desk.get(home).content.decode()
