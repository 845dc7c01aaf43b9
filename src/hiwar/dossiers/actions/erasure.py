"""What dossiers hold on a person of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.common.files.actions import erase_files
from hiwar.common.personal.holdings import Holding
from hiwar.dossiers.actions.prints import ask_print
from hiwar.dossiers.models import DossierPerson, JointPrint
from hiwar.signatures.actions.erasure import signed_by

if TYPE_CHECKING:
    from hiwar.common.personal.holdings import Traces


def _erase(traces: Traces) -> None:
    traces.drop(DossierPerson.objects.filter(person__in=traces.keys))
    # The organisation has signed and stays; what was printed with the name is printed anew.
    versions = {signature.version_id for signature in signed_by(traces)}
    prints = JointPrint.objects.filter(text__version__in=versions)
    failed = JointPrint.State.FAILED
    files = list(prints.exclude(file=None).values_list("file", flat=True))
    traces.empty(prints, file=None, pages=0, made_at=None, state=failed)
    erase_files(actor=None, keys=files, now=traces.now)
    for print_ in prints.order_by("pk"):
        ask_print(print_=print_, now=traces.now)


HOLDING = Holding(
    "contacts.person",
    "dossiers",
    ("dossiers.DossierPerson", "dossiers.JointPrint", "common.StoredFile"),
    _erase,
)
