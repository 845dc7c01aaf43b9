"""The page as a text: complete, self-contained, inert, and in agreement with the document."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from analysis.report import documents
from hiwar.analysis.language import translator
from hiwar.analysis.report import render
from hiwar.analysis.report.groups import read_groups
from hiwar.analysis.report.statements import Reader
from hiwar.analysis.report.user_text import statement_text

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = ("ar", "en")
SECTIONS = [
    "map", "shared", "divides", "voices", "common", "uncertain", "sure", "counted", "next",
    "statements",
]  # fmt: skip
VOID = {"meta", "link", "img", "input", "br", "hr"}


class Page(HTMLParser):
    """Elements in order with their attributes and text; remembers unbalanced tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def ids(self) -> list[str]:
        return [a["id"] for _, a in self.elements if a.get("id")]  # type: ignore[misc]


def read(document: dict[str, Any], lang: str = "en") -> Page:
    return Page(render(document, lang))


MAKERS: list[Callable[[], dict[str, Any]]] = [
    documents.document, documents.lone, documents.hostile, documents.with_attributes,
    lambda: documents.document(300, 40, 5),
]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_page_is_well_formed_with_unique_ids(make: Callable[[], dict[str, Any]], lang: str) -> None:
    page = read(make(), lang)
    assert (page.faults, page.open) == ([], [])
    assert sorted(page.ids()) == sorted(set(page.ids()))
    targets = {a["href"][1:] for a in page.all("a") if (a["href"] or "").startswith("#")}  # type: ignore[index]
    assert targets <= set(page.ids())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_stays_below_one_megabyte_at_the_size_of_biodiversity(lang: str) -> None:
    assert len(render(documents.biodiversity_size(), lang).encode()) < 1_000_000


def test_page_stays_below_one_megabyte_with_twenty_thousand_people() -> None:
    assert len(render(documents.crowd(), "ar").encode()) < 1_000_000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_loads_nothing(lang: str) -> None:
    html = render(documents.hostile(), lang)
    page = Page(html)
    loaded = [
        value
        for tag, attributes in page.elements
        for name, value in attributes.items()
        if name in ("src", "srcset", "data", "poster", "action", "formaction", "xlink:href")
        or (name == "href" and tag != "a")
    ]
    assert all((value or "").startswith("#") for value in loaded)
    style = html.split("<style>")[1].split("</style>")[0]
    assert re.findall(r"url\((?!data:|\"data:)[^)]*\)", style) == []
    assert "@import" not in style
    other = "en" if lang == "ar" else "ar"
    leaving = {a["href"] for a in page.all("a") if not (a["href"] or "").startswith("#")}
    assert leaving == {f"index.{other}.html"}


@pytest.mark.parametrize("outcome", ["groups", *documents.EMPTY_OUTCOMES])
def test_every_outcome_has_every_section_and_one_sentence(outcome: str) -> None:
    page = read(documents.document(40, 12, 2, outcome=outcome))
    sections = [a["id"] for a in page.all("section") if a.get("id")]
    assert sections == SECTIONS
    assert sum(a.get("class") == "sentence" for a in page.all("p")) == 1


def test_outcomes_give_different_sentences() -> None:
    def sentence(outcome: str) -> str:
        html = render(documents.document(40, 12, 2, outcome=outcome), "en")
        return re.findall(r'<p class="sentence">(.*?)</p>', html)[0]

    outcomes = ["groups", *documents.EMPTY_OUTCOMES]
    assert len({sentence(outcome) for outcome in outcomes}) == len(outcomes)


@pytest.mark.parametrize(
    ("shared", "groups", "expected"),
    [
        (8, 2, "On 8 of 25 statements both groups agree."),
        (1, 3, "On 1 of 25 statements all 3 groups agree."),
        (0, 2, "On none of the 25 statements do both groups agree."),
        (0, 4, "On none of the 25 statements do all 4 groups agree."),
    ],
)
def test_answer_counts(shared: int, groups: int, expected: str) -> None:
    document = documents.document()
    document["answer"] = {"shared": shared, "dividing": 1, "statements": 25, "groups": groups}
    html = render(document, "en")
    sentence = re.findall(r'<p class="sentence">(.*?)</p>', html)[0]
    assert re.sub("</?b>", "", sentence) == expected


