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
    JointStatement,
    JointText,
    NextStep,
    Pillar,
    Programme,
    Project,
)
from hiwar.dossiers.queries.joint import latest_texts

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
    "dossiers.jointstatement.create": _("wrote a joint statement"),
    "dossiers.jointtext.update": _("changed the draft of a joint statement"),
    "dossiers.jointstatement.update": _("changed the settings of a joint statement"),
    "dossiers.jointstatement.open": _("opened a joint statement for signature"),
    "dossiers.jointstatement.begin_version": _("began a new version of a joint statement"),
    "dossiers.jointstatement.drop_version": _("dropped the draft of a new version"),
    "dossiers.jointstatement.close": _("closed the list of a joint statement"),
    "dossiers.jointstatement.reopen": _("opened the list of a joint statement again"),
    "dossiers.jointstatement.publish": _("published a joint statement"),
    "dossiers.jointstatement.withdraw": _("withdrew a joint statement"),
    "dossiers.jointstatement.ask": _("asked organisations to sign"),
    "dossiers.jointstatement.write_letters": _("put letters about signing into the outbox"),
    "dossiers.jointstatement.renew_link": _("made a new link for signing"),
    "dossiers.jointstatement.send": _("marked a letter about signing as sent"),
    "dossiers.jointstatement.change_request": _("changed where an organisation is written to"),
    "dossiers.jointstatement.take_back_request": _("took back a request to sign"),
    "dossiers.jointstatement.decline": _("kept that an organisation does not sign"),
    "dossiers.signature.give": _("signed a joint statement"),
    "dossiers.signature.change": _("changed a signature"),
    "dossiers.signature.withdraw": _("withdrew a signature"),
}


def names_of_dossiers(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of dossiers that all staff may read, by key."""
    dossiers = Dossier.objects.filter(pk__in=list(keys), visibility__in=WIDE)
    return {str(dossier.pk): str(dossier) for dossier in dossiers.order_by("pk")}


def names_of_barriers(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of barriers that all staff may read, by key."""
    barriers = Barrier.objects.filter(pk__in=list(keys), visibility__in=WIDE)
    barriers = barriers.filter(Q(dossier=None) | Q(dossier__visibility__in=WIDE))
    return {str(barrier.pk): str(barrier) for barrier in barriers.order_by("pk")}


def names_of_statements(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of joint statements that all staff may read, by key."""
    joint_statements = JointStatement.objects.filter(
        pk__in=list(keys), visibility__in=WIDE, dossier__visibility__in=WIDE
    )
    texts = latest_texts(list(joint_statements.order_by("pk")))
    return {str(key): str(text) for key, text in texts.items()}


def names_of_joint_texts(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of versions of joint statements that all staff may read, by key."""
    joint_texts = JointText.objects.filter(
        pk__in=list(keys),
        statement__visibility__in=WIDE,
        statement__dossier__visibility__in=WIDE,
    )
    return {str(text.pk): str(text) for text in joint_texts.order_by("pk")}


def names_of_parts(model: type[Fact | Document | NextStep], keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of the dossiers to which parts belong that all staff may read, by key."""
    records = model._default_manager.filter(pk__in=list(keys), dossier__visibility__in=WIDE)
    return {
        str(record.pk): str(record.dossier)
        for record in records.select_related("dossier").order_by("pk")
    }


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
    "dossiers.jointstatement": names_of_statements,
    "dossiers.jointtext": names_of_joint_texts,
    "dossiers.fact": names_of_facts,
    "dossiers.document": names_of_documents,
    "dossiers.nextstep": names_of_steps,
    "dossiers.pillar": names_of_pillars,
    "dossiers.programme": names_of_programmes,
    "dossiers.project": names_of_projects,
}


def _names(model: type[Branch], keys: Iterable[str]) -> dict[str, str]:
    records = model._default_manager.filter(pk__in=list(keys)).order_by("pk")
    return {str(record.pk): str(record) for record in records}
