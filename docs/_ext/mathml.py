"""Formulas as MathML: every browser draws it, screen readers read it, and nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.errors import ExtensionError
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

log = logging.getLogger(__name__)


def drawn(node: nodes.Element, *, inline: bool) -> str:
    """Return the formula as MathML; one that cannot be drawn is a warning, so the build fails."""
    text = node.astext()
    try:
        return tex2mathml(text, as_block=not inline)
    except MathError as error:
        log.warning("formula cannot be drawn: %s", error, location=node)
        return f"<code>{text}</code>"


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula inside a sentence."""
    translator.body.append(drawn(node, inline=True))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own line."""
    translator.body.append(f'<div class="formula">{drawn(node, inline=False)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer."""
    try:
        app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    except ExtensionError as error:  # a later Sphinx may bring a renderer of this name
        log.info("mathml renderer is already there: %s", error)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
