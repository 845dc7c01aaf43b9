"""What is filled in for a source and its copies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.analysis.references import lines_of_names, names_of_lines
from hiwar.common.crypto import DIGITS
from hiwar.common.desk.fields import day_field
from hiwar.common.files.uploads import UploadField
from hiwar.evidence.forms.library import language, readers
from hiwar.evidence.models import Source
from hiwar.evidence.queries.files import COPY
from hiwar.evidence.queries.identifiers import DOI, is_isbn

if TYPE_CHECKING:
    from hiwar.analysis.references import Name


class SourceForm(forms.Form):
    """A source as it is cited, in its own language."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Source.Kind.choices)
    title = forms.CharField(
        label=_("Title"), max_length=500, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("As it stands on the source, in its own language."),
    )  # fmt: skip
    language = language()
    authors = forms.CharField(
        label=_("Authors"), required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("One a line: family name, comma, given name; a body as it is called."),
    )  # fmt: skip
    container = forms.CharField(label=_("Journal, book or site"), max_length=300, required=False)
    publisher = forms.CharField(label=_("Publisher"), max_length=300, required=False)
    publisher_place = forms.CharField(
        label=_("Place of publication"), max_length=100, required=False
    )
    issued = forms.CharField(
        label=_("Published"), max_length=10, required=False,
        help_text=_("A year, or a day as 2027-03-31."),
    )  # fmt: skip
    volume = forms.CharField(label=_("Volume"), max_length=20, required=False)
    issue = forms.CharField(label=_("Issue"), max_length=20, required=False)
    pages = forms.CharField(label=_("Pages"), max_length=40, required=False)
    number = forms.CharField(label=_("Number or symbol"), max_length=60, required=False)
    doi = forms.CharField(label="DOI", max_length=200, required=False)
    isbn = forms.CharField(label="ISBN", max_length=20, required=False)
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    note = forms.CharField(
        label=_("Note"), max_length=5000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    visibility = readers()

    @staticmethod
    def initial_of(source: Source) -> dict[str, Any]:
        """Return what the form shows of a source."""
        names = SourceForm.base_fields
        initial = {name: getattr(source, name) for name in names}
        return {**initial, "authors": lines_of_names(source.authors)}

    def clean_authors(self) -> list[Name]:
        """Return the names as CSL-JSON has them."""
        return names_of_lines(self.cleaned_data["authors"])

    def clean_issued(self) -> str:
        """Return the year or day in Latin digits."""
        return str(self.cleaned_data["issued"]).translate(DIGITS).strip()

    def clean_doi(self) -> str:
        """Return the DOI without what stands before it."""
        typed = str(self.cleaned_data["doi"]).strip()
        match = DOI.match(typed)
        if typed and match is None:
            raise forms.ValidationError(_("A DOI looks like 10.1234/abc."))
        return match[1] if match else ""

    def clean_isbn(self) -> str:
        """Return an ISBN whose last digit is right."""
        typed = str(self.cleaned_data["isbn"]).translate(DIGITS).upper()
        isbn = re.sub(r"[\s-]", "", typed)
        if isbn and not is_isbn(isbn):
            raise forms.ValidationError(
                _("This is no ISBN: a digit is missing, or two changed places.")
            )
        return isbn


class CopyForm(forms.Form):
    """A file or a saved page of a source."""

    copy = UploadField(COPY, label=_("File"))
    taken_on = day_field(_("As it was on"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
