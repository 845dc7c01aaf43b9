"""Examples of addresses of laws."""

from factories.legislation import SECOND, make_law, make_version
from hiwar.accounts.models import User
from hiwar.dossiers.models import Dossier


def _director() -> User:
    return User.objects.filter(roles__code="director").earliest("pk")


def law() -> dict[str, object]:
    subject = make_law(_director())
    make_version(subject)
    version = make_version(subject, SECOND)
    return {"key": subject.pk, "number": version.pk}


def dossier() -> dict[str, object]:
    return {"code": Dossier.objects.earliest("code").code}


EXAMPLES = {
    "legislation:law": law, "legislation:version": law, "legislation:step": law,
    "legislation:add_version": law, "legislation:new": dossier,
}  # fmt: skip
