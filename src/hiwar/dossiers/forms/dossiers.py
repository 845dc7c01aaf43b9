"""What is filled in for a dossier and for what stands in it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.accounts.queries import readable_by, staff
from hiwar.common.desk.fields import day_field
from hiwar.common.models import Visibility
from hiwar.common.multilingual import MultilingualFormField
from hiwar.contacts.models import Person
from hiwar.dossiers.models import NEXT_STATES, Dossier, Programme, Project
from hiwar.dossiers.queries.dossiers import plain
from hiwar.dossiers.queries.strategy import programmes, projects
from hiwar.dossiers.queries.vocabularies import choices

CLOSEST = (Visibility.PERSONAL, Visibility.TEAM, Visibility.INSTITUTION)
CODE = RegexValidator(
    r"^[A-Z0-9][A-Z0-9.-]*\Z", _("Capital letters A to Z, digits, points and dashes only.")
)


def address(label: Any) -> forms.URLField:
    """Return the field of an address on the web, which may stay empty."""
    return forms.URLField(
        label=label, required=False, max_length=500, assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


def colleague(label: Any, *, required: bool = True) -> forms.ModelChoiceField[User]:
    """Return the field of an active colleague."""
    return forms.ModelChoiceField(
        User.objects.none(), label=label, required=required, empty_label=_("nobody yet")
    )


def _active() -> Any:
    return staff().filter(is_active=True)


class NewDossierForm(forms.Form):
    """The little that a new dossier needs."""

    title = MultilingualFormField(label=_("What is the issue called?"), max_length=120)
    aim = MultilingualFormField(
        label=_("What is to be reached?"), is_long=True, max_length=1200, required=False
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("Programme"), empty_label=_("not decided yet"),
        required=False, help_text=_("A dossier hangs on exactly one programme."),
    )  # fmt: skip
    visibility = forms.ChoiceField(
        label=_("Who may read it?"),
        choices=[(visibility.value, visibility.label) for visibility in CLOSEST],
        initial=Visibility.INSTITUTION,
    )
    code = forms.CharField(
        label=_("Code"), required=False, max_length=40, validators=[CODE],
        help_text=_("Short, for file names and letters. Left empty, one is given."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes()  # type: ignore[attr-defined]  # a choice


class DossierForm(forms.Form):
    """What is written about a dossier."""

    title = MultilingualFormField(label=_("Title"), max_length=120)
    where_it_stands = MultilingualFormField(
        label=_("Where it stands"), max_length=300, required=False,
        help_text=_("One sentence that can be read aloud. It stands on top of the page."),
    )  # fmt: skip
    aim = MultilingualFormField(label=_("Aim"), is_long=True, max_length=1200, required=False)
    code = forms.CharField(label=_("Code"), max_length=40, validators=[CODE])
    opened_on = day_field(_("Opened on"), required=False)


class ReadersForm(forms.Form):
    """Who owns a dossier, and who reads it."""

    visibility = forms.ChoiceField(
        label=_("Who may read it?"), widget=forms.RadioSelect,
        help_text=_(
            "What everybody reads of a public dossier: its title, aim, where it stands, its states"
            " with their days, its programme, and of what hangs on it what is public itself."
        ),
    )  # fmt: skip
    owner = colleague(_("Owner"), required=False)
    readers = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Named colleagues"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They read it when it is open to named colleagues only."),
    )  # fmt: skip

    def __init__(self, *args: Any, current: str, may_publish: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = {*CLOSEST, current} | ({Visibility.PUBLIC} if may_publish else set())
        offered = [visibility for visibility in Visibility if visibility.value in wanted]
        self.fields["visibility"].choices = [  # type: ignore[attr-defined]  # a choice field
            (visibility.value, visibility.label) for visibility in offered
        ]
        for name in ("owner", "readers"):
            self.fields[name].queryset = _active()  # type: ignore[attr-defined]  # a choice field


class PlacementForm(forms.Form):
    """The programme and project on which a dossier hangs."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("Programme"), empty_label=None
    )
    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("Project"), required=False, empty_label=_("none")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes()  # type: ignore[attr-defined]  # a choice
        self.fields["project"].queryset = projects()  # type: ignore[attr-defined]  # a choice