@pytest.mark.parametrize("count", [2, 5])
def test_map_and_its_table_count_the_same_people(count: int) -> None:
    document = documents.document(300, 40, count)
    html = render(document, "en")
    drawn = {
        anchor: path.count("M")
        for anchor, path in re.findall(
            r'<a href="#(group-\d)".*?<path class="dots" d="([^"]*)"', html, re.DOTALL
        )
    }
    hollow = re.findall(r'<path class="dots hollow" d="([^"]*)"', html)[0].count("M")
    table = [int(n) for n in re.findall(r'data-count="(\d+)"', html)]
    sizes = [group["size"] for group in document["groups"]]
    assert list(drawn.values()) == sizes
    assert table == [*sizes, hollow]
    assert sum(table) == document["inputs"]["participants"]


def test_map_of_a_crowd_is_drawn_in_hexagons_that_hold_everybody() -> None:
    document = documents.crowd()
    html = render(document, "en")
    paths = re.findall(r'<path class="dots[^"]*" d="([^"]*)"', html)
    assert 0 < sum(path.count("M") for path in paths) < 5_000
    table = [int(n) for n in re.findall(r'data-count="(\d+)"', html)]
    assert sum(table) == 20_000


def test_corrected_position_is_offered_where_it_matters() -> None:
    document = documents.document()
    assert "view1" not in re.sub("<style>.*</style>", "", render(document, "en"), flags=re.DOTALL)
    document["quality"]["missingness"]["distance_correlation"] = 0.48
    page = read(document)
    assert [a["value"] for a in page.all("input") if a.get("type") == "radio"] == ["0", "1"]
    assert sum((a.get("class") or "").startswith("people") for a in page.all("svg")) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_text_is_text(lang: str) -> None:
    html = render(documents.hostile(), lang)
    page = Page(html)
    html.encode("utf-8")
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    handlers = [name for _, a in page.elements for name in a if name.startswith("on")]
    assert handlers == []
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]", html.replace("\n", " "))
    text = "".join(page.text)
    assert documents.HOSTILE[0] in text
    assert "{{ 7*7 }} {% raw %} %(n)s %s" in text


def test_only_the_page_s_own_script_may_run() -> None:
    policy = next(a["content"] for a in read(documents.document()).all("meta") if "http-equiv" in a)
    assert policy is not None
    assert "default-src 'none'" in policy
    assert re.search("script-src 'sha256-[A-Za-z0-9+/=]{44}'", policy)


def test_hidden_numbers_are_said_to_be_hidden() -> None:
    document = documents.with_attributes()
    html = render(document, "en")
    section = html.split('id="sectors"')[1].split("</section>")[0]
    categories = section.split("<tbody>")[1].split("</tbody>")[0]
    assert categories.count("hidden (small number)") == 6
    # a share beside a hidden number would give it away
    assert "45%" not in categories


def test_statement_comes_in_the_reader_s_language_first() -> None:
    document = documents.document()
    document["statements"][0]["texts"] = {"en": "Plain English", "ar": "عربية واضحة"}
    assert "Plain English" not in render(document, "ar")
    assert "عربية واضحة" not in render(document, "en")


def test_every_statement_stands_in_the_table_with_its_verdict() -> None:
    document = documents.document()
    html = render(document, "en")
    body = html.split('id="all"')[1].split("<tbody>")[1].split("</tbody>")[0]
    assert body.count("<tr") == len(document["statements"])
    for verdict in ("shared", "dividing"):
        assert body.count(f'data-v="{verdict}"') == document["answer"][verdict]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Votes", "Agree, A")), ("ar", ("الأصوات", "أوافق، أ"))]
)
def test_every_figure_of_a_card_has_its_heading(lang: str, words: tuple[str, str]) -> None:
    page = render(documents.document(40, 12, 2), lang)
    narrow = page[page.index("@media screen and (max-width:40rem){.all td") :]
    for word in words:
        assert f'::before{{content:"{word}"}}' in narrow
    row = page[page.index("<tbody>", page.index('id="all"')) :]
    cells = row[: row.index("</tr>")].count("<td")
    assert f".all td:nth-child({cells})::before" in narrow
    assert f".all td:nth-child({cells + 1})::before" not in narrow


def test_stylesheet_knows_no_left_and_right() -> None:
    html = render(documents.document(), "ar")
    style = html.split("<style>")[1].split("</style>")[0]
    rules = re.sub(r"url\([^)]*\)", "", style)
    assert (
        re.findall(r"(?<![\w-])(?:margin|padding|border|inset)?-?(?:left|right)\s*:", rules) == []
    )


