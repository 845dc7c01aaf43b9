"""A letter with an ask: its proposed words, its text for the outbox, and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, override, pgettext

from hiwar.accounts.queries import the_institution
from hiwar.asks.models import AskPoint
from hiwar.asks.queries.letters import frame_of
from hiwar.common import dates
from hiwar.common.multilingual import direction
from hiwar.common.numbering import written
from hiwar.common.printing import isolated, print_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hiwar.accounts.models import User
    from hiwar.asks.models import Addressee, Letter
    from hiwar.common.printing import Printed

SHEET = Path(__file__).parents[1] / "templates/asks/letter_print.css"


def proposed_words(addressee: Addressee) -> tuple[dict[str, str], dict[str, str]]:
    """Return subject and text of a letter as they are proposed, in each language."""
    ask, subject, body = addressee.ask, {}, {}
    points = list(AskPoint.objects.filter(ask=ask).order_by("number", "pk"))
    for language, _name in settings.LANGUAGES:
        if language not in ask.text:
            continue
        with override(language):
            subject[language] = ask.short.in_language(language)
            lines = [gettext("We ask you for the following:"), ask.text.in_language(language), ""]
            lines += [f"{point.number}. {point.act.in_language(language)}" for point in points]
            if addressee.answer_due is not None:
                lines += ["", gettext("We would be glad to have your answer by %(day)s.") % {
                    "day": dates.day(addressee.answer_due),
                }]  # fmt: skip
            body[language] = "\n".join(lines)
    return subject, body


def letter_text(letter: Letter, language: str, link: str) -> tuple[str, str]:
    """Return subject and text of an issued letter for the outbox; the link is a mark."""
    with override(language):
        number = gettext("Our number: %(number)s") % {"number": written(letter.number)}  # type: ignore[arg-type]  # it is issued
        answer = gettext("You can answer here, point by point, without an account: %(link)s") % {
            "link": link,
        }  # fmt: skip
    parts = [
        letter.envelope.in_language(language), number, letter.salutation.in_language(language),
        letter.body.in_language(language), answer, letter.closing.in_language(language),
        letter.signature.in_language(language),
    ]  # fmt: skip
    subject = " ".join(letter.subject.in_language(language).split())
    return subject, "\n\n".join(part for part in parts if part)


def letter_context(letter: Letter, language: str, signer: User) -> Mapping[str, object]:
    """Return what a page shows of a letter in a language: as issued, or as it would be today."""
    if letter.issued_at is not None:
        frame = {
            part: getattr(letter, part).in_language(language)
            for part in ("envelope", "salutation", "closing", "signature")
        }
    else:
        today = dates.local_day(letter.drafted_at)
        frame = {part: text[language] for part, text in frame_of(letter, signer, today).items()}
    return {
        **{part: text.split("\n") for part, text in frame.items()},
        "letter": letter, "language": language, "direction": direction(language),
        "institution": the_institution(), "subject": letter.subject.in_language(language),
        "paragraphs": [row for row in letter.body.in_language(language).split("\n") if row.strip()],
        "number": written(letter.number) if letter.number is not None else "",
        "draft": pgettext("letter", "Draft"),
    }  # fmt: skip


def print_letter(letter: Letter, language: str, signer: User) -> Printed:
    """Print a letter in a language. Raises ``PrintingAbsent``."""
    with override(language):
        page = render_to_string("asks/letter_print.html", letter_context(letter, language, signer))
    return print_page(isolated(page), (SHEET.read_text("utf-8"),))
