"""Examples of addresses of dossiers."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.accounts.models import User
from hiwar.dossiers.actions import joint, letters, signing
from hiwar.dossiers.exports.letters import compose
from hiwar.dossiers.models import JointStatement, JointText, SigningLetter
from hiwar.dossiers.queries.joint import latest_text


def published_statement() -> dict[str, Any]:
    text = JointText.objects.filter(state="published").earliest("pk")
    return {"code": text.statement.code, "number": text.number, "name": "signatories.csv"}


def draft_statement() -> dict[str, Any]:
    first = JointText.objects.earliest("pk")
    statement = JointStatement.objects.create(
        code="draft-statement", dossier=first.statement.dossier, kind=first.statement.kind,
        owner=first.statement.owner, created_at=first.made_at,
    )  # fmt: skip
    first.pk = None
    first.statement, first.state, first.number = statement, "draft", 1
    first.opened_at = first.closed_at = first.published_at = first.published_by = None
    first._state.adding = True
    first.save()
    return {"key": statement.code}


def signing_letter(code: str) -> SigningLetter:
    """Return the letter of an organisation that is asked to sign a statement of its own."""
    now = timezone.now()
    actor = User.objects.filter(roles__code="director").earliest("pk")
    statement = joint.create_statement(
        actor=actor, dossier=DossierFactory.create(owner=actor), code=code,
        title={"ar": "بيان"}, text={"ar": "كلام.\n\nوكلام."}, now=now,
        settings=joint.Settings(now.date() + timedelta(days=5)),
    )  # fmt: skip
    letters.ask_organisations(
        actor=actor, statement=statement, organisations=[OrganisationFactory.create()],
        compose=compose, now=now,
    )  # fmt: skip
    text = joint.open_text(actor=actor, text=latest_text(statement), now=now)
    (letter,) = letters.write_letters(actor=actor, text=text, compose=compose, now=now)
    return letter


def open_statement() -> dict[str, Any]:
    return {"key": signing_letter("open-statement").request.statement.code}


def closed_statement() -> dict[str, Any]:
    letter = signing_letter("closed-statement")
    now = timezone.now()
    actor = User.objects.filter(roles__code="director").earliest("pk")
    terms = signing.Terms("Rana Haddad", "Chair")
    signing.sign_by_link(letter=letter, text=letter.text, terms=terms, now=now)
    joint.close_list(actor=actor, text=letter.text, why="Two days early", now=now)
    return {"key": letter.request.statement.code}


def link_to_sign() -> dict[str, Any]:
    return {"token": letters.token_of(signing_letter("to-sign"))}


def link_that_signed() -> dict[str, Any]:
    letter = signing_letter("signed-statement")
    terms = signing.Terms("Rana Haddad", "Chair")
    signing.sign_by_link(letter=letter, text=letter.text, terms=terms, now=timezone.now())
    return {"token": letters.token_of(letter)}


EXAMPLES = {
    "dossiers:close_joint": open_statement,
    "dossiers:publish_joint": closed_statement,
    "public_dossiers:sign": link_to_sign,
    "public_dossiers:sign_receipt": link_that_signed,
    "public_dossiers:sign_withdraw": link_that_signed,
    "dossiers:edit_joint": draft_statement,
    "dossiers:open_joint": draft_statement,
    "public_dossiers:statement": published_statement,
    "public_dossiers:statement_file": published_statement,
    "public_dossiers:statement_version": published_statement,
}
