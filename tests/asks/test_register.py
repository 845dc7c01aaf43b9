"""The register of meetings: off until it is opened, words of its own that stay, nothing leaks."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.asks import (
    AskPointFactory,
    MeetingEntryFactory,
    PostContactFactory,
    RegisterKindFactory,
)
from factories.contacts import PersonFactory, PostHoldingFactory
from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks.actions import register as act
from hiwar.asks.exports.register import meeting_pages
from hiwar.asks.models import MeetingEntry, RegisterKind
from hiwar.asks.queries.register import contacts_to_tell, entries_for
from hiwar.common.models import AuditEntry
from hiwar.contacts.actions.log import remove_interaction

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.contacts.models import Interaction

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=20)
WHISPER, SAID = "whispered-kumquat", "what-the-minister-said-quietly"
NAME = "Zephyrine Quillfeather"
THEME = {"ar": "صندوق التدريب", "en": "The training fund"}


@pytest.fixture
def director(roles: object) -> User:
    InstitutionFactory.create()
    user: User = UserFactory.create(roles=["director"])
    return user


@pytest.fixture
def contact(director: User) -> Interaction:
    RegisterKindFactory.create()
    row: Interaction = PostContactFactory.create(
        subject=WHISPER, text=SAID, happened_on=date(2026, 11, 12), owner=director
    )
    person = PersonFactory.create(shown_name={"en": NAME})
    row.people.add(person)
    PostHoldingFactory.create(post=row.post, person=person)
    return row


def published(director: User, contact: Interaction, **more: object) -> MeetingEntry:
    shown = act.Shown(**{"theme": THEME, "manner": "meeting", **more})  # type: ignore[arg-type]  # fields by name
    entry = act.prepare_entry(actor=director, interaction=contact, shown=shown, now=NOW)
    return told_and_published(director, entry)


def told_and_published(director: User, entry: MeetingEntry) -> MeetingEntry:
    act.tell_other_side(actor=director, entry=entry, on=NOW.date(), how="Letter 12", now=NOW)
    return act.publish_entry(actor=director, entry=entry, now=LATER)


def page_of(client: Client, language: str = "en", **query: str) -> str:
    address = reverse("public_asks:register", args=[language])
    return client.get(address, query).content.decode()


def test_it_is_off_until_it_is_opened_and_closing_it_hides_what_stands(
    director: User, client: Client
) -> None:
    address = reverse("public_asks:register", args=["ar"])
    assert client.get(address).status_code == 404
    assert client.get(address, {"as": "csv"}).status_code == 404
    assert address not in client.get(reverse("public_asks:asks", args=["ar"])).content.decode()
    entry = MeetingEntryFactory.create(category="public_body")
    public = reverse("public_asks:meeting", args=["ar", entry.pk.hex])
    act.open_register(actor=director, codes=["public_body"], now=NOW)
    assert client.get(public).status_code == 200
    assert address in client.get(reverse("public_asks:asks", args=["ar"])).content.decode()
    act.open_register(actor=director, codes=["media"], now=NOW)
    assert client.get(public).status_code == 404
    assert str(entry.theme) not in page_of(client)
    act.open_register(actor=director, codes=[], now=NOW)
    assert client.get(address).status_code == 404
    verbs = list(AuditEntry.objects.filter(verb__startswith="asks.register").values_list(
        "verb", flat=True
    ))  # fmt: skip
    assert sorted(verbs) == ["asks.register.close"] * 2 + ["asks.register.open"] * 2
    for role in ("programme_manager", "researcher", "finance"):
        with pytest.raises(NotAllowed):
            act.open_register(actor=UserFactory.create(roles=[role]), codes=["media"], now=NOW)
    assert not RegisterKind.objects.exists()


def test_the_other_side_reads_it_first_and_new_words_are_told_anew(
    director: User, contact: Interaction
) -> None:
    shown = act.Shown(theme=THEME, manner="meeting")
    entry = act.prepare_entry(actor=director, interaction=contact, shown=shown, now=NOW)
    with pytest.raises(act.NotToldYet):
        act.publish_entry(actor=director, entry=entry, now=LATER)
    for day in (NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1)):
        with pytest.raises(act.ToldOnWrongDay):
            act.tell_other_side(actor=director, entry=entry, on=day, how="Call", now=NOW)
    act.tell_other_side(actor=director, entry=entry, on=NOW.date(), how="Call", now=NOW)
    with pytest.raises(act.NotToldYet):
        act.publish_entry(actor=director, entry=entry, now=NOW + timedelta(days=3))
    act.rewrite_entry(actor=director, entry=entry, shown=shown, now=NOW)
    with pytest.raises(act.NotToldYet):
        act.publish_entry(actor=director, entry=entry, now=LATER)
    told_and_published(director, entry)
    with pytest.raises(act.EntryPublished):
        act.rewrite_entry(actor=director, entry=entry, shown=shown, now=LATER)
    with pytest.raises(act.EntryPublished):
        act.discard_entry(actor=director, entry=entry, now=LATER)


def test_words_stay_and_nothing_of_the_log_is_told(
    director: User, contact: Interaction, client: Client
) -> None:
    entry = published(director, contact, ours={"ar": "المديرة", "en": "The director"})
    contact.subject, contact.happened_on = "Other words", date(2026, 11, 2)
    contact.save()
    post = contact.post
    assert post is not None
    post.title = {"ar": "لقب جديد", "en": "A new title"}
    post.save()
    remove_interaction(actor=director, interaction=contact, now=LATER)
    texts = [
        page_of(client), page_of(client, "ar"), page_of(client, **{"as": "csv"}),
        client.get(reverse("public_asks:meeting", args=["en", entry.pk.hex])).content.decode(),
    ]  # fmt: skip
    for text in texts:
        for hidden in (WHISPER, SAID, NAME, "Quillfeather", "Other words", "A new title",
                       "Letter 12"):  # fmt: skip
            assert hidden not in text
    assert "The training fund" in texts[0]
    assert "Director general" in texts[0]
    assert "12 November 2026" in texts[0]
    assert "صندوق التدريب" in texts[1]
    assert 'dir="rtl"' in texts[1]
    rows = list(csv.reader(StringIO(texts[2].lstrip("\ufeff"))))
    assert [rows[1][0], rows[1][1], rows[1][6]] == [
        "2026-11-12", "Director general", "The training fund",
    ]  # fmt: skip


def test_feeds_tell_of_what_stands_and_of_nothing_else(
    director: User, contact: Interaction
) -> None:
    prepared = MeetingEntryFactory.create(published_at=None, published_by=None)
    entry = published(director, contact)
    listed = list(meeting_pages(LATER))
    assert [page.key for page in listed] == [str(entry.pk)]
    assert listed[0].title["ar"] == "المدير العام: صندوق التدريب"
    assert str(prepared.pk) not in {page.key for page in listed}
    act.withdraw_entry(actor=director, entry=entry, because={"en": "Wrong"}, now=LATER)
    assert not list(meeting_pages(LATER))


def test_off_the_record_tells_theme_and_month_alone(
    director: User, contact: Interaction, client: Client
) -> None:
    point = AskPointFactory.create(ask__visibility="public")
    entry = published(
        director, contact, is_off_record=True, place={"en": "Their office"},
        ours={"en": "The director"}, point=point,
    )  # fmt: skip
    assert (entry.post, entry.point, entry.on) == (None, None, date(2026, 11, 1))
    text = page_of(client)
    assert "November 2026" in text
    for hidden in ("12 November", "Director general", "Their office", "Ufuq", "The director"):
        assert hidden not in text
    assert str(point.ask.short) not in text


def test_persons_are_not_named(director: User, contact: Interaction, client: Client) -> None:
    for words in ({"theme": {"en": f"Tea with {NAME.upper()}"}},
                  {"ours": {"en": "With Quillfeather, Zephyrine"}}):  # fmt: skip
        with pytest.raises(act.PersonNamed):
            published(director, contact, **words)
    sign_in_fully(client, director)
    sent = client.post(reverse("asks:register_new", args=[contact.pk]), {
        "theme_en": "Call 0599777333", "precision": "day", "manner": "call",
    })  # fmt: skip
    assert sent.context["form"].errors["theme"]
    assert not MeetingEntry.objects.exists()


def test_a_correction_says_so_and_a_withdrawal_takes_the_words_off(
    director: User, contact: Interaction, client: Client
) -> None:
    first = published(director, contact)
    shown = act.Shown(theme={"en": "The apprenticeship levy"}, manner="call")
    why = {"en": "It was a call."}
    new = act.correct_entry(actor=director, entry=first, shown=shown, correction=why, now=NOW)
    with pytest.raises(act.CorrectionPending):
        act.correct_entry(actor=director, entry=first, shown=shown, correction=why, now=NOW)
    assert "The training fund" in page_of(client)
    assert "The apprenticeship levy" not in page_of(client)
    told_and_published(director, new)
    text = page_of(client)
    assert "The apprenticeship levy" in text
    assert "It was a call." in text
    assert text.index("What stood here before") < text.index("The training fund")
    assert client.get(
        reverse("public_asks:meeting", args=["en", first.pk.hex])
    ).status_code == 404  # fmt: skip
    act.withdraw_entry(actor=director, entry=new, because={"en": "No such call."}, now=LATER)
    text = page_of(client)
    assert "No such call." in text
    for hidden in ("apprenticeship", "The training fund", "Director general", "12 November"):
        assert hidden not in text
        assert hidden not in page_of(client, **{"as": "csv"})
    with pytest.raises(act.NotPublished):
        act.withdraw_entry(actor=director, entry=new, because={"en": "Again"}, now=LATER)
    assert contact in contacts_to_tell(director)


def test_what_was_put_off_the_record_later_is_not_told_by_what_stood_before(
    director: User, contact: Interaction, client: Client
) -> None:
    first = published(director, contact)
    shown = act.Shown(theme={"en": "Skills"}, is_off_record=True)
    new = act.correct_entry(
        actor=director, entry=first, shown=shown, correction={"en": "Less."}, now=NOW
    )
    told_and_published(director, new)
    text = page_of(client)
    assert "Skills" in text
    for hidden in ("The training fund", "Director general", "12 November"):
        assert hidden not in text


def test_close_contacts_and_closed_asks_are_nobodys_to_tell(
    director: User, contact: Interaction, client: Client
) -> None:
    close = PostContactFactory.create(visibility="team", owner=director)
    close.readers.add(director)
    of_no_open_kind = PostContactFactory.create(post__organisation__kind="media")
    assert list(contacts_to_tell(director)) == [contact]
    for row in (close, of_no_open_kind):
        with pytest.raises(act.NotInRegister):
            published(director, row)
    hidden = AskPointFactory.create(ask__visibility="personal")
    with pytest.raises(NotAllowed):
        published(director, contact, point=hidden)
    internal = AskPointFactory.create()
    entry = published(director, contact, point=internal)
    assert str(internal.ask.short) not in page_of(client)
    internal.ask.visibility = "public"
    internal.ask.save()
    assert str(internal.ask.short) in page_of(client)
    with pytest.raises(act.NotInRegister):
        published(director, contact)  # it stands there already
    contact.visibility = "team"
    contact.save()
    with pytest.raises(act.NotInRegister):
        act.correct_entry(
            actor=director, entry=entry, shown=act.Shown(theme=THEME),
            correction={"en": "More"}, now=NOW,
        )  # fmt: skip


def test_who_may_not_keep_it_sees_nothing_that_is_prepared(
    director: User, contact: Interaction, client: Client
) -> None:
    shown = act.Shown(theme=THEME, manner="meeting")
    entry = act.prepare_entry(actor=director, interaction=contact, shown=shown, now=NOW)
    assert "The training fund" not in page_of(client)
    public = reverse("public_asks:meeting", args=["en", entry.pk.hex])
    assert client.get(public).status_code == 404
    for role in ("programme_manager", "facilitator", "researcher", "finance"):
        colleague = UserFactory.create(roles=[role])
        other = Client()
        sign_in_fully(other, colleague)
        assert other.get(reverse("asks:register")).status_code == 403
        assert other.get(reverse("asks:register_entry", args=[entry.pk])).status_code == 403
        with pytest.raises(NotAllowed):
            act.publish_entry(actor=colleague, entry=entry, now=LATER)
        assert not entries_for(colleague).exists()


def test_it_is_looked_through_by_words_post_and_year(director: User, client: Client) -> None:
    RegisterKindFactory.create()
    first = MeetingEntryFactory.create(theme={"en": "Water"}, search_text="water")
    MeetingEntryFactory.create(
        theme={"en": "Roads"}, search_text="roads", on=date(2025, 5, 3),
        post__title={"en": "Mayor"},
    )  # fmt: skip
    assert "Roads" not in page_of(client, q="WATER")
    assert "Water" in page_of(client, q="WATER")
    assert "Roads" not in page_of(client, post=str(first.post_id))
    assert "Water" not in page_of(client, year="2025")
    assert "Roads" in page_of(client, year="2025")
    assert "No entry matches" in page_of(client, post="x'--", year="٢٠٢٥", q="nothing")
    assert page_of(client, **{"as": "csv", "year": "2025"}).count("Roads") == 1
    for n in range(60):
        MeetingEntryFactory.create(theme={"en": f"Many {n}"})
    assert "Roads" not in page_of(client)
    assert "Roads" in page_of(client, page="99")


def test_the_desk_prepares_tells_publishes_corrects_and_withdraws(
    director: User, contact: Interaction, client: Client
) -> None:
    RegisterKind.objects.all().delete()
    sign_in_fully(client, director)
    client.cookies["hiwar_language"] = "en"
    assert "The register is off" in client.get(reverse("asks:register")).content.decode()
    client.post(reverse("asks:register_kinds"), {"codes": ["public_body"]})
    listed = client.get(reverse("asks:register_contacts")).content.decode()
    assert reverse("asks:register_new", args=[contact.pk]) in listed
    fields = {"theme_en": "Skills", "theme_ar": "مهارات", "precision": "month", "manner": "visit"}
    sent = client.post(reverse("asks:register_new", args=[contact.pk]), fields)
    entry = MeetingEntry.objects.get()
    assert sent.headers["Location"] == reverse("asks:register_entry", args=[entry.pk])
    page = client.get(sent.headers["Location"]).content.decode()
    assert "As everybody would read it" in page
    assert "November 2026" in page
    assert SAID not in page
    client.post(reverse("asks:register_publish", args=[entry.pk]))
    entry.refresh_from_db()
    assert entry.state == "draft"
    MeetingEntry.objects.update(told_on=timezone.localdate() - timedelta(days=30))
    client.post(reverse("asks:register_publish", args=[entry.pk]))
    entry.refresh_from_db()
    assert entry.state == "published"
    correct = reverse("asks:register_correct", args=[entry.pk])
    assert client.post(correct, fields).context["form"].errors["correction"]
    sent = client.post(correct, {**fields, "correction_en": "Wording"})
    assert sent.status_code == 302
    assert "A correction is prepared" in client.get(
        reverse("asks:register_entry", args=[entry.pk])
    ).content.decode()  # fmt: skip
    withdraw = reverse("asks:register_withdraw", args=[entry.pk])
    assert client.post(withdraw, {"because_en": " "}).context["form"].errors
    entry.refresh_from_db()
    assert entry.state == "published"
    client.post(withdraw, {"because_en": "An error"})
    entry.refresh_from_db()
    assert (entry.state, MeetingEntry.objects.count()) == ("withdrawn", 1)
