"""The component page: every component of the visual language, in both directions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hiwar.common.desk.fields import day_field, time_field
from hiwar.common.multilingual import MultilingualFormField

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

CONTENT = Path(__file__).parents[1] / "templates" / "common" / "component_page.json"
SIDES = (("ar", "rtl"), ("en", "ltr"))
CODES = ("7K2M-QX4T", "9FDA-3NHW", "C5RP-8VJE", "2XMT-L6KB", "HW4Q-7PZN", "E8VA-5DRC")
SPRITE = Path(__file__).parents[1] / "static" / "common" / "icons.svg"


@dataclass(frozen=True, slots=True)
class Sample:
    """One component in one language."""

    language: str
    direction: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Section:
    """A family of components on the page."""

    name: str
    title: str
    samples: tuple[Sample, ...]


def components(request: HttpRequest) -> HttpResponse:
    content = json.loads(CONTENT.read_text(encoding="utf-8"))
    sections = [
        Section(name, title, tuple(_sample(request, name, content, side) for side in SIDES))
        for name, title in _titles().items()
    ]
    return render(request, "common/component_page.html", {"sections": sections})


def _titles() -> dict[str, str]:
    return {
        "heads": _("Page head and tabs"),
        "reading": _("Long reading"),
        "figures": _("Figures and opinions"),
        "lists": _("Search, list, empty state"),
        "details": _("Facts and timeline"),
        "forms": _("Form"),
        "tables": _("Table"),
        "messages": _("Notices, progress, dialog"),
        "buttons": _("Buttons, states, icons"),
        "sheets": _("Printed codes and menus"),
    }


def _sample(
    request: HttpRequest, name: str, content: dict[str, Any], side: tuple[str, str]
) -> Sample:
    language, direction = side
    text = content[language]
    with translation.override(language):
        context = {
            "t": text,
            "side": language,
            "icons": re.findall(r'<symbol id="([a-z]+)"', SPRITE.read_text(encoding="utf-8")),
            "codes": CODES,
            "failed_job": {"state": "failed"},
            "form": _sample_form(text["form"], language),
            "facts": _facts(text),
            "rows": [_cells(text["columns"], row[:4], row[4]) for row in text["rows"]],
            "bars": [
                _cells(text["bar_columns"], [b["label"], b["agree"], b["disagree"], b["pass"]])
                for b in text["bars"]
            ],
        }
        html = render_to_string(f"common/component_page_{name}.html", context, request)
    return Sample(language, direction, mark_safe(html))  # noqa: S308 - our own template's output


def _facts(text: dict[str, Any]) -> list[dict[str, object]]:
    values = (text["name"], text["post"], text["mail"], text["phone"], text["body"], text["last"])
    return [
        {"label": label, "value": value, "ltr": at in (2, 3)}
        for at, (label, value) in enumerate(zip(text["contact_labels"], values, strict=True))
    ]


def _cells(
    columns: list[dict[str, Any]], row: list[Any], tone: str = ""
) -> list[dict[str, object]]:
    cells = [
        {"label": column["label"], "value": value, "number": column.get("number", False)}
        for column, value in zip(columns, row, strict=True)
    ]
    if tone:
        cells[-1]["state"] = tone
    return cells


def _sample_form(text: dict[str, Any], side: str) -> forms.Form:
    """Return a form with one mistake, so that the page shows errors as well."""
    fields: dict[str, forms.Field] = {
        "title": MultilingualFormField(label=text["title"], help_text=text["title_help"]),
        "phone": forms.RegexField(
            r"^\+?[\d ]{9,}$",
            label=text["phone"],
            help_text=text["phone_help"],
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            error_messages={
                "invalid": _("This is too short for a phone number: 9 digits or more.")
            },
        ),
        "date": day_field(text["date"]),
        "time": time_field(text["time"]),
        "kind": forms.ChoiceField(label=text["kind"], choices=list(enumerate(text["kinds"]))),
        "needs": forms.MultipleChoiceField(
            label=text["needs"],
            choices=list(enumerate(text["need"])),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        ),
        "notes": forms.CharField(label=text["notes"], widget=forms.Textarea, required=False),
        "public": forms.BooleanField(label=text["public"], required=False),
    }
    filled = {f"title_{code}": value for code, value in text["title_value"].items()}
    filled |= {"phone": "0599", "date": "2026-12-03", "time": "10:30", "kind": "0", "needs": ["0"]}
    form = forms.Form(filled, auto_id=f"{side}_%s")
    form.fields.update(fields)
    form.is_valid()
    return form