class StateForm(forms.Form):
    """A change of state: the usual next ones first, the others behind."""

    state = forms.ChoiceField(label=_("New state"))
    on = day_field(_("Since which day?"))
    reason = MultilingualFormField(
        label=_("What happened?"), max_length=400, required=False,
        help_text=_("One sentence. It stands on the history of the dossier."),
    )  # fmt: skip
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    source_url = address(_("Address of the source"))

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = NEXT_STATES[current]
        others = [state for state in Dossier.State.values if state not in {*usual, current}]
        self.fields["state"].choices = [  # type: ignore[attr-defined]  # a choice field
            (_("usual next"), [(state, Dossier.State(state).label) for state in usual]),
            (_("out of order, with a reason"), [(o, Dossier.State(o).label) for o in others]),
        ]


class PersonForm(forms.Form):
    """A colleague, or somebody of the register, with a role in a dossier."""

    role = forms.ChoiceField(label=_("Role"))
    user = colleague(_("Colleague"), required=False)
    name = forms.CharField(
        label=_("Or a person of the register"), required=False, max_length=200,
        help_text=_("The name as it is written in the register."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.fields["role"].choices = choices("role")  # type: ignore[attr-defined]  # a choice
        self.fields["user"].queryset = _active()  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        """Find the person by name; one of the two is given, and the name is of one person."""
        cleaned = super().clean() or {}
        name, user = cleaned.pop("name", ""), cleaned.get("user")
        if bool(name) == bool(user):
            self.add_error("user", _("Choose a colleague, or write a name, and not both."))
            return cleaned
        if name:
            people = self._find(name)
            if len(people) != 1:
                nobody = _("Nobody in the register has this name.")
                several = _("Several people in the register have this name: write more of it.")
                self.add_error("name", several if people else nobody)
            cleaned["person"] = people[0] if len(people) == 1 else None
        return cleaned

    def _find(self, name: str) -> list[Person]:
        wanted = plain(name).split()
        readable = Person.objects.filter(readable_by(self.reader, Person), merged_into=None)
        people = [
            person
            for person in readable.order_by("pk")
            if all(word in plain(" ".join(person.shown_name.values())) for word in wanted)
        ]
        exact = [
            person for person in people if plain(name) in map(plain, person.shown_name.values())
        ]  # fmt: skip
        return exact if len(exact) == 1 else people


class DocumentForm(forms.Form):
    """A document or link of a dossier."""

    title = MultilingualFormField(label=_("Title"), max_length=200)
    url = address(_("Address"))
    kept_at = forms.CharField(
        label=_("Or where it is kept"), required=False, max_length=200,
        help_text=_("A folder, a cupboard, an archive number."),
    )  # fmt: skip
    publisher = forms.CharField(label=_("Who published it"), required=False, max_length=200)
    published_on = day_field(_("Published on"), required=False)


class StepForm(forms.Form):
    """Who does what by when."""

    what = MultilingualFormField(label=_("What is to be done?"), max_length=200)
    owner = colleague(_("Who answers for it?"))
    due_on = day_field(_("By which day?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        field.queryset = _active()  # type: ignore[attr-defined]  # a choice field
        field.empty_label = None  # type: ignore[attr-defined]  # a choice field


class FactForm(forms.Form):
    """A fact with its source."""

    text = MultilingualFormField(
        label=_("What is known?"), is_long=True, max_length=600,
        help_text=_("One sentence that somebody can quote."),
    )  # fmt: skip
    value = forms.CharField(
        label=_("Figure, with its unit"), required=False, max_length=60,
        help_text=_("Only if the fact is a figure."),
    )  # fmt: skip
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    url = address(_("Address of the source"))
    published_on = day_field(_("Published on"), required=False)


class NewFactForm(FactForm):
    """A new fact, with the day on which its source was looked at."""

    checked_on = day_field(_("Source looked at on"), required=False)
    next_check_on = day_field(_("Look again on"), required=False)


class CorrectionForm(FactForm):
    """A correction of a fact, with the reason for it."""

    reason = forms.CharField(label=_("Why is it corrected?"), max_length=300)


class CheckForm(forms.Form):
    """That a source was looked at and the fact still holds."""

    on = day_field(_("Looked at on"))
    next_check_on = day_field(
        _("Look again on"), required=False, help_text=_("Left empty: in twelve months.")
    )
