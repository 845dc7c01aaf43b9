from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded
from hiwar.common.multilingual import MultilingualField


class Dossier(Guarded):
    """An issue that the institution follows for years, and everything that hangs on it."""

    class State(models.TextChoices):
        OBSERVED = "observed", pgettext_lazy("dossier", "observed")
        OPENED = "opened", pgettext_lazy("dossier", "opened")
        IN_DIALOGUE = "in_dialogue", pgettext_lazy("dossier", "in dialogue")
        DRAFTED = "drafted", pgettext_lazy("dossier", "drafted")
        ADOPTED = "adopted", pgettext_lazy("dossier", "adopted by the institution")
        IN_ADVOCACY = "in_advocacy", pgettext_lazy("dossier", "in advocacy")
        ANSWERED = "answered", pgettext_lazy("dossier", "answered")
        PARTLY_MET = "partly_met", pgettext_lazy("dossier", "met in part")
        MET = "met", pgettext_lazy("dossier", "met")
        DORMANT = "dormant", pgettext_lazy("dossier", "dormant")
        REOPENED = "reopened", pgettext_lazy("dossier", "reopened")

    code = models.CharField(_("code"), max_length=40, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True, allow_unicode=True)
    title = MultilingualField(_("title"))
    aim = MultilingualField(_("aim"), is_long=True, blank=True)
    where_it_stands = MultilingualField(_("where it stands"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OBSERVED)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    created_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return str(self.title)
