"""Which files there are, and which of them belong to one conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hiwar.analysis.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# As exports are downloaded: a date, a number of the conversation, and what is in the file; a
# browser adds (1) to a second copy. Kinds in the order in which they are looked for in a name.
_NAME = re.compile(
    r"(?P<prefix>|.*?[-_. ])"
    r"(?P<kind>participants?-votes|votes|comments|statements|meta|summary)"
    r"(?P<copy>(?: ?\(\d+\))?)\.(?P<form>csv|csv\.gz|tsv|parquet|xlsx)",
    re.IGNORECASE,
)
_DATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[-_ T][0-9]{4,6})?[-_ ]")
_FORMS = ("csv", "csv.gz", "tsv", "parquet", "xlsx")
_ROLES = {
    "votes": "votes", "participant-votes": "matrix", "participants-votes": "matrix",
    "statements": "statements", "comments": "statements", "meta": "meta", "summary": "summary",
}  # fmt: skip
_ORDER = ("votes", "participants-votes", "participant-votes", "statements", "comments")
_SHOWN = 6


@dataclass(frozen=True)
class Files:
    """Paths of what belongs together; `votes` may turn out to be a matrix by its header."""

    votes: Path | None = None
    matrix: Path | None = None
    statements: Path | None = None
    meta: Path | None = None
    summary: Path | None = None


def files_of(path: Path) -> Files:
    """Find the files of a folder, or what lies beside one file of votes.

    Names are told by their end, so that files can stay as they were downloaded.

    Raises
    ------
    BadInput
        If there is nothing at the path, the folder holds no votes, or those of several
        conversations.
    """
    if not path.exists():
        raise refuse("not_found", str(path))
    if not path.is_dir():
        return _beside(path)
    conversations = _conversations(path)
    with_votes = {key: files for key, files in conversations.items() if files.votes or files.matrix}
    if not with_votes:
        raise refuse("no_votes_in_folder", str(path))
    if len(with_votes) > 1:
        paths = [files.votes or files.matrix for files in with_votes.values()]
        names = sorted(path_shown.name for path_shown in paths if path_shown)
        raise refuse(
            "several_conversations", str(path), count=len(names),
            names=", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else ""),
            command=f"hiwar analyse {path / names[0]}",
        )  # fmt: skip
    [(key, files)] = with_votes.items()
    return _completed(files, conversations, key)


def _beside(path: Path) -> Files:
    """Return a file of votes with the texts and the title of the same conversation."""
    named = _NAME.fullmatch(path.name)
    conversations = _conversations(path.parent)
    key = _key(named) if named else ""
    files = _completed(conversations.get(key, Files()), conversations, key)
    return replace(files, votes=path, matrix=None)


def _completed(files: Files, conversations: Mapping[str, Files], key: str) -> Files:
    """Add what lies there for the same conversation from another day, or without any name."""
    same = [
        other
        for name, other in conversations.items()
        if name != key and _undated(name) == _undated(key)
    ]
    others = [*(same if len(same) == 1 else ()), conversations.get("", Files())]
    for other in others:
        files = replace(
            files,
            statements=files.statements or other.statements,
            meta=files.meta or other.meta,
            summary=files.summary or other.summary,
        )
    return files


def _conversations(folder: Path) -> dict[str, Files]:
    """Return the files by conversation: what stands before the kind in their names."""
    best: dict[tuple[str, str], tuple[int, int, str]] = {}
    paths: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.iterdir()):
        named = _NAME.fullmatch(path.name)
        if named is None or path.name.startswith(".") or not path.is_file():
            continue
        kind = named["kind"].lower()
        slot = _key(named), _ROLES[kind]
        order = _ORDER.index(kind) if kind in _ORDER else 0
        rank = order, _FORMS.index(named["form"].lower()), path.name
        if slot not in best or rank < best[slot]:
            best[slot], paths[slot] = rank, path
    conversations: dict[str, Files] = {}
    for (key, role), path in paths.items():
        conversations[key] = replace(conversations.get(key, Files()), **{role: path})
    return conversations


def _key(named: re.Match[str]) -> str:
    return (named["prefix"] + named["copy"]).strip()


def _undated(key: str) -> str:
    return _DATED.sub("", key, count=1)
