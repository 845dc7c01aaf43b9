"""Laws for everybody: what is published opens and stays at its address, and nothing else does."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from lxml import etree

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import FIRST, NOW, SECOND, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.legislation.actions import laws as act
from hiwar.legislation.actions import steps
from hiwar.legislation.queries.public import article_eid, article_slug

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

    from hiwar.accounts.models import User
    from hiwar.legislation.models import Law, LawVersion

pytestmark = pytest.mark.django_db
SECRET = "كلمة لا يعرفها أحد"


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


def publish(officer: User, version: LawVersion) -> None:
    act.publish_version(actor=officer, version=version, now=NOW)


def page(name: str, law: Law, *more: object) -> str:
    return reverse(f"public_laws:{name}", args=["en", law.pk, *more])


def test_a_law_is_public_from_its_first_published_version_until_its_last_is_taken_back(
    officer: User, client: Client
) -> None:
    law = make_law(officer)
    first, second = make_version(law), make_version(law, SECOND)
    assert client.get(page("law", law)).status_code == 404
    publish(officer, first)
    assert client.get(page("text", law, "1-ar")).status_code == 200
    assert client.get(page("text", law, "2-ar")).status_code == 404
    assert client.get(page("article", law, "14-bis")).status_code == 404
    assert client.get(page("compare", law)).status_code == 404
    publish(officer, second)
    assert "تنشر القرارات" in client.get(page("article", law, "14-bis")).content.decode()
    for version in (first, second):
        act.withdraw_version(actor=officer, version=version, now=NOW)
    names = [page(name, law) for name in ("law", "feed", "compare")]
    for address in [*names, page("article", law, "1"), page("file", law, "1-ar", "txt")]:
        assert client.get(address).status_code == 404
    law.refresh_from_db()
    assert law.visibility == "institution"


def test_what_is_in_confidence_cannot_be_published(officer: User) -> None:
    law = make_law(officer)
    version = make_version(law, authority="confidence")
    with pytest.raises(act.InConfidence):
        publish(officer, version)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(version).objects.filter(pk=version.pk).update(visibility="public")
    with pytest.raises(NotAllowed):
        publish(UserFactory.create(roles=["media"]), make_version(law, SECOND))


def test_everybody_sees_neither_drafts_in_confidence_nor_leaks_nor_notes(
    officer: User, client: Client
) -> None:
    law = make_law(officer)
    publish(officer, make_version(law))
    make_version(law, f"{SECOND}\n{SECRET}", authority="confidence")
    make_version(law, f"{FIRST}\n{SECRET} {SECRET}", authority="leaked")
    for evidence in ("leak", "unknown", "press"):
        steps.record_step(
            actor=officer, law=law, now=NOW,
            facts=steps.StepFacts(
                "suspended", None, date(2027, 6, 1), evidence, SECRET, f"{SECRET}!"
            ),
        )  # fmt: skip
    addresses = [page(name, law) for name in ("law", "feed")]
    addresses += [page("article", law, "1"), page("text", law, "1-ar"), "/en/laws/"]
    addresses += [page("file", law, "1-ar", kind) for kind in ("txt", "csv", "html", "xml")]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert SECRET not in answer.content.decode(), address
    shown = client.get(page("law", law)).content.decode().partition("<main")[2].partition("</main")
    assert shown[0].count("press") == 1
    assert client.get(page("text", law, "2-ar")).status_code == 404


def test_an_article_keeps_its_address_when_a_version_drops_it(
    officer: User, client: Client
) -> None:
    law = make_law(officer)
    publish(officer, make_version(law, SECOND))
    publish(officer, make_version(law, FIRST.replace("ستين", "تسعين")))
    gone = client.get(page("article", law, "14-bis")).content.decode()
    assert "تنشر القرارات" in gone
    assert "does not stand in the newest version" in gone
    changed = client.get(page("article", law, "14")).content.decode()
    assert "<del><bdi>ثلاثين</bdi></del>" in changed
    assert "<ins><bdi>تسعين</bdi></ins>" in changed
    assert "<del>" not in client.get(page("article", law, "2")).content.decode()


def test_slugs_and_addresses_inside_a_law_are_one_another() -> None:
    for eid in ("art_1", "art_14bis", "art_14bis2", "att_1__art_2"):
        assert article_eid(article_slug(eid)) == eid


def test_a_law_of_250_articles_asks_little_and_is_small(
    officer: User, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    law = make_law(officer)
    text = "\n".join(f"مادة ({n})\nنص المادة رقم {n} في هذا القانون." for n in range(1, 251))
    publish(officer, make_version(law, text))
    publish(officer, make_version(law, text.replace("رقم 7 ", "رقم سبعة ")))
    with django_assert_max_num_queries(12):
        answer = client.get(page("law", law))
    assert 'href="250/"' in answer.content.decode()
    assert len(answer.content) < 200_000
    with django_assert_max_num_queries(12):
        client.get(page("article", law, "7"))


def test_a_feed_tells_what_was_published_and_what_happened_once(
    officer: User, client: Client
) -> None:
    law = make_law(officer)
    publish(officer, make_version(law))
    issued = law.procedure.stages.get(code="issued")
    steps.record_step(
        actor=officer, law=law, now=NOW,
        facts=steps.StepFacts("stage", issued, date(2027, 6, 1), "official_text"),
    )  # fmt: skip
    answer = client.get(page("feed", law))
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = etree.fromstring(answer.content)
    entries = feed.findall("a:entry", atom)
    assert len(entries) == 2
    assert len({entry.findtext("a:id", "", atom) for entry in entries}) == 2
    assert feed.findtext("a:title", "", atom) == "Draft law on the fund"
    unchanged = client.get(page("feed", law), HTTP_IF_MODIFIED_SINCE=answer["Last-Modified"])
    assert unchanged.status_code == 304


def test_the_desk_publishes_and_takes_back(officer: User, client: Client) -> None:
    law = make_law(officer)
    version = make_version(law)
    sign_in_fully(client, officer)
    for name, visibility in (("publish", "public"), ("withdraw", "institution")):
        address = reverse(f"legislation:{name}", args=[law.pk, version.pk])
        assert client.get(address).status_code == 405
        client.post(address)
        version.refresh_from_db()
        assert version.visibility == visibility
