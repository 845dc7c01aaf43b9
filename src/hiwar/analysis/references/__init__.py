"""Bibliographic references: names, and the formats that libraries exchange.

No framework and no network; `child` reads a file in a process of its own.
"""

from hiwar.analysis.references.names import Name, lines_of_names, names_of_lines

__all__ = ["Name", "lines_of_names", "names_of_lines"]
