"""What is filled in about people, bodies, posts and contacts with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.desk.choosing import SearchChoiceField
from hiwar.common.desk.fields import day_field, instant_field
from hiwar.common.models import Visibility
from hiwar.common.multilingual import MultilingualFormField
from hiwar.common.scripts import columns_of_names
from hiwar.contacts.models import (
    Consent,
    ContactPoint,
    Interaction,
    Organisation,
    Person,
    PersonName,
    Post,
    Promise,
)
from hiwar.contacts.queries import organisations_for, posts_for, search_people
from hiwar.contacts.queries.vocabularies import choices, honorific_texts, style_texts
from hiwar.engine.names import normal_name
from hiwar.places.models import Place

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Label = str | _StrPromise

CLOSE = [
    (circle.value, circle.label)
    for circle in (Visibility.INSTITUTION, Visibility.TEAM, Visibility.PERSONAL)
]
NOTHING = [("", "–")]


FIELD_NAMES = {
    "name": _("Name"),
    "first": _("First name"),
    "father": _("Father's name"),
    "grandfather": _("Grandfather's name"),
    "family": _("Family name"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "organisation": _("Organisation"),
    "post": _("Post"),
    "sex": _("Sex"),
    "birth_year": _("Year of birth"),
    "place": _("Place"),
    "disability": _("Disability"),
    "sector": _("Sector"),
    "language": _("Language of letters"),
    "note": _("Note"),
}


def field_names() -> dict[str, Any]:
    """Return what a column can stand for, with a name in each language of the installation."""
    return {"name": FIELD_NAMES["name"], **columns_of_names(), **FIELD_NAMES}


class PeopleField(forms.CharField):
    """People by name, separated by semicolons; ``#`` and the beginning of a key tells namesakes."""

    def __init__(self, *, is_one: bool = False, **kwargs: Any) -> None:
        self.is_one = is_one
        self.user: User | None = None
        hint = _("One name.") if is_one else _("Names, separated by semicolons.")
        kwargs.setdefault("help_text", hint)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Return the people, or say which name is unknown or belongs to several."""
        text = super().clean(value)
        names = [name for part in text.split(";") for name in part.split("؛") if name.strip()]
        people = [self._person(name.strip()) for name in names]
        return (people[0] if people else None) if self.is_one else people

    def _person(self, name: str) -> Person:
        plain, _mark, begun = name.partition("#")
        answers = search_people(self.user, plain) if self.user and plain.strip() else []
        if begun.strip():
            answers = [person for person in answers if person.pk.hex.startswith(begun.strip())]
        wanted = normal_name(plain)
        same = [
            person
            for person in answers
            if any(normal_name(n.text) == wanted for n in person.names.all())
        ]
        if len(same) == 1:
            return same[0]
        chosen = same or answers
        if begun.strip() and len(chosen) == 1:
            return chosen[0]
        if not chosen:
            message = _("Nobody in the register is called %(name)s.")
            raise forms.ValidationError(message, params={"name": plain.strip()})
        message = _("Several people may be meant by %(name)s. Write one of: %(names)s")
        names = "; ".join(shown_with_key(person) for person in chosen[:5])
        raise forms.ValidationError(message, params={"name": plain.strip(), "names": names})


def shown_with_key(person: Person) -> str:
    """Return a name with the beginning of the key, as a field of people takes it."""
    return f"{person} #{person.pk.hex[:8]}"


class ReaderForm(forms.Form):
    """A form that knows who fills it in, so that it offers what they may read."""

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            if isinstance(field, PeopleField):
                field.user = user
        self.offer()

    def offer(self) -> None:
        """Set the choices that depend on who asks."""

    def choose(self, name: str, options: list[tuple[str, str]], *, blank: bool = True) -> None:
        """Offer options in a field, with a first one for none."""
        self.fields[name].choices = (NOTHING if blank else []) + options  # type: ignore[attr-defined]

    def pick(self, name: str, queryset: Any) -> None:
        """Offer records in a field."""
        self.fields[name].queryset = queryset  # type: ignore[attr-defined]  # a choice


class SharedForm(ReaderForm):
    """A record that is for some and not for all."""

    visibility = forms.ChoiceField(label=_("Who may read it"), choices=CLOSE, initial="institution")
    readers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Named colleagues"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for what named colleagues may read."),
    )

    def offer(self) -> None:
        """Offer the colleagues of the house."""
        self.pick("readers", User.objects.filter(is_active=True).order_by("email", "pk"))


class PersonForm(ReaderForm):
    """A person: a name in one language is enough."""

    shown_name = MultilingualFormField(
        label=_("Name"),
        max_length=200,
        help_text=_("One language is enough. Titles such as Dr are taken off and kept beside."),
    )
    family_name = MultilingualFormField(
        label=_("Family name in letters"),
        max_length=100,
        required=False,
        help_text=_("Only where it is not the last word of the name, such as García Márquez."),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex, required=False)
    honorific = forms.ChoiceField(label=_("Honorific"), required=False)
    language = forms.ChoiceField(label=_("Language of letters"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    birth_year = forms.IntegerField(
        label=_("Year of birth"), required=False, min_value=1900, max_value=2100
    )
    place = SearchChoiceField(Place.objects.none(), label=_("Place"), required=False)

    def offer(self) -> None:
        """Offer the words of the register."""
        self.choose("honorific", _honorifics())
        self.choose("language", choices("languages"))
        self.choose("sector", choices("sectors", [self.initial.get("sector", "")]))
        self.pick("place", Place.objects.order_by("code", "pk"))


class QuickPersonForm(ReaderForm):
    """A person in a minute: a name, a telephone, and where they work."""

    shown_name = MultilingualFormField(label=_("Name"), max_length=200)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=60)
    email = forms.CharField(label=_("E-mail"), required=False, max_length=200)
    organisation = SearchChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False
    )
    title = MultilingualFormField(label=_("Post"), required=False, max_length=200)

    def offer(self) -> None:
        """Offer the organisations the user may read."""
        if self.user is not None:
            self.pick("organisation", organisations_for(self.user))

    def clean(self) -> dict[str, Any]:
        """Ask for an organisation when a post is named."""
        cleaned = super().clean() or {}
        if cleaned.get("title") and not cleaned.get("organisation"):
            self.add_error("organisation", _("A post belongs to an organisation. Choose one."))
        return cleaned


class NameForm(ReaderForm):
    """Another spelling of a name."""

    text = forms.CharField(label=_("Name as written"), max_length=200)
    language = forms.ChoiceField(label=_("Language"))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[kind for kind in PersonName.Kind.choices if kind[0] != "main"]
    )
    source = forms.CharField(label=_("Where it was seen"), required=False, max_length=200)

    def offer(self) -> None:
        """Offer the languages of names."""
        self.choose("language", choices("languages"), blank=False)


class OrganisationForm(ReaderForm):
    """An organisation."""

    name = MultilingualFormField(label=_("Name"), max_length=200)
    short_name = MultilingualFormField(label=_("Short name"), required=False, max_length=80)
    code = forms.CharField(label=_("Code"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("Kind"))
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages of letters"), required=False, widget=forms.CheckboxSelectMultiple
    )
    place = SearchChoiceField(Place.objects.none(), label=_("Place"), required=False)
    parent = SearchChoiceField(Organisation.objects.none(), label=_("Part of"), required=False)
    stance = forms.CharField(label=_("Stance or status"), required=False, max_length=120)

    def offer(self) -> None:
        """Offer the words of the register and the organisations the user may read."""
        self.choose("kind", choices("kinds", [self.initial.get("kind", "")]), blank=False)
        self.choose("sector", choices("sectors", [self.initial.get("sector", "")]))
        self.fields["languages"].choices = choices("languages")  # type: ignore[attr-defined]
        self.pick("place", Place.objects.order_by("code", "pk"))
        if self.user is not None:
            self.pick("parent", organisations_for(self.user))


class PostForm(ReaderForm):
    """A post of an organisation."""

    title = MultilingualFormField(label=_("Title"), max_length=200)
    feminine_title = MultilingualFormField(
        label=_("Title when a woman holds it"), required=False, max_length=200
    )
    style = forms.ChoiceField(
        label=_("Form of address"), required=False, help_text=_("Empty: it follows from the title.")
    )
    rank = forms.TypedChoiceField(
        label=_("Class among heads of mission"), required=False, coerce=int, empty_value=None
    )
    position = forms.IntegerField(label=_("Order"), min_value=0, max_value=30000, initial=0)

    def offer(self) -> None:
        """Offer the forms of address."""
        self.choose("style", [(code, str(text)) for code, text in style_texts().items()])
        self.choose("rank", [(str(value), str(label)) for value, label in Post.Rank.choices])


class HoldForm(ReaderForm):
    """Who holds a post, from when."""

    person = PeopleField(is_one=True, label=_("Person"))
    starts_on = day_field(
        _("From"), required=False, help_text=_("Whoever held it before leaves the day before.")
    )
    ends_on = day_field(_("Until"), required=False)
    took_up_functions_at = instant_field(
        _("Took up functions"),
        required=False,
        help_text=_("Decides the order of precedence within a class."),
    )
    is_interim = forms.BooleanField(label=_("Acting for the time being"), required=False)
    source = forms.CharField(label=_("Where it is known from"), required=False, max_length=200)


class PersonPostForm(ReaderForm):
    """A post that a person holds."""

    post = SearchChoiceField(Post.objects.none(), label=_("Post"))
    starts_on = day_field(
        _("From"), required=False, help_text=_("Whoever held it before leaves the day before.")
    )
    ends_on = day_field(_("Until"), required=False)
    is_interim = forms.BooleanField(label=_("Acting for the time being"), required=False)
    source = forms.CharField(label=_("Where it is known from"), required=False, max_length=200)

    def offer(self) -> None:
        """Offer the posts the user may read."""
        if self.user is not None:
            self.pick("post", posts_for(self.user).filter(abolished_on=None))


class DayForm(ReaderForm):
    """The day on which something ends."""

    day = day_field(_("Last day"), required=True)


class PrecedenceForm(ReaderForm):
    """A place in the order of precedence, by hand."""

    position = forms.IntegerField(
        label=_("Place in the order"), required=False, min_value=1, max_value=9999,
        help_text=_("Empty: the order follows class and taking up functions."),
    )  # fmt: skip
    note = forms.CharField(label=_("Why, and who decided"), max_length=300)
    decided_on = day_field(_("Decided on"), required=True)


class PointForm(ReaderForm):
    """A way to reach somebody."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPoint.Kind)
    value = forms.CharField(label=_("As given"), max_length=300)
    label = forms.CharField(label=_("Label"), required=False, max_length=60)
    is_private = forms.BooleanField(
        label=pgettext_lazy("contact point", "Private: only for those who may see private numbers"),
        required=False,
        initial=True,
    )


