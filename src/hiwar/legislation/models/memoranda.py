from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.common.models import IssuedNumber, Record
from hiwar.common.multilingual import MultilingualField
from hiwar.legislation.models.laws import Law
from hiwar.legislation.models.versions import LawVersion
from hiwar.signatures.models import Signing, SigningVersion


class Memorandum(Record):
    """A letter about a version of a law, with the adopted proposals as its annex, that is signed.

    Its words are changed until it is sent; what is signed and sent are editions, which are kept.
    """

    law = models.ForeignKey(Law, models.CASCADE, related_name="memoranda")
    version = models.ForeignKey(LawVersion, models.PROTECT, related_name="+")
    title = MultilingualField(_("title"))
    addressee = MultilingualField(_("to whom"))
    letter = MultilingualField(_("letter"), is_long=True)
    signing = models.OneToOneField(
        Signing, models.PROTECT, related_name="+", editable=False, verbose_name=_("signing")
    )
    number = models.OneToOneField(
        IssuedNumber, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(editable=False)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(sent_at=None, number=None)
                | models.Q(sent_at__isnull=False, number__isnull=False),
                name="legislation_memorandum_number",
            ),
        )

    def __str__(self) -> str:
        return str(self.title)


class MemorandumEdition(Record):
    """A memorandum as it was fixed: letter and annex to the letter, with their SHA-256.

    ``annex`` holds, by language, the proposals in order: number, label, old, new, reason.
    """

    memorandum = models.ForeignKey(Memorandum, models.CASCADE, related_name="editions")
    position = models.PositiveSmallIntegerField(editable=False)
    title = MultilingualField(_("title"))
    addressee = MultilingualField(_("to whom"))
    letter = MultilingualField(_("letter"), is_long=True)
    annex = models.JSONField(default=dict, editable=False)
    checksum = models.CharField(max_length=64, editable=False)
    signed_version = models.OneToOneField(
        SigningVersion, models.PROTECT, null=True, related_name="+", editable=False
    )
    fixed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["memorandum", "position"], name="legislation_edition_position"
            ),
        )

    def __str__(self) -> str:
        return f"{self.memorandum} · {self.position}"

    @property
    def languages(self) -> list[str]:
        """The languages in which it can be printed: those that the letter is written in."""
        return [code for code, _text in self.letter.in_order()]
