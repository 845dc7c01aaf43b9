"""Titles of share cards stand as a browser sets them: the same letters in the same order."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw

from hiwar.publishing.exports.share_card import FONTS, NASKH, broken_lines, typeface

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTH, SIZE, LINE = 900, 48, 80
TITLES = (
    "نسبة النساء 30% في المجالس",
    "30% من المقاعد للنساء",
    "تعديل المادة (14 مكرر) من قانون رقم 1 لسنة 2005",
    "«انتخابات الهيئات المحلية» بين 2005 و2026",
    "حضر 1,004 أشخاص و617 منهم لأول مرة",
    "شُرفة للحوار: مَن يقرّر؟",
    "الضمان الاجتماعي... إلى أين؟!",
    "مؤتمر UNSCR 1325 في رام الله",
    "UNSCR 1325: المرأة والسلام والأمن",
    "الموعد 10:30 إلى 12:00 يوم 30/11/2026",
    "من 12 قرية و3 مخيمات [محدّث]",
    "أسئلة وأجوبة (الجزء 2)",
    "لآلئ الإصلاح: لأنّ الأمل لا يُلغى",
    "مسؤولية الهيئة تجاه الشؤون المالية",
    "ورقة سياسات رقم 7/2026",
    "بيان 17 مؤسسة، بتحفظين اثنين",
    "-5 درجات في نابلس",
    "+972 59 000 0000 رقم الطوارئ",
    "الكلفة: 1.5 مليون دولار (USD)",
    "نقاش مفتوح / Open discussion",
    "ما قاله الناس عن “القانون الجديد”",
    "الفقر وكبار السن؛ مسح 2025 & 2026",
    "النسبة بين 25% و30% حسب المنطقة",
    "تقرير CEDAW/C/PSE/1 باختصار",
    "أ. ب. ج. ثلاثة مبادئ",
    "السنة ٢٠٢٦ والمادة ١٤",
    "٣٠٪ من المقاعد في ١٢ هيئة",
    "هل نوافق؟ 85% نعم، 10% لا، 5% امتنعوا",
    "توصية طويلة تمتد على أكثر من سطر واحد لأن العنوان يصف كل ما اتفق عليه 240 مشاركاً ومشاركة في "
    "الجولة الثالثة ومنها 30% من المقاعد",
    "A title that begins in English ثم يتابع بالعربية مع 30% في السطر الثاني من العنوان نفسه كاملاً",
)


def ink(picture: Image.Image) -> np.ndarray:
    """Return where there is ink, cut to its bounds."""
    dark = np.asarray(picture.convert("L")) < 128
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    return dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def likeness(first: np.ndarray, second: np.ndarray) -> float:
    """Return the share of the ink of two pictures that lies in both, a pixel aside allowed."""
    height, width = (max(sides) for sides in zip(first.shape, second.shape, strict=True))
    one, other = np.zeros((height, width), bool), np.zeros((height, width), bool)
    one[: first.shape[0], : first.shape[1]] = first
    other[: second.shape[0], : second.shape[1]] = second

    def spread(dark: np.ndarray) -> np.ndarray:
        wide = dark.copy()
        for down in (-2, -1, 0, 1, 2):
            for over in (-2, -1, 0, 1, 2):
                wide |= np.roll(dark, (down, over), (0, 1))
        return wide

    near = (one & spread(other)).sum() + (other & spread(one)).sum()
    return float(near / (one.sum() + other.sum()))


def as_card(title: str) -> np.ndarray:
    face = typeface(NASKH, SIZE)
    lines = list(broken_lines(title, face, WIDTH, "rtl"))
    picture = Image.new("L", (WIDTH + 40, LINE * len(lines) + 60), 255)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text(
            (WIDTH + 20, 60 + LINE * number), line, 0, face, "rs", direction="rtl", language="ar"
        )
    return ink(picture)


@pytest.mark.exhaustive("screens")
def test_thirty_titles_stand_as_the_browser_sets_them(chromium: Browser) -> None:
    face = base64.b64encode((FONTS / NASKH).read_bytes()).decode()
    style = (
        f"@font-face {{ font-family: Naskh; src: url(data:font/ttf;base64,{face}); }}"
        f"body {{ margin: 0; background: #fff; font: {SIZE}px/{LINE}px Naskh; }}"
        f"p {{ inline-size: {WIDTH}px; margin: 0; padding: 20px; }}"
    )
    titles = "".join(f"<p>{escape(title)}</p>" for title in TITLES)
    page = chromium.new_page(viewport={"width": 1000, "height": 800})
    page.set_content(f'<html lang="ar" dir="rtl"><style>{style}</style>{titles}</html>')
    page.evaluate("document.fonts.ready")
    likenesses = {}
    for title, paragraph in zip(TITLES, page.locator("p").all(), strict=True):
        browsers = ink(Image.open(io.BytesIO(paragraph.screenshot())))
        likenesses[title] = round(likeness(as_card(title), browsers), 3)
    page.close()
    assert len(likenesses) == 30
    assert {title: share for title, share in likenesses.items() if share < 0.97} == {}
    turned = likeness(as_card("30% من المقاعد"), as_card("%30 من المقاعد"))
    assert turned < 0.97
