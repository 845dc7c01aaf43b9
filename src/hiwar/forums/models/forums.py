from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Post
from hiwar.dossiers.models import Dossier
from hiwar.places.models import Calendar


class Forum(Guarded):
    """A question that is taken through rounds and sessions, drafting and review, to a paper."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("forum", "being planned")
        APPROVED = "approved", pgettext_lazy("forum", "under way")
        CLOSED = "closed", pgettext_lazy("forum", "closed")

    code = models.SlugField(_("address"), max_length=60, unique=True)
    template = models.CharField(max_length=40, editable=False)
    title = MultilingualField(_("title"))
    question = MultilingualField(_("question"))
    options = MultilingualField(_("options, one a line"), is_long=True, blank=True)
    background = MultilingualField(_("background"), is_long=True, blank=True)
    on_the_table = MultilingualField(_("what is on the table"), is_long=True, blank=True)
    who_decides = MultilingualField(_("who decides"), blank=True)
    deciding_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("post that decides"),
    )  # fmt: skip
    decision_on = models.DateField(_("decision by"), null=True, blank=True)
    budget_head = MultilingualField(_("budget head it touches"), blank=True)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dossier"),
    )  # fmt: skip
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    restarts = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="restarted_by"
    )
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(editable=False)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_open(self) -> bool:
        """Whether its plan may still change."""
        return self.state != self.State.CLOSED


class ForumTarget(Record):
    """The floor that a forum means to reach: a share of people, or a number of places."""

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="targets")
    attribute = models.CharField(max_length=20)  # sex, age_band, disability, place, sector
    values = models.JSONField(default=list)
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    label = MultilingualField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(share__isnull=False, count__isnull=True)
                | Q(share__isnull=True, count__isnull=False),
                name="forums_target_share_or_count",
            ),
        )

    def __str__(self) -> str:
        return str(self.label)
