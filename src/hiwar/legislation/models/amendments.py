from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.legislation.models.consultations import Comment
from hiwar.legislation.models.laws import Law
from hiwar.legislation.models.versions import LawVersion


class Amendment(Record):
    """A change that the institution proposes to a version of a law, with why and for whom.

    It holds for the version in every language that it has a text in. The text that it changes is
    that of the version, which never changes, and is not kept a second time.
    """

    class Kind(models.TextChoices):
        SUBSTITUTION = "substitution", _("a new text in its place")
        PHRASE = "phrase", _("other words in it")
        INSERTION = "insertion", _("a new article behind it")
        REPEAL = "repeal", _("it is taken out")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("amendment", "draft")
        ADOPTED = "adopted", pgettext_lazy("amendment", "adopted by us")
        WITHDRAWN = "withdrawn", pgettext_lazy("amendment", "withdrawn")

    law = models.ForeignKey(Law, models.CASCADE, related_name="amendments")
    version = models.ForeignKey(LawVersion, models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("what changes"), max_length=12, choices=Kind)
    # The address of the provision that changes; of a new article, of the one before it.
    eid = models.CharField(_("provision"), max_length=120)
    # The words that others take the place of, where only words change.
    words = MultilingualField(_("words in force"), blank=True)
    text = MultilingualField(_("new text"), blank=True, is_long=True)
    reason = MultilingualField(_("reason"), is_long=True)
    affected = MultilingualField(_("who is affected"), blank=True)
    comments = models.ManyToManyField(Comment, related_name="amendments", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    is_published = models.BooleanField(default=False, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(editable=False)
    adopted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(null=True, editable=False)
    import_run = models.ForeignKey(
        "common.ImportRun", models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["law", "number"], name="legislation_amendment_number"),
            models.CheckConstraint(
                condition=models.Q(is_published=False) | models.Q(state="adopted"),
                name="legislation_amendment_published",
            ),
        )

    def __str__(self) -> str:
        return str(self.number)


class EquityNote(Record):
    """What an amendment does to a group that rules often pass over, seen through one lens.

    A note without words is owed: its amendment is not adopted before.
    """

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="notes")
    lens = models.SlugField(_("lens"), max_length=40)
    text = models.TextField(_("equity note"), blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["amendment", "lens"], name="legislation_equity_note_lens"
            ),
        )

    def __str__(self) -> str:
        return self.lens
