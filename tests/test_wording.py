"""How the Arabic of the house reads: verbal nouns, one word for one thing, one habit of writing."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import polib
import pytest
from django.utils import translation

from hiwar.common import queries

CATALOGUE = Path(__file__).parents[1] / "src/hiwar/locale/ar/LC_MESSAGES/django.po"
# Acts as the log tells them, by the files that name them.
LOGS = re.compile(r"queries/(?:verbs|log|search_documents|desk|calendars)\.py|accounts/queries\.py")
# The past of a man, which would be said of women too.
PAST = re.compile(
    r"^(?:أ(?!و |ي |سماء|رقام|حكام|صوات|دلة|وراق|عضاء|ماكن|يام|شخاص|ول|خرى|سئلة|كثر|قل)\w+"
    r"|وجّه|اعتمد|تحقق|صحّحت?|اطّ?لع|شغّل|تولّى|استأنف|تخلّص|تراجع|استثنى|قارن|استورد|اقترح|وردت?"
    r"|صنّف|استعاد|استشهد|علّق|سجل(?= \w+اً)"
    r"|سجّل|دوّن|عدّل|غيّر|كتب|قرأ|وافق|واصل|صاغ|عاين|خطط|قرر|قبِل|حدّد|حدد|ثبّت|حسم|بدأ|وجد|نفّذ|حذف من)\s"
)
# An object in the accusative behind the first word: a past without its signs. Adverbs are none.
OBJECT = re.compile(r"^\S+ (?!أيضاً|جانباً|علناً|معاً|يدوياً|مؤقتاً|رسمياً)\w*(?:اً|ءً)(?:\s|$)")
IMPERATIVE = re.compile(
    r"(?:^|[.!؟:] )(?:اختر|أضف|اكتب|صحّح|أدخل|احفظ|افتح|انقل|جرّب|قسّم|استخدم|أزل|اسأل"
    r"|ارجع|انسخ|أغلق|احذف|راجع|أبقِ|اترك|اطبع|انتظر|ضع)\s"
)
# Short words of pages that read alike in Arabic because they mean the same there.
SAME = [
    {"A", "C"}, {"N", "P"}, {"Remove", "Take away"}, {"Add a statement", "Add your own"},
    {"Reopen", "Open again"}, {"Prepare", "Prepared by"}, {"Close", "Dismiss"},
    {"Call it off", "Cancel", "Withdraw"}, {"To", "To whom"}, {"Settle", "End", "Ends"},
    {"Bring back", "Put back"}, {"Adopt", "Approve"}, {"Sent by", "Who sends it"},
    {"State", "Status"}, {"Attendance", "Who is here"}, {"Letters", "Messages"},
    {"Figure", "Number"}, {"Code", "Your code"}, {"Reason", "Why"}, {"Register", "Record"},
    {"Function", "In which function?"}, {"Address", "Heading", "Title"},
    {"The decision", "What is decided"},
    {"Take part", "Taking part"}, {"Proposal", "Suggested"}, {"Subject", "Theme", "Topic"},
    {"Who holds office", "Office holders"},
    {"Signatories", "Signed by"}, {"Stance", "Position"}, {"Text", "Wording", "The text"},
    {"Day", "Today"}, {"Confirmation", "Confirm"}, {"Published", "Published on"},
    {"Fix the text", "Freeze the text"}, {"Check in", "Check people in"},
    {"Record the step", "Write it down"}, {"Change", "Change something", "Edit"}, {"Keep", "Save"},
    {"Keep the recommendation", "Save the recommendation"}, {"Keep the draft", "Save the draft"},
    {"Keep the note", "Save the note"}, {"Dialogue", "Hiwar"}, {"It is kept.", "Saved."},
    {"Take back", "Take it back", "Withdraw"}, {"The wall", "Wall"},
    {"Show all", "Show everything"}, {"New member", "New traveller"},
    {"Look at it", "Preview"}, {"Who", "From"}, {"About", "About the person"},
    {"Ends at", "Ends on"}, {"Draft", "Project"}, {"Dossier", "File"}, {"Clock", "Clocks"},
    {"Next", "Next step"}, {"Summary", "In one line"}, {"What you wish", "What is wanted"},
    {"In figures", "In numbers"}, {"Promised", "What was promised"}, {"Object", "Dispute"},
    {"Add an item", "Add a point"}, {"Answer until", "Answer by"},
    {"Record", "Record it"},
]  # fmt: skip


@pytest.fixture(scope="module")
def entries() -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def test_the_log_speaks_of_acts_and_not_of_men(entries: list[polib.POEntry]) -> None:
    told = [
        entry.msgstr
        for entry in entries
        if any(LOGS.search(file) for file, _line in entry.occurrences)
        and entry.msgid[:1].islower()
        and (PAST.search(entry.msgstr) or OBJECT.search(entry.msgstr))
    ]
    assert told == []


def test_every_act_that_a_room_registers_is_a_verbal_noun() -> None:
    with translation.override("ar"):
        acts = [str(verb) for verb in queries._verbs.values()]
    assert len(acts) > 400
    assert [act for act in acts if PAST.search(act) or OBJECT.search(act)] == []


def test_nobody_is_ordered_about_as_a_man(entries: list[polib.POEntry]) -> None:
    texts = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [text for text in texts if IMPERATIVE.search(text)] == []


def test_the_sign_of_the_accusative_stands_on_its_alef(entries: list[polib.POEntry]) -> None:
    texts = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [text for text in texts if "\u064b\u0627" in text] == []


def test_short_words_that_read_alike_mean_the_same(entries: list[polib.POEntry]) -> None:
    alike: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        is_short = entry.msgid[:1].isupper() and len(entry.msgid.split()) <= 3
        is_page = not any(re.search(r"/(?:analysis|engine)/", f) for f, _line in entry.occurrences)
        if is_short and is_page and entry.msgstr:
            alike[entry.msgstr].add(entry.msgid)
    odd = {
        arabic: texts
        for arabic, texts in alike.items()
        if len({text.casefold() for text in texts}) > 1 and not any(texts <= same for same in SAME)
    }
    assert odd == {}


def test_a_day_up_to_which_includes_that_day(entries: list[polib.POEntry]) -> None:
    deadlines = [entry.msgstr for entry in entries if entry.msgid.startswith(("by %(day)s", "By"))]
    assert [text for text in deadlines if text.split()[0] == "قبل"] == []
