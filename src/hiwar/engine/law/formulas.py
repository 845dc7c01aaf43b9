"""The formulas of amending instruments, by language, over texts as `fold` leaves them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = r"[“«\"(]\s*([^“”«»\"()]{1,200}?)\s*[”»\")]"
# In Latin scripts brackets hold numbers, not words.
_LATIN_QUOTED = r"[“«\"]\s*([^“”«»\"]{1,200}?)\s*[”»\"]"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts))


@dataclass(frozen=True, slots=True)
class Formulas:
    """The formulas of one language.

    Attributes
    ----------
    verbs : re.Pattern
        A sentence with one of them orders a change.
    new_text : re.Pattern
        What stands before a new text; it ends where that text begins.
    inserted : tuple of re.Pattern
        A new article; each ends where the number begins.
    untold : re.Pattern or None
        A new article whose number stands in the new text alone.
    added : tuple of re.Pattern
        A new paragraph (group 1) and its number behind it, or in the new text.
    after : re.Pattern
        What stands before the provision behind which something is put.
    repealed : re.Pattern
        What is repealed stands behind it, or before it where the match begins with the verb
        (``verb_last``).
    renumbered, suspended : re.Pattern
    phrases : tuple of (re.Pattern, old, new)
        Words replaced by others, with the groups of the two; what stands between them may name the
        provision (group ``between``).
    everywhere : re.Pattern
    removed, supplemented : re.Pattern
        Words taken out (group 1), and words (group 2, or 1 where ``new_first``) behind others.
    part, articles : re.Pattern
        Paragraphs or points beside their article, and several articles at once.
    joined : re.Pattern
        What stands between two articles of a list; group 1 where all between them are meant.
    verb_last : bool
        Whether what is repealed stands before the verb.
    """

    verbs: re.Pattern[str]
    new_text: re.Pattern[str]
    inserted: tuple[re.Pattern[str], ...]
    added: tuple[re.Pattern[str], ...]
    after: re.Pattern[str]
    repealed: re.Pattern[str]
    renumbered: re.Pattern[str]
    suspended: re.Pattern[str]
    phrases: tuple[tuple[re.Pattern[str], int, int], ...]
    everywhere: re.Pattern[str]
    part: re.Pattern[str]
    articles: re.Pattern[str]
    joined: re.Pattern[str]
    removed: re.Pattern[str]
    supplemented: tuple[tuple[re.Pattern[str], int, int], ...]
    untold: re.Pattern[str] | None = None
    verb_last: bool = False


ARABIC = Formulas(
    verbs=_pattern(
        r"(?:^|\s)(?:و|ف)?(?:تعدل|يعدل|تستبدل|يستبدل|يستعاض|استبدال|تضاف|يضاف|اضافه|باضافه|تلغي|يلغي|"
        r"الغاء|تحذف|يحذف|حذف|احلال|يعاد ترقيم|يوقف|توقف|يعلق|تعلق|تعديل)\b"
    ),
    new_text=_pattern(
        r"(?:ل(?:ت|ي)صبح|فتصبح|(?:ل|ف)تكون|النص\s+(?:الاتي|التالي)|نصها\s+(?:الاتي|كالاتي|التالي)|",
        r"علي النحو (?:الاتي|التالي)|كالاتي|بالاتي|بما يلي|ما يلي)[^:\n]{0,60}:\s*",
    ),
    inserted=(_pattern(
        r"(?:تضاف|يضاف|اضافه)\b[^:\n]{0,90}?\bماده\s+(?:جديده\s+)?(?:الي\b[^:\n(]{0,60}?)?",
        r"(?:ب(?:ال)?رقم|تحمل\s+(?:ال)?رقم|رقمها|رقم|(?=\())",
    ),),
    added=(_pattern(
        r"(?:باضافه|اضافه|تضاف|يضاف)\s+(?:الي\b[^:\n]{0,60}?)?(فقره|بند)\s*(?:جديده?|جديد)?\s*",
        r"(?:اليها\s*)?(?:ب(?:ال)?رقم|تحمل\s+(?:ال)?رقم|رقمها|رقم)?(?=\s*[(\d])",
    ),),
    after=_pattern(r"\bبعد (?:نص )?(?=الماده)"),
    repealed=_pattern(
        r"(?:^|\s)(?:و|ف)?(?:تلغي|يلغي|الغاء|تحذف|يحذف|حذف)\s+(?:نص\s+|احكام\s+)?"
    ),
    renumbered=_pattern(r"يعاد ترقيم|ويعاد ترقيم"),
    suspended=_pattern(
        r"(?:يوقف|توقف|يعلق|تعلق|يرجا|يؤجل|يوجل)\s+(?:العمل|نفاذ|سريان|تطبيق)"
    ),
    phrases=(
        (_pattern(
            rf"(?:تستبدل|يستبدل|استبدال)\s+(?:ب)?(?:ال)?(?:عباره|كلمه|مصطلح|لفظ|جمله)?\s*{_QUOTED}",
            rf"(?P<between>[^“”«»\"]{{0,140}}?)(?:ب)?(?:ال)?(?:عباره|كلمه|مصطلح|لفظ|جمله)\s*{_QUOTED}",
        ), 1, 3),
        (_pattern(
            rf"(?:احلال|تحل|يحل)\s+(?:عباره|كلمه|مصطلح|تعريف)\s*{_QUOTED}\s*محل\s+",
            rf"(?:عباره|كلمه|مصطلح|تعريف)\s*{_QUOTED}(?P<between>)",
        ), 2, 1),
    ),
    everywhere=_pattern(r"(?:اينما|حيثما)\s+(?:ورد|وقع|ذكر)"),
    part=_pattern(
        r"(?:ال)?(?:فقره|بند)\s*[()]?\s*(\d{1,3}|[^\W\d_])\s*(?:/\s*([^\W\d_]|\d{1,3}))?"
        r"\s*[()]?\s*(?:من)?\s*"
    ),
    articles=_pattern(r"(?:المواد|المادتان|المادتين)\s+(?:من\s+)?"),
    joined=_pattern(r"\s*(?:[,،]\s*و?|و|(الي|حتي|-)\s*)\s*(?:(?:حتي|لغايه)\s+)?(?:المواد|الماده)?\s*"),
    removed=_pattern(
        r"(?:^|\s)(?:و|ف)?(?:تحذف|يحذف|حذف|تلغي|يلغي|الغاء|تشطب|شطب)\s+",
        rf"(?:ال)?(?:عباره|كلمه|مصطلح|لفظ|جمله|عبارتي|كلمات|كلمتي)\s*{_QUOTED}",
    ),
    supplemented=(
        (_pattern(
            rf"(?:تضاف|يضاف|اضافه)\s+(?:عباره|كلمه|مصطلح|لفظ|جمله)\s*{_QUOTED}(?P<between>[^“”«»\"]{{0,60}}?)",
            rf"بعد\s+(?:عباره|كلمه|مصطلح|لفظ|جمله)\s*{_QUOTED}"), 3, 1),
        (_pattern(
            rf"(?:تضاف|يضاف|اضافه)\s+بعد\s+(?:عباره|كلمه|مصطلح|لفظ|جمله)\s*{_QUOTED}",
            rf"(?P<between>[^“”«»\"]{{0,80}}?)(?:عباره|كلمه|مصطلح|لفظ|جمله)\s*{_QUOTED}"), 1, 3),
    ),
)  # fmt: skip

_EN_PASSIVE = r"\b(?:is|are|shall be|is hereby|are hereby|shall hereby be)\s+"
_EN_NEW = r"(?:new\s+)?"
_EN_WORDS = r"(?:the\s+)?(?:words?|expressions?|terms?|phrases?)\s*"
ENGLISH = Formulas(
    verbs=_pattern(
        _EN_PASSIVE,
        r"(?:repealed|replaced|deleted|inserted|added|amended|substituted|omitted|suspended|"
        r"revoked|renumbered|struck out)\b|\b(?:substitute|insert|omit)\b|"
        r"\bceases? to have effect|\bshall not apply (?:until|for|during)\b|"
        r"\b(?:becomes?|shall become) (?:article|section)|"
        r"\b(?:by )?(?:adding|inserting|deleting|replacing|substituting|omitting)\b",
    ),
    new_text=_pattern(
        r"(?:the following|(?<!amended )as follows|to read)[^:\n]{0,70}?(?::|-\s*(?=[\"“\n]|$))\s*",
        r"|\b(?:substituted?|insert(?:ed)?|add(?:ed)?|replaced|with|by)(?:\s+after [^:\n]{1,60}?)?",
        r"\s*(?::|-(?=\s*[\"“\n]))\s*",
        r"|\bas\s+(?:an?\s+)?(?:new\s+)?(?:article|section|paragraph|subsection|point)\s*\(?\w{1,4}\)?\s*:\s*",
        r"|\b(?:substitute|insert)\s*(?=[\"“])",
    ),
    inserted=(
        # A new article 14A is inserted after article 14:
        _pattern(rf"\b(?:an?|the following)?\s*{_EN_NEW}(?:article|section)\s+",
                 r"(?=[^:\n]{1,16}?", _EN_PASSIVE, r"(?:inserted|added)\b)"),
        # … is inserted as article 14A:  … insert, as section 5A:
        _pattern(r"(?:inserted|added|insert|add)[^:\n]{0,60}?\bas\s+(?:the\s+)?",
                 rf"{_EN_NEW}(?:article|section)\s+"),
        # the insertion of a new article 14A
        _pattern(rf"\b(?:inserting|adding|insertion of|addition of)\s+(?:an?\s+)?{_EN_NEW}",
                 r"(?:article|section)\s+(?=[(]?\d)"),
    ),
    untold=_pattern(
        r"\b(?:following|new)\s+(?:article|section)\b[^:\n]{0,80}?\b(?:inserted|added)\b"
        r"|\bafter (?:article|section)\b[^:\n]{1,60}?\b(?:inserted|insert)\b"
        r"(?![^:\n]{0,40}\b(?:paragraph|subsection|point))"
        r"|\bafter (?:article|section)\b[^:\n]{1,40}?the following\s*(?:article|section)"
    ),
    added=(
        _pattern(r"\b(?:following|new)\s+(paragraph|subsection|point|sub-paragraph)\b"
                 r"(?=[^:\n]{0,90}(?:inserted|added|is|:|$))"
                 r"(?:\s*(?=[(]?\d))?"),
        _pattern(r"\b(?:adding|inserting|add|insert)\b[^:\n]{0,40}?\b(?:an?\s+)?",
                 r"(?:the following\s+)?(?:new\s+)?(paragraph|subsection|point|sub-paragraph)\b"),
        _pattern(r"\b(?:inserted|added|insert|add)\b[^:\n]{0,40}?\bas\s+",
                 r"(paragraph|subsection|point|sub-paragraph)\b"),
        _pattern(r"\bafter (paragraph|subsection|point|sub-paragraph)\b"
                 r"(?=[^:\n]{0,60}\b(?:insert|inserted|added)\b)(?:\s*[(]?\w{1,3}[)]?)"),
    ),
    after=_pattern(r"\bafter (?=article|section)"),
    repealed=_pattern(
        _EN_PASSIVE, r"(?:repealed|deleted|omitted|revoked|struck out)\b"
        r"|\bshall cease to have effect\b|\bceases? to have effect\b|^\s*omit\b|\bomit\s"
    ),
    renumbered=_pattern(r"\brenumbered\b|\b(?:become|becomes|shall become)\s+(?:article|section)"),
    suspended=_pattern(
        _EN_PASSIVE, r"suspended\b|\bshall not apply (?:until|for|during)\b"
        r"|\b(?:suspends?|suspension of)\b"
    ),
    phrases=(
        # In article 3, the words "x" are replaced by the words "y"
        (_pattern(
            rf"{_EN_WORDS}{_LATIN_QUOTED}\s*(?P<between>[^“”«»\"]{{0,60}}?)\s*",
            r"(?:is|are|shall be)?\s*(?:replaced|substituted)",
            r"(?:\s*,?\s*wherever\s+[^“”«»\",]{1,40},?)?\s*(?:by|with)\s*",
            rf"(?:{_EN_WORDS})?{_LATIN_QUOTED}"), 1, 3),
        # In article 3, for "x" substitute "y"; for "x" there is substituted "y"
        (_pattern(
            rf"\bfor\s+(?:{_EN_WORDS})?{_LATIN_QUOTED}\s*(?P<between>[^“”«»\"]{{0,60}}?)",
            r"(?:substitute|there (?:is|are|shall be) substituted)\s*",
            rf"(?:{_EN_WORDS})?{_LATIN_QUOTED}",
        ), 1, 3),
        # substituting the words "y" for the words "x"
        (_pattern(
            rf"\b(?:substituting|substitute|substitution of)\s+(?:{_EN_WORDS})?{_LATIN_QUOTED}",
            rf"(?P<between>\s*)for\s+(?:{_EN_WORDS})?{_LATIN_QUOTED}"), 3, 1),
        (_pattern(
            rf"\breplacing\s+(?:{_EN_WORDS})?{_LATIN_QUOTED}(?P<between>[^“”«»\"]{{0,40}}?)",
            rf"(?:by|with)\s+(?:{_EN_WORDS})?{_LATIN_QUOTED}"), 1, 3),
    ),
    everywhere=_pattern(r"\bwherever\b|\beach place\b|\bthroughout\b"),
    part=_pattern(
        r"(?:sub-?paragraph|paragraph|subsection|point)\s*\(?\s*(\d{1,3}|[^\W\d_])\b\)?"
        r"(?:\s?[(/]\s*([^\W\d_]|\d{1,3})\s*\)?)?\s*(?:of)?\s*"
    ),
    articles=_pattern(r"\b(?:articles|sections)\s+(?:from\s+)?"),
    joined=_pattern(r"\s*(?:,\s*(?:and\s+)?|and\s+|&\s*|(to\s+|through\s+|-\s*))(?:articles?|sections?)?\s*"),
    removed=_pattern(
        rf"{_EN_WORDS}{_LATIN_QUOTED}[^“”«»\"]{{0,60}}?", _EN_PASSIVE,
        r"(?:deleted|omitted|repealed|struck out|removed)\b",
        r"|\b(?:omit|delete|deleting|omitting|strike out|striking out)\s+",
        rf"{_EN_WORDS}{_LATIN_QUOTED}",
    ),
    supplemented=(
        (_pattern(
            rf"\bafter\s+(?:{_EN_WORDS})?{_LATIN_QUOTED}(?P<between>[^“”«»\"]{{0,60}}?)",
            rf"(?:insert(?:ed)?|add(?:ed)?)\s*(?:{_EN_WORDS})?{_LATIN_QUOTED}"), 1, 3),
        (_pattern(
            rf"\b(?:{_EN_WORDS}){_LATIN_QUOTED}\s*(?:is|are|shall be)\s+(?:inserted|added)",
            rf"(?P<between>[^“”«»\"]{{0,30}}?)after\s+(?:{_EN_WORDS})?{_LATIN_QUOTED}"), 3, 1),
    ),
    verb_last=True,
)  # fmt: skip

_FR_PASSIVE = r"\b(?:est|sont)\s+"
_FR_WORDS = r"(?:les?|la)?\s*(?:mots?|termes?|expressions?)\s*:?\s*"
FRENCH = Formulas(
    verbs=_pattern(
        _FR_PASSIVE,
        r"(?:abroge|remplace|supprime|insere|ajoute|complete|modifie|suspendu|renumerote)\w*"
        r"|\bil est (?:insere|ajoute)|\bdevien(?:t|nent)\b"
    ),
    new_text=_pattern(
        r"(?:(?:les|la)\s+dispositions?\s+suivantes?|ainsi (?:redigee?s?|modifiee?s?|concue?s?)|"
        r"comme suit|"
        r"(?:par )?ce qui suit|suivante?s?)[^:\n]{0,40}:\s*"
    ),
    inserted=(
        _pattern(r"\b(?:insere|ajoute)e?\b[^:\n]{0,60}?\b(?:un|l')\s*(?:nouvel\s+)?article\s+"),
    ),
    untold=None,
    added=(
        _pattern(r"\b(?:complete|insere|ajoute)e?\b[^:\n]{0,60}?\b(?:un|une)\s+(?:nouvel(?:le)?\s+|nouveau\s+)?"
                 r"(paragraphe|alinea|point)\b"),
    ),
    after=_pattern(r"\bapres l'(?=article)"),
    repealed=_pattern(_FR_PASSIVE, r"(?:abroge|supprime)e?s?\b"),
    renumbered=_pattern(r"\brenumerote|\bdevien(?:t|nent)\b"),
    suspended=_pattern(_FR_PASSIVE, r"suspendue?s?\b"),
    phrases=(
        (_pattern(
            rf"{_FR_WORDS}{_LATIN_QUOTED}\s*(?P<between>[^“”«»\"]{{0,60}}?)\s*(?:est|sont)\s+"
            rf"remplacee?s?\s+par\s+(?:{_FR_WORDS})?{_LATIN_QUOTED}"), 1, 3),
    ),
    everywhere=_pattern(r"\bpartout\b|\bchaque fois\b|\ba chaque occurrence\b"),
    part=_pattern(
        r"(?:paragraphe|alinea|point)\s*\(?\s*(\d{1,3}|[^\W\d_])\b\)?"
        r"(?:\s?[(/]\s*([^\W\d_]|\d{1,3})\s*\)?)?\s*(?:de\s+l')?\s*"
    ),
    articles=_pattern(r"\b(?:les|aux|des) articles\s+"),
    joined=_pattern(r"\s*(?:,\s*(?:et\s+)?|et\s+|(a\s+|-\s*))(?:l'article)?\s*"),
    removed=_pattern(
        rf"{_FR_WORDS}{_LATIN_QUOTED}[^“”«»\"]{{0,40}}?", _FR_PASSIVE, r"supprimee?s?\b"
    ),
    supplemented=(
        (_pattern(
            rf"\bapres\s+(?:{_FR_WORDS})?{_LATIN_QUOTED}(?P<between>[^“”«»\"]{{0,60}}?)",
            rf"(?:inseree?s?|ajoutee?s?)\s+(?:{_FR_WORDS})?{_LATIN_QUOTED}"), 1, 3),
    ),
    verb_last=True,
)  # fmt: skip
