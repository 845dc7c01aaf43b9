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
    """Return a parameter for each role: each run asks as who may least in `rooms` and who may most.

    The exhaustive run asks as all of them.
    """
    asked = among or tuple(role["code"] for role in ROLES)
    may = {
        role: frozenset(code for code in PERMITS[role] if code.partition(".")[0] in rooms)
        for role in asked
    }
    ranked = sorted(asked, key=lambda role: len(may[role]))
    each_time = {ranked[0], ranked[-1]}
    return [
        pytest.param(
            role, id=role, marks=() if role in each_time else (pytest.mark.exhaustive("access"),)
        )
        for role in asked
    ]
