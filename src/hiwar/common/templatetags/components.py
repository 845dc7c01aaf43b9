"""Components of the visual language: icons, blocks with slots, fields, numbers and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

DIRECTIONAL_ICONS = frozenset({"arrow", "leave", "next", "previous", "undo"})


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw one icon of the sprite; with a label it speaks, without one it is decoration."""
    classes = "icon icon-directional" if name in DIRECTIONAL_ICONS else "icon"
    href = f"{static('common/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            classes,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        classes,
        href,
    )
