"""Laws at the desk: what was pasted is kept to the letter, and what is in confidence stays so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.legislation import FIRST, NOW, SECOND, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.models import AuditEntry
from hiwar.engine.law import from_akoma_ntoso, read_docx, read_law, to_text
from hiwar.legislation.actions import laws as act
from hiwar.legislation.actions import steps
from hiwar.legislation.models import LawVersion, Procedure, Stage
from hiwar.legislation.queries.laws import laws_for, standing_of, steps_of, text_of, versions_for

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import DjangoAssertNumQueries

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(roles: object) -> User:
    return UserFactory.create(roles=["researcher"])


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    sign_in_fully(client, officer)
    return client


def step(stage: Stage | None, on: date | None, kind: str = "stage") -> steps.StepFacts:
    return steps.StepFacts(kind, stage, on, "official_text")


def test_a_version_keeps_the_text_to_the_letter_and_its_structure_whole(officer: User) -> None:
    version = make_version(make_law(officer))
    version.refresh_from_db()
    reading = read_law(FIRST, "ps")
    assert version.text == FIRST
    assert text_of(version) == reading.law
    assert to_text(text_of(version)) == to_text(reading.law)


def test_a_text_of_250_articles_comes_back_with_one_query(
    officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    text = "\n".join(f"مادة ({n})\nنص المادة رقم {n}.\n1- أولاً.\n2- ثانياً." for n in range(1, 251))
    version = make_version(make_law(officer), text)
    with django_assert_num_queries(1):
        law = text_of(version)
    assert len(list(law.articles())) == 250


def test_the_page_of_a_version_asks_as_little_for_250_articles_as_for_three(
    desk: Client, officer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    law = make_law(officer)
    text = "\n".join(f"مادة ({n})\nنص المادة رقم {n} في هذا القانون." for n in range(1, 251))
    version = make_version(law, text)
    with django_assert_max_num_queries(12):
        page = desk.get(reverse("legislation:version", args=[law.pk, version.pk]))
    assert 'id="art_250"' in page.content.decode()
    assert len(page.content) < 200_000


def test_a_text_in_confidence_is_read_by_nobody_but_who_brought_it(
    officer: User, desk: Client, client: Client
) -> None:
    law = make_law(officer)
    version = make_version(law, SECOND, authority="confidence")
    other = UserFactory.create(roles=["director"])
    assert version.visibility == "personal"
    assert list(versions_for(officer, law)) == [version]
    assert list(versions_for(other, law)) == []
    make_version(law)
    sign_in_fully(client, other)
    secret = "تنشر القرارات"
    assert secret not in client.get(reverse("legislation:law", args=[law.pk])).content.decode()
    address = reverse("legislation:version", args=[law.pk, version.pk])
    assert client.get(address).status_code == 404
    assert client.get(f"{address}?as=txt").status_code == 404
    compare = reverse("legislation:compare", args=[law.pk])
    assert client.get(f"{compare}?old={version.pk}&new={version.pk}").status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        LawVersion.objects.filter(pk=version.pk).update(visibility="institution")


def test_the_same_text_or_language_is_not_taken_twice(officer: User) -> None:
    law = make_law(officer)
    first = make_version(law)
    with pytest.raises(act.SameText):
        make_version(law)
    with pytest.raises(act.LanguageTaken):
        make_version(law, SECOND, other=first)
    english = make_version(law, "Article 1\nAim.\nArticle 2\nScope.\n", language="en", other=first)
    assert (english.number, make_version(law, SECOND).number) == (1, 2)
    assert english.provisions.filter(eid="art_2").exists()


def test_steps_stay_and_the_last_says_where_a_law_stands(officer: User) -> None:
    law = make_law(officer)
    draft, issued = (law.procedure.stages.get(code=code) for code in ("drafting", "issued"))
    day = date(2027, 6, 1)
    steps.record_step(actor=officer, law=law, facts=step(issued, day), now=NOW)
    steps.record_step(actor=officer, law=law, facts=step(draft, None), now=NOW + timedelta(hours=1))
    assert standing_of(steps_of(law)).stage == issued  # type: ignore[union-attr]  # it has steps
    steps.record_step(
        actor=officer, law=law, facts=step(None, day, "suspended"), now=NOW + timedelta(hours=2)
    )
    assert standing_of(steps_of(law)).kind == "suspended"  # type: ignore[union-attr]  # as above
    assert len(steps_of(law)) == 3
    with pytest.raises(steps.NotYet):
        steps.record_step(actor=officer, law=law, facts=step(issued, date(2027, 7, 6)), now=NOW)
    foreign = make_law(officer, "parliament").procedure.stages.get(code="committee")
    with pytest.raises(steps.ForeignStage):
        steps.record_step(actor=officer, law=law, facts=step(foreign, day), now=NOW)


def test_a_shipped_procedure_becomes_the_house_s_own_once(officer: User) -> None:
    make_law(officer)
    Procedure.objects.filter(code="ps-decree-law").update(name={"en": "As we call it"})
    assert str(make_law(officer).procedure) == "As we call it"
    assert Stage.objects.filter(procedure__code="ps-decree-law").count() == 13


def test_who_may_not_write_is_refused_and_nothing_is_seen_through_a_closed_dossier(
    officer: User,
) -> None:
    law = make_law(officer)
    outsider, media = UserFactory.create(), UserFactory.create(roles=["media"])
    assert list(laws_for(outsider)) == []
    assert list(laws_for(media)) == [law]
    with pytest.raises(NotAllowed):
        steps.record_step(actor=media, law=law, facts=step(None, None, "lapsed"), now=NOW)
    dossier = law.dossier
    dossier.visibility = "personal"
    dossier.save()
    assert list(laws_for(media)) == []


def test_pasting_shows_how_the_text_is_read_and_saves_when_confirmed(
    desk: Client, officer: User
) -> None:
    law = make_law(officer)
    address = reverse("legislation:add_version", args=[law.pk])
    text = FIRST.replace("\n", "\r\n") + "تعاريفمادة (15)\r\nوفقاً للمادة (2) من هذا القرار."
    form = {"text": text, "language": "ar", "dated_on": "2027-04-11", "authority": "official",
            "source": "الديوان", "visibility": "institution"}  # fmt: skip
    page = desk.post(address, form | {"language": "ar"}).content.decode()
    assert "is-doubtful" in page
    assert "75%" in page
    assert not LawVersion.objects.exists()
    desk.post(address, form | {"confirm": "yes"})
    assert LawVersion.objects.get().text == text.replace("\r\n", "\n")
    assert AuditEntry.objects.filter(verb="legislation.law.add_version").count() == 1
    assert desk.post(address, form | {"text": " \r\n "}).status_code == 200
    assert LawVersion.objects.count() == 1


def test_what_changed_is_counted_shown_and_given_as_tracked_changes(
    desk: Client, officer: User
) -> None:
    law = make_law(officer)
    old, new = make_version(law), make_version(law, SECOND)
    address = f"{reverse('legislation:compare', args=[law.pk])}?old={old.pk}&new={new.pk}"
    page = desk.get(f"{address}&language=en").content.decode()
    assert "<del><bdi>ستين</bdi></del>" in page
    assert "<ins><bdi>ثلاثين</bdi></ins>" in page
    for words in ("1 article changed", "1 article added", "0 articles removed",
                  "2 articles unchanged"):  # fmt: skip
        assert words in page
    shortest = desk.get(reverse("legislation:compare", args=[law.pk]))
    assert shortest["Location"] == address
    assert "<del><bdi>ستين</bdi></del>" in desk.get(f"{address}&view=inline").content.decode()
    draft = read_docx(desk.get(f"{address}&as=docx").content)
    assert "ثلاثين" in draft.text()
    assert "ستين" in draft.text("before")


def test_a_version_leaves_as_akoma_ntoso_text_and_table(desk: Client, officer: User) -> None:
    law = make_law(officer)
    version = make_version(law, SECOND)
    address = reverse("legislation:version", args=[law.pk, version.pk])
    assert from_akoma_ntoso(desk.get(f"{address}?as=xml").content).body == text_of(version).body
    assert desk.get(f"{address}?as=txt").content.decode() == to_text(text_of(version))
    assert "art_14bis" in desk.get(f"{address}?as=csv").content.decode()


def test_a_text_from_strangers_is_text_on_the_page(desk: Client, officer: User) -> None:
    text = FIRST + "\n<script>alert(1)</script> <img src=x onerror=alert(2)> &amp;"
    version = make_version(make_law(officer), text)
    address = reverse("legislation:version", args=[version.law_id, version.pk])
    page = desk.get(address).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "alert(1)" in page


def test_the_glossary_of_a_version_leads_to_its_articles_and_is_as_closed_as_it(
    desk: Client, officer: User, client: Client
) -> None:
    law = make_law(officer)
    text = FIRST.replace("يقصد بالصندوق صندوق", "الصندوق: صندوق") + "للمادة (2) أثر.\n"
    version = make_version(law, text, authority="confidence")
    address = reverse("legislation:terms", args=[law.pk, version.pk])
    page = desk.get(address).content.decode()
    at = reverse("legislation:version", args=[law.pk, version.pk])
    assert "<dfn>الصندوق</dfn>" in page
    assert f'href="{at}#art_14"' in page
    assert f'href="{at}#art_2"' in page
    assert address in desk.get(at).content.decode()
    sign_in_fully(client, UserFactory.create(roles=["director"]))
    assert client.get(address).status_code == 404
