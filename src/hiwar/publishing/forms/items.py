"""What is filled in for an item of the site: its parts with their languages side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField, direction
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.engine import blocks as engine
from hiwar.publishing.actions.items import MOST_BLOCKS
from hiwar.publishing.models import Item, Picture
from hiwar.publishing.queries.content import Text
from hiwar.publishing.queries.pictures import kept_pictures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hiwar.accounts.models import User

# Empty parts that stand ready below the text, so that writing needs no script.
SPARE = 3
WHOLE = 100
BLOCK_KINDS = (
    ("paragraph", pgettext_lazy("block", "paragraph")),
    ("heading", pgettext_lazy("block", "heading")),
    ("list", pgettext_lazy("block", "list")), ("quote", pgettext_lazy("block", "quotation")),
    ("table", pgettext_lazy("block", "table")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an item in the form: the name of its fields, where it stands, its texts."""

    name: str
    place: int
    kind: str
    texts: list[tuple[str, str, str, str]]  # code, name, direction, text
    is_new: bool


class ItemForm(forms.Form):
    """Title, summary, dossier and last day of an item; its parts come beside them."""

    title = MultilingualFormField(label=_("Title"), max_length=200)
    summary = MultilingualFormField(
        label=_("Summary"), max_length=600, required=False, is_long=True,
        help_text=_("Two sentences, for lists, feeds and when the page is shared."),
    )  # fmt: skip
    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), label=_("Dossier"), required=False, empty_label=_("none")
    )
    picture = forms.ModelChoiceField(
        Picture.objects.none(), label=_("Picture"), required=False, empty_label=_("none"),
        help_text=_("From the pictures of the site. It stands above the text."),
    )  # fmt: skip
    closes_on = day_field(
        _("Last day"),
        required=False,
        help_text=_("For opportunities. Closed ones stay on the page, marked as closed."),
    )

    def __init__(self, *args: Any, reader: User, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dossier"].queryset = readable_dossiers(reader)  # type: ignore[attr-defined]  # a choice field
        self.fields["picture"].queryset = kept_pictures()  # type: ignore[attr-defined]  # a choice field
        if kind and kind != Item.Kind.OPPORTUNITY:
            del self.fields["closes_on"]

    def text(self) -> Text:
        """Return the text as it was filled in; parts without words are left out."""
        return Text(self.cleaned_data["title"], self.cleaned_data["summary"], blocks_of(self.data))


class NewItemForm(ItemForm):
    """A new item: what it is, and the language it is written in."""

    field_order = ("kind", "language", "title", "summary", "picture", "dossier", "closes_on")
    kind = forms.ChoiceField(label=_("Kind"), choices=Item.Kind.choices)
    language = forms.ChoiceField(label=_("Written in"), choices=lambda: settings.LANGUAGES)


class RemarkForm(forms.Form):
    """What a reviewer says when an item goes back."""

    remark = forms.CharField(
        label=_("What has to change"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip


class WithdrawalForm(forms.Form):
    """Why an item is taken back."""

    reason = MultilingualFormField(label=_("Why it is withdrawn"), max_length=600, is_long=True)


class ProfileForm(forms.Form):
    """What the site says about the institution beside its own record."""

    address = MultilingualFormField(
        label=_("Postal address"), required=False, is_long=True, max_length=300
    )
    hours = MultilingualFormField(label=_("Hours"), required=False, max_length=200)
    telephone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    press_name = MultilingualFormField(
        label=_("Who answers the press"), required=False, max_length=200
    )
    press_telephone = forms.CharField(
        label=_("Telephone for the press"), required=False, max_length=40
    )
    press_email = forms.EmailField(label=_("E-mail address for the press"), required=False)
    security_email = forms.EmailField(
        label=_("E-mail address for security reports"), required=False,
        help_text=_("Stands in security.txt, for whoever finds a weakness."),
    )  # fmt: skip
    officers = MultilingualFormField(
        label=_("Office holders"), required=False, is_long=True, max_length=8000,
        help_text=_("One a line: from | until | office | name. Days as 2027-03-01, or empty. Each"
                    " language has the same lines; who left stays with the last day."),
    )  # fmt: skip
    funders = MultilingualFormField(
        label=_("Who pays for the work"), required=False, is_long=True, max_length=8000,
        help_text=_("One a line: year | share in per cent | name. Each language has the same"
                    " lines."),
    )  # fmt: skip
    memberships = MultilingualFormField(
        label=_("Memberships"), required=False, is_long=True, max_length=4000,
        help_text=_("One a line."),
    )  # fmt: skip
    interests = MultilingualFormField(
        label=_("Register of interests"), required=False, is_long=True, max_length=8000,
        help_text=_("One a line."),
    )  # fmt: skip

    def clean_officers(self) -> list[dict[str, Any]]:
        """Return the rows of office holders."""
        rows = _rows(self.cleaned_data["officers"], 4)
        for begins, ends, *_names in rows:
            if any(day and not _is_day(day) for day in (begins, ends)) or begins > ends > "":
                raise forms.ValidationError(
                    _("Write days as 2027-03-01, the first before the last.")
                )
        return [{"from": begins, "until": ends, "office": office, "person": person}
                for begins, ends, office, person in rows]  # fmt: skip

    def clean_funders(self) -> list[dict[str, Any]]:
        """Return the rows of funders."""
        rows = _rows(self.cleaned_data["funders"], 3)
        if any(not (year.isdecimal() and share.isdecimal() and int(share) <= WHOLE)
               for year, share, _name in rows):  # fmt: skip
            raise forms.ValidationError(_("Write year and share as whole numbers, up to 100."))
        years: dict[str, int] = {}
        for year, share, _name in rows:
            years[year] = years.get(year, 0) + int(share)
        if any(total > WHOLE for total in years.values()):
            raise forms.ValidationError(_("The shares of a year are more than a hundred."))
        return [{"year": int(year), "share": int(share), "name": name}
                for year, share, name in rows]  # fmt: skip


def lines_of(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> dict[str, str]:
    """Return rows as the form shows them: in each language a line for each."""
    return {
        code: "\n".join(
            " | ".join(
                str(row[name].get(code, "") if isinstance(row[name], dict) else row[name])
                for name in columns
            )
            for row in rows
        )
        for code, _name in settings.LANGUAGES
    }  # fmt: skip


def _rows(texts: Mapping[str, str], columns: int) -> list[tuple[Any, ...]]:
    """Return the lines of all languages as rows: what is a text becomes one by language.

    The last two columns of four, and the last of three, are texts.
    """
    by_language = {
        code: [[cell.strip() for cell in line.split("|")] for line in text.splitlines()
               if line.strip()]
        for code, text in texts.items()
    }  # fmt: skip
    lines = list(by_language.values())
    if any(len(line) != columns for each in lines for line in each):
        raise forms.ValidationError(_("Each line has %(n)s parts, parted by |.") % {"n": columns})
    if len({tuple(tuple(line[:2]) for line in each) for each in lines}) > 1:
        raise forms.ValidationError(_("Each language needs the same lines with the same numbers."))
    return [
        (*first[:2], *(
            {code: each[at][column] for code, each in by_language.items() if each[at][column]}
            for column in range(2, columns)
        ))
        for at, first in enumerate(lines[0] if lines else [])
    ]  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def parts_of(text: Text | None, data: Mapping[str, str] | None = None) -> list[Part]:
    """Return the parts of a form: those that stand or were sent, and empty ones behind them."""
    blocks = blocks_of(data) if data is not None else text.blocks if text else ()
    room = max(0, min(SPARE, MOST_BLOCKS - len(blocks)))
    spare = [engine.Block(uuid4().hex, "paragraph", {}) for _number in range(room)]
    return [
        Part(block.key, 10 * place, block.kind, [
            (code, str(name), direction(code), block.texts.get(code, ""))
            for code, name in settings.LANGUAGES
        ], place > len(blocks))
        for place, block in enumerate((*blocks, *spare), start=1)
    ]  # fmt: skip


def blocks_of(data: Mapping[str, str]) -> tuple[engine.Block, ...]:
    """Return the parts that were sent, in the order of their places; empty ones are left out."""
    kinds = dict(BLOCK_KINDS)
    sent = []
    for name in data:
        if not name.startswith("kind-"):
            continue
        key = name.removeprefix("kind-")
        texts = {code: data.get(f"text-{code}-{key}", "").replace("\r\n", "\n").strip()
                 for code, _name in settings.LANGUAGES}  # fmt: skip
        kind = data[name] if data[name] in kinds else "paragraph"
        if any(texts.values()) and len(key) == len(uuid4().hex) and key.isalnum():
            place = data.get(f"place-{key}", "")
            order = int(place) if place.isascii() and place.isdigit() else 10_000
            sent.append((order, engine.Block(key, kind, texts)))
    return tuple(block for _order, block in sorted(sent, key=lambda pair: pair[0]))
