"""What `hiwar analyse` can be asked, and its help in two languages."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from hiwar import __version__
from hiwar.analysis.language import LANGUAGES, language_of, translator

if TYPE_CHECKING:
    import gettext
    from collections.abc import Mapping, Sequence


class _Parser(argparse.ArgumentParser):
    """A parser that answers a wrong call in the language of the call."""

    def __init__(self, words: gettext.NullTranslations) -> None:
        self._words = words
        super().__init__(
            prog="hiwar analyse",
            description=words.gettext(
                "Read a file of votes and find opinion groups, common ground and what divides."
            ),
            add_help=False,
            allow_abbrev=False,
        )

    def error(self, message: str) -> NoReturn:
        advice = self._words.gettext("See: hiwar analyse --help")
        self.exit(2, f"hiwar analyse: {message}\n{advice}\n")


def language_asked(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Find the language before the arguments are read, so that even their errors are in it."""
    for i, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and i + 1 < len(arguments):
            value = arguments[i + 1]
        if value in LANGUAGES:
            return value
    return language_of(environment)


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the parser with its help in one language."""
    words = translator(lang)
    _ = words.gettext
    Parser = _Parser(words)
    add = Parser.add_argument
    add("path", metavar="PATH", type=Path, help=_(
        "a folder exported by Polis or a file of it, a CSV or Parquet file with the columns "
        "participant, statement, vote and, if known, time, or the sheet of a survey tool"
    ))  # fmt: skip
    add("--mode", choices=("default", "compat"), default="default", help=_(
        "default: Hiwar's own method; compat: repeat the best-known system step by step"
    ))  # fmt: skip
    add("--attributes", metavar="FILE", type=Path, help=_(
        "what is known about participants: participant and one column for each attribute"
    ))  # fmt: skip
    add("--weights", metavar="FILE", type=Path, help=_(
        "either participant,weight or, for raking to known shares, attribute,category,share"
    ))  # fmt: skip
    add("--json", metavar="FILE", type=Path, help=_("write everything as one JSON document"))
    add("--out", metavar="FOLDER", type=Path, help=_(
        "write the report in Arabic and English, with the document"
    ))  # fmt: skip
    add("--people", metavar="FILE", type=Path, help=_(
        "write where each participant stands, for your own eyes: ballots can be worked out from it"
    ))  # fmt: skip
    add("--lang", choices=LANGUAGES, default=lang, help=_(
        "language of messages and of index.html; otherwise that of the terminal, else Arabic"
    ))  # fmt: skip
    add("--title", help=_("title of the conversation"))
    add("--question", help=_("the question that was asked"))
    add("--meta", metavar="IDS", default="", help=_(
        "statements about the participant, not the topic, separated by commas"
    ))  # fmt: skip
    add("--signs", choices=("check", "keep", "reverse"), default="check", help=_(
        "whether 1 means agree: test it where the file allows, trust the file, or reverse it"
    ))  # fmt: skip
    add("--map", metavar="FILE", type=Path, help=_(
        "what columns and answers of the file stand for: lines of kind,name,means"
    ))  # fmt: skip
    add("--propose-map", metavar="FILE", type=Path, help=_(
        "only write a file for --map with what columns and answers probably stand for"
    ))  # fmt: skip
    add("--sheet", metavar="NAME", default="", help=_(
        "which sheet of a workbook is read, where several have content"
    ))  # fmt: skip
    add("--dates", choices=("check", "day-first", "month-first"), default="check", help=_(
        "whether 03/02/2027 begins with the day or with the month, where the file does not tell"
    ))  # fmt: skip
    add("--bootstrap", metavar="N", type=_count(10_000), default=100, help=_(
        "how often people are drawn again to measure stability; 0 leaves it out"
    ))  # fmt: skip
    add("--trait", action="store_true", help=_(
        "also place people by a model of their votes alone; --people then holds intervals"
    ))  # fmt: skip
    add("--seed", metavar="N", type=_count(2**32 - 1), default=0, help=_(
        "seed of every random draw"
    ))  # fmt: skip
    add("--quick", action="store_true", help=_(
        "leave out how sure the result is, which takes longer than all the rest"
    ))  # fmt: skip
    add("--quiet", action="store_true", help=_("show neither progress nor summary"))
    add("--version", action="version", version=f"hiwar {__version__}", help=_("show the version"))
    add("-h", "--help", action="help", help=_("show this help"))
    return Parser


class _count:  # noqa: N801 - argparse names the type in its messages
    """A whole number from 0 to a limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.__name__ = f"0…{limit}"

    def __call__(self, text: str) -> int:
        value = int(text)
        if not 0 <= value <= self._limit:
            raise ValueError(text)
        return value
