"""Which files there are, and which of them has the say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiwar.analysis.problems import refuse

if TYPE_CHECKING:
    from pathlib import Path

_VOTES = ("votes.csv", "votes.csv.gz", "votes.parquet")
_MATRIX = ("participants-votes.csv", "participants-votes.csv.gz")
_STATEMENTS = (
    "statements.csv", "statements.csv.gz", "statements.parquet", "comments.csv", "comments.csv.gz",
)  # fmt: skip
_META = ("meta.csv",)
_SUMMARY = ("summary.csv",)


@dataclass(frozen=True)
class Files:
    """Paths of what belongs together; `votes` may turn out to be a matrix by its header."""

    votes: Path | None
    matrix: Path | None
    statements: Path | None
    meta: Path | None
    summary: Path | None


def files_of(path: Path) -> Files:
    """Find the files of a folder, or what lies beside one file of votes.

    Raises
    ------
    BadInput
        If there is nothing at the path or the folder holds no votes.
    """
    if not path.exists():
        raise refuse("not_found", str(path))
    folder = path if path.is_dir() else path.parent
    statements, meta, summary = (_first(folder, n) for n in (_STATEMENTS, _META, _SUMMARY))
    if not path.is_dir():
        return Files(path, None, statements, meta, summary)
    files = Files(_first(folder, _VOTES), _first(folder, _MATRIX), statements, meta, summary)
    if files.votes is None and files.matrix is None:
        raise refuse("no_votes_in_folder", str(path))
    return files


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)
