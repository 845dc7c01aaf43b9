"""All lists as one file, and a file of lists in any set of languages taken in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from hiwar.accounts.actions.vocabularies import add_named_entry, word_entry
from hiwar.common.models import VocabularyEntry
from hiwar.common.multilingual import MultilingualText, installation_languages
from hiwar.common.vocabularies.entries import entries, refresh
from hiwar.common.vocabularies.lists import Kind, Vocabulary, vocabularies, vocabulary

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User


@dataclass(slots=True)
class VocabularyFile:
    """What a file of lists says: entries by list and code, and what is wrong with it in words."""

    entries: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_vocabulary_file(document: object) -> VocabularyFile:
    """Return what a parsed file says: ``{list: {code: {property: value}}}``, with every problem."""
    file = VocabularyFile()
    if not isinstance(document, Mapping):
        file.problems.append(_("The file is no object with a list under each name."))
        return file
    declared = {each.code for each in vocabularies()}
    for code, rows in document.items():
        if code not in declared:
            file.problems.append(_("No list is called “%(list)s”.") % {"list": code})
        elif not isinstance(rows, Mapping):
            file.problems.append(_("“%(list)s” is no object of entries.") % {"list": code})
        else:
            _read_list(file, vocabulary(code), rows)
    return file


@transaction.atomic
def load_vocabulary_file(
    *, actor: User | None, file: VocabularyFile, replace: bool, at: datetime
) -> dict[str, int]:
    """Take a file of lists in; return how many entries were worded, added and left as they are.

    An entry that somebody changed here already is left alone unless `replace`. A file with
    problems is not taken in: raises ``ValueError``.
    """
    if file.problems:
        raise ValueError("\n".join(file.problems))
    counts = {"worded": 0, "added": 0, "kept": 0}
    changed = set(VocabularyEntry.objects.values_list("vocabulary", "code"))
    for code, rows in file.entries.items():
        for entry, values in rows.items():
            if (code, entry) in changed and not replace:
                counts["kept"] += 1
            elif entry in entries(code):
                word_entry(actor=actor, vocabulary_code=code, code=entry, values=values, at=at)
                counts["worded"] += 1
            else:
                add_named_entry(actor=actor, vocabulary_code=code, code=entry, values=values, at=at)
                counts["added"] += 1
    refresh(at_once=True)
    return counts


def all_vocabularies() -> dict[str, dict[str, dict[str, object]]]:
    """Return every list as it stands, in the form that `read_vocabulary_file` takes.

    In the languages of the installation; where none of them has a text, in the one that is read.
    """
    return {
        declared.code: {
            code: {
                each.name: _spoken(value) if isinstance(value, MultilingualText) else value
                for each in declared.properties
                if (value := entry.values.get(each.name))
            }
            for code, entry in entries(declared.code).items()
        }
        for declared in vocabularies()
    }


def _spoken(text: MultilingualText) -> dict[str, str]:
    spoken = {code: text[code] for code in installation_languages() if code in text}
    read = str(text)
    return spoken or dict([next(pair for pair in text.items() if pair[1] == read)])


def _read_list(file: VocabularyFile, declared: Vocabulary, rows: Mapping[str, object]) -> None:
    properties = {each.name: each for each in declared.properties}
    for code, values in rows.items():
        where = f"{declared.code}: {code}"
        if not isinstance(values, Mapping):
            file.problems.append(_("%(where)s: an object was expected.") % {"where": where})
            continue
        if declared.is_closed and code not in entries(declared.code):
            file.problems.append(
                _("%(where)s: the entries of this list are fixed.") % {"where": where}
            )
            continue
        if unknown := [str(name) for name in values if name not in properties]:
            file.problems.append(
                _("%(where)s: unknown: %(names)s.")
                % {"where": where, "names": ", ".join(sorted(unknown))}
            )
            continue
        wrong = [n for n, value in values.items() if not _fits(properties[n].kind, value)]
        if wrong:
            file.problems.append(
                _("%(where)s: not in the right form: %(names)s.")
                % {"where": where, "names": ", ".join(sorted(wrong))}
            )
            continue
        file.entries.setdefault(declared.code, {})[code] = dict(values)


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return isinstance(value, Mapping) and all(
                isinstance(part, str) for pair in value.items() for part in pair
            )
        case Kind.WORDS:
            return isinstance(value, list) and all(isinstance(word, str) for word in value)
        case Kind.CODE:
            return isinstance(value, str)
