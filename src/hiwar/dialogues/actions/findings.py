"""Findings: written down when results are published, so that papers can rest on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hiwar.common.templatetags.components import number
from hiwar.dialogues.models import Finding, FindingStatement, Statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.dialogues.models import Publication

FLAGS = {Finding.Kind.SHARED: "shared", Finding.Kind.DIVIDING: "dividing"}


def write_findings(publication: Publication) -> list[Finding]:
    """Write down what a version of the results found; a version that has findings keeps them.

    Small numbers are hidden in the document already: what is shared or divides is told only of
    statements whose counts are shown.
    """
    if publication.findings.exists():
        return []
    lines: Sequence[Mapping[str, Any]] = publication.document.get("statements", [])
    keys = dict(
        Statement.objects.filter(dialogue=publication.dialogue_id).values_list("number", "pk")
    )
    findings = []
    for kind, flag in FLAGS.items():
        numbers = [line["number"] for line in lines if line[flag] and line["number"] in keys]
        if not numbers:
            continue
        finding = Finding(publication=publication, kind=kind, text=_words(kind, numbers))
        finding.full_clean()
        finding.save()
        FindingStatement.objects.bulk_create(
            FindingStatement(finding=finding, statement_id=keys[each]) for each in numbers
        )
        findings.append(finding)
    return findings


def _words(kind: str, numbers: Sequence[int]) -> dict[str, str]:
    """Return what a finding says in every language of the installation."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            facts = {"numbers": _(", ").join(number(each) for each in numbers)}
            texts[language] = (
                _("Shared: statements %(numbers)s") if kind == Finding.Kind.SHARED
                else _("Dividing: statements %(numbers)s")
            ) % facts  # fmt: skip
    return texts