@pytest.mark.parametrize(("length", "answer_first"), [(60, False), (400, True)])
def test_long_introduction_stands_after_the_answer(length: int, answer_first: bool) -> None:
    document = documents.document()
    document["inputs"]["question"] = "q" * length
    html = render(document, "en")
    assert (html.index('class="sentence"') < html.index("q" * length)) is answer_first


def test_page_says_nothing_of_you() -> None:
    text = "".join(read(documents.document()).text).lower()
    assert "you are here" not in text


def test_same_document_gives_the_same_page() -> None:
    assert render(documents.document(), "ar") == render(documents.document(), "ar")


def with_gap(verdict: str, **more: Any) -> dict[str, Any]:
    document = documents.document(120, 24, 2)
    document["gap"] = {
        "verdict": verdict, "n_classes": 2, "z": -3.0, "dimensions": 1, "certainty": 0.97,
        "gain_by_number": {"1": 0.0, "2": 0.1}, "gain_by_dimensions": {"1": 0.2, "2": 0.1},
        "share_by_number": {"0": 1.0}, "small_groups": [], "n_people": 118, "n_votes": 950,
    } | more  # fmt: skip
    return document


def test_without_a_gap_the_headline_speaks_of_where_people_stand() -> None:
    text = " ".join(read(with_gap("no_gap")).text)
    assert "people agree, wherever they stand" in text
    assert "both groups agree." not in text
    assert "the two groups are its ends" in text
    assert "same in 97%" in " ".join(text.split())


def test_with_a_gap_the_headline_speaks_of_groups() -> None:
    text = " ".join(read(with_gap("gap")).text)
    assert "both groups agree" in text
    assert "There is a gap between the groups" in text
    assert "wherever they stand" not in text


def test_others_are_told_of_only_where_there_are_others() -> None:
    document = with_gap("gap")
    others = "The others lie in between"
    assert others in " ".join(" ".join(read(document).text).split())
    answer = document["answer"]
    answer["dividing"] = answer["statements"] - answer["shared"]
    assert others not in " ".join(" ".join(read(document).text).split())


def test_a_small_group_that_may_exist_is_told() -> None:
    text = " ".join(read(with_gap("no_gap", small_groups=[12])).text)
    assert "A small group of about 12 people" in text


def test_facts_about_oneself_are_counted_apart() -> None:
    document = with_gap("no_gap")
    shared = document["answer"]["shared"]
    document["answer"]["shared_about_oneself"] = 1
    text = " ".join(" ".join(read(document).text).split())
    assert f"On {shared - 1} of" in text
    assert "1 more statement is shared by all but reads like a fact" in text


def test_weighted_shares_and_the_level_of_intervals_stand_on_the_page() -> None:
    document = documents.document()
    plain = " ".join(read(document).text)
    assert "Agree, weighted" not in plain
    for statement in document["statements"]:
        statement["weighted"] = {"agree": 0.37, "disagree": 0.6, "pass": 0.03}
    page = " ".join(read(document).text)
    assert "Agree, weighted" in page
    assert "Everybody, after weighting: 37% agree" in page
    assert re.search(r"points? apart \(90% interval: between \d+ and \d+\)", page)


def test_difference_is_that_of_the_shares_a_reader_sees() -> None:
    document = documents.document()
    statement = next(s for s in document["statements"] if s["dividing"])
    for key, agree in (("0", 877), ("1", 713)):
        counts = statement["counts_by_group"][key]
        counts |= {"agree": agree, "disagree": 1000 - agree, "pass": 0, "seen": 1000}
    statement["divisiveness"] = 0.164
    t = translator("en")
    reader = Reader(t, "en", document, read_groups(t, "en", document))
    assert reader.gap(reader.by_id[str(statement["id"])]).startswith("17 points apart")


@pytest.mark.parametrize(
    ("text", "page", "lang"),
    [
        ("The bridge is old", "ar", "en"),
        ("الجسر قديم", "en", "ar"),
        ("الجسر قديم", "ar", None),
        ("The bridge is old", "en", None),
        ("12:30", "ar", None),
    ],
)
def test_text_of_an_unknown_language_is_not_read_by_a_voice_that_cannot(
    text: str, page: str, lang: str | None
) -> None:
    assert statement_text({"text": text}, page) == (text, lang)
