from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField


class Procedure(Record):
    """The way on which an instrument becomes law in a jurisdiction, as data."""

    code = models.SlugField(max_length=40, unique=True)
    name = MultilingualField(_("name"))

    def __str__(self) -> str:
        return str(self.name)


class Stage(Record):
    """A station of a procedure: who decides, on what basis, how long a law may stand there.

    The clock runs from the day on which the law came, until it comes to another stage.
    """

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="stages")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name = MultilingualField(_("name"))
    decided_by = MultilingualField(_("who decides"), blank=True)
    basis = MultilingualField(_("legal basis"), blank=True)
    document = MultilingualField(_("document that comes out"), blank=True)
    clock_days = models.PositiveSmallIntegerField(
        _("days until the next stage"), null=True, blank=True
    )
    counts_working_days = models.BooleanField(_("only working days count"), default=False)
    # Codes of `LegislativeStep.Evidence` by which the stage is proven; any, where there is none.
    proofs = models.JSONField(_("what proves it"), default=list, blank=True)
    may_repeat = models.BooleanField(_("it may be repeated"), default=False)
    # Whether a law may be sent back from here to an earlier stage.
    may_return = models.BooleanField(_("it may be sent back"), default=False)
    # Left out for laws that have not come to it.
    is_retired = models.BooleanField(default=False, editable=False)
    # What ends on a day off ends on the next working day.
    rolls = models.BooleanField(_("a day off moves the end"), default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["procedure", "code"], name="legislation_stage_code"),
        )

    def __str__(self) -> str:
        return str(self.name)
