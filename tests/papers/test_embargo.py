"""Under embargo nothing of a text is public; at its hour all of it is, at once and by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from factories.papers import NOW, blocks_in, make_paper, make_ready, write
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.links.queries import token_of
from hiwar.common.models import WaitingDraft
from hiwar.papers.actions import embargo, papers, sign_off, versions
from hiwar.papers.exports.signing import words_to_sign
from hiwar.papers.models import Paper, PaperFile, PressLink
from hiwar.papers.queries.embargo import due_versions
from hiwar.papers.queries.papers import public_papers
from hiwar.papers.tasks import make_file
from hiwar.signatures.actions import letters, signing
from hiwar.signatures.exports.letters import compose
from roles import PERMITS, roles_that_differ

if TYPE_CHECKING:
    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
TITLE, SECRET = "ورقةتحتالحظر", "نصتحتالحظرلاينشر"
WALL, ZONE = datetime.fromisoformat("2099-01-01T09:00"), "Asia/Jerusalem"
# Nine in the morning there is seven in UTC.
BEFORE, HOUR = datetime(2099, 1, 1, 6, 59, tzinfo=UTC), datetime(2099, 1, 1, 7, tzinfo=UTC)


def put_under_embargo(paper: Paper) -> Paper:
    assert paper.owner is not None
    embargo.set_embargo(actor=paper.owner, paper=paper, wall=WALL, zone=ZONE, now=NOW)
    paper.refresh_from_db()
    return paper


@pytest.fixture
def frozen(roles: object) -> Paper:
    InstitutionFactory.create()
    dossier = DossierFactory.create(visibility="public")
    started = make_paper(title={"ar": TITLE, "en": TITLE}, dossier=dossier)
    write(started, blocks_in(started)[1], {"ar": SECRET, "en": SECRET})
    paper = make_ready(started)
    assert paper.owner is not None
    versions.freeze_paper(actor=paper.owner, paper=paper, now=NOW)
    paper.refresh_from_db()
    return paper


@pytest.fixture
def paper(frozen: Paper) -> Paper:
    return put_under_embargo(frozen)


@pytest.fixture
def writer(paper: Paper) -> User:
    assert paper.owner is not None
    return paper.owner


def public_addresses(paper: Paper) -> list[str]:
    block = blocks_in(paper)[-1]
    assert paper.dossier is not None
    return [
        address
        for language in ("ar", "en")
        for address in (
            reverse("public_papers:papers", args=[language]),
            reverse("public_papers:paper", args=[language, paper.code]),
            reverse("public_papers:version", args=[language, paper.code, 1]),
            reverse("public_papers:text", args=[language, paper.code, 1]),
            reverse("public_papers:file", args=[language, paper.code, 1, "docx"]),
            reverse("public_trace:paper", args=[language, paper.code]),
            reverse("public_trace:paper_files", args=[language, paper.code]),
            reverse("public_trace:dossier", args=[language, paper.dossier.code]),
            reverse("public_trace:walk", args=[language, "recommendation", block.pk]),
            reverse("public_dossiers:work", args=[language]),
            reverse("public_dossiers:dossier", args=[language, paper.dossier.code]),
            f"/{language}/", f"/{language}/feeds/news.atom", f"/{language}/feeds/news.rss",
            f"/{language}/feeds/news.json", f"/{language}/about/profile.json",
        )
    ] + ["/", "/sitemap.xml"]  # fmt: skip


def told(client: Client, address: str, *words: str) -> bool:
    """Return whether a page says any of the words beside what was asked for."""
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace")
    for word in words:
        text = text.replace(f'value="{word}"', "").replace(f"q={word}", "")
    return any(word in text for word in words)


def test_nothing_of_it_is_public_before_the_hour_and_all_of_it_is_at_the_hour(
    paper: Paper, client: Client
) -> None:
    for row in PaperFile.objects.filter(form="docx"):
        make_file.func(str(row.pk))
    assert embargo.open_due_papers(now=BEFORE) == 0
    client.cookies["language"] = "ar"
    leaks = [page for page in public_addresses(paper) if told(client, page, SECRET, TITLE)]
    assert leaks == []
    found = [f"/ar/search/?q={word}" for word in (SECRET, TITLE)]
    assert not any(told(client, page, paper.code) for page in (*found, "/sitemap.xml"))
    assert public_papers().count() == 0
    assert embargo.open_due_papers(now=HOUR) == 1
    paper.refresh_from_db()
    version = public_papers().get()
    assert (paper.state, version.published_at, version.published_by) == ("published", HOUR, None)
    open_to_all = [page for page in public_addresses(paper) if told(client, page, SECRET, TITLE)]
    for name in ("papers", "paper", "version", "text"):
        assert any(page.startswith("/ar/papers/") for page in open_to_all), name
    assert all(told(client, page, f"/ar/papers/{paper.code}/") for page in found)
    assert told(client, "/sitemap.xml", paper.code)
    # It opens once.
    assert embargo.open_due_papers(now=HOUR + timedelta(minutes=1)) == 0


@pytest.mark.parametrize("role", roles_that_differ("papers", among=tuple(PERMITS)))
def test_the_desk_shows_it_to_readers_of_papers_and_links_to_who_publishes(
    paper: Paper, writer: User, role: str
) -> None:
    lent, token = embargo.lend_to_press(
        actor=writer, paper=paper, name="سلمى", outlet="", email="", language="ar", now=NOW
    )
    client = Client()
    sign_in_fully(client, UserFactory.create(roles=[] if role == "outsider" else [role]))
    pages = [
        reverse("papers:embargo", args=[paper.code]), reverse("papers:ready", args=[paper.code]),
        reverse("papers:list"), f"/desk/search/?q={SECRET}", "/desk/activity/",
        reverse("accounts:morning"),
    ]  # fmt: skip
    seen = [page for page in pages if told(client, page, SECRET, TITLE)]
    assert bool(seen) is ("papers.see" in PERMITS[role]), seen
    may_lend = "papers.publish" in PERMITS[role]
    assert [page for page in pages if told(client, page, token)] == (pages[:1] if may_lend else [])
    if not may_lend:
        client.post(reverse("papers:end_press_link", args=[lent.pk]))
        client.post(reverse("papers:take_back_embargo", args=[paper.code]))
        lent.private_link.refresh_from_db()
        paper.refresh_from_db()
        assert (lent.private_link.withdrawn_at, paper.state) == (None, "embargoed")


def test_a_press_link_lends_the_frozen_text_until_it_is_closed_and_leads_on_afterwards(
    paper: Paper, writer: User, client: Client
) -> None:
    lent, token = embargo.lend_to_press(
        actor=writer, paper=paper, name="سلمى", outlet="جريدة", email="salma@press.example",
        language="ar", now=NOW,
    )  # fmt: skip
    other, other_token = embargo.lend_to_press(
        actor=writer, paper=paper, name="نور", outlet="", email="", language="en", now=NOW
    )
    # One letter, to whom has an address; its link is no part of its words.
    assert WaitingDraft.objects.count() <= 1
    address = reverse("public_papers:press", args=[token])
    page = client.get(address)
    assert SECRET in page.text
    assert "Asia/Jerusalem" in page.text
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "public_trace" not in page.text
    assert "/trace/" not in page.text
    embargo.end_press_link(actor=writer, lent=other, now=NOW)
    assert client.get(reverse("public_papers:press", args=[other_token])).status_code == 410
    assert client.get(reverse("public_papers:press", args=["x" * 43])).status_code == 404
    embargo.open_due_papers(now=HOUR)
    opened = client.get(address)
    assert opened.status_code == 302
    assert opened["Location"].endswith(f"/papers/{paper.code}/1/")
    assert PressLink.objects.get(pk=lent.pk).name == "سلمى"


def test_taken_back_reopened_or_withdrawn_it_does_not_open_and_links_end(
    paper: Paper, writer: User, client: Client
) -> None:
    def lend() -> str:
        return embargo.lend_to_press(
            actor=writer, paper=paper, name="سلمى", outlet="", email="", language="ar", now=NOW
        )[1]

    first = reverse("public_papers:press", args=[lend()])
    embargo.take_back_embargo(actor=writer, paper=paper, now=NOW)
    assert client.get(first).status_code == 410
    with pytest.raises(embargo.NotEmbargoed):
        lend()
    put_under_embargo(paper)
    second = reverse("public_papers:press", args=[lend()])
    papers.reopen_paper(actor=writer, paper=paper, now=NOW)
    assert client.get(second).status_code == 410
    assert embargo.open_due_papers(now=HOUR) == 0
    assert due_versions(HOUR) == []
    # A published paper whose correction is under embargo is withdrawn: nothing opens afterwards.
    paper.refresh_from_db()
    versions.freeze_paper(actor=writer, paper=paper, now=NOW)
    versions.publish_paper(actor=writer, paper=paper, now=NOW)
    papers.reopen_paper(actor=writer, paper=paper, now=NOW)
    paper.refresh_from_db()
    versions.freeze_paper(actor=writer, paper=paper, now=NOW, correction={"ar": "تصحيح"})
    put_under_embargo(paper)
    third = reverse("public_papers:press", args=[lend()])
    page = client.get(reverse("public_papers:paper", args=["ar", paper.code])).text
    assert "تصحيح" not in page
    versions.withdraw_paper(actor=writer, paper=paper, reason={"ar": "خطأ"}, now=NOW)
    assert client.get(third).status_code == 410
    assert embargo.open_due_papers(now=HOUR) == 0


def test_an_hour_that_has_passed_or_a_stranger_is_refused(frozen: Paper) -> None:
    assert frozen.owner is not None
    with pytest.raises(embargo.OpeningPast):
        embargo.set_embargo(
            actor=frozen.owner,
            paper=frozen,
            wall=WALL.replace(year=2020),
            zone=ZONE,
            now=NOW,
        )
    with pytest.raises(embargo.OpeningPast):
        embargo.set_embargo(
            actor=frozen.owner, paper=frozen, wall=WALL, zone="Nowhere/City", now=NOW
        )
    with pytest.raises(NotAllowed):
        embargo.set_embargo(
            actor=UserFactory.create(roles=["researcher"]), paper=frozen, wall=WALL, zone=ZONE,
            now=NOW,
        )  # fmt: skip
    put_under_embargo(frozen)
    with pytest.raises(versions.NotInThatState):
        versions.publish_paper(actor=frozen.owner, paper=frozen, now=NOW)


def test_a_list_is_public_as_it_stands_at_the_hour(frozen: Paper, client: Client) -> None:
    owner = frozen.owner
    assert owner is not None
    signed = sign_off.open_round(
        actor=owner, paper=frozen, sign_by=WALL.date(), named="all", contact_line="",
        text=words_to_sign(frozen.versions.get()), now=NOW,
    )  # fmt: skip
    sent = []
    for name in ("منظمة باقية", "منظمة منسحبة"):
        (asked,) = letters.ask_organisations(
            actor=owner, signing=signed.signing, compose=compose, now=NOW,
            organisations=[OrganisationFactory.create(name={"ar": name})],
        )  # fmt: skip
        letter = asked.letters.get()
        sent.append(letter)
        signing.sign_by_link(
            letter=letter, version=signed, terms=signing.Terms("سمر", "المديرة"), now=NOW
        )
    put_under_embargo(frozen)
    assert token_of(sent[1].private_link)
    signing.withdraw_signature(version=signed, letter=sent[1], why="", now=NOW)
    embargo.open_due_papers(now=HOUR)
    page = client.get(reverse("public_papers:paper", args=["ar", frozen.code])).text
    assert "منظمة باقية" in page
    assert "منظمة منسحبة" not in page


def test_what_owes_something_by_the_hour_stays_closed_and_is_told(
    paper: Paper, writer: User, client: Client
) -> None:
    Paper.objects.filter(pk=paper.pk).update(languages=["ar", "en"], title={"ar": TITLE})
    assert embargo.open_due_papers(now=HOUR) == 0
    paper.refresh_from_db()
    assert paper.state == "embargoed"
    assert public_papers().count() == 0
    version = paper.versions.get()
    version.opens_wall = "2020-01-01T09:00"
    version.save()
    sign_in_fully(client, writer)
    assert "كان يجب أن يُفتح" in client.get(reverse("accounts:morning")).text or (
        "should have opened by now" in client.get(reverse("accounts:morning")).text
    )


def test_the_desk_sets_an_embargo_says_when_it_opens_and_lends_it(
    frozen: Paper, client: Client
) -> None:
    assert frozen.owner is not None
    sign_in_fully(client, frozen.owner)
    address = reverse("papers:embargo", args=[frozen.code])
    assert "2020-01-01" in client.post(
        address, {"day": "2020-01-01", "at": "09:00", "zone": ZONE}
    ).text  # fmt: skip
    client.post(address, {"day": "2099-01-01", "at": "09:00", "zone": ZONE})
    frozen.refresh_from_db()
    assert frozen.state == "embargoed"
    for name in ("paper", "ready", "reviews", "embargo"):
        page = client.get(reverse(f"papers:{name}", args=[frozen.code])).text
        assert "09:00" in page, name
        assert ZONE in page, name
    client.post(address, {"name": "سلمى", "outlet": "", "email": "no", "language": "ar"})
    assert not PressLink.objects.exists()
    client.post(address, {"name": "سلمى", "outlet": "", "email": "", "language": "ar"})
    lent = PressLink.objects.get()
    assert token_of(lent.private_link) in client.get(address).text
    client.post(reverse("papers:end_press_link", args=[lent.pk]))
    assert token_of(PressLink.objects.get().private_link) == ""
