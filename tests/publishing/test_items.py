"""Items of the site: written by several, let out by a second person, by the clock of a place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.publishing import BODY, NOW, TITLE, make_item, make_public, make_text
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.common.multilingual import MultilingualText
from hiwar.engine.blocks import Block
from hiwar.publishing.actions import items, openings
from hiwar.publishing.models import Item
from hiwar.publishing.queries.content import Text, text_of
from hiwar.publishing.queries.items import is_due, newest_version, public_items, slug_of
from roles import PERMITS, roles_that_differ

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
SECRET = "سرمسودةلاينشر"


@pytest.fixture
def writer(roles: object) -> User:
    InstitutionFactory.create()
    return UserFactory.create(roles=["media"])


@pytest.fixture
def second(writer: User) -> User:
    return UserFactory.create(roles=["director"])


def save(item: Item, writer: User, text: Text, base: int) -> None:
    items.save_item(actor=writer, item=item, base=base, text=text, now=NOW)


def test_nobody_lets_out_their_own_words(writer: User, second: User) -> None:
    item = make_item(writer)
    with pytest.raises(openings.WrongItemState):
        openings.publish_item(actor=second, item=item, number=1, now=NOW)
    openings.ask_for_review(actor=writer, item=item, now=NOW)
    with pytest.raises(openings.SecondPersonNeeded):
        openings.publish_item(actor=writer, item=item, number=1, now=NOW)
    with pytest.raises(openings.WrongItemState):
        openings.publish_item(actor=second, item=item, number=2, now=NOW)
    with pytest.raises(NotAllowed):
        openings.publish_item(
            actor=UserFactory.create(roles=["editor"]), item=item, number=1, now=NOW
        )
    openings.publish_item(actor=second, item=item, number=1, now=NOW)
    assert [each.pk for each in public_items("news")] == [item.pk]
    verbs = AuditEntry.objects.filter(object=item.reference).values_list("verb", flat=True)
    assert set(verbs) >= {"publishing.item.start", "publishing.item.ask", "publishing.item.publish"}


def test_a_change_needs_approval_again_and_what_is_public_stays(writer: User, second: User) -> None:
    item = make_public(make_item(writer), second)
    save(item, writer, make_text(body={**BODY, "ar": SECRET}), 1)
    item.refresh_from_db()
    assert item.state == Item.State.DRAFT
    assert item.published is not None
    assert SECRET not in item.published.content
    later = NOW + timedelta(days=1)
    openings.ask_for_review(actor=writer, item=item, now=later)
    openings.send_back(actor=second, item=item, number=2, remark="العدد غير صحيح", now=later)
    assert newest_version(item).remark == "العدد غير صحيح"
    items.restore_version(actor=writer, item=item, number=1, now=later)
    item.refresh_from_db()
    make_public(item, second, later)
    item.refresh_from_db()
    # The same words are public again: nothing was modified for a reader.
    assert item.modified_at == NOW


def test_two_writers_lose_nothing(writer: User, second: User) -> None:
    text = Text(MultilingualText(TITLE), MultilingualText({}), (
        Block("a" * 32, "paragraph", {"ar": "الأول", "en": "First"}),
        Block("b" * 32, "paragraph", {"ar": "الثاني", "en": "Second"}),
    ))  # fmt: skip
    item = make_item(writer, text)

    def changed(first: str, after: str) -> Text:
        return Text(text.title, text.summary, (
            Block("a" * 32, "paragraph", {"ar": "الأول", "en": first}),
            Block("b" * 32, "paragraph", {"ar": "الثاني", "en": after}),
        ))  # fmt: skip

    save(item, writer, changed("First of mine", "Second"), 1)
    save(item, second, changed("First", "Second of theirs"), 1)
    joined = text_of(newest_version(item)).blocks
    assert [block.texts["en"] for block in joined] == ["First of mine", "Second of theirs"]
    with pytest.raises(items.SavedMeanwhile) as refused:
        save(item, second, changed("First of somebody", "Second"), 1)
    assert refused.value.theirs == [("en", "First of mine")]
    proposal = refused.value.proposal.blocks
    assert [block.texts["en"] for block in proposal] == ["First of somebody", "Second of theirs"]
    assert newest_version(item).number == 3


def test_an_opening_keeps_the_wall_clock_of_its_place(writer: User, second: User) -> None:
    item = make_item(writer)
    openings.ask_for_review(actor=writer, item=item, now=NOW)
    now = datetime(2027, 3, 27, 9, tzinfo=UTC)
    values = {"actor": second, "item": item, "number": 1, "zone": "Europe/Vienna", "now": now}
    with pytest.raises(openings.OpeningPast):
        openings.schedule_item(wall=datetime(2027, 3, 27, 9, 59), **values)  # noqa: DTZ001 - a wall clock
    # On 28 March 2027 the clock of Vienna goes from 2 to 3: half past two never comes.
    openings.schedule_item(wall=datetime(2027, 3, 28, 2, 30), **values)  # noqa: DTZ001 - a wall clock
    item.refresh_from_db()
    assert not is_due(item, datetime(2027, 3, 28, 0, 59, tzinfo=UTC))
    assert openings.open_due_items(now=datetime(2027, 3, 28, 0, 59, tzinfo=UTC)) == 0
    assert list(public_items()) == []
    assert openings.open_due_items(now=datetime(2027, 3, 28, 1, tzinfo=UTC)) == 1
    assert openings.open_due_items(now=datetime(2027, 3, 28, 1, 1, tzinfo=UTC)) == 0
    item.refresh_from_db()
    assert (item.state, item.opens_wall, item.opens_zone) == ("published", "", "")


def test_a_press_release_goes_out_in_all_languages(writer: User, second: User) -> None:
    item = make_item(writer, make_text(body={"ar": "نص"}), kind="press")
    openings.ask_for_review(actor=writer, item=item, now=NOW)
    with pytest.raises(openings.LanguagesUnequal):
        openings.publish_item(actor=second, item=item, number=1, now=NOW)


def test_the_public_page_says_its_language_and_leads_to_its_address(
    client: Client, writer: User, second: User
) -> None:
    arabic = make_text(body={"ar": "نص بالعربية"}, title={"ar": "خبر"})
    item = make_public(make_item(writer, arabic), second)
    right = reverse("public_publishing:item", args=["en", "news", slug_of(item, "en")])
    answer = client.get(f"/en/news/{item.code}-other-words/")
    assert (answer.status_code, answer["Location"]) == (301, right)
    page = client.get(right, follow=True)
    assert "This text exists in العربيّة only." in page.text
    assert 'lang="ar" dir="rtl"' in page.text
    assert "noindex" in page.text
    openings.withdraw_item(actor=second, item=item, reason={"en": "Counted twice"}, now=NOW)
    gone = client.get(right)
    assert gone.status_code == 410
    assert "Counted twice" in gone.text
    assert "نص بالعربية" not in gone.text
    assert "خبر" not in client.get("/ar/news/").text


@pytest.mark.parametrize("role", roles_that_differ("publishing", among=tuple(PERMITS)))
def test_drafts_are_read_at_the_desk_alone(writer: User, role: str) -> None:
    item = make_public(make_item(writer), UserFactory.create(roles=["director"]))
    save(item, writer, make_text(title={"ar": SECRET}, body={"ar": SECRET}), 1)
    client, visitor = Client(), Client()
    sign_in_fully(client, UserFactory.create(roles=[] if role == "outsider" else [role]))
    desk = [
        reverse("publishing:list"), f"/desk/search/?q={SECRET}",
        *(reverse(f"publishing:{name}", args=[item.code]) for name in ("item", "edit", "history")),
    ]  # fmt: skip
    seen = [path for path in desk if SECRET in client.get(path).text.replace(f'"{SECRET}"', "")]
    assert bool(seen) is ("publishing.see" in PERMITS[role])
    public = [
        "/ar/",
        "/ar/news/",
        reverse("public_publishing:item", args=["ar", "news", item.code]),
    ]
    assert not any(SECRET in visitor.get(path, follow=True).text for path in public)


def test_the_editor_takes_parts_in_their_order_and_gives_clashes_back(
    writer: User, second: User
) -> None:
    item, client = make_item(writer), Client()
    sign_in_fully(client, writer)
    address = reverse("publishing:edit", args=[item.code])
    sent = {
        "base": "1", "title_ar": TITLE["ar"], "title_en": TITLE["en"],
        "kind-" + "b" * 32: "paragraph", "place-" + "b" * 32: "20",
        "text-ar-" + "b" * 32: BODY["ar"], "text-en-" + "b" * 32: "Forty people met.",
        "kind-" + "c" * 32: "heading", "place-" + "c" * 32: "10",
        "text-ar-" + "c" * 32: "أولاً", "text-en-" + "c" * 32: "First",
    }  # fmt: skip
    page = client.post(address, sent)
    assert page.status_code == 302, page.context["form"].errors
    text = text_of(newest_version(item))
    assert [block.kind for block in text.blocks] == ["heading", "paragraph"]
    page = client.post(address, sent | {"text-en-" + "b" * 32: "Sixty people came."})
    assert "Forty people met." in page.text
    assert "Sixty people came." in page.text
    assert 'name="base" value="2"' in page.text
