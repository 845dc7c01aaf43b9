"""What is filled in for a picture: what it shows, where to hold it, who of those shown agreed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.desk.fields import day_field
from hiwar.common.files.uploads import UploadField
from hiwar.common.multilingual import MultilingualFormField
from hiwar.publishing.queries.pictures import ORIGINAL_CODE

WHOLE = 100


class PictureForm(forms.Form):
    """What is said of a picture."""

    alternative = MultilingualFormField(
        label=_("Alternative text"), required=False, max_length=300,
        help_text=_("What somebody who does not see the picture should know. Needed in every"
                    " language before it is shown."),
    )  # fmt: skip
    is_decoration = forms.BooleanField(label=_("It is decoration and says nothing"), required=False)
    caption = MultilingualFormField(label=_("Caption"), required=False, max_length=300)
    credit = forms.CharField(
        label=pgettext_lazy("of a picture", "Credit"), required=False, max_length=200,
        help_text=_("Who took it, and under which licence."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    taken_on = day_field(pgettext_lazy("of a picture", "Taken on"), required=False)
    place = forms.CharField(
        label=pgettext_lazy("of a picture", "Place"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    focus_x = forms.IntegerField(
        label=_("What counts: per cent from the left"), min_value=0, max_value=WHOLE, initial=50,
        help_text=_("Where a picture is cut, this point stays in it."),
    )  # fmt: skip
    focus_y = forms.IntegerField(
        label=_("What counts: per cent from the top"), min_value=0, max_value=WHOLE, initial=50
    )
    shows_people = forms.BooleanField(
        label=_("People can be recognised in it"), required=False, initial=True
    )
    consent_by = forms.CharField(
        label=_("Who agreed"), required=False, max_length=300,
        help_text=_("Everybody who can be recognised; for children a parent or guardian."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    consent_until = day_field(
        _("Agreed until"), required=False,
        help_text=_("After this day the picture is not shown any more. Empty: until it is"
                    " withdrawn."),
    )  # fmt: skip
    consent_record = forms.CharField(
        label=_("Where the consent lies"), required=False, max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip


class NewPictureForm(PictureForm):
    """A picture with its file."""

    field_order = ("file",)
    file = UploadField(ORIGINAL_CODE, label=pgettext_lazy("a file", "Picture"))


class FocusForm(forms.Form):
    """Where somebody clicked on the picture, as a browser sends it, in pixels of its side."""

    def clean(self) -> dict[str, Any]:
        """Give the point; a key that was pressed instead of the mouse sends none."""
        point = {}
        for side in ("x", "y"):
            sent = str(self.data.get(f"focus.{side}", ""))
            point[side] = int(sent) if sent.isdecimal() and len(sent) < 5 else 0
        if not any(point.values()):
            raise forms.ValidationError(
                _("Click on the picture, or write the per cent in its form."), code="no_point"
            )
        return point
