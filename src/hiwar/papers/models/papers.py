from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import PrivateLink, Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models import Dossier
from hiwar.forums.models import Forum
from hiwar.signatures.models import Signing, SigningVersion


class Paper(Guarded):
    """Something that the institution writes and publishes: a policy paper, a brief, a fact sheet.

    Its text is its blocks; what was frozen and published is its versions.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("paper", "draft")
        REVIEW = "review", pgettext_lazy("paper", "in review")
        FROZEN = "frozen", pgettext_lazy("paper", "frozen")
        EMBARGOED = "embargoed", pgettext_lazy("paper", "opens by the clock")
        PUBLISHED = "published", pgettext_lazy("paper", "published")
        CORRECTED = "corrected", pgettext_lazy("paper", "corrected")
        WITHDRAWN = "withdrawn", pgettext_lazy("paper", "withdrawn")

    code = models.SlugField(_("address"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=30)  # templates are data
    title = MultilingualField(_("title"))
    byline = models.TextField(_("who wrote it"), blank=True, max_length=1000)
    language = models.CharField(_("written in"), max_length=12)
    languages = models.JSONField(_("languages that are owed"), default=list)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dossier"),
    )  # fmt: skip
    forum = models.ForeignKey(
        Forum, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("policy forum"),
    )  # fmt: skip
    # That there is nothing to state is a statement too; a note takes it back.
    no_funders = models.BooleanField(default=False, editable=False)
    no_interests = models.BooleanField(default=False, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # Made when a version of it is opened for signature for the first time.
    signing = models.OneToOneField(
        Signing, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("signing"),
    )  # fmt: skip
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_open(self) -> bool:
        """Whether its text may be changed: a frozen one goes back to the draft first."""
        return self.state in {self.State.DRAFT, self.State.REVIEW}


class PaperVersion(Record):
    """The text of a paper as it was frozen: canonical, with its checksum; never changed."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(editable=False)
    correction = MultilingualField(_("what was corrected, and why"), blank=True, is_long=True)
    signed_version = models.OneToOneField(
        SigningVersion, models.PROTECT, null=True, related_name="+", editable=False
    )
    # Under embargo: it opens at a time on the clock of a place, "2027-03-02T07:30".
    opens_wall = models.CharField(max_length=16, blank=True, editable=False)
    opens_zone = models.CharField(max_length=60, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal = MultilingualField(_("why it was withdrawn"), blank=True, is_long=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["paper", "number"], name="papers_version_number"),
        )

    def __str__(self) -> str:
        return f"{self.paper} · {self.number}"

    @property
    def opens_on_clock(self) -> datetime | None:
        """When it opens, as the clock of the place shows it; None without an embargo."""
        return datetime.fromisoformat(self.opens_wall) if self.opens_wall else None

    @property
    def opens_on(self) -> date | None:
        """On which day it opens, as the calendar of the place shows it."""
        return date.fromisoformat(self.opens_wall[:10]) if self.opens_wall else None


class PressLink(Record):
    """That somebody may read a frozen text under embargo by a private link, before it opens."""

    version = models.ForeignKey(PaperVersion, models.CASCADE, related_name="press_links")
    name = models.CharField(_("who reads it"), max_length=120)
    outlet = models.CharField(_("for which paper, station or organisation"), max_length=160,
                              blank=True)  # fmt: skip
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=12)
    private_link = models.OneToOneField(
        PrivateLink, models.PROTECT, related_name="+", editable=False
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = (models.Index(fields=["version", "made_at"], name="papers_presslink_made"),)

    def __str__(self) -> str:
        return self.name or "–"
