"""Who paid for a paper and what ties its authors to it is said, or said to be none."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from docx import Document

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.papers import NOW, make_paper, make_ready
from hiwar.accounts.actions.people import NotAllowed
from hiwar.papers.actions import interests, versions
from hiwar.papers.actions.papers import PaperClosed
from hiwar.papers.exports.document import document_of
from hiwar.papers.exports.printing import Plan, version_page
from hiwar.papers.exports.reading import Reader, declared_in
from hiwar.papers.exports.signing import words_to_sign
from hiwar.papers.models import InterestNote, Paper, PaperVersion
from hiwar.papers.queries.content import content_in
from hiwar.papers.queries.readiness import obstacles

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User

pytestmark = pytest.mark.django_db
WHO = {"ar": "صندوق الأبحاث", "en": "Research fund"}
WHAT = {"ar": "موّل العمل الميداني", "en": "Paid for the field work"}


@pytest.fixture
def paper(roles: object) -> Paper:
    InstitutionFactory.create()
    return make_ready(make_paper())


@pytest.fixture
def writer(paper: Paper) -> User:
    assert paper.owner is not None
    return paper.owner


def owed(paper: Paper) -> list[str]:
    paper.refresh_from_db()
    return [each.text for each in obstacles(paper, NOW) if each.code == "interests"]


def test_nothing_is_published_while_it_is_not_said(paper: Paper, writer: User) -> None:
    assert owed(paper) == []
    interests.declare_none(actor=writer, paper=paper, kind="funder", is_none=False, now=NOW)
    assert len(owed(paper)) == 1
    paper.refresh_from_db()
    with pytest.raises(versions.NotReady) as refused:
        versions.freeze_paper(actor=writer, paper=paper, now=NOW)
    assert [each.url for each in refused.value.owed] == [
        reverse("papers:interests", args=[paper.code]) + "#funder"
    ]
    # A note says it in each language of the paper.
    note = interests.add_interest(
        actor=writer, paper=paper, kind="funder", who=WHO, text={"ar": "موّل"}, now=NOW
    )
    assert len(owed(paper)) == 1
    with pytest.raises(interests.NotesStand):
        interests.declare_none(actor=writer, paper=paper, kind="funder", is_none=True, now=NOW)
    interests.remove_interest(actor=writer, note=note, now=NOW)
    interests.add_interest(actor=writer, paper=paper, kind="funder", who=WHO, text=WHAT, now=NOW)
    assert owed(paper) == []
    with pytest.raises(NotAllowed):
        interests.add_interest(
            actor=UserFactory.create(roles=["media"]), paper=paper, kind="funder", who=WHO,
            text=WHAT, now=NOW,
        )  # fmt: skip


def test_page_print_document_and_what_is_signed_say_it(
    paper: Paper, writer: User, client: Client
) -> None:
    interests.add_interest(actor=writer, paper=paper, kind="funder", who=WHO, text=WHAT, now=NOW)
    paper.refresh_from_db()
    versions.freeze_paper(actor=writer, paper=paper, now=NOW)
    versions.publish_paper(actor=writer, paper=paper, now=NOW)
    version = PaperVersion.objects.get()
    with pytest.raises(PaperClosed):
        interests.declare_none(actor=writer, paper=paper, kind="interest", is_none=False, now=NOW)
    document = Document(io.BytesIO(document_of(version, "en")))
    places = [
        client.get(reverse("public_papers:paper", args=["en", paper.code])).text,
        version_page(version, "en", Plan())[0],
        "\n".join(paragraph.text for paragraph in document.paragraphs),
        words_to_sign(version)["en"],
    ]
    for text in places:
        assert WHO["en"] in text
        assert WHAT["en"] in text
        assert "None declared." in text
    # What was frozen before it was asked says nothing of it.
    content = {key: value for key, value in content_in(version).items() if key != "interests"}
    assert declared_in(Reader(content, "en")) == []


def test_it_is_stated_at_the_desk(paper: Paper, writer: User, client: Client) -> None:
    interests.declare_none(actor=writer, paper=paper, kind="funder", is_none=False, now=NOW)
    address = reverse("papers:interests", args=[paper.code])
    sign_in_fully(client, writer)
    refused = client.post(address, {"kind": "funder", "funder-who_ar": WHO["ar"]}).text
    assert not InterestNote.objects.exists()
    assert WHO["ar"] in refused
    client.post(
        address,
        {"kind": "funder"}
        | {f"funder-who_{language}": words for language, words in WHO.items()}
        | {f"funder-text_{language}": words for language, words in WHAT.items()},
    )
    note = InterestNote.objects.get()
    assert (dict(note.who), dict(note.text)) == (WHO, WHAT)
    client.post(reverse("papers:remove_interest", args=[note.pk]))
    assert len(owed(paper)) == 1
    none = reverse("papers:declare_none", args=[paper.code])
    client.post(none, {"kind": "funder", "is_none": "yes"})
    assert owed(paper) == []
    sign_in_fully(client, UserFactory.create(roles=["director"]))
    Paper.objects.update(visibility="personal")
    assert client.get(address).status_code == 404
    assert client.post(none, {"kind": "funder"}).status_code == 404
