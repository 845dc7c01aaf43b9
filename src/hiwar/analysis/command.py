"""`hiwar analyse`: vote files in, an opinion map out; nothing is half-written, ever."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, TextIO

from hiwar.analysis.arguments import language_asked, parser
from hiwar.analysis.language import LANGUAGES, gettext_noop, translator
from hiwar.analysis.problems import BadInput, refuse
from hiwar.analysis.progress import Progress
from hiwar.analysis.writing import DOCUMENT, Staging, check_file, check_folder

if TYPE_CHECKING:
    import argparse
    import gettext
    from collections.abc import Iterable, Sequence
    from types import FrameType

    from hiwar.analysis.conversation import Conversation
    from hiwar.analysis.document import Json
    from hiwar.engine.opinion.results import Analysis

INTERRUPTED, REFUSED = 130, 2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """Somebody asked to stop: Ctrl-C or the system's request to end.

    Not a KeyboardInterrupt: libraries turn that into errors of their own while they are imported,
    and Python would end by the signal instead of with our exit code.
    """

    is_asked = False

    @classmethod
    def ask(cls, _signal: int, _frame: FrameType | None) -> None:
        """Stop once; whoever asks again must wait until everything is cleaned up."""
        cls.is_asked = True
        for name in _SIGNALS:
            signal.signal(name, signal.SIG_IGN)
        raise cls


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 0, 2 for files that cannot be used, 130 when interrupted."""
    lang = language_asked(arguments, os.environ)
    _speak_utf8()
    asked = parser(lang).parse_args(list(arguments))
    words = translator(asked.lang)
    for name in _SIGNALS:
        signal.signal(name, Interrupted.ask)
    try:
        return _attempt(asked, words)
    except BaseException:
        if not Interrupted.is_asked:
            raise
        sys.stderr.write("\n" + words.gettext("Stopped. Nothing was left half-written.") + "\n")
        return INTERRUPTED


def _attempt(asked: argparse.Namespace, words: gettext.NullTranslations) -> int:
    try:
        _run(asked, words)
        sys.stdout.flush()
    except BadInput as error:
        _explain(error, words, sys.stderr)
        return REFUSED
    except MemoryError:
        sys.stderr.write(words.gettext("There is not enough memory for these votes.") + "\n")
        return REFUSED
    except BrokenPipeError:
        # Whoever read the output has had enough; a second failure at exit would be noise.
        _give_up_output()
    except OSError as error:
        # Files are explained where they are written; what is left is the standard output.
        _give_up_output()
        reason = error.strerror or str(error)
        _explain(refuse("cannot_write", "stdout", reason=reason), words, sys.stderr)
        return REFUSED
    return 0


