"""The roles of an institution, for tests that look at the house as each of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hiwar.accounts

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

ROLES = json.loads((Path(hiwar.accounts.__file__).parent / "roles.json").read_text("utf-8"))
PERMITS = {role["code"]: frozenset(role["permissions"]) for role in ROLES}
PERMITS["outsider"] = frozenset()


def roles_that_differ(*rooms: str, among: tuple[str, ...] = ()) -> list[ParameterSet]:
    """Return a parameter for each role; those that may the same in `rooms` run once.

    Each run asks as the first of the roles that hold the same permissions of these rooms, the
    exhaustive run as all of them.
    """
    seen: set[frozenset[str]] = set()
    parameters = []
    for role in among or tuple(role["code"] for role in ROLES):
        may = frozenset(code for code in PERMITS[role] if code.partition(".")[0] in rooms)
        marks = (pytest.mark.exhaustive("access"),) if may in seen else ()
        seen.add(may)
        parameters.append(pytest.param(role, marks=marks, id=role))
    return parameters
