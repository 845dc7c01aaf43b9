from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import ImportRun
from hiwar.dossiers.models import Dossier


class MediaItem(Guarded):
    """Something that a medium published on what the institution works on."""

    class Tone(models.TextChoices):
        POSITIVE = "positive", pgettext_lazy("tone", "positive")
        NEUTRAL = "neutral", pgettext_lazy("tone", "neutral")
        NEGATIVE = "negative", pgettext_lazy("tone", "negative")

    class Medium(models.TextChoices):
        PRESS = "press", pgettext_lazy("medium", "press")
        ONLINE = "online", pgettext_lazy("medium", "online")
        RADIO = "radio", pgettext_lazy("medium", "radio")
        TELEVISION = "television", pgettext_lazy("medium", "television")
        AGENCY = "agency", _("news agency")
        SOCIAL = "social", _("social page")
        FOREIGN = "foreign", _("foreign press")
        OTHER = "other", pgettext_lazy("medium", "other medium")

    code = models.CharField(_("code"), max_length=40, blank=True)
    published_on = models.DateField(_("published on"))
    outlet = models.CharField(_("medium"), max_length=200)
    medium = models.CharField(_("kind of medium"), max_length=20, choices=Medium)
    language = models.CharField(_("language"), max_length=12)
    headline = models.CharField(_("headline"), max_length=500)
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone)
    cites_institution = models.BooleanField(_("cites the institution"), default=False)
    reach = models.PositiveIntegerField(_("people reached, estimated"), null=True, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dossier"),
    )  # fmt: skip
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)
    import_run = models.ForeignKey(
        ImportRun, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(code=""), name="evidence_media_code"
            ),
        )
        indexes = (models.Index(fields=["-published_on"], name="evidence_media_day"),)

    def __str__(self) -> str:
        return self.headline
