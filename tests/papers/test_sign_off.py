"""A frozen text signed by organisations: under its checksum, and public as was said before."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils.translation import override
from docx import Document
from pypdf import PdfReader

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.contacts import OrganisationFactory
from factories.papers import NOW, blocks_in, make_paper, make_ready, write
from hiwar.accounts.actions.people import NotAllowed
from hiwar.papers.actions import papers, sign_off, versions
from hiwar.papers.exports.document import document_of
from hiwar.papers.exports.printing import Plan, print_version, version_page
from hiwar.papers.exports.signing import words_to_sign
from hiwar.papers.models import Paper, PaperFile, PaperVersion
from hiwar.papers.queries.signing import signed_in_public
from hiwar.papers.tasks import make_file
from hiwar.signatures.actions import letters, signing, signings
from hiwar.signatures.exports.letters import compose
from hiwar.signatures.models import SigningVersion

if TYPE_CHECKING:
    from django.test import Client

    from hiwar.accounts.models import User
    from hiwar.signatures.models import SigningLetter

pytestmark = pytest.mark.django_db
LAST = date(2099, 8, 1)
RESERVATION = "نتحفظ على الكلفة كما حُسبت."
Named = SigningVersion.Named


@pytest.fixture
def paper(roles: object) -> Paper:
    InstitutionFactory.create()
    return make_ready(make_paper())


@pytest.fixture
def writer(paper: Paper) -> User:
    assert paper.owner is not None
    return paper.owner


def freeze(paper: Paper, writer: User, **more: object) -> PaperVersion:
    return versions.freeze_paper(actor=writer, paper=paper, now=NOW, **more)  # type: ignore[arg-type]  # a correction in words


def open_round(paper: Paper, writer: User, named: str = "all") -> SigningVersion:
    version = paper.versions.latest("number")
    signed = sign_off.open_round(
        actor=writer, paper=paper, sign_by=LAST, named=named, contact_line="",
        text=words_to_sign(version), now=NOW,
    )  # fmt: skip
    paper.refresh_from_db()
    return signed


def ask(writer: User, version: SigningVersion, name: str) -> SigningLetter:
    (request,) = letters.ask_organisations(
        actor=writer, signing=version.signing, compose=compose, now=NOW,
        organisations=[OrganisationFactory.create(name={"ar": name, "en": name})],
    )  # fmt: skip
    return request.letters.get()


def sign(letter: SigningLetter, version: SigningVersion, reservation: str = "") -> None:
    terms = signing.Terms("سمر", "المديرة", bool(reservation), reservation, "ar")
    signing.sign_by_link(
        letter=letter, version=version, terms=terms, now=NOW + timedelta(minutes=1)
    )


def everywhere(version: PaperVersion, client: Client) -> str:
    """Return what everybody reads of a published version: page, print, document."""
    page = client.get(reverse("public_papers:paper", args=["ar", version.paper.code])).text
    version = PaperVersion.objects.get(pk=version.pk)
    document = Document(io.BytesIO(document_of(version, "ar")))
    written = "\n".join(paragraph.text for paragraph in document.paragraphs)
    return "\n".join([page, version_page(version, "ar", Plan())[0], written])


def test_who_signs_a_frozen_text_stands_on_page_and_files_with_reservations(
    paper: Paper, writer: User, client: Client
) -> None:
    with pytest.raises(sign_off.NotFrozen):
        open_round_of_draft(paper, writer)
    version = freeze(paper, writer)
    signed = open_round(paper, writer)
    assert signed.checksum == version.sha256
    assert "تأخر صرف بدل التدريب" in signed.text["ar"]
    with pytest.raises(sign_off.RoundOpened):
        open_round(paper, writer)
    sign(ask(writer, signed, "منظمة أولى"), signed)
    sign(ask(writer, signed, "منظمة ثانية"), signed, RESERVATION)
    left = ask(writer, signed, "منظمة ثالثة")
    sign(left, signed)
    signing.withdraw_signature(version=signed, letter=left, why="", now=NOW)
    silent = ask(writer, signed, "منظمة رابعة")
    signing.decline(version=signed, letter=silent, who="", why="سر", now=NOW)
    # Nothing of it is public before the paper is.
    assert signed_in_public(version).rows == ()
    sign_in_fully(client, writer)
    ready = client.get(reverse("papers:ready", args=[paper.code])).text
    mark = ready.split('name="seen" value="')[1].split('"')[0]
    sign(ask(writer, signed, "منظمة خامسة"), signed)
    with pytest.raises(signings.ListChanged):
        versions.publish_paper(actor=writer, paper=paper, now=NOW, seen=mark)
    seen = sign_off.signatories(signed).mark
    published = versions.publish_paper(actor=writer, paper=paper, now=NOW, seen=seen)
    client.logout()
    told = everywhere(published, client)
    for name in ("منظمة أولى", "منظمة ثانية", "منظمة خامسة", RESERVATION):
        assert told.count(name) >= 3, name
    assert "منظمة ثالثة" not in told
    assert "منظمة رابعة" not in told
    # Published, nobody withdraws any more; a withdrawn paper ends every link.
    with pytest.raises(signing.ListClosed):
        signing.withdraw_signature(version=signed, letter=left, why="", now=NOW)
    versions.withdraw_paper(actor=writer, paper=paper, reason={"ar": "خطأ"}, now=NOW)
    left.private_link.refresh_from_db()
    assert left.private_link.withdrawn_at == NOW
    assert "منظمة أولى" not in client.get(
        reverse("public_papers:paper", args=["ar", paper.code])
    ).text  # fmt: skip


def open_round_of_draft(paper: Paper, writer: User) -> None:
    sign_off.open_round(
        actor=writer, paper=paper, sign_by=LAST, named="all", contact_line="", text={}, now=NOW
    )


@pytest.mark.parametrize("named", [Named.COUNT, Named.NOBODY])
def test_who_is_named_is_said_before_and_never_widened(
    paper: Paper, writer: User, client: Client, named: str
) -> None:
    freeze(paper, writer)
    signed = open_round(paper, writer, named)
    with pytest.raises(signings.NamesWidened):
        sign_off.narrow_round(actor=writer, paper=paper, named=Named.ALL, now=NOW)
    letter = ask(writer, signed, "منظمة كتومة")
    page = client.get(reverse("public_signatures:sign", args=[letters.token_of(letter)])).text
    assert "The list shows the name" not in page
    assert "لا يُذكر اسم جهتكم علناً" in page
    sign(letter, signed, RESERVATION)
    published = versions.publish_paper(actor=writer, paper=paper, now=NOW)
    told = everywhere(published, client)
    assert "منظمة كتومة" not in told
    assert RESERVATION not in told
    with override("ar"):
        sentence = signed_in_public(PaperVersion.objects.get()).sentence
    assert (sentence in told) is (named == Named.COUNT)
    # What left the house is not narrowed either: who read it has read it.
    with pytest.raises(sign_off.NotFrozen):
        sign_off.narrow_round(actor=writer, paper=paper, named=Named.NOBODY, now=NOW)


def test_names_are_narrowed_until_publication(paper: Paper, writer: User, client: Client) -> None:
    freeze(paper, writer)
    signed = open_round(paper, writer)
    sign(ask(writer, signed, "منظمة أولى"), signed)
    sign_off.narrow_round(actor=writer, paper=paper, named=Named.COUNT, now=NOW)
    published = versions.publish_paper(actor=writer, paper=paper, now=NOW)
    assert "منظمة أولى" not in everywhere(published, client)


def test_a_changed_text_asks_anew_and_shows_what_changed(
    paper: Paper, writer: User, client: Client
) -> None:
    freeze(paper, writer)
    signed = open_round(paper, writer)
    letter = ask(writer, signed, "منظمة أولى")
    sign(letter, signed)
    papers.reopen_paper(actor=writer, paper=paper, now=NOW)
    signed.refresh_from_db()
    assert not signed.is_open
    block = blocks_in(paper)[1]
    write(paper, block, {"ar": "تأخر صرف بدل التدريب شهوراً", "en": "Training pay came months late"})
    paper.refresh_from_db()
    second = freeze(paper, writer)
    again = open_round(paper, writer, Named.COUNT)
    assert (again.number, again.checksum) == (2, second.sha256)
    page = client.get(reverse("public_signatures:sign", args=[letters.token_of(letter)])).text
    assert "<ins>شهوراً</ins>" in page
    assert "<del>عن كثيرين</del>" in page
    # A signature under the older text does not count for this one: nobody signed, no list.
    published = versions.publish_paper(actor=writer, paper=paper, now=NOW)
    assert signed_in_public(published).rows == ()
    assert "منظمة أولى" not in everywhere(published, client)


def test_files_are_made_again_with_the_list_when_it_is_published(
    paper: Paper, writer: User, client: Client
) -> None:
    version = freeze(paper, writer)
    rows = PaperFile.objects.filter(version=version, form="docx", language="ar")
    make_file.func(str(rows.get().pk))
    before = rows.get().file
    signed = open_round(paper, writer)
    sign(ask(writer, signed, "منظمة أولى"), signed)
    versions.publish_paper(actor=writer, paper=paper, now=NOW + timedelta(hours=1))
    public = reverse("public_papers:file", args=["ar", paper.code, 1, "docx"])
    # The file that says nothing of who signed is not given to the public.
    assert client.get(public).status_code == 404
    make_file.func(str(rows.get().pk))
    assert rows.get().file != before
    content = b"".join(client.get(public))
    written = [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]
    assert "منظمة أولى" in written


def test_the_list_is_printed(paper: Paper, writer: User) -> None:
    freeze(paper, writer)
    signed = open_round(paper, writer)
    sign(ask(writer, signed, "First organisation"), signed, RESERVATION)
    published = versions.publish_paper(actor=writer, paper=paper, now=NOW)
    printed = print_version(PaperVersion.objects.get(pk=published.pk), "en")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
    assert "First organisation" in text
    assert "Frozen, not published" not in text


def test_the_desk_opens_a_round_and_shows_answers_to_who_may_see_them(
    paper: Paper, writer: User, client: Client
) -> None:
    freeze(paper, writer)
    address = reverse("papers:sign_off", args=[paper.code])
    researcher = UserFactory.create(roles=["researcher"])
    sign_in_fully(client, researcher)
    assert 'name="named"' not in client.get(address).text
    with pytest.raises(NotAllowed):
        open_round(paper, researcher)
    sign_in_fully(client, writer)
    refused = client.post(address, {"sign_by": "2001-01-01", "named": "all"})
    assert Paper.objects.get().signing is None, refused.status_code
    client.post(address, {"sign_by": "2099-08-01", "named": "count"})
    version = PaperVersion.objects.get()
    assert version.signed_version is not None
    assert version.signed_version.named == "count"
    sign(ask(writer, version.signed_version, "منظمة أولى"), version.signed_version)
    assert "منظمة أولى" in client.get(address).text
    assert client.get(reverse("signatures:signing", args=[version.signed_version.signing_id]))
    client.post(reverse("papers:narrow_round", args=[paper.code]), {"named": "all"})
    client.post(reverse("papers:close_round", args=[paper.code]), {"why": "يُنظر فيها"})
    version.signed_version.refresh_from_db()
    assert (version.signed_version.named, version.signed_version.is_open) == ("count", False)
    client.post(reverse("papers:reopen_round", args=[paper.code]))
    version.signed_version.refresh_from_db()
    assert version.signed_version.is_open
    # Closed to all but its owner, its signing is closed with it.
    Paper.objects.update(visibility="personal")
    sign_in_fully(client, UserFactory.create(roles=["director"]))
    assert client.get(address).status_code == 404
    signing_page = reverse("signatures:signing", args=[version.signed_version.signing_id])
    assert client.get(signing_page).status_code == 404
