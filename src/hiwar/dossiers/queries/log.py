"""How the room's verbs and records read in the log; what is not open to all is not named there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.queries import WIDE
from hiwar.dossiers.models import (
    Barrier,
    Document,
    Dossier,
    Fact,
    NextStep,
    Pillar,
    Programme,
    Project,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.dossiers.models.strategy import Branch

VERBS = {
    "dossiers.dossier.create": _("made a dossier"),
    "dossiers.dossier.update": _("changed a dossier"),
    "dossiers.dossier.set_readers": _("named who reads a dossier"),
    "dossiers.dossier.place": _("hung a dossier on a programme"),
    "dossiers.dossier.change_state": _("changed the state of a dossier"),
    "dossiers.dossier.take_back_state": _("took back a change of state"),
    "dossiers.dossier.archive": _("put a dossier away"),
    "dossiers.dossier.restore": _("brought a dossier back"),
    "dossiers.dossier.add_person": _("gave somebody a role in a dossier"),
    "dossiers.dossier.remove_person": _("took a role in a dossier away"),
    "dossiers.document.add": _("added a document"),
    "dossiers.document.remove": _("removed a document"),
    "dossiers.document.restore": _("put a document back"),
    "dossiers.nextstep.add": _("added a next step"),
    "dossiers.nextstep.finish": _("finished a next step"),
    "dossiers.nextstep.reopen": _("reopened a next step"),
    "dossiers.fact.add": _("added a fact"),
    "dossiers.fact.check": _("checked a fact"),
    "dossiers.fact.correct": _("corrected a fact"),
    "dossiers.fact.withdraw": _("took a fact back"),
    "dossiers.fact.restore": _("put a fact back"),
    "dossiers.pillar.add": _("added a pillar"),
    "dossiers.pillar.update": _("changed a pillar"),
    "dossiers.programme.add": _("added a programme"),
    "dossiers.programme.update": _("changed a programme"),
    "dossiers.programme.move": _("moved a programme"),
    "dossiers.project.add": _("added a project"),
    "dossiers.project.update": _("changed a project"),
    "dossiers.project.move": _("moved a project"),
    "dossiers.barrier.add": _("entered a barrier"),
    "dossiers.barrier.update": _("changed a barrier"),
    "dossiers.barrier.set_groups": _("changed who meets a barrier"),
    "dossiers.barrier.change_state": _("changed the state of a barrier"),
}


def names_of_dossiers(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of dossiers that all staff may read, by key."""
    found = Dossier.objects.filter(pk__in=list(keys), visibility__in=WIDE)
    return {str(one.pk): str(one) for one in found.order_by("pk")}


def names_of_barriers(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of barriers that all staff may read, by key."""
    found = Barrier.objects.filter(pk__in=list(keys), visibility__in=WIDE)
    found = found.filter(Q(dossier=None) | Q(dossier__visibility__in=WIDE))
    return {str(one.pk): str(one) for one in found.order_by("pk")}


def names_of_parts(model: type[Fact | Document | NextStep], keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of the dossiers to which parts belong that all staff may read, by key."""
    found = model._default_manager.filter(pk__in=list(keys), dossier__visibility__in=WIDE)
    return {str(one.pk): str(one.dossier) for one in found.select_related("dossier").order_by("pk")}


def names_of_facts(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of the dossiers of facts, by key."""
    return names_of_parts(Fact, keys)


def names_of_documents(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of the dossiers of documents, by key."""
    return names_of_parts(Document, keys)


def names_of_steps(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of the dossiers of next steps, by key."""
    return names_of_parts(NextStep, keys)


def names_of_pillars(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of pillars by key."""
    return _names(Pillar, keys)


def names_of_programmes(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of programmes by key."""
    return _names(Programme, keys)


def names_of_projects(keys: Iterable[str]) -> dict[str, str]:
    """Return the names of projects by key."""
    return _names(Project, keys)


NAMERS = {
    "dossiers.dossier": names_of_dossiers,
    "dossiers.barrier": names_of_barriers,
    "dossiers.fact": names_of_facts,
    "dossiers.document": names_of_documents,
    "dossiers.nextstep": names_of_steps,
    "dossiers.pillar": names_of_pillars,
    "dossiers.programme": names_of_programmes,
    "dossiers.project": names_of_projects,
}


def _names(model: type[Branch], keys: Iterable[str]) -> dict[str, str]:
    found = model._default_manager.filter(pk__in=list(keys)).order_by("pk")
    return {str(one.pk): str(one) for one in found}
