from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.common.multilingual import (
    MultilingualField,
    MultilingualText,
    installation_languages,
)
from hiwar.contacts.models import Interaction, Organisation
from hiwar.dossiers.models import Dossier
from hiwar.evidence.models import Source


class Visit(Guarded):
    """The stay of a delegation, from the idea to the report."""

    class State(models.TextChoices):
        IDEA = "idea", pgettext_lazy("visit", "idea")
        INVITED = "invited", pgettext_lazy("visit", "invited")
        CONFIRMED = "confirmed", pgettext_lazy("visit", "confirmed")
        DRAFT = "draft", pgettext_lazy("visit", "programme in draft")
        FIXED = "fixed", pgettext_lazy("visit", "programme fixed")
        UNDER_WAY = "under_way", pgettext_lazy("visit", "under way")
        HELD = "held", pgettext_lazy("visit", "held")
        POSTPONED = "postponed", pgettext_lazy("visit", "postponed")
        CANCELLED = "cancelled", pgettext_lazy("visit", "cancelled")
        FOLLOWED_UP = "followed_up", pgettext_lazy("visit", "followed up")
        CLOSED = "closed", pgettext_lazy("visit", "closed")

    class Reason(models.TextChoices):
        REFUSED_ENTRY = "refused_entry", _("refused entry")
        SECURITY = "security", _("security")
        HEALTH = "health", _("health")
        SENDER = "sender", _("the sender's own reasons")
        OTHER = "other", _("other reasons")

    code = models.CharField(_("code"), max_length=40, unique=True)
    title = MultilingualField(_("title"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.IDEA)
    reason_class = models.CharField(
        _("kind of reason"), max_length=16, choices=Reason, blank=True, default=""
    )
    sender = MultilingualField(_("who sends the delegation"), blank=True)
    partner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dossiers = models.ManyToManyField(
        Dossier, related_name="+", blank=True, verbose_name=_("dossiers")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    zone = models.CharField(_("time zone"), max_length=60)
    home_zone = models.CharField(_("time zone at home"), max_length=60, blank=True)
    members_hidden = models.BooleanField(_("names stay inside until arrival"), default=True)
    languages = models.JSONField(_("languages of the pack"), default=list)
    vehicle = models.CharField(_("vehicle"), max_length=120, blank=True)
    buffer_minutes = models.PositiveSmallIntegerField(_("spare minutes per leg"), default=30)
    access_check = models.CharField(_("when access is checked"), max_length=200, blank=True)
    emergency = models.JSONField(_("emergency numbers"), default=list, blank=True)
    summary = MultilingualField(_("what the public may read"), is_long=True, blank=True)
    statement = MultilingualField(_("holding statement"), is_long=True, blank=True)
    documents_kept_days = models.PositiveSmallIntegerField(
        _("days that travel documents are kept"), default=14
    )
    report_due_on = models.DateField(_("report due on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies"
    )
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="visits_visit_order"
            ),
        )

    def __str__(self) -> str:
        return str(self.title)

    @property
    def pack_languages(self) -> list[str]:
        """The languages in which packs are made: of those wished the ones that are spoken here."""
        spoken = installation_languages()
        return [code for code in self.languages if code in spoken] or list(spoken)

    @property
    def emergency_numbers(self) -> list[dict[str, object]]:
        """Whom to call, by name in any language."""
        return [
            {"name": MultilingualText(line.get("name")), "phone": line.get("phone", "")}
            for line in self.emergency
        ]

    @property
    def is_over(self) -> bool:
        """Whether nothing of the programme is to come."""
        return self.state in {
            self.State.HELD,
            self.State.POSTPONED,
            self.State.CANCELLED,
            self.State.FOLLOWED_UP,
            self.State.CLOSED,
        }


class Traveller(Record):
    """A person of a delegation, with what they need on the way."""

    class Variant(models.TextChoices):
        MEMBER = "member", pgettext_lazy("traveller", "member")
        STAFF = "staff", pgettext_lazy("traveller", "staff")
        PRESS = "press", pgettext_lazy("traveller", "press")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="travellers")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name as in the passport"), max_length=160)
    other_name = models.CharField(_("name in other letters"), max_length=160, blank=True)
    role = MultilingualField(_("function"), blank=True)
    party = models.CharField(_("party"), max_length=120, blank=True)
    variant = models.CharField(_("receives the pack of"), max_length=8, choices=Variant)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    diet = models.CharField(_("diet"), max_length=60, blank=True)
    needs = models.CharField(_("needs"), max_length=200, blank=True)
    is_step_free = models.BooleanField(_("needs step-free ways"), default=False)
    is_head = models.BooleanField(_("head of the delegation"), default=False)
    bio = MultilingualField(_("about the person"), is_long=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["visit", "number"], name="visits_traveller_number"),
        )

    def __str__(self) -> str:
        return self.name


class TravellerDocument(Record):
    """A passport or permit paper of a traveller, sealed, and gone some days after the visit."""

    class Kind(models.TextChoices):
        PASSPORT = "passport", _("passport")
        IDENTITY = "identity", _("identity card")
        OTHER = "other", pgettext_lazy("document", "other")

    traveller = models.ForeignKey(Traveller, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    sealed = models.BinaryField(editable=False)
    delete_on = models.DateField(editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = (models.Index(fields=["delete_on"], name="visits_document_delete"),)

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def place(self) -> str:
        """Where the sealed text belongs, so that it opens nowhere else."""
        return f"visits_travellerdocument.sealed.{self.pk}"


class VisitVersion(Record):
    """A change of the programme that those who hold it are told, with a reason only staff read."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason, for staff only"), max_length=300, blank=True)
    changes = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["visit", "number"], name="visits_version_number"),
        )

    def __str__(self) -> str:
        return f"{self.visit} · {self.number}"


class PackText(Record):
    """A text of the pack: the letter on top, an issue brief, advice, a glossary."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("cover letter")
        BRIEF = "brief", _("issue brief")
        ADVICE = "advice", _("safety and etiquette")
        RISK = "risk", _("risk note")
        GLOSSARY = "glossary", _("glossary")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="texts")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = MultilingualField(_("title"))
    body = MultilingualField(_("text"), is_long=True)
    is_for_members = models.BooleanField(_("for members"), default=True)
    is_for_press = models.BooleanField(_("also for the press"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    def __str__(self) -> str:
        return str(self.title)


class TalkingPoint(Record):
    """A point to make, with what it rests on and when that was last looked up."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="points")
    text = MultilingualField(_("point"), is_long=True)
    reference = MultilingualField(_("what it rests on"))
    address = models.URLField(_("address"), blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("source of the library"),
    )  # fmt: skip
    theme = models.CharField(_("theme"), max_length=60, blank=True)
    is_for_members = models.BooleanField(_("for members"), default=True)
    is_for_press = models.BooleanField(_("also for the press"), default=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    def __str__(self) -> str:
        return str(self.text)


class PackHost(Record):
    """What the pack of a visit says of a host, and which of the last contacts it names."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="hosts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    about = MultilingualField(_("about the host"), is_long=True, blank=True)
    is_for_press = models.BooleanField(_("also for the press"), default=False)
    risk = models.TextField(_("risk note, for staff only"), max_length=2000, blank=True)
    contacts = models.ManyToManyField(
        Interaction, related_name="+", blank=True, verbose_name=_("last contacts in the pack")
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["visit", "organisation"], name="visits_packhost_once"),
        )

    def __str__(self) -> str:
        return str(self.organisation)
