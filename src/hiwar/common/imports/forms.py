"""What a person says of a file: the file itself, its sheet, its headings, its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.disk import need_room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.common.imports.importers import Importer, Part


class UploadForm(forms.Form):
    """The files of a run, and what is to be known beside them."""

    def __init__(self, importer: Importer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.importer = importer
        for part in importer.parts:
            self.fields[part.code] = forms.FileField(
                label=part.label,
                help_text=part.help_text,
                required=part.is_required,
                validators=[need_room],
            )
        if importer.options is not None:
            self.fields.update(importer.options())

    def chosen(self) -> dict[str, str]:
        """Return what was said beside the files, as text."""
        parts = {part.code for part in self.importer.parts}
        return {
            name: str(value)
            for name, value in self.cleaned_data.items()
            if name not in parts and value not in (None, "")
        }


class SheetForm(forms.Form):
    """Which sheet of a file is taken, and where its headings are."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    line = forms.IntegerField(
        label=_("Line of the headings"),
        required=False,
        min_value=0,
        max_value=10_000,
        help_text=_("0 where there are none. Empty: they are looked for."),
    )

    def __init__(self, sheets: Sequence[str], taken: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sheets) > 1:
            field = self.fields["sheet"]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
            field.choices, field.initial = [(name, name) for name in sheets], taken
        else:
            del self.fields["sheet"]


class ColumnsForm(forms.Form):
    """What each column stands for; no two for the same, unless the part takes several.

    Where cells of a file have to be understood, each of them may be given one of ``meanings``.
    """

    def __init__(
        self,
        part: Part,
        header: Sequence[str],
        mapping: Mapping[str, str],
        options: Mapping[str, str],
        *args: Any,
        answers: Mapping[str, str] | None = None,
        meanings: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cells = list(answers or ())
        self.several = frozenset(part.several)
        offered = [("", _("leave out")), *part.fields(options).items()]
        for at, title in enumerate(header):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=title or f"{at + 1}",
                choices=offered,
                required=False,
                initial=mapping.get(str(at), ""),
            )
        for at, cell in enumerate(self.cells):
            self.fields[f"answer-{at}"] = forms.ChoiceField(
                label=_("“%(answer)s” means") % {"answer": cell},
                choices=[("", _("not said yet")), *(meanings or {}).items()],
                required=False,
                initial=(answers or {}).get(cell, ""),
            )

    def clean(self) -> dict[str, Any]:
        """Refuse two columns of one meaning: one of them would be dropped in silence."""
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for name, meaning in list(cleaned.items()):
            if not name.startswith("column-"):
                continue
            if meaning and meaning in seen and meaning not in self.several:
                self.add_error(name, _("Another column has this meaning already."))
            seen.add(meaning)
        return cleaned

    def mapping(self) -> dict[str, str]:
        """Return what was chosen, by column number."""
        return {
            name.removeprefix("column-"): meaning
            for name, meaning in self.cleaned_data.items()
            if meaning and name.startswith("column-")
        }

    def said(self) -> dict[str, str]:
        """Return what each answer means, as it was said."""
        said = {cell: self.cleaned_data[f"answer-{at}"] for at, cell in enumerate(self.cells)}
        return {cell: meaning for cell, meaning in said.items() if meaning}
