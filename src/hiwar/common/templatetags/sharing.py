"""What a page of the site tells whoever is sent its address: one place for all pages."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from hiwar.common.share_cards import HEIGHT, WIDTH, address_of_card

if TYPE_CHECKING:
    from django.template.base import NodeList, Parser, Token
    from django.template.context import Context
    from django.utils.safestring import SafeString

register = template.Library()

DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')
SMALL_CARD = mark_safe('<meta name="twitter:card" content="summary">')
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')


class SharedHead(template.Node):
    """The head that a page wrote, and the share tags of what it says; see ``shared_head``."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Render the head, and the tags unless the page asks not to be found."""
        head = self.nodelist.render(context)
        request = context.get("request")
        if request is None or 'name="robots"' in head:
            return head
        if request.path.split("/")[1] not in dict(settings.LANGUAGES):
            return head
        description, canonical = DESCRIPTION.search(head), CANONICAL.search(head)
        rows = [
            ("og:site_name", str(getattr(context.get("institution"), "name", "") or "")),
            ("og:title", _title(context)),
            ("og:description", unescape(description[1]) if description else ""),
            ("og:type", "article" if canonical else "website"),
            ("og:url", unescape(canonical[1]) if canonical
             else f"{settings.PUBLIC_ORIGIN}{request.path}"),
            ("og:locale", get_language() or settings.LANGUAGE_CODE),
        ]  # fmt: skip
        tags = [
            format_html('<meta property="{}" content="{}">', name, value)
            for name, value in rows
            if value and f'property="{name}"' not in head
        ]
        tags.append(_picture(request.path) or SMALL_CARD)
        return mark_safe("".join([head, *tags]))  # noqa: S308 - each part is safe


@register.tag
def shared_head(parser: Parser, token: Token) -> SharedHead:
    """Take what stands between as the head of a page, and add what messengers show of it.

    The title is that of the page; the description and the address are those that the head names,
    if it does; what the head says in tags of its own stays. A page that says `robots` in its head
    is for one reader and says nothing; so does a page outside the languages of the site.
    """
    nodelist = parser.parse(("endshared_head",))
    parser.delete_first_token()
    return SharedHead(nodelist)


def _picture(path: str) -> SafeString:
    """Return what names the card of a page, which messengers draw large."""
    address = address_of_card(path)
    if not address:
        return mark_safe("")
    return format_html(
        '<meta property="og:image" content="{}"><meta property="og:image:width" content="{}">'
        '<meta property="og:image:height" content="{}">'
        '<meta name="twitter:card" content="summary_large_image">',
        f"{settings.PUBLIC_ORIGIN}{address}", WIDTH, HEIGHT,
    )  # fmt: skip


def _title(context: Context) -> str:
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks else None
    if block is None:
        return ""
    return " ".join(unescape(strip_tags(str(block.render(context)))).split())
