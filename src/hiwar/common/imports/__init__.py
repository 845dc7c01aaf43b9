"""Files brought in: looked at, confirmed as one step, undone as one step, the same in every room.

A room registers an `Importer` (what its columns are called, who may, how rows become a `Plan`, how
a plan is written and taken back). Its runs, their screens, their sealed content and the work
beside the requests are here and at the desk of `accounts`.
"""

from __future__ import annotations

from hiwar.common.imports.importers import (
    Home,
    Importer,
    Part,
    Source,
    Told,
    at_page,
    importer_of,
    importers,
    register_importer,
    whoever,
)
from hiwar.common.imports.plans import Change, NotTaken, Plan, Problem, Report, ShownRow

__all__ = [
    "Change",
    "Home",
    "Importer",
    "NotTaken",
    "Part",
    "Plan",
    "Problem",
    "Report",
    "ShownRow",
    "Source",
    "Told",
    "at_page",
    "importer_of",
    "importers",
    "register_importer",
    "whoever",
]
