"""Print the sheets of instructions: one A4 for each task and language, into a folder of PDFs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from weasyprint import Document

ROOT = Path(__file__).resolve().parents[1]
SHEETS = sorted((ROOT / "docs/operations/sheets").glob("*.md"))
FONTS = ROOT / "src/hiwar/common/static/common/fonts"
CSS = """
@font-face { font-family: Naskh; src: url("amiri-regular.ttf"); }
@font-face { font-family: Naskh; font-weight: 700; src: url("amiri-bold.ttf"); }
@page { size: A4; margin: 14mm 15mm; }
body { font: 400 12pt/1.38 Naskh; }
html[lang=ar] body { font-size: 12.5pt; line-height: 1.5; }
h1 { font-size: 18pt; margin: 0 0 3mm; } h2 { font-size: 12.5pt; margin: 4mm 0 1.5mm; }
p, ol, ul, table { margin-block: 0 2mm; } li { margin-block-end: 1.2mm; }
pre, code { font-family: "Noto Sans Mono", "DejaVu Sans Mono", monospace; font-size: 9.5pt; }
pre, code { direction: ltr; unicode-bidi: isolate; }
p > code, li > code { display: inline-block; }
td { font-size: 0.95em; }
strong, th { font-weight: 700; }
pre { text-align: left; background: #f2f0e9; padding: 1.2mm 2mm; margin: 1mm 0; }
pre { white-space: pre-wrap; }
table { border-collapse: collapse; inline-size: 100%; }
td, th { border-block-end: 0.2mm solid #999; padding: 0.8mm 1.5mm; }
td, th { vertical-align: top; text-align: start; }
td:first-child { inline-size: 32%; font-weight: 700; }
"""


def laid_out(sheet: Path) -> Document:
    """Return a sheet laid out for paper; its name ends with its language.

    The libraries that lay it out may be absent where the tests are only read.
    """
    from weasyprint import HTML

    language = sheet.stem.rpartition(".")[2]
    body = MarkdownIt("commonmark").enable("table").render(sheet.read_text("utf-8"))
    direction = "rtl" if language == "ar" else "ltr"
    page = f'<html lang="{language}" dir="{direction}"><style>{CSS}</style><body>{body}</body>'
    return HTML(string=page, base_url=f"{FONTS}/").render()


def main(folder: Path) -> None:
    """Write every sheet as a PDF."""
    folder.mkdir(parents=True, exist_ok=True)
    for sheet in SHEETS:
        laid_out(sheet).write_pdf(folder / f"{sheet.stem}.pdf")
        sys.stdout.write(f"{folder / sheet.stem}.pdf\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
