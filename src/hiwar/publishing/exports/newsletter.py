"""An issue of the newsletter as a letter: text and HTML of the same words, nothing to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from hiwar.accounts.queries import institution_name
from hiwar.common.multilingual import direction
from hiwar.publishing.exports.feeds import absolute

if TYPE_CHECKING:
    from collections.abc import Mapping

WAY_OUT = "{way_out}"


def address_of_issue(code: str, language: str) -> str:
    """Return the permanent address of an issue on the site."""
    return absolute(reverse("public_publishing:issue", args=[language, code]))


def letters_of(content: Mapping[str, Any], code: str) -> dict[str, dict[str, str]]:
    """Return subject, text and HTML of an issue in each language; `{way_out}` stands in both."""
    return {language: _letter(content, code, language) for language, _name in settings.LANGUAGES}


def _letter(content: Mapping[str, Any], code: str, language: str) -> dict[str, str]:
    with override(language):
        context = {
            "language": language, "direction": direction(language),
            "house": institution_name(language),
            "title": content["title"].get(language, ""),
            "intro": content["intro"].get(language, ""),
            "entries": entries_in(content, language),
            "web": address_of_issue(code, language), "way_out": WAY_OUT,
        }  # fmt: skip
        text = render_to_string("publishing/letters/issue.txt", context)
        html = render_to_string("publishing/letters/issue.html", context)
    return {"subject": context["title"], "text": text.strip(), "html": html}


def entries_in(content: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    """Return the entries of an issue in one language, each with its whole address."""
    return [
        {
            "key": f"{entry['kind']} {entry['key']}", "label": entry["label"].get(language, ""),
            "title": entry["title"].get(language, ""),
            "summary": entry["summary"].get(language, ""),
            "url": absolute(entry["paths"].get(language, "")),
        }
        for entry in content["entries"]
    ]  # fmt: skip
