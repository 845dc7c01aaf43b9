from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Role
from hiwar.accounts.queries import roles
from hiwar.common.desk.fields import day_field
from hiwar.common.multilingual import MultilingualFormField
from hiwar.common.queries import verb_choices
from hiwar.common.vocabularies.entries import choices
from hiwar.common.vocabularies.lists import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hiwar.accounts.rules import PermissionGroup
    from hiwar.common.vocabularies.lists import Property, Vocabulary

    _OneRole = forms.ModelChoiceField[Role]
    _SomeRoles = forms.ModelMultipleChoiceField[Role]
else:
    _OneRole, _SomeRoles = forms.ModelChoiceField, forms.ModelMultipleChoiceField

LTR = {"dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}


def _email(**attrs: str) -> forms.EmailInput:
    return forms.EmailInput(attrs={**LTR, "autocomplete": "username", **attrs})


def _password(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": autocomplete})


class SignInForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=_email())
    password = forms.CharField(
        label=_("Password"), strip=False, widget=_password("current-password")
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits from the app, or one of your printed recovery codes."),
        widget=forms.TextInput(attrs={**LTR, "autocomplete": "one-time-code"}),
    )


class AppCodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits the app shows now"),
        max_length=12,
        widget=forms.TextInput(
            attrs={**LTR, "autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )


class PasskeyForm(forms.Form):
    response = forms.JSONField(widget=forms.HiddenInput)


class NewPasskeyForm(PasskeyForm):
    name = forms.CharField(
        label=_("What do you call this device?"),
        max_length=60,
        help_text=_("So that you know it again in the list."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=_password("new-password"),
        help_text=_("At least 12 characters. Four or five words together are easy to keep."),
    )
    again = forms.CharField(
        label=_("New password again"), strip=False, widget=_password("new-password")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("again") and not self.errors:
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    field_order = ("current", "password", "again")
    current = forms.CharField(
        label=_("Current password"), strip=False, widget=_password("current-password")
    )


class ForgotForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=_email())


class ProfileForm(forms.Form):
    name = MultilingualFormField(label=_("Name"), max_length=120)
    duty = MultilingualFormField(label=_("Duty"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language of the desk"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]  # a ChoiceField


class RoleChoiceField(_OneRole):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class RolesChoiceField(_SomeRoles):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class InviteForm(ProfileForm):
    field_order = ("email", "name", "role", "language")
    email = forms.EmailField(label=_("E-mail address"), widget=_email(autocomplete="off"))
    role = RoleChoiceField(label=_("Role"), queryset=Role.objects.none())
    duty = None  # type: ignore[assignment]  # Django's way of dropping an inherited field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = roles()  # type: ignore[attr-defined]  # a ModelChoiceField


class RolesForm(forms.Form):
    roles = RolesChoiceField(
        label=_("Roles"),
        queryset=Role.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].queryset = roles()  # type: ignore[attr-defined]  # a ModelChoiceField


class RoleForm(forms.Form):
    """What a role is called and may do: a field for each room, and what was shown."""

    name = MultilingualFormField(label=_("Name"), max_length=80)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, groups: Sequence[PermissionGroup], name: Any, held: Collection[str]
    ) -> None:
        super().__init__(data, initial={"name": name, "seen": " ".join(sorted(held))})
        self._groups = [f"permissions_{group.code}" for group in groups]
        for group, field in zip(groups, self._groups, strict=True):
            self.fields[field] = forms.MultipleChoiceField(
                label=group.label, choices=list(group.permissions.items()), required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[code for code in group.permissions if code in held],
            )  # fmt: skip

    @property
    def permissions(self) -> list[str]:
        """The codes that were chosen; the form is valid."""
        return [code for field in self._groups for code in self.cleaned_data[field]]

    @property
    def shown(self) -> list[str]:
        """The codes that the role carried when the form was shown; the form is valid."""
        return str(self.cleaned_data["seen"]).split()


class InstitutionForm(forms.Form):
    name = MultilingualFormField(label=_("Name"), max_length=200)
    short_name = MultilingualFormField(label=_("Short name"), max_length=60)
    founded = forms.IntegerField(
        label=_("Founded in"), required=False, min_value=1800, max_value=2200
    )
    seat = MultilingualFormField(label=_("Seat"), max_length=200, required=False)
    legal_form = MultilingualFormField(label=_("Legal form"), max_length=200, required=False)
    vision = MultilingualFormField(label=_("Vision"), is_long=True, required=False)
    mission = MultilingualFormField(label=_("Mission"), is_long=True, required=False)
    work = MultilingualFormField(label=_("What the institution does"), is_long=True, required=False)


class WordsField(forms.CharField):
    """Spellings, one to a line."""

    widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})

    def prepare_value(self, value: Any) -> Any:
        """Show a list with a spelling to a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Return the spellings as a list, each once, blank lines left out."""
        lines = (" ".join(line.split()) for line in str(super().clean(value)).splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class VocabularyEntryForm(forms.Form):
    """What an entry of a list says: a field for each property that the list declares."""

    def __init__(self, *args: Any, declared: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in declared.properties:
            self.fields[each.name] = self._field(each)

    @staticmethod
    def _field(each: Property) -> forms.Field:
        shared: dict[str, Any] = {
            "label": each.label, "help_text": each.help, "required": each.is_required,
        }  # fmt: skip
        match each.kind:
            case Kind.TEXT:
                return MultilingualFormField(max_length=300, **shared)
            case Kind.LONG_TEXT:
                return MultilingualFormField(is_long=True, **shared)
            case Kind.WORDS:
                return WordsField(**shared)
            case Kind.CODE:
                nothing = (
                    [] if each.is_required else [("", pgettext_lazy("entry of a list", "none"))]
                )
                return forms.ChoiceField(choices=[*nothing, *choices(each.vocabulary)], **shared)


class ActivityFilterForm(forms.Form):
    actor = forms.ChoiceField(label=_("Who"), required=False)
    verb = forms.ChoiceField(label=_("What"), required=False)
    since = day_field(_("From"), required=False)
    until = day_field(_("Until"), required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody, everything = ("", _("Everybody")), ("", _("Everything"))
        self.fields["actor"].choices = [everybody, *people]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["verb"].choices = [everything, *verb_choices()]  # type: ignore[attr-defined]  # a ChoiceField
