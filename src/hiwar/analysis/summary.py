"""The few lines on the terminal after an analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hiwar.analysis import remarks
from hiwar.analysis.report import words as sentences

if TYPE_CHECKING:
    import gettext
    from collections.abc import Mapping, Sequence


def summary(document: Mapping[str, Any], words: gettext.NullTranslations, lang: str) -> list[str]:
    """Return the answer first, then what it rests on and what to know about the files."""
    inputs = document["inputs"]
    lines = [
        sentences.answer(words, document).striptags(),
        sentences.supplement(words, document).striptags(),
        *(sentence.striptags() for sentence in sentences.apart(words, document)),
    ]
    for group in document["groups"]:
        size = sentences.people(words, group["size"])
        lines.append(
            words.gettext("Group {label}: {people}").format(
                label=sentences.letter(lang, group["id"]), people=size
            )
        )
    lines.append(
        words.gettext("Counted: {participants}, {statements}, {votes}.").format(
            participants=sentences.people(words, inputs["participants"]),
            statements=sentences.statements(words, inputs["statements"]),
            votes=sentences.votes(words, inputs["votes"]),
        )
    )
    notes = [str(code) for code in document["notes"]]
    return lines + _remarks(inputs, notes, words) + _comparison(document, words)


def _remarks(
    inputs: Mapping[str, Any], notes: Sequence[str], words: gettext.NullTranslations
) -> list[str]:
    lines = []
    files = words.gettext("Read: {files}.").format(
        files=words.gettext(", ").join(file["name"] for file in inputs["files"])
    )
    lines.append(files)
    signs = remarks.signs(words, inputs)
    dropped = remarks.dropped(words, inputs)
    return [
        *lines,
        *([signs] if signs else ()),
        *([dropped] if dropped else ()),
        *remarks.counted(words, inputs),
        *remarks.on_reading(words, notes),
    ]


def _comparison(document: Mapping[str, Any], words: gettext.NullTranslations) -> list[str]:
    published = document["quality"]["published_groups"]
    if not published or published["adjusted_rand_index"] is None:
        return []
    message = words.gettext(
        "Agreement with the published groups: {value} (1 is complete, 0 is chance)."
    )
    return [message.format(value=f"{published['adjusted_rand_index']:.3f}")]
