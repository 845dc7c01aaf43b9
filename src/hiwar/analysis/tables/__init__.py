"""Tables as people save them: CSV of any usual kind, XLSX with all its sheets, cards of contacts.

`read_workbook` and `read_cards` take bytes, know no framework and no network, and keep to limits;
`table_of` finds the headings. Floor: `analysis`, so that the command reads as the desk does.
"""

from hiwar.analysis.tables.cells import clean
from hiwar.analysis.tables.delimited import read_records
from hiwar.analysis.tables.headings import Headings, Table, table_of
from hiwar.analysis.tables.reading import read_workbook
from hiwar.analysis.tables.vcards import Card, read_cards
from hiwar.analysis.tables.workbook import Encoding, Limits, Sheet, TableError, Workbook

__all__ = [
    "Card",
    "Encoding",
    "Headings",
    "Limits",
    "Sheet",
    "Table",
    "TableError",
    "Workbook",
    "clean",
    "read_cards",
    "read_records",
    "read_workbook",
    "table_of",
]
