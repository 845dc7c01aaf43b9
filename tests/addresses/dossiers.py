"""Examples of addresses of dossiers."""

from typing import Any

from hiwar.dossiers.models import JointStatement, JointText


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


EXAMPLES = {
    "dossiers:edit_joint": draft_statement,
    "dossiers:open_joint": draft_statement,
    "public_dossiers:statement": published_statement,
    "public_dossiers:statement_file": published_statement,
    "public_dossiers:statement_version": published_statement,
}
