"""What is filled in for a media item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field
from hiwar.dossiers.models import Dossier
from hiwar.dossiers.queries.dossiers import readable_dossiers
from hiwar.evidence.forms.library import language, readers
from hiwar.evidence.models import MediaItem

if TYPE_CHECKING:
    from hiwar.accounts.models import User


class MediaForm(forms.Form):
    """A media item: where, when, in which tone, on what."""

    headline = forms.CharField(
        label=_("Headline"), max_length=500, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    outlet = forms.CharField(label=_("Medium"), max_length=200)
    medium = forms.ChoiceField(label=_("Kind of medium"), choices=MediaItem.Medium.choices)
    published_on = day_field(_("Published on"))
    language = language()
    topic = forms.CharField(label=_("Topic"), max_length=120, required=False)
    tone = forms.ChoiceField(label=_("Tone"), choices=MediaItem.Tone.choices)
    cites_institution = forms.BooleanField(label=_("Cites the institution"), required=False)
    reach = forms.IntegerField(label=_("People reached, estimated"), min_value=0, required=False)
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    code = forms.CharField(label=_("Code"), max_length=40, required=False)
    dossier = forms.ModelChoiceField(
        Dossier.objects.none(), label=_("Dossier"), required=False, empty_label=_("none")
    )
    visibility = readers()

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dossier = self.fields["dossier"]
        dossier.queryset = readable_dossiers(reader)  # type: ignore[attr-defined]  # a choice field
