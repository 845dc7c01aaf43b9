"""The page put together from the document."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hiwar.analysis.language import LANGUAGES, translator
from hiwar.analysis.report import (
    assets,
    figures,
    method,
    opinion_map,
    quality,
    sectors,
    statements,
    words,
)
from hiwar.analysis.report.groups import Group, read_groups
from hiwar.analysis.report.user_text import clean, has_arabic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations

FIRST = 8  # shared or dividing statements shown before the rest is folded away


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def render(document: Mapping[str, object], lang: str) -> str:
    """Draw the report page of a conversation.

    Parameters
    ----------
    document : mapping
        What `hiwar analyse --json` writes; see docs/rooms/report.md.
    lang : str
        Language of the page, "ar" or "en".

    Returns
    -------
    str
        One HTML file that loads nothing and links to `index.<lang>.html` beside it.

    Raises
    ------
    KeyError
        If the document lacks a part that the page needs.
    """
    known = cast("Mapping[str, Any]", document)
    t = translator(lang)
    context = _context(t, lang, known)
    reader = context["reader"]
    body = _environment().get_template("page.html").render(context)
    style = assets.faces(arabic=lang == "ar" or has_arabic(body)) + assets.stylesheet()
    style += assets.labels({"all": reader.columns(), "ground": reader.ground_columns()})
    # The faces depend on the finished text, so the style is put in last; the mark cannot occur
    # in the text, where "<" is escaped.
    return body.replace("<style></style>", f"<style>{style}</style>", 1)


def _context(t: NullTranslations, lang: str, document: Mapping[str, Any]) -> dict[str, Any]:
    groups = read_groups(t, lang, document)
    reader = statements.Reader(t, lang, document, groups)
    shared, dividing = reader.shared(), reader.dividing()
    correlation = (document["quality"].get("missingness") or {}).get("distance_correlation")
    corrected = correlation is not None and abs(correlation) >= quality.NOTICEABLE
    inputs = document["inputs"]
    return {
        "_": t.gettext,
        "t": t,
        "lang": lang,
        "dir": "rtl" if lang == "ar" else "ltr",
        "others": [(code, _NAMES[code]) for code in LANGUAGES if code != lang],
        "document": document,
        "figures": figures,
        "words": words,
        "script": assets.script(),
        "digest": assets.script_digest(),
        "title": clean(inputs.get("title")) or t.gettext("A conversation without a title"),
        "question": clean(inputs.get("question")),
        "answer": words.answer(t, document),
        "supplement": words.supplement(t, document),
        "apart": words.apart(t, document),
        "level": document["engine"]["parameters"]["confidence"],
        "units": words.units(t, document),
        "groups": groups,
        "reader": reader,
        "first": FIRST,
        "shared": shared,
        "dividing": dividing,
        "majority": reader.majority(document["consensus"]),
        "common_ground": reader.common_ground(),
        "uncertain": reader.uncertain() if groups else [],
        "voices": _voices(reader, document, groups),
        "sectors": sectors.read_attributes(
            t, document, reader, [*shared[:FIRST], *dividing[:FIRST]]
        ),
        "weights": document.get("weights"),
        "panels": quality.panels(t, document),
        "drawings": _drawings(document, groups, corrected=corrected),
        "views": [
            t.gettext("as counted"),
            *([t.gettext("corrected for the number of votes")] if corrected else ()),
            *(
                [t.gettext("by what people voted alone")]
                if "cells_trait" in document["map"]
                else ()
            ),
        ],
        "map_rows": opinion_map.rows(document, groups),
        "ends": opinion_map.ends(reader),
        "ungrouped": inputs["participants"] - sum(group["size"] for group in document["groups"]),
        "many": inputs["participants"] > opinion_map.MANY,
        "smallest": document["map"]["cells"]["smallest"],
        "method": method,
        "verdicts": {
            "shared": t.pgettext("verdict on a statement", "shared"),
            "dividing": t.pgettext("verdict on a statement", "dividing"),
            "open": t.pgettext("verdict on a statement", "still open"),
            "out": t.pgettext("verdict on a statement", "left out"),
            "": "",
        },
        "clean": clean,
    }


_NAMES = {"ar": "العربية", "en": "English"}


def _drawings(
    document: Mapping[str, Any], groups: list[Group], *, corrected: bool
) -> list[opinion_map.Drawing]:
    drawings = [opinion_map.draw(document, groups)]
    if corrected:
        drawings.append(opinion_map.draw(document, groups, "_corrected"))
    if "cells_trait" in document["map"]:
        drawings.append(opinion_map.draw(document, groups, "_trait"))
    return drawings


def _voices(
    reader: statements.Reader, document: Mapping[str, Any], groups: list[Group]
) -> list[tuple[Group, list[statements.OwnWord]]]:
    return [
        (group, statements.own_words(reader, raw, group))
        for group, raw in zip(groups, document["groups"], strict=True)
    ]
