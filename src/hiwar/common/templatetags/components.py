"""Components of the visual language: icons, blocks with slots, fields, numbers and bars."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import template
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import ChoiceField, ModelChoiceField
from django.template.base import Node, NodeList, token_kwargs
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.forms import BoundField, Field
    from django.template.base import FilterExpression, Parser, Token
    from django.template.context import Context
    from django.utils.safestring import SafeString

register = template.Library()

SPRITE = Path(__file__).parents[1] / "static" / "common" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>', re.S)
DIRECTIONAL_ICONS = frozenset({"arrow", "leave", "next", "previous", "undo"})
DASHES = BLANK_CHOICE_DASH[0][1]
HANDED_DOWN = ("request", "csrf_token", "user")


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str, label: str = "") -> SafeString:
    """Draw one icon; with a label it speaks, without one it is decoration.

    The desk draws many and takes them from the sprite; a page of the site draws the few it has
    itself, so that reading it asks for one file less.
    """
    request = context.get("request")
    is_drawn = request is not None and not request.path.startswith("/desk/")
    return _icon(name, str(label), is_drawn=is_drawn)


@lru_cache(maxsize=2048)
def _icon(name: str, label: str, *, is_drawn: bool) -> SafeString:
    """Return an icon as HTML: drawn in place, or taken from the sprite."""
    classes = "icon icon-directional" if name in DIRECTIONAL_ICONS else "icon"
    speaks = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true" focusable="false"')
    )
    symbol = _symbols().get(name)
    if symbol and is_drawn:
        box, drawing = symbol
        return format_html(
            '<svg class="{}" {} viewBox="{}">{}</svg>', classes, speaks, box, drawing
        )
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"></use></svg>',
        classes, speaks, static("common/icons.svg"), name,
    )  # fmt: skip


@cache
def _symbols() -> dict[str, tuple[str, SafeString]]:
    """Return what the sprite draws under each name, and in which box."""
    text = SPRITE.read_text("utf-8")
    return {
        name: (box, mark_safe(drawing))  # noqa: S308 - a file of the house
        for name, box, drawing in SYMBOL.findall(text)
    }


class SlotNode(Node):
    """A named part inside a component's body."""

    child_nodelists = ("body",)

    def __init__(self, name: str, body: NodeList) -> None:
        self.name, self.body = name, body

    def render(self, context: Context) -> SafeString:
        """Render nothing in place: the component asks for the slot by its name."""
        return mark_safe("")


class ComponentNode(Node):
    """Renders ``common/components/<name>.html`` with only what it is given."""

    child_nodelists = ("body",)

    def __init__(
        self, name: FilterExpression, values: Mapping[str, FilterExpression], body: NodeList
    ) -> None:
        self.name, self.values, self.body = name, values, body

    def render(self, context: Context) -> SafeString:
        """Render the body, then each slot, then the component around them."""
        values: dict[str, Any] = {key: context[key] for key in HANDED_DOWN if key in context}
        values |= {key: value.resolve(context) for key, value in self.values.items()}
        values["children"] = self.body.render(context)
        values["slots"] = {
            node.name: node.body.render(context) for node in self.body if isinstance(node, SlotNode)
        }
        path = f"common/components/{self.name.resolve(context)}.html"
        assert context.template is not None  # noqa: S101 - a rendering context always has one
        return context.template.engine.get_template(path).render(context.new(values))


def _name_and_values(
    parser: Parser, token: Token
) -> tuple[FilterExpression, dict[str, FilterExpression]]:
    tag, *bits = token.split_contents()
    if not bits:
        message = f"{tag}: the name of a component was expected"
        raise template.TemplateSyntaxError(message)
    rest = bits[1:]
    values = token_kwargs(rest, parser)
    if rest:
        message = f"{tag}: arguments are written key=value, not {rest[0]}"
        raise template.TemplateSyntaxError(message)
    return parser.compile_filter(bits[0]), values


@register.tag("component")
def component(parser: Parser, token: Token) -> ComponentNode:
    """Place a component around a body: ``{% component "notice" tone=t %}…{% endcomponent %}``."""
    name, values = _name_and_values(parser, token)
    body = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(name, values, body)


