"""A memorandum: fixed with its annex, signed as it was fixed, numbered when it is sent."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.contacts import OrganisationFactory
from factories.legislation import NOW, make_law, make_version
from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels.models import Message
from hiwar.channels.queries.ways import value_of
from hiwar.legislation.actions import amendments
from hiwar.legislation.actions import memoranda as act
from hiwar.legislation.exports.memoranda import memorandum_page
from hiwar.signatures.actions import letters, signing, signings
from hiwar.signatures.exports.letters import compose
from hiwar.signatures.queries.signatories import signatories

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.legislation.models import LawVersion, Memorandum, MemorandumEdition

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 7, 5, 9, tzinfo=UTC)
LAST = date(2027, 7, 20)
ASKED = "تسري أحكامه على كل منشأة تضم عاملاً واحداً."
HELD = "نتحفظ على المادة 2"


@pytest.fixture
def director(roles: object) -> User:
    return UserFactory.create(roles=["director"])


@pytest.fixture
def version(director: User) -> LawVersion:
    return make_version(make_law(director))


@pytest.fixture
def memorandum(director: User, version: LawVersion) -> Memorandum:
    facts = act.MemorandumFacts(
        {"ar": "مذكرة ملاحظات", "en": "Memorandum"}, {"ar": "ديوان التشريع"},
        {"ar": "تحية طيبة،\nنرفق ملاحظاتنا.", "en": "Dear colleagues,\nour comments follow."},
    )  # fmt: skip
    return act.write_memorandum(actor=director, version=version, facts=facts, now=NOW)


def adopted(director: User, version: LawVersion) -> None:
    facts = amendments.AmendmentFacts(
        "substitution", "art_2", {"ar": "شمول"}, {"ar": ASKED}, {}, {}
    )
    amendment = amendments.propose_amendment(actor=director, version=version, facts=facts, now=NOW)
    amendments.adopt_amendment(actor=director, amendment=amendment, now=NOW)


def sign(
    director: User, edition: MemorandumEdition, *, reservation: str = "", email: str = ""
) -> None:
    version = edition.signed_version
    assert version is not None
    (request,) = letters.ask_organisations(
        actor=director, signing=version.signing, organisations=[OrganisationFactory.create()],
        compose=compose, now=LATER,
    )  # fmt: skip
    letters.change_request(actor=director, request=request, email=email, language="en", now=LATER)
    terms = signing.Terms("سمر", "المديرة", bool(reservation), reservation, "ar")
    signing.type_signature(
        actor=director, request=request, version=version, terms=terms, way="mail",
        source="رسالة", signed_at=LATER, now=LATER,
    )  # fmt: skip


def test_it_is_signed_as_it_was_fixed_and_numbered_when_it_is_sent(
    director: User, version: LawVersion, memorandum: Memorandum
) -> None:
    def fix() -> MemorandumEdition:
        return act.fix_memorandum(actor=director, memorandum=memorandum, sign_by=LAST, now=LATER)

    with pytest.raises(act.NoAnnex):
        fix()
    with pytest.raises(act.NotFixed):
        act.send_memorandum(actor=director, memorandum=memorandum, seen="", now=LATER)
    adopted(director, version)
    edition = fix()
    signed_version = edition.signed_version
    assert signed_version is not None
    assert signed_version.checksum == edition.checksum
    assert ASKED in signed_version.text["ar"]
    with pytest.raises(signings.NobodySigned):
        act.send_memorandum(actor=director, memorandum=memorandum, seen="", now=LATER)
    sign(director, edition, email="coop@a.example")
    mark = signatories(signed_version).mark
    sign(director, edition, reservation=HELD)
    with pytest.raises(signings.ListChanged):
        act.send_memorandum(actor=director, memorandum=memorandum, seen=mark, now=LATER)
    page = memorandum_page(edition, "ar")
    assert page.index("<ol>") < page.index(HELD) < page.index(ASKED)
    number = act.send_memorandum(
        actor=director, memorandum=memorandum, seen=signatories(signed_version).mark, now=LATER
    )
    assert number.endswith("/2027")
    notice = Message.objects.select_related("address").get(purpose="signatures.notice")
    assert (notice.language, value_of(notice.address)) == ("en", "coop@a.example")
    facts = act.MemorandumFacts({"ar": "غيرها"}, {"ar": "إلى"}, {"ar": "نص"})
    with pytest.raises(act.SentAlready):
        act.change_memorandum(actor=director, memorandum=memorandum, facts=facts, now=LATER)
    with pytest.raises(NotAllowed):
        act.write_memorandum(
            actor=UserFactory.create(roles=["media"]), version=version, facts=facts, now=LATER
        )


def test_it_leaves_as_a_print_and_a_document_in_each_language(
    client: Client, director: User, version: LawVersion, memorandum: Memorandum
) -> None:
    adopted(director, version)
    sign_in_fully(client, director)
    own = [version.law_id, memorandum.pk]
    client.post(reverse("legislation:fix_memorandum", args=own), {"sign_by": ""})
    edition = memorandum.editions.get()
    assert edition.signed_version is None
    client.post(reverse("legislation:send_memorandum", args=own), {"seen": ""})
    memorandum.refresh_from_db()
    assert memorandum.number is not None
    shown = client.get(reverse("legislation:memorandum", args=own)).content.decode()
    assert edition.checksum[:16] in shown
    for language in ("ar", "en"):
        at = [*own, 1, f"{language}.docx"]
        answer = client.get(reverse("legislation:memorandum_file", args=at))
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            xml = archive.read("word/document.xml").decode()
        assert "<w:ins " in xml
        assert ("<w:bidiVisual/>" in xml) == (language == "ar")
    at = [*own, 1, "ar.pdf"]
    printed = client.get(reverse("legislation:memorandum_file", args=at))
    assert printed.content[:5] == b"%PDF-"
    for name in ("fr.pdf", "ar.odt"):
        gone = client.get(reverse("legislation:memorandum_file", args=[*own, 1, name]))
        assert gone.status_code == 404


def test_who_may_not_read_the_version_reads_no_memorandum(
    client: Client, director: User, version: LawVersion, memorandum: Memorandum
) -> None:
    version.visibility = "personal"
    version.save()
    other = UserFactory.create(roles=["researcher"])
    sign_in_fully(client, other)
    own = reverse("legislation:memorandum", args=[version.law_id, memorandum.pk])
    assert client.get(own).status_code == 404