class ConsentForm(ReaderForm):
    """What a person agreed to or refused."""

    purpose = forms.ChoiceField(label=_("What for"))
    channel = forms.ChoiceField(label=_("How"))
    is_given = forms.TypedChoiceField(
        label=_("What they said"),
        choices=[("yes", _("They agreed")), ("no", _("They refused"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    basis = forms.ChoiceField(label=_("Basis"), choices=Consent.Basis)
    source = forms.CharField(label=_("Where it was said"), max_length=200)
    given_on = day_field(_("On"), required=True)
    expires_on = day_field(_("Ends on"), required=False)

    def offer(self) -> None:
        """Offer the purposes and channels of the register."""
        self.choose("purpose", choices("purposes"), blank=False)
        self.choose("channel", choices("channels"), blank=False)


class RelationshipForm(ReaderForm):
    """How two people stand to each other."""

    kind = forms.ChoiceField(label=_("Relationship"))
    other = PeopleField(is_one=True, label=_("Person"))
    source = forms.CharField(label=_("Where it is known from"), max_length=200)
    starts_on = day_field(_("From"), required=False)
    ends_on = day_field(_("Until"), required=False)

    def offer(self) -> None:
        """Offer the kinds of relationships."""
        self.choose("kind", choices("relationships", [self.initial.get("kind", "")]), blank=False)


class InteractionForm(SharedForm):
    """A contact that took place."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Interaction.Kind)
    happened_on = day_field(pgettext_lazy("of a contact", "On"), required=True)
    subject = forms.CharField(label=_("In one line"), max_length=200)
    text = forms.CharField(
        label=_("What was said"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    post = SearchChoiceField(Post.objects.none(), label=_("With the post"), required=False)
    organisation = SearchChoiceField(
        Organisation.objects.none(), label=_("With the organisation"), required=False
    )
    people = PeopleField(label=_("People"), required=False)
    field_order = ("kind", "happened_on", "subject", "text", "post", "organisation", "people")

    def offer(self) -> None:
        """Offer what the user may read."""
        super().offer()
        if self.user is not None:
            self.pick("post", posts_for(self.user).filter(abolished_on=None))
            self.pick("organisation", organisations_for(self.user))


class PromiseForm(ReaderForm):
    """What was promised."""

    text = forms.CharField(label=_("What was promised"), max_length=300)
    is_ours = forms.TypedChoiceField(
        label=_("Who promised"),
        choices=[("no", _("They promised")), ("yes", _("We promised"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    due_on = day_field(_("By"), required=False)


class SettleForm(ReaderForm):
    """What became of a promise."""

    state = forms.ChoiceField(label=_("What became of it"), choices=Promise.State)
    on = day_field(_("On"), required=True)
    note = forms.CharField(label=_("How it went"), required=False, max_length=300)


class NoteForm(SharedForm):
    """A note."""

    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 5}))
    field_order = ("text", "visibility", "readers")


class VisibilityForm(SharedForm):
    """Who may read a record."""


class MembershipForm(ReaderForm):
    """Who belongs to a coalition or working group."""

    member = SearchChoiceField(Organisation.objects.none(), label=_("Organisation"), required=False)
    person = PeopleField(is_one=True, label=_("Person"), required=False)
    role = forms.CharField(label=_("Role"), required=False, max_length=80)
    starts_on = day_field(_("From"), required=False)
    source = forms.CharField(label=_("Where it is known from"), required=False, max_length=200)

    def offer(self) -> None:
        """Offer the organisations the user may read."""
        if self.user is not None:
            self.pick("member", organisations_for(self.user))

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one member."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("member")) == bool(cleaned.get("person")):
            self.add_error("member", _("Choose either an organisation or a person."))
        return cleaned


class ExportForm(ReaderForm):
    """Why people are taken out as a file, and as what."""

    kind = forms.ChoiceField(
        label=_("File"),
        choices=[
            ("xlsx", _("Spreadsheet (XLSX)")),
            ("csv", _("Table (CSV)")),
            ("vcf4", _("Cards, new form (vCard 4)")),
            ("vcf3", _("Cards for telephones and Outlook (vCard 3)")),
        ],
    )
    reason = forms.CharField(
        label=_("What for"), max_length=200, help_text=_("It stands in the log with your name.")
    )
    with_private = forms.BooleanField(
        label=_("With private telephone numbers and addresses"), required=False
    )


def _honorifics() -> list[tuple[str, str]]:
    return [(code, str(text)) for code, text in honorific_texts().items()]
