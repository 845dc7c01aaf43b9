"""What is filled in: a file of a law, and what is known of the text that was read from it."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hiwar.common.files.uploads import UploadField
from hiwar.legislation.forms.laws import TextForm
from hiwar.legislation.queries.drafts import FILE


class DraftFileForm(forms.Form):
    """A file of a law and the language of its text."""

    file = UploadField(FILE, label=_("File"))
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)


class DraftVersionForm(TextForm):
    """What is known of a text that was put right; its words and language are there already."""

    text = None  # type: ignore[assignment]  # fields are taken out by None
    language = None  # type: ignore[assignment]  # as above
