"""One form for letters that are written in several ways: marks, carriers, digits, blanks."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {
    "أإآٱٲٳﭐٵ": "ا",
    "ؤٶ": "و",
    "ئىیېےۍ": "ي",
    "ةھہۀەۃ": "ه",
    "کڪ": "ك",
    "گ": "ك",
    "پ": "ب",
    "چ": "ج",
    "ژ": "ز",
    "ڤ": "ف",
    "ۆۇ": "و",
}
# Tatweel, the marks from fathatan to hamza below, the small alef, Quranic signs, the lone hamza.
_DROPPED = (
    "ء" + "\u0640\u0670" + "".join(map(chr, [*range(0x064B, 0x0660), *range(0x06D6, 0x06EE)]))
)
_FOLD = str.maketrans(
    {letter: plain for letters, plain in _LETTERS.items() for letter in letters}
    | dict.fromkeys(_DROPPED, "")
)
# Blocks of the alphabets that write vowels and tones as marks on a letter.
_MARKED_ALPHABETS = (range(0x0300, 0x1E00), range(0xA600, 0xAC00), range(0x11000, 0x11C00))
# Marks that belong to the letter before them, for classes of regular expressions: no word ends
# at them.
MARKS = "".join(
    chr(code)
    for alphabet in _MARKED_ALPHABETS
    for code in alphabet
    if unicodedata.category(chr(code))[0] == "M"
)
_HIDDEN = frozenset(["Cf", "Cc", "Cs", "Co", "Cn"])
_BLANKS = re.compile(r"\s+")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
# Neither plain Latin nor a letter that `fold_arabic` leaves.
_OTHER_LETTER = re.compile(r"[^\x00-\x7f\u0627-\u063a\u0641-\u064a]")


def fold_arabic(text: str) -> str:
    """Fold what Arabic writes in several ways to one form.

    Parameters
    ----------
    text : str
        Any text; letters of other scripts keep their form, apart from compatibility forms.

    Returns
    -------
    str
        Without marks, tatweel, invisible signs and lone hamza; alef, hamza carriers, alef maqsura,
        ta marbuta and Persian letters as their plain letter; digits as 0 to 9; single blanks.

    Notes
    -----
    Composed letters fold before marks are taken away: decomposed, آ would become a plain alef and
    a mark, and ئ a ya; the other way round a mark typed on its own would stay. Folding twice
    changes nothing.

    Examples
    --------
    >>> fold_arabic("إِسْرَاءُ") == fold_arabic("اسرا")
    True
    >>> fold_arabic("لُبنى  ٢٠٢٦")
    'لبني 2026'
    """
    if text.isascii():
        return _BLANKS.sub(" ", _printable(text)).strip()
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).translate(_FOLD)
    return _BLANKS.sub(" ", digits_as_ascii(_printable(plain))).strip()


def fold_latin(text: str) -> str:
    """Fold case and accents of letters that have them.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Case folded and without combining marks; Arabic letters are left as they are.

    Examples
    --------
    >>> fold_latin("Khadīja Ṣāliḥ")
    'khadija salih'
    """
    folded = text.casefold()
    if not _OTHER_LETTER.search(folded):
        return folded
    apart = unicodedata.normalize("NFKD", folded.translate(_LATIN)).casefold()
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", plain)


def digits_as_ascii(text: str) -> str:
    """Write every decimal digit, of whichever script, as 0 to 9.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same text with other digits replaced.

    Examples
    --------
    >>> digits_as_ascii("٠٥٩ ۰۵۹")
    '059 059'
    """
    if not _OTHER_DIGIT.search(text):
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


# Letters that no decomposition leads to their plain form.
_LATIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d"})


def _printable(text: str) -> str:
    """Drop invisible and control signs; those that end a line become a blank."""
    if text.isprintable():
        return text
    return "".join(
        c if unicodedata.category(c) not in _HIDDEN else " " if c.isspace() else "" for c in text
    )
