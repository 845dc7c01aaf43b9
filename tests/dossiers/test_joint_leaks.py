"""What stays at the desk of a joint statement: who was asked, declined, withdrew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from factories.accounts import InstitutionFactory, UserFactory, sign_in_fully
from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.common.dates import local_day
from hiwar.common.search.indexing import reindex
from hiwar.dossiers.actions import joint
from hiwar.dossiers.actions.prints import keep_print
from hiwar.dossiers.exports.joint_pages import print_of_page
from hiwar.dossiers.models import JointPrint, JointText
from hiwar.dossiers.queries import joint as ask
from hiwar.dossiers.queries import log
from hiwar.dossiers.queries.timeline import timeline
from hiwar.signatures.actions import letters as outbox
from hiwar.signatures.actions import signing
from hiwar.signatures.actions.signing import Terms
from hiwar.signatures.exports.letters import compose
from hiwar.signatures.models import Signature, SigningLetter
from hiwar.signatures.queries.log import names_of_signings
from hiwar.signatures.queries.signatories import standing_signatures
from roles import roles_that_differ

pytestmark = pytest.mark.django_db
SECRET = "Quicksilver"
INSIDE = ("Silentia", "Declinia", "Leavia", "Persona", "inside@one.example", "Sourcework")
ROLES = ("director", "programme_manager", "facilitator", "me_officer", "finance_viewer", "admin")


def client_of(user):
    client = Client()
    sign_in_fully(client, user)
    client.cookies["hiwar_language"] = "en"
    return client


@pytest.fixture
def manager(roles):
    InstitutionFactory.create()
    return UserFactory.create(roles=["programme_manager"])


def made(manager, visibility="institution", code="councils"):
    """Return a statement open for signature: one signed, one reserved, one of each other answer."""
    now = timezone.now()
    statement = joint.create_statement(
        actor=manager, dossier=DossierFactory.create(owner=manager), code=code,
        title={"en": SECRET}, text={"en": f"{SECRET} words.\n\nMore."}, now=now,
        settings=joint.Settings(local_day(now) + timedelta(days=5), visibility=visibility),
    )  # fmt: skip
    names = ("Signia", "Reservia", "Leavia", "Declinia", "Silentia")
    bodies = [OrganisationFactory.create(name={"en": name}) for name in names]
    outbox.ask_organisations(
        actor=manager, signing=statement.signing, organisations=bodies, compose=compose, now=now
    )
    statement.signing.requests.update(email="inside@one.example")
    text = joint.open_text(actor=manager, text=ask.latest_text(statement), now=now)
    outbox.write_letters(actor=manager, version=text.version, now=now)
    letters = {
        str(one.request.organisation): one
        for one in SigningLetter.objects.select_related("request__organisation")
    }
    for name in names[:3]:
        held = {"is_reserved": True, "reservation": "Heldback", "language": "en"}
        terms = Terms("Persona Grata", "Chair", **(held if name == "Reservia" else {}))
        signing.sign_by_link(letter=letters[name], version=text.version, terms=terms, now=now)
    signing.withdraw_signature(
        version=text.version,
        request=letters["Leavia"].request,
        actor=manager,
        why="Sourcework",
        now=now,
    )
    signing.decline(
        version=text.version, letter=letters["Declinia"], who="Persona", why="", now=now
    )
    return statement, text, letters


def publish(manager, text):
    mark = ask.signatories(text).mark
    return joint.publish_text(actor=manager, text=text, seen=mark, now=timezone.now())


def public_addresses(code="councils"):
    base = f"/en/statements/{code}/"
    names = ("1/", "1/statement.pdf", "1/signatories.csv", "1/signatories.xlsx")
    return [base, *(base + name for name in names)]


def print_all():
    for print_ in JointPrint.objects.all():
        assert keep_print(print_=print_, content=b"%PDF-1.7", pages=1, now=timezone.now())


def test_before_publication_the_public_reads_nothing(manager):
    _statement, text, _letters = made(manager)
    for address in public_addresses():
        assert Client().get(address).status_code == 404, address
    joint.close_list(actor=manager, text=text, why="Sent", now=timezone.now())
    for address in public_addresses():
        assert Client().get(address).status_code == 404, address
    assert SECRET not in Client().get("/en/statements/").content.decode()


def test_what_is_published_holds_names_of_organisations_and_reservations_alone(manager):
    _statement, text, _letters = made(manager)
    publish(manager, text)
    print_all()
    texts = [Client().get(one) for one in public_addresses()]
    assert [one.status_code for one in texts] == [200] * 5
    read = [one.content.decode("latin-1") for one in texts]
    read += [Client().get("/en/statements/").content.decode(), print_of_page(text, "en")]
    for page in read:
        assert [word for word in INSIDE if word in page] == []
    for page in (read[0], read[3], read[-1]):
        assert "Heldback" in page
        assert "Signia" in page


def test_a_link_shows_its_own_answer_and_nobody_elses(manager):
    _statement, _text, letters = made(manager)
    mine = Client().get(f"/sign/{outbox.token_of(letters['Signia'])}/").content.decode()
    assert "Persona Grata" in mine
    for hidden in ("Reservia", "Heldback", "Leavia", "Declinia", "Silentia", "one.example"):
        assert hidden not in mine
    silent = Client().get(f"/sign/{outbox.token_of(letters['Silentia'])}/")
    assert "Persona" not in silent.content.decode()
    assert "no-store" in silent["Cache-Control"]
    assert silent["X-Robots-Tag"] == "noindex"


def pages_of(statement):
    for name in ("joint", "edit_joint", "joint_settings", "open_joint", "close_joint",
                 "preview_joint", "publish_joint", "withdraw_joint"):  # fmt: skip
        yield reverse(f"dossiers:{name}", args=[statement.code])
    for name in ("begin_version", "drop_version", "reopen_joint", "print_joint"):
        yield reverse(f"dossiers:{name}", args=[statement.code])
    key = statement.signing_id
    for name in ("signing", "ask", "answers_csv", "answers_xlsx", "letters", "remind"):
        yield reverse(f"signatures:{name}", args=[key])
    asked = statement.signing.requests.first()
    for name in ("request", "change_request", "withdraw_signature"):
        yield reverse(f"signatures:{name}", args=[key, asked.pk])
    yield reverse("signatures:letter", args=[key, asked.letters.first().pk])


@pytest.mark.parametrize("visibility", ["personal", "team", "closed dossier"])
@pytest.mark.parametrize("role", roles_that_differ("dossiers", among=ROLES))
def test_a_statement_that_is_closed_to_somebody_is_nowhere(manager, role, visibility):
    is_dossier = visibility == "closed dossier"
    statement, text, _letters = made(manager, "institution" if is_dossier else visibility)
    if is_dossier:
        statement.dossier.visibility = "personal"
        statement.dossier.save()
    reindex()
    before = list(Signature.objects.order_by("pk").values())
    other = UserFactory.create(roles=[role])
    client = client_of(other)
    for address in pages_of(statement):
        assert client.get(address).status_code in {403, 404, 405}, address
        assert client.post(address, {"why": "x"}).status_code in {403, 404, 405}, address
    dossier = reverse("dossiers:statements", args=[statement.dossier.code])
    for address in (
        reverse("dossiers:all_statements"), dossier, reverse("accounts:morning"),
        reverse("accounts:activity"), reverse("accounts:search") + f"?q={SECRET}",
        reverse("dossiers:dossier", args=[statement.dossier.code]),
    ):  # fmt: skip
        content = client.get(address).content.decode()
        assert "/statements/councils/" not in content, address
        assert f"{SECRET} words" not in content, address
    assert "joint" not in {one.code for one in timeline(other, statement.dossier).kinds}
    assert log.names_of_statements([str(statement.pk)]) == {}
    assert log.names_of_joint_texts([str(text.pk)]) == {}
    assert names_of_signings([str(statement.signing_id)]) == {}
    assert list(Signature.objects.order_by("pk").values()) == before


def test_the_desk_reads_every_page_and_names_no_organisation_closed_to_the_reader(manager):
    statement, _text, letters = made(manager)
    body = letters["Silentia"].request.organisation
    body.visibility, body.owner = "personal", manager
    body.save()
    client = client_of(manager)
    for address in pages_of(statement):
        assert client.get(address).status_code in {200, 302, 405}, address
    listed = reverse("signatures:signing", args=[statement.signing_id])
    assert "Silentia" in client.get(listed).content.decode()
    other = client_of(UserFactory.create(roles=["programme_manager"]))
    for name in ("signing", "answers_csv"):
        address = reverse(f"signatures:{name}", args=[statement.signing_id])
        page = other.get(address).content.decode()
        assert "Silentia" not in page
        assert "An organisation that is closed to you" in page


def test_a_statement_that_was_withdrawn_says_so_at_every_address(manager):
    statement, text, letters = made(manager)
    token = outbox.token_of(letters["Signia"])
    publish(manager, text)
    print_all()
    client = client_of(manager)
    address = reverse("dossiers:withdraw_joint", args=["councils"])
    assert client.post(address, {"reason_en": " "}).status_code == 200
    assert Client().get("/en/statements/councils/").status_code == 200
    client.post(address, {"reason_en": "A figure was wrong"})
    for one in public_addresses():
        answer = Client().get(one)
        assert answer.status_code == 410, one
        page = answer.content.decode()
        assert "A figure was wrong" in page
        assert "Signia" not in page
        assert f"{SECRET} words" not in page
    assert SECRET not in Client().get("/en/statements/").content.decode()
    closed = Client().get(f"/sign/{token}/")
    assert closed.status_code == 410
    assert SECRET not in closed.content.decode()
    with pytest.raises(joint.WithdrawnAlready):
        joint.begin_version(actor=manager, statement=statement, now=timezone.now())


def test_a_correction_is_a_new_version_and_the_old_one_stays_readable(manager):
    statement, text, letters = made(manager)
    publish(manager, text)
    client = client_of(manager)
    client.post(reverse("dossiers:begin_version", args=["councils"]))
    client.post(
        reverse("dossiers:edit_joint", args=["councils"]),
        {"title_en": "Corrected", "text_en": "Right words.", "change_en": "A figure"},
    )
    assert SECRET in Client().get("/en/statements/councils/").content.decode()
    assert Client().get("/en/statements/councils/2/").status_code == 404
    client.post(reverse("dossiers:open_joint", args=["councils"]))
    second = JointText.objects.get(statement=statement, number=2)
    fresh = SigningLetter.objects.get(request=letters["Silentia"].request, version=second.version)
    signing.sign_by_link(
        letter=fresh, version=second.version, terms=Terms("Persona", "Chair"), now=timezone.now()
    )
    publish(manager, second)
    newest = Client().get("/en/statements/councils/").content.decode()
    assert "Right words." in newest
    assert "1 organisation signed" in newest
    old = Client().get("/en/statements/councils/1/").content.decode()
    assert f"{SECRET} words." in old
    assert "This is an older version." in old
    assert "2 organisations signed" in old


@pytest.mark.parametrize(
    "given",
    [
        {}, {"answer": "maybe"}, {"answer": "reserve"}, {"signer": ""}, {"paragraph": "9"},
        {"paragraph": "x"}, {"version": "0"}, {"version": "9" * 30}, {"version": "2"},
        {"language": "xx"}, {"signer": "x" * 500}, {"reservation": "y" * 9_000},
        {"signer": "a\x00b"}, {"seen": "z" * 90},
    ],
)  # fmt: skip
def test_bad_answers_are_refused_and_change_nothing(manager, given):
    _statement, _text, letters = made(manager)
    address = f"/sign/{outbox.token_of(letters['Silentia'])}/"
    fine = {"answer": "sign", "signer": "Hala", "function": "Chair", "version": "1", "seen": ""}
    before = Signature.objects.count()
    form = fine | given if given else {}
    answer = Client().post(address, form | {"step": "confirm"})
    assert answer.status_code == 422
    assert Signature.objects.count() == before


def test_what_somebody_writes_is_shown_as_text(manager):
    _statement, text, letters = made(manager)
    address = f"/sign/{outbox.token_of(letters['Silentia'])}/"
    nasty = "<script>alert(1)</script>"
    form = {
        "answer": "reserve", "signer": nasty, "function": nasty, "reservation": nasty,
        "language": "en", "version": "1", "seen": "", "paragraph": "",
    }  # fmt: skip
    for step in ("preview", "confirm"):
        page = Client().post(address, form | {"step": step}, follow=True)
        assert nasty not in page.content.decode()
    publish(manager, text)
    assert nasty not in Client().get("/en/statements/councils/").content.decode()
    assert nasty not in print_of_page(text, "en")


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "..", "a b"])
def test_an_unknown_link_is_not_there(db, token):
    for name in ("", "receipt/", "withdraw/"):
        assert Client().get(f"/sign/{token}/{name}").status_code == 404


def test_two_people_at_two_screens(manager):
    _statement, text, letters = made(manager)
    address = f"/sign/{outbox.token_of(letters['Silentia'])}/?language=en"
    form = {"answer": "sign", "function": "Chair", "version": "1", "seen": "", "step": "confirm"}
    assert Client().post(address, form | {"signer": "First"}).status_code == 302
    second = Client().post(address, form | {"signer": "Second"})
    assert second.status_code == 422
    page = second.content.decode()
    assert "Somebody has answered for your organisation meanwhile" in page
    standing = standing_signatures(text.version).get(signer="First")
    assert f'value="{standing.pk}"' in page
    form["seen"] = str(standing.pk)
    assert Client().post(address, form | {"signer": "Second"}).status_code == 302
    rows = standing_signatures(text.version).filter(
        organisation=letters["Silentia"].request.organisation
    )
    assert [one.signer for one in rows] == ["Second"]


def test_the_list_asks_as_often_for_five_as_for_eleven(manager):
    statement, _text, _letters = made(manager)
    client = client_of(manager)
    address = reverse("signatures:signing", args=[statement.signing_id])

    def count():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    count()
    first = count()
    more = [OrganisationFactory.create(name={"en": f"More {n}"}) for n in range(6)]
    outbox.ask_organisations(
        actor=manager, signing=statement.signing, organisations=more, compose=compose,
        now=timezone.now(),
    )  # fmt: skip
    assert count() == first
