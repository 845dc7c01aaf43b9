from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.models import User
from hiwar.common.models import Record, StoredFile
from hiwar.common.multilingual import MultilingualField

WHOLE = 100


class Picture(Record):
    """A picture on the shelf of the site, with what is said of it and who of those shown agreed.

    The code stands in addresses of its renditions and cannot be guessed. The original is shown to
    nobody; withdrawn, nothing of the picture is left but that it was there.
    """

    code = models.CharField(max_length=24, unique=True, editable=False)
    original = models.OneToOneField(
        StoredFile, models.SET_NULL, null=True, related_name="+", editable=False
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alternative = MultilingualField(_("alternative text"), blank=True)
    is_decoration = models.BooleanField(_("is decoration"), default=False)
    caption = MultilingualField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    taken_on = models.DateField(_("day"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    # Per cent from the left and from the top of the upright picture, whatever is read which way.
    focus_x = models.PositiveSmallIntegerField(default=50, validators=[MaxValueValidator(WHOLE)])
    focus_y = models.PositiveSmallIntegerField(default=50, validators=[MaxValueValidator(WHOLE)])
    shows_people = models.BooleanField(_("shows people"), default=True)
    consent_by = models.CharField(_("who agreed"), max_length=300, blank=True)
    consent_until = models.DateField(_("agreed until"), null=True, blank=True)
    consent_record = models.CharField(_("record of it"), max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    destroyed = models.PositiveSmallIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return str(self.caption) or str(self.alternative) or self.code[:6]


class Rendition(Record):
    """A picture drawn anew in a width, without anything else that its file said."""

    class Kind(models.TextChoices):
        AVIF = "avif", "AVIF"
        WEBP = "webp", "WebP"
        JPEG = "jpeg", "JPEG"

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["picture", "kind", "width"], name="publishing_rendition_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.picture.code}/{self.width}.{self.kind}"
