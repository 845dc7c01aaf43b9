"""Say on the error stream how far long work has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import gettext

_WIDTH = 24


class Progress:
    """One line that is rewritten on a terminal, one line per stage elsewhere.

    A stage is announced by `stage`; the object itself is called with (done, total) inside it.
    """

    def __init__(self, stream: TextIO, words: gettext.NullTranslations, *, quiet: bool) -> None:
        self._stream = stream
        self._words = words
        self._quiet = quiet
        self._live = not quiet and stream.isatty()
        self._label = ""
        self._shown = ""

    def stage(self, label: str) -> None:
        """Begin a stage; the label is an English message id of the catalogue."""
        self._label = self._words.gettext(label)
        if self._live:
            self._draw(self._label + " …")
        elif not self._quiet:
            self._write(self._label + " …\n")

    def __call__(self, done: float, total: float) -> None:
        """Show how much of the stage is done."""
        if self._live and total > 0:
            share = min(max(done / total, 0.0), 1.0)
            bar = "█" * round(share * _WIDTH)
            self._draw(f"{self._label} {bar:░<{_WIDTH}} {share:.0%}")

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