def _give_up_output() -> None:
    """Let the interpreter flush into nothing when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(asked: argparse.Namespace, words: gettext.NullTranslations) -> None:
    _check_targets(asked)
    if asked.propose_map:
        _propose(asked, words)
        return
    progress = Progress(sys.stderr, words, quiet=asked.quiet)
    try:
        progress.show(gettext_noop("Reading votes"), 0.0)
        conversation = _read(asked)
        analysis = _analyse(conversation, asked, progress)
        document = _document(conversation, analysis)
        progress.show(gettext_noop("Writing"), 1.0)
        _write(document, asked, _people(conversation, analysis))
    finally:
        progress.end()
    if not asked.quiet and str(asked.json) != "-":
        _tell(document, asked, words)


def _propose(asked: argparse.Namespace, words: gettext.NullTranslations) -> None:
    from hiwar.analysis.reading.proposals import proposed_csv

    check_file(asked.propose_map)
    content = proposed_csv(asked.path, asked.sheet)
    with Staging() as staging:
        staging.file(asked.propose_map, [content])
        staging.publish()
    if not asked.quiet:
        sentence = words.gettext(
            "Proposal: {path}. Read every line, fill in what stands empty, and give it with --map."
        )
        sys.stdout.write(sentence.format(path=asked.propose_map) + "\n")


def _check_targets(asked: argparse.Namespace) -> None:
    if asked.json and str(asked.json) != "-":
        check_file(asked.json)
    if asked.out:
        check_folder(asked.out)
    if asked.people:
        check_file(asked.people)
        # Whoever publishes the folder must not publish this by mistake.
        if asked.out and asked.people.resolve().is_relative_to(asked.out.resolve()):
            raise refuse("people_in_report", str(asked.people))


def _read(asked: argparse.Namespace) -> Conversation:
    from hiwar.analysis.reading import Options, read_conversation

    meta = tuple(cell.strip() for cell in asked.meta.split(",") if cell.strip())
    options = Options(
        asked.signs, meta, asked.attributes, asked.weights, asked.title, asked.question,
        asked.dates, asked.map, asked.sheet,
    )  # fmt: skip
    return read_conversation(asked.path, options)


def _analyse(conversation: Conversation, asked: argparse.Namespace, progress: Progress) -> Analysis:
    from hiwar.analysis.engine import analyse
    from hiwar.engine.opinion.results import Parameters

    chosen = Parameters(
        mode=asked.mode, bootstrap=asked.bootstrap, seed=asked.seed, trait_map=asked.trait
    )
    return analyse(conversation, chosen, quality=not asked.quick, progress=progress)


def _document(conversation: Conversation, analysis: Analysis) -> Json:
    from hiwar.analysis.document import build

    return build(conversation, analysis)


def _people(conversation: Conversation, analysis: Analysis) -> Iterable[bytes]:
    from hiwar.analysis.people import people_csv

    return people_csv(conversation, analysis)


def _write(document: Json, asked: argparse.Namespace, people: Iterable[bytes]) -> None:
    from hiwar.analysis.document import encode

    to_output = str(asked.json) == "-"
    with Staging() as staging:
        if asked.json and not to_output:
            staging.file(asked.json, encode(document))
        if asked.people:
            staging.file(asked.people, people, mode=0o600)
        if asked.out:
            staging.folder(asked.out, _contents(document, asked.lang))
        staging.publish()
    if to_output:
        for chunk in encode(document):
            sys.stdout.buffer.write(chunk)


def _contents(document: Json, lang: str) -> dict[str, Iterable[bytes]]:
    """Return the files of a report; the page in the chosen language is also the index."""
    from hiwar.analysis.document import encode
    from hiwar.analysis.report import render

    pages = {f"index.{code}.html": render(document, code).encode() for code in LANGUAGES}
    pages["index.html"] = pages[f"index.{lang}.html"]
    contents: dict[str, Iterable[bytes]] = {name: [page] for name, page in pages.items()}
    contents[DOCUMENT] = encode(document)
    return contents


def _tell(document: Json, asked: argparse.Namespace, words: gettext.NullTranslations) -> None:
    from hiwar.analysis.summary import summary

    lines = summary(document, words, asked.lang)
    if asked.json:
        lines.append(words.gettext("Document: {path}").format(path=asked.json))
    if asked.out:
        lines.append(words.gettext("Report: {path}").format(path=asked.out / "index.html"))
    if asked.people:
        lines.append(
            words.gettext(
                "People: {path}. Keep it to yourself: from it and the counts whole ballots can be "
                "worked out."
            ).format(path=asked.people)
        )
    if not (asked.json or asked.out):
        lines.append(words.gettext("Add --out FOLDER for the report, --json FILE for all numbers."))
    sys.stdout.write("\n".join(lines) + "\n")


def _explain(error: BadInput, words: gettext.NullTranslations, stream: TextIO) -> None:
    lines = [problem.explain(words) for problem in error.problems]
    if error.more:
        more = words.ngettext(
            "… and {n} more finding.",
            "… and {n} more findings.",
            error.more,
        )
        lines.append(more.format(n=error.more))
    lines.append(words.gettext("Nothing was written."))
    stream.write("\n".join(lines) + "\n")


def _speak_utf8() -> None:
    """Arabic must come out whole, whatever the terminal believes about itself."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
