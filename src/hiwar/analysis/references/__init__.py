"""Bibliographic references: names, and the formats that libraries exchange.

No framework and no network; `child` reads a file in a process of its own.
"""

from hiwar.analysis.references.citing import cite, csl_of
from hiwar.analysis.references.names import Name, lines_of_names, name_of, names_of_lines
from hiwar.analysis.references.reading import is_references, read_references
from hiwar.analysis.references.records import FIELDS, Reference, names_in, year_or_day

__all__ = [
    "FIELDS",
    "Name",
    "Reference",
    "cite",
    "csl_of",
    "is_references",
    "lines_of_names",
    "name_of",
    "names_in",
    "names_of_lines",
    "read_references",
    "year_or_day",
]
