from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hiwar.common.desk.fields import day_field, time_field
from hiwar.common.post import bulk_purposes


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class OptOutForm(forms.Form):
    address = forms.CharField(
        label=_("E-mail address or telephone number"),
        max_length=200,
        help_text=_("It is looked up and not kept: the list holds digests alone."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    purpose = forms.ChoiceField(
        label=_("What shall end"),
        required=False,
        choices=lambda: [("", _("all messages")), *bulk_purposes()],
    )


class ListFileForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("File"),
        choices=[("xlsx", _("Spreadsheet (XLSX)")), ("csv", _("Table (CSV)"))],
    )
    reason = forms.CharField(
        label=_("What for"), max_length=200, help_text=_("It stands in the log with your name.")
    )


class ChannelForm(forms.Form):
    per_hour = forms.IntegerField(label=_("messages an hour"), min_value=1, max_value=100_000)
    per_domain_hour = forms.IntegerField(
        label=_("messages an hour to one mail service"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Empty: only the pace above holds."),
    )
    second_above = forms.IntegerField(
        label=_("more recipients than this need a second approval"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_("Empty: one person is enough."),
    )
    price = forms.DecimalField(
        label=_("price of a message"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=4,
        help_text=_("Empty: nothing is said about costs."),
    )
    currency = forms.CharField(label=_("currency"), required=False, max_length=3)
    priced_on = day_field(_("price list of"), required=False)
    quiet_from = time_field(_("quiet from"), required=False)
    quiet_until = time_field(_("quiet until"), required=False)