@register.tag("part")
def part(parser: Parser, token: Token) -> ComponentNode:
    """Place a component without a body: ``{% part "badge" label=state tone="notice" %}``."""
    name, values = _name_and_values(parser, token)
    return ComponentNode(name, values, NodeList())


@register.tag("slot")
def slot(parser: Parser, token: Token) -> SlotNode:
    """Name a part of a component's body: ``{% slot actions %}…{% endslot %}``."""
    _tag, name = token.split_contents()
    body = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(name, body)


@register.inclusion_tag("common/components/field.html")
def field(bound: BoundField, *, optional_mark: bool = True) -> dict[str, object]:
    """Draw a form field: label, help, control, error, tied together for assistive technology."""
    kind = getattr(bound.field.widget, "input_type", "")
    _name_nothing(bound.field)
    return {
        "field": bound,
        "kind": kind,
        "is_choice": kind == "checkbox" and not bound.use_fieldset,
        "is_optional": optional_mark and not bound.field.required and kind != "checkbox",
    }


def _name_nothing(field: Field) -> None:
    """Say in words that nothing is chosen, where a choice would show a row of dashes."""
    if isinstance(field, ModelChoiceField):
        if field.empty_label == DASHES:
            field.empty_label = _("not chosen")
    elif isinstance(field, ChoiceField) and isinstance(field.choices, list):
        field.choices = [
            (value, _("not chosen") if label == DASHES else label) for value, label in field.choices
        ]


@register.filter
def number(value: float | None) -> str:
    """Write a number with separators, in the digits of the installation; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return _digits(text)


@register.simple_tag
def page_field(number_of_page: int, count: int) -> SafeString:
    """Draw the field that names a page of a list; it takes the digits of every script."""
    return format_html(
        '<input name="page" value="{}" inputmode="numeric" size="{}" autocomplete="off" required>',
        _digits(str(number_of_page)), max(2, len(str(count))),
    )  # fmt: skip


@register.filter
def language_name(code: str) -> str:
    """Return what a language calls itself; its code where the house does not speak it."""
    from django.conf import settings

    return str(dict(settings.LANGUAGES).get(code, code))


@register.filter
def beside(cells: Sequence[object], labels: Sequence[object]) -> list[tuple[object, object]]:
    """Pair the cells of a row with the labels of their columns; a cell beyond them has none."""
    return list(zip([*labels, *[""] * (len(cells) - len(labels))], cells, strict=False))


@register.simple_tag
def share(part: int, whole: int) -> str:
    """Write a share with its denominator: "61 of 84 (73%)"."""
    if not whole:
        return pgettext("a share of nobody", "nobody yet")
    return pgettext("share", "%(part)s of %(whole)s (%(percent)s%%)") % {
        "part": number(part),
        "whole": number(whole),
        "percent": number(round(100 * part / whole)),
    }


@register.inclusion_tag("common/components/opinion_bar.html")
def opinion_bar(
    agree: int, disagree: int, passed: int, *, label: str = "", group: str = ""
) -> dict[str, object]:
    """Draw agree, disagree and pass as one bar, with the numbers in words beside it."""
    whole = agree + disagree + passed
    widths = [round(100 * count / whole, 2) if whole else 0 for count in (agree, disagree, passed)]
    return {
        "label": label,
        "group": group,
        "whole": whole,
        "voters": ngettext("%(count)s vote", "%(count)s votes", whole) % {"count": number(whole)},
        "agree": {"count": agree, "percent": round(widths[0]), "x": 0, "width": widths[0]},
        "disagree": {
            "count": disagree,
            "percent": round(widths[1]),
            "x": widths[0],
            "width": widths[1],
        },
        "passed": {
            "count": passed,
            "percent": round(widths[2]),
            "x": round(widths[0] + widths[1], 2),
            "width": widths[2],
        },
    }


def _digits(text: str) -> str:
    from django.conf import settings

    if getattr(settings, "DIGITS", "latin") != "arabic" or not (get_language() or "").startswith(
        "ar"
    ):
        return text
    return text.translate(str.maketrans("0123456789,.", "٠١٢٣٤٥٦٧٨٩٬٫"))
