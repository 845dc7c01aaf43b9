"""A conversation as read from files: votes with the ids, texts and times they came with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from hiwar.engine.opinion import Moderation, Votes

Identifier = int | str


@dataclass(frozen=True)
class SourceFile:
    """A file that was read: its name, its size in bytes and its SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, eq=False)
class Events:
    """Every vote in the order of time, revotes included; indices as in `Votes`."""

    participant: NDArray[np.int32]
    statement: NDArray[np.int32]
    vote: NDArray[np.int8]
    time: NDArray[np.int64] | None


@dataclass(frozen=True)
class Signs:
    """What was read as agree, and why.

    `agree` is 1 or -1, None where answers were words. `basis` is "counts" (counts beside the votes
    confirm it), "database" (titles of the database of the exports, where -1 is agree), "words",
    "asked" (somebody said so) or "unchecked".
    """

    agree: int | None = 1
    basis: str = "unchecked"


@dataclass(frozen=True)
class Weighting:
    """How the weights came about, and what they cost.

    `method` is "given" or "raking". `effective_sample_size` is in (0, N]; `largest_gap` is the
    largest difference in [0, 1] between a weighted share and its target, None for given weights.
    """

    method: str
    effective_sample_size: float
    minimum: float
    maximum: float
    largest_gap: float | None = None
    is_converged: bool | None = None


@dataclass(frozen=True, eq=False)
class Conversation:
    """Votes and what is known about participants and statements.

    Rows and columns of `votes` follow `participant_ids` and `statement_ids`. `texts` holds one
    mapping from language code to text per statement ("" as the code when the language is unknown).
    `published_group` is the group that another system gave each participant, -1 for none.
    `counts` says what was set aside or found to differ while reading; `notes` are codes of
    what the reader of a report should know. `signs` says what was read as agree, None where votes
    did not come from a file. `dropped_columns` names file and title of columns that nobody read.
    """

    votes: Votes
    moderation: Moderation
    participant_ids: Sequence[Identifier]
    statement_ids: Sequence[Identifier]
    texts: Sequence[Mapping[str, str]]
    files: Sequence[SourceFile]
    title: str | None = None
    question: str | None = None
    revotes: int = 0
    events: Events | None = None
    published_group: NDArray[np.int32] | None = None
    attributes: Mapping[str, Sequence[str | None]] = field(default_factory=dict)
    weight: NDArray[np.float64] | None = None
    weighting: Weighting | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    signs: Signs | None = None
    dropped_columns: tuple[tuple[str, str], ...] = ()
