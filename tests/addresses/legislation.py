"""Examples of addresses of laws."""

from factories.legislation import FIRST, NOW, SECOND, make_law, make_version
from hiwar.accounts.models import User
from hiwar.dossiers.models import Dossier
from hiwar.legislation.actions.laws import publish_version


def _director() -> User:
    return User.objects.filter(roles__code="director").earliest("pk")


def law() -> dict[str, object]:
    subject = make_law(_director())
    make_version(subject)
    version = make_version(subject, SECOND)
    return {"key": subject.pk, "number": version.pk}


def dossier() -> dict[str, object]:
    return {"code": Dossier.objects.earliest("code").code}


def published() -> dict[str, object]:
    subject = make_law(_director())
    for text in (FIRST, SECOND):
        publish_version(actor=_director(), version=make_version(subject, text), now=NOW)
    return {"key": subject.pk, "name": "2-ar", "kind": "csv", "slug": "14-bis"}


EXAMPLES = {
    "legislation:law": law, "legislation:version": law, "legislation:step": law,
    "legislation:add_version": law, "legislation:new": dossier,
    "public_laws:law": published, "public_laws:feed": published, "public_laws:compare": published,
    "public_laws:text": published, "public_laws:file": published, "public_laws:article": published,
}  # fmt: skip
