"""Joint statements as documents that are signed: what the room of signatures is told of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hiwar.accounts.queries import WIDE
from hiwar.dossiers import rules
from hiwar.dossiers.models import JointStatement, JointText
from hiwar.dossiers.queries.joint import latest_text, readable_statements
from hiwar.dossiers.queries.vocabularies import word
from hiwar.signatures.queries.requests import silent_requests
from hiwar.signatures.rules import Document, DocumentKind

if TYPE_CHECKING:
    from datetime import date

    from hiwar.accounts.models import User
    from hiwar.accounts.rules import Somebody
    from hiwar.signatures.models import Signing, SigningVersion

CODE = "dossiers.jointstatement"
SOON = timedelta(days=7)
S = JointText.State
TONES = {S.DRAFT: "notice", S.OPEN: "primary", S.CLOSED: "info", S.PUBLISHED: "success",
         S.REPLACED: ""}  # fmt: skip


def badge_of(statement: JointStatement, text: JointText) -> tuple[str, str]:
    """Return the state of a joint statement in a word, with its tone."""
    if statement.withdrawn_at is not None:
        return pgettext("joint statement", "withdrawn"), "danger"
    return str(text.get_state_display()), TONES[S(text.state)]


def statement_of(signing: Signing) -> JointStatement | None:
    """Return the joint statement that a signing belongs to."""
    statements = JointStatement.objects.select_related("dossier", "owner", "signing")
    return statements.filter(signing=signing).first()


def document_of(statement: JointStatement) -> Document:
    """Return what the pages of signing say of a joint statement."""
    text = latest_text(statement)
    label, tone = badge_of(statement, text)
    dossier = statement.dossier
    return Document(
        title=text.title,
        kind=word("joint_kind", statement.kind),
        url=reverse("dossiers:joint", args=[statement.code]),
        path=(
            (str(dossier.title), reverse("dossiers:dossier", args=[dossier.code])),
            (_("Joint statements"), reverse("dossiers:statements", args=[dossier.code])),
        ),
        tabs=(
            (
                pgettext("tab of a joint statement", "Text"),
                reverse("dossiers:joint", args=[statement.code]),
            ),
        ),
        badge=label,
        tone=tone,
        number=text.number,
        is_open_to_staff=statement.visibility in WIDE and dossier.visibility in WIDE,
    )


def waiting_statements(user: User, today: date) -> list[tuple[JointText, int, int]]:
    """Return versions whose last day of signing is near or past, how many are silent and asked."""
    joint_texts = JointText.objects.filter(
        state=S.OPEN,
        statement__in=readable_statements(user).order_by(),
        statement__withdrawn_at=None,
        statement__dossier__archived_at=None,
        statement__signing__sign_by__lte=today + SOON,
    )
    rows = []
    listed = joint_texts.select_related(
        "statement__owner", "statement__dossier", "statement__signing", "version"
    )
    for text in listed.order_by("statement__signing__sign_by", "pk"):
        whole = text.statement.signing.requests.filter(removed_at=None).count()
        silent = silent_requests(text.version).count() if text.version else 0
        rows.append((text, silent, whole))
    return rows


def _describe(signing: Signing) -> Document | None:
    statement = statement_of(signing)
    return None if statement is None else document_of(statement)


def _may_read(user: Somebody, signing: Signing) -> bool:
    statement = statement_of(signing)
    return statement is not None and rules.can_read_statement(user, statement)


def _may_collect(user: Somebody, signing: Signing) -> bool:
    statement = statement_of(signing)
    return statement is not None and rules.can_edit_statement(user, statement)


def _public_url(version: SigningVersion) -> str:
    texts = JointText.objects.filter(version=version, state=S.PUBLISHED)
    code = texts.values_list("statement__code", flat=True).first()
    return reverse("public_dossiers:statement", args=[get_language(), code]) if code else ""


KIND = DocumentKind(CODE, _describe, _may_read, _may_collect, _public_url)
