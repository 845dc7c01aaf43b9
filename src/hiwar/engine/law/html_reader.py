"""Laws out of pages of portals: the block that holds the text, and what was left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree, html

from hiwar.engine.law.akoma_reader import LawFileError, tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEFT = frozenset(
    ["nav", "aside", "header", "footer", "form", "script", "style", "noscript", "template",
     "button", "select", "iframe", "svg"]
)  # fmt: skip
_SILENT = frozenset(["script", "style", "noscript", "template", "svg", "iframe"])
_BLOCKS = frozenset(
    ["p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "table",
     "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "main", "body", "center", "td", "th",
     "br", "hr", "caption", "tbody", "thead", "address", "figure", "header"]
)  # fmt: skip
_SHARE = 0.9
_PASSAGE = 400  # letters outside links that no menu has
_SPACES = re.compile(r"[^\S\n]+")
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_MOST = 20_000_000


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The text of a page.

    Attributes
    ----------
    text : str
        What was taken for the law, a block a line.
    left_out : tuple of str
        Stretches that were taken for menus and the like, in order.
    encoding : str
        How it was decoded.
    """

    text: str
    left_out: tuple[str, ...]
    encoding: str


def html_text(content: bytes, declared: str = "") -> HtmlText:
    """Take the text of a law out of a page.

    Parameters
    ----------
    content : bytes
        The page.
    declared : str
        The encoding that the server named; may be empty.

    Returns
    -------
    HtmlText
        The smallest block that holds 0.9 of the letters that stand in no link, after navigation
        and forms are set aside; a block beside it with 400 letters of text keeps both together.

    Raises
    ------
    LawFileError
        `too_large` above 20 MB, `unreadable` where there is no text.
    """
    if len(content) > _MOST:
        raise LawFileError("too_large")
    encoding = _encoding(content, declared)
    text = content.decode(encoding, "replace").lstrip("\ufeff").replace("\0", "")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = html.document_fromstring(text)
    except (etree.ParserError, ValueError):
        raise LawFileError("unreadable") from None
    left_out: list[str] = []
    for element in list(root.iter()):
        if tag_of(element) in _LEFT and element.getparent() is not None:
            if tag_of(element) in {"header", "footer", "aside"} and (
                _letters(element).get(element, 0) >= _PASSAGE
            ):
                continue  # it holds more text than a menu does
            if tag_of(element) not in _SILENT and (words := _text_of(element)):
                left_out.append(words)
            element.drop_tree()
    body = root.find("body")
    block = _block(root if body is None else body)
    kept = _text_of(block)
    if not kept:
        raise LawFileError("unreadable")
    left_out += _beside(root, block)
    return HtmlText(kept, tuple(left_out), encoding)


def _encoding(content: bytes, declared: str) -> str:
    """Return the encoding: by mark, by server, by page, by trial."""
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return name
    stated = _CHARSET.search(content[:4096])
    for name in (declared, stated[1].decode("ascii", "replace") if stated else "", "utf-8"):
        if not name:
            continue
        try:
            content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
        return name
    arabic = sum(0xC1 <= byte <= 0xED for byte in content)
    return "windows-1256" if arabic > len(content) // 50 else "utf-8"


def _letters(element: html.HtmlElement) -> dict[html.HtmlElement, int]:
    """Count, for each element, the letters in it that stand in no link (headings count)."""
    counts: dict[html.HtmlElement, int] = {}
    for node in reversed(list(element.iter())):
        if not isinstance(node.tag, str):
            continue
        in_link = node.tag == "a" and not _heads(node)
        own = 0 if in_link else sum(map(str.isalpha, node.text or ""))
        for child in node:
            own += 0 if in_link else counts.get(child, 0)
            own += 0 if in_link else sum(map(str.isalpha, child.tail or ""))
        counts[node] = own
    return counts


def _heads(link: html.HtmlElement) -> bool:
    """Return whether a link is a heading of the text itself."""
    return any(
        tag_of(parent) in {"h1", "h2", "h3", "h4", "h5", "h6"} for parent in link.iterancestors()
    )


def _block(body: html.HtmlElement) -> html.HtmlElement:
    counts = _letters(body)
    whole = counts.get(body, 0)
    block = body
    while True:
        inner = [
            child for child in block
            if isinstance(child.tag, str) and counts.get(child, 0) >= _SHARE * whole
        ]  # fmt: skip
        if not inner or not whole or tag_of(inner[0]) in {"p", "span", "a"}:
            return block
        beside = [child for child in block if child is not inner[0] and isinstance(child.tag, str)]
        if any(counts.get(child, 0) >= _PASSAGE for child in beside):
            return block  # a preamble beside the articles
        block = inner[0]


def _beside(root: html.HtmlElement, block: html.HtmlElement) -> list[str]:
    inside = {block, *block.iterancestors()}
    return [
        words
        for ancestor in block.iterancestors()
        for child in ancestor
        if child not in inside and tag_of(child) != "head" and (words := _text_of(child))
    ]


def _text_of(element: html.HtmlElement) -> str:
    lines = _SPACES.sub(" ", "".join(_walk(element))).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _walk(element: html.HtmlElement) -> Iterator[str]:
    """Yield the text, a line for each block and cell."""
    stack: list[tuple[html.HtmlElement | None, str]] = [(element, "")]
    while stack:
        node, text = stack.pop()
        if node is None:
            yield text
            continue
        if not isinstance(node.tag, str) or node.tag in _SILENT:
            continue
        edge = "\n" if node.tag in _BLOCKS else ""
        yield edge + (node.text or "").replace("\n", " ").replace("\r", " ")
        stack.append((None, edge))
        for child in reversed(node):
            stack.append((None, (child.tail or "").replace("\n", " ").replace("\r", " ")))
            stack.append((child, ""))
