"""Examples of addresses of the library that no page of the demonstration links to."""

from factories.evidence import make_copy, make_source, make_testimony
from hiwar.accounts.models import User


def _director() -> User:
    return User.objects.filter(roles__code="director").earliest("pk")


def copy() -> dict[str, object]:
    return {"key": make_copy(make_source(_director())).pk}


def testimony() -> dict[str, object]:
    return {"key": make_testimony(_director()).pk}


EXAMPLES = {
    "evidence:copy": copy,
    "evidence:withdraw_consent": testimony,
    "evidence:export_sources": lambda: {"kind": "json"},
}
