from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Person
from hiwar.dossiers.models.strategy import Programme, Project

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="dossiers",
        verbose_name=_("programme"),
    )  # fmt: skip
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="dossiers",
        verbose_name=_("project"),
    )  # fmt: skip
    created_at = models.DateTimeField(editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = (models.Index(fields=["state", "code"], name="dossiers_dossier_state"),)

    def __str__(self) -> str:
        return str(self.title)


_S = Dossier.State
# What usually follows what. Another step is possible with a reason, and is marked as such.
NEXT_STATES: Mapping[str, tuple[str, ...]] = {
    _S.OBSERVED: (_S.OPENED, _S.DORMANT),
    _S.OPENED: (_S.IN_DIALOGUE, _S.DRAFTED, _S.DORMANT),
    _S.IN_DIALOGUE: (_S.DRAFTED, _S.DORMANT),
    _S.DRAFTED: (_S.ADOPTED, _S.IN_DIALOGUE, _S.DORMANT),
    _S.ADOPTED: (_S.IN_ADVOCACY, _S.DORMANT),
    _S.IN_ADVOCACY: (_S.ANSWERED, _S.PARTLY_MET, _S.MET, _S.DORMANT),
    _S.ANSWERED: (_S.PARTLY_MET, _S.MET, _S.IN_ADVOCACY, _S.IN_DIALOGUE, _S.DORMANT),
    _S.PARTLY_MET: (_S.MET, _S.IN_ADVOCACY, _S.ANSWERED, _S.DORMANT),
    _S.MET: (_S.REOPENED, _S.DORMANT),
    _S.DORMANT: (_S.REOPENED,),
    _S.REOPENED: (_S.IN_DIALOGUE, _S.DRAFTED, _S.IN_ADVOCACY, _S.DORMANT),
}


class StateChange(Record):
    """A dossier's step from one state to another, with its day, its source and the reason."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    before = models.CharField(max_length=12, choices=Dossier.State, blank=True)
    after = models.CharField(_("new state"), max_length=12, choices=Dossier.State)
    on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    reason = MultilingualField(_("reason"), blank=True)
    is_unusual = models.BooleanField(_("out of the usual order"), default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["dossier", "number"], name="dossiers_statechange_number"
            ),
        )

    def __str__(self) -> str:
        return f"{self.on}: {self.after}"


class DossierPerson(Record):
    """Somebody's part in a dossier: a colleague or a person of the register, in a role."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="people")
    role = models.CharField(_("role"), max_length=30)  # words are data
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("colleague")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    added_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, person=None) | Q(user=None, person__isnull=False),
                name="dossiers_dossierperson_one",
            ),
            models.UniqueConstraint(
                fields=["dossier", "role", "user"], name="dossiers_dossierperson_user"
            ),
            models.UniqueConstraint(
                fields=["dossier", "role", "person"], name="dossiers_dossierperson_person"
            ),
        )

    def __str__(self) -> str:
        return str(self.user or self.person)


class Document(Record):
    """A document or page that belongs to a dossier: where it is found, or where it is kept."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="documents")
    title = MultilingualField(_("title"))
    publisher = models.CharField(_("who published it"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    kept_at = models.CharField(_("where it is kept"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    added_at = models.DateTimeField(editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return str(self.title)


class NextStep(Record):
    """What somebody has promised to do for a dossier, and by when."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="steps")
    what = MultilingualField(_("what"))
    owner = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("who answers for it")
    )
    due_on = models.DateField(_("due on"))
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(editable=False)

    class Meta:
        indexes = (models.Index(fields=["done_at", "due_on"], name="dossiers_nextstep_due"),)

    def __str__(self) -> str:
        return str(self.what)
