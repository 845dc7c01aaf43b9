"""Questions about joint statements: which one may read, what is public, who signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.accounts.queries import readable_by
from hiwar.dossiers.models import Dossier, JointPrint, JointStatement, JointText
from hiwar.dossiers.queries.dossiers import plain
from hiwar.signatures.queries import signatories as signed

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.dossiers.queries.dossiers import Reader
    from hiwar.signatures.queries import Signatories

S = JointText.State
WITHDRAWN = "withdrawn"


def signatories(text: JointText) -> Signatories:
    """Return who signed a version of a statement, in the order of signing."""
    return signed(text.version)


def readable_statements(user: Reader) -> QuerySet[JointStatement]:
    """Return the joint statements a person may read at the desk, the newest first.

    None that belongs to a dossier closed to them.
    """
    joint_statements = JointStatement.objects.filter(
        readable_by(user, JointStatement), readable_by(user, Dossier, path="dossier__")
    )
    return joint_statements.select_related("dossier", "owner", "signing").order_by(
        "-created_at", "pk"
    )


def search_statements(
    user: Reader, words: str = "", state: str = ""
) -> list[tuple[JointStatement, JointText]]:
    """Return the readable statements whose newest version has all the words, the newest first.

    ``state`` is a state of the newest version, or the word for statements that were withdrawn.
    """
    listed = list(readable_statements(user))
    texts = latest_texts(listed)
    wanted = plain(words).split()
    matching = []
    for joint_statement in listed:
        text = texts[joint_statement.pk]
        text.statement = joint_statement
        now = WITHDRAWN if joint_statement.withdrawn_at is not None else text.state
        whole = plain(" ".join([*text.title.values(), *text.text.values(), joint_statement.code]))
        if state in {"", now} and all(word in whole for word in wanted):
            matching.append((joint_statement, text))
    return matching


def texts_of(statement: JointStatement) -> list[JointText]:
    """Return the versions of a statement, the newest first."""
    return list(statement.texts.select_related("published_by", "version").order_by("-number", "pk"))


def latest_texts(statements: list[JointStatement]) -> dict[object, JointText]:
    """Return the newest version of each statement by the statement's key: one query."""
    joint_texts = JointText.objects.filter(statement__in=statements).select_related("version")
    joint_texts = joint_texts.order_by("number", "pk")
    return {text.statement_id: text for text in joint_texts}


def latest_text(statement: JointStatement) -> JointText:
    """Return the newest version; a statement has at least one."""
    return statement.texts.select_related("version").order_by("-number", "pk")[0]


def public_statements(dossier: Dossier | None = None) -> list[JointText]:
    """Return the newest published version of every statement that stands, the newest first.

    Only those of a dossier where one is given.
    """
    joint_texts = JointText.objects.filter(state=S.PUBLISHED, statement__withdrawn_at=None)
    if dossier is not None:
        joint_texts = joint_texts.filter(statement__dossier=dossier)
    newest: dict[object, JointText] = {}
    for joint_text in joint_texts.select_related("statement__signing", "version").order_by(
        "number", "pk"
    ):
        newest[joint_text.statement_id] = joint_text
    return sorted(newest.values(), key=_published_at, reverse=True)


def _published_at(text: JointText) -> tuple[datetime, str]:
    assert text.published_at is not None  # noqa: S101 - a constraint of the table
    return text.published_at, str(text.pk)


def published_texts(code: str) -> list[JointText]:
    """Return the published versions under an address, the newest first; none when nothing is."""
    joint_texts = JointText.objects.filter(statement__code=code, state=S.PUBLISHED)
    return list(
        joint_texts.select_related("statement__signing", "version").order_by("-number", "pk")
    )


def print_of(text: JointText, language: str) -> JointPrint | None:
    """Return the finished PDF of a version in a language."""
    return text.prints.filter(language=language, state=JointPrint.State.DONE).first()
