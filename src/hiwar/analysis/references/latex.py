r"""Letters as LaTeX writes them, such as ``{\'e}`` for é, as they are read."""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "th": "þ", "textendash": "–",
    "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "ldots": "…", "dots": "…", "textbackslash": "\\", "LaTeX": "LaTeX",
    "TeX": "TeX", "S": "§", "copyright": "©", "pounds": "£", "texteuro": "€", "euro": "€",
}  # fmt: skip
_SHAPES = "textit|textbf|emph|textsc|textrm|texttt|textsf|mkbibquote|mkbibemph|url|href|mbox|text"
_SIGN = re.compile(r"\\([&%$#_{} ])")
_ACCENT = re.compile(
    r"""\\(['`^"~=.]|[uvHckrdb](?![A-Za-z]))\s*"""
    r"""(?:\{\s*(\\?[A-Za-z])\s*\}|(\\?[A-Za-z]))"""
)
_LETTER = re.compile(r"\\([A-Za-z]+)(?:\{\}|\s+|(?![A-Za-z]))")
_SHAPE = re.compile(rf"\\(?:{_SHAPES})\s*(?=\{{)")


def plain(text: str) -> str:
    r"""Return a text without LaTeX; a command that is not known stays as it is written.

    >>> plain(r"{\'E}tude sur l'{\OE}uvre \& le travail, 15--20")
    "Étude sur l'Œuvre & le travail, 15–20"
    """
    text = _SHAPE.sub("", text)
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda match: _LETTERS.get(match[1], match[0]), text)
    # Braces that stand for themselves are put aside while those that only group go.
    text = text.replace("\\{", "\x00").replace("\\}", "\x01")
    text = _SIGN.sub(r"\1", text.replace("{", "").replace("}", ""))
    text = text.replace("\x00", "{").replace("\x01", "}")
    text = text.replace("``", "“").replace("''", "”").replace("---", "—").replace("--", "–")
    return unicodedata.normalize("NFC", re.sub(r"(?<!\\)~", " ", text))


def _accented(match: re.Match[str]) -> str:
    letter = (match[2] or match[3]).removeprefix("\\")
    return unicodedata.normalize("NFC", letter + _ACCENTS[match[1]])
