"""Examples of addresses of dossiers."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from factories.contacts import OrganisationFactory
from factories.dossiers import DossierFactory
from hiwar.accounts.models import User
from hiwar.common.dates import local_day
from hiwar.dossiers.actions import joint
from hiwar.dossiers.models import JointStatement, JointText
from hiwar.dossiers.queries.joint import latest_text
from hiwar.signatures.actions import letters, signing, signings
from hiwar.signatures.exports.letters import compose
from hiwar.signatures.models import SigningLetter


def published_statement() -> dict[str, Any]:
    text = JointText.objects.filter(state="published").earliest("pk")
    return {"code": text.statement.code, "number": text.number, "name": "signatories.csv"}


def draft_statement() -> dict[str, Any]:
    first = JointText.objects.earliest("pk")
    statement = JointStatement.objects.create(
        code="draft-statement", dossier=first.statement.dossier, kind=first.statement.kind,
        owner=first.statement.owner, created_at=first.made_at,
        signing=signings.create_signing(kind="dossiers.jointstatement", now=first.made_at),
    )  # fmt: skip
    first.pk = None
    first.statement, first.state, first.number = statement, "draft", 1
    first.version = first.published_at = first.published_by = None
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
        settings=joint.Settings(local_day(now) + timedelta(days=5)),
    )  # fmt: skip
    letters.ask_organisations(
        actor=actor, signing=statement.signing, organisations=[OrganisationFactory.create()],
        compose=compose, now=now,
    )  # fmt: skip
    text = joint.open_text(actor=actor, text=latest_text(statement), now=now)
    (letter,) = letters.write_letters(actor=actor, version=text.version, now=now)
    return letter


def code_of(letter: SigningLetter) -> str:
    return JointStatement.objects.get(signing=letter.request.signing_id).code


def open_statement() -> dict[str, Any]:
    return {"key": code_of(signing_letter("open-statement"))}


def closed_statement() -> dict[str, Any]:
    letter = signing_letter("closed-statement")
    now = timezone.now()
    actor = User.objects.filter(roles__code="director").earliest("pk")
    terms = signing.Terms("Rana Haddad", "Chair")
    signing.sign_by_link(letter=letter, version=letter.version, terms=terms, now=now)
    joint.close_list(
        actor=actor,
        text=JointText.objects.get(version=letter.version),
        why="Two days early",
        now=now,
    )
    return {"key": code_of(letter)}


def public_dossier() -> dict[str, Any]:
    return {"code": DossierFactory.create(visibility="public").code}


EXAMPLES = {
    "public_dossiers:dossier": public_dossier,
    "dossiers:close_joint": open_statement,
    "dossiers:publish_joint": closed_statement,
    "dossiers:edit_joint": draft_statement,
    "dossiers:open_joint": draft_statement,
    "public_dossiers:statement": published_statement,
    "public_dossiers:statement_file": published_statement,
    "public_dossiers:statement_version": published_statement,
}
