"""The glyphs of a PDF with their boxes, page by page."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage
from pdfminer.pdfdocument import PDFPasswordIncorrect, PDFTextExtractionNotAllowed
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.psparser import PSException

from hiwar.engine.law.akoma_reader import LawFileError
from hiwar.engine.law.glyphs import Glyph, PrintedPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def pages_of_pdf(content: bytes, most_pages: int = 600) -> tuple[PrintedPage, ...]:
    """Return the pages of a PDF as glyphs.

    Raises ``LawFileError``: `unreadable`, `encrypted`, `too_large` above ``most_pages``.
    """
    if b"%PDF-" not in content[:1024]:
        raise LawFileError("unreadable")
    pages: list[PrintedPage] = []
    try:
        resources = PDFResourceManager(caching=True)
        device = PDFPageAggregator(resources, laparams=None)
        interpreter = PDFPageInterpreter(resources, device)
        for raw in PDFPage.get_pages(BytesIO(content), maxpages=most_pages + 1):
            interpreter.process_page(raw)
            page = device.get_result()
            if len(pages) == most_pages:
                raise LawFileError("too_large")
            glyphs = tuple(_glyphs(page))
            has_ink = bool(glyphs) or any(
                isinstance(item, LTImage | LTCurve | LTFigure) for item in page
            )
            pages.append(PrintedPage(page.width, page.height, glyphs, has_ink))
    except PDFPasswordIncorrect:
        raise LawFileError("encrypted") from None
    except PDFTextExtractionNotAllowed:
        raise LawFileError("encrypted") from None
    # What a broken file sets off in a parser is not to be listed.
    except (PDFException, PSException, ValueError, TypeError, KeyError, IndexError, AttributeError,
            AssertionError, RecursionError, OverflowError) as error:  # fmt: skip
        if isinstance(error, LawFileError):
            raise
        raise LawFileError("unreadable") from None
    if not pages:
        raise LawFileError("unreadable")
    return tuple(pages)


def _glyphs(items: Iterable[object]) -> Iterator[Glyph]:
    for item in items:
        if isinstance(item, LTChar):
            left, _low, right, _high = item.bbox
            # Boxes follow the font; the base line is what letters of two fonts share.
            base = item.matrix[5]
            yield Glyph(item.get_text(), left, right, base, base + 0.7 * item.size, item.size)
        elif isinstance(item, LTFigure):
            yield from _glyphs(item)
