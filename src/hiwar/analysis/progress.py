"""Say on the error stream how far long work has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import gettext

_WIDTH = 24


class Progress:
    """One line that is rewritten on a terminal, one line per stage elsewhere."""

    def __init__(self, stream: TextIO, words: gettext.NullTranslations, *, quiet: bool) -> None:
        self._stream = stream
        self._words = words
        self._quiet = quiet
        self._live = not quiet and stream.isatty()
        self._label = ""
        self._shown = ""

    def show(self, label: str, share: float) -> None:
        """Say which stage is at work and which share of the whole is done.

        The label is an English message of the catalogue.
        """
        if self._live:
            bar = "█" * round(min(max(share, 0.0), 1.0) * _WIDTH)
            self._draw(f"{bar:░<{_WIDTH}} {share:4.0%} {self._words.gettext(label)}")
        elif not self._quiet and label != self._label:
            self._write(self._words.gettext(label) + " …\n")
        self._label = label

    def end(self) -> None:
        """Take the line away."""
        if self._live and self._shown:
            self._draw("")

    def _draw(self, line: str) -> None:
        if line != self._shown:
            self._write("\r\x1b[2K" + line)
            self._shown = line

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
