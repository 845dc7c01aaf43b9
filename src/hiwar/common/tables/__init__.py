"""Tables at the border of the house: the one reader of files, in a closed process, and the writer.

`read_workbook` and `read_cards` are called by a door before it opens a transaction; `write_csv`,
`write_xlsx` and `file_response` are what every room's exports end in.
"""

from hiwar.analysis.tables import (
    Card,
    Headings,
    Limits,
    Sheet,
    Table,
    Workbook,
    read_records,
    table_of,
)
from hiwar.analysis.tables.headings import fold, key_of
from hiwar.common.files.closed_process import ReaderBusy
from hiwar.common.tables.reading import (
    FileEmpty,
    FileTooLarge,
    FileUnreadable,
    read_cards,
    read_workbook,
)
from hiwar.common.tables.uploads import Taken, Upload, own_upload, read_upload, sentences, take
from hiwar.common.tables.writing import CSV, XLSX, cell, file_response, write_csv, write_xlsx

__all__ = [
    "CSV",
    "XLSX",
    "Card",
    "FileEmpty",
    "FileTooLarge",
    "FileUnreadable",
    "Headings",
    "Limits",
    "ReaderBusy",
    "Sheet",
    "Table",
    "Taken",
    "Upload",
    "Workbook",
    "cell",
    "file_response",
    "fold",
    "key_of",
    "own_upload",
    "read_cards",
    "read_records",
    "read_upload",
    "read_workbook",
    "sentences",
    "table_of",
    "take",
    "write_csv",
    "write_xlsx",
]
