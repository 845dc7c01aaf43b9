from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
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
