"""A joint statement as it is read: on the page and in print, from the same question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from hiwar.accounts.queries import the_institution
from hiwar.common.multilingual import direction
from hiwar.common.printing import isolated, print_page, qr_code
from hiwar.dossiers.queries.joint import print_of, signatories
from hiwar.dossiers.queries.vocabularies import word
from hiwar.signatures.queries.versions import text_as_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hiwar.common.printing import Printed
    from hiwar.dossiers.models import JointText

ROOM = Path(__file__).parents[1]
SHEET = ROOM / "templates/dossiers/joint_print.css"


def text_context(text: JointText, language: str) -> dict[str, object]:
    """Return a version as a reader of a language is shown it, without who signed."""
    return text_as_read(text.text, language) | {
        "text": text,
        "statement": text.statement,
        "kind": word("joint_kind", text.statement.kind),
    }


def page_context(
    text: JointText, versions: Sequence[JointText], language: str
) -> dict[str, object]:
    """Return all that the public page of a version holds; ``versions`` are the published ones."""
    code = text.statement.code
    address = reverse("public_dossiers:statement", args=[language, code])
    fixed = [language, code, text.number]
    named = {
        name: reverse("public_dossiers:statement_file", args=[*fixed, name])
        for name in ("statement.pdf", "signatories.csv", "signatories.xlsx")
    }
    return text_context(text, language) | {
        "found": signatories(text),
        "versions": versions,
        "newer": versions[0] if versions and versions[0].number > text.number else None,
        "older": [joint_text for joint_text in versions if joint_text.number < text.number],
        "pdf": named["statement.pdf"] if print_of(text, language) else "",
        "csv": named["signatories.csv"],
        "xlsx": named["signatories.xlsx"],
        "address": f"{settings.PUBLIC_ORIGIN}{address}",
        "drawing": qr_code(f"{settings.PUBLIC_ORIGIN}{address}", on_white=True),
        "alternates": [
            (code_, reverse("public_dossiers:statement", args=[code_, code]))
            for code_, _name in settings.LANGUAGES
        ],
    }


def print_statement(text: JointText, language: str) -> Printed:
    """Print a version with its list in one language. Raises ``PrintingAbsent``."""
    return print_page(print_of_page(text, language), (SHEET.read_text("utf-8"),))


def print_of_page(text: JointText, language: str) -> str:
    """Return the page that goes to the printer."""
    with translation.override(language):
        address = reverse("public_dossiers:statement", args=[language, text.statement.code])
        context = text_context(text, language) | {
            "found": signatories(text),
            "institution": the_institution(),
            "language": language,
            "direction": direction(language),
            "address": f"{settings.PUBLIC_ORIGIN}{address}",
        }
        return isolated(render_to_string("dossiers/joint_print.html", context))
