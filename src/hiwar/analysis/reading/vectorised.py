"""The fast path for large vote files; None means that the strict path must look at them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from hiwar.analysis.problems import refuse
from hiwar.analysis.reading import source as sources
from hiwar.analysis.reading import tables, values
from hiwar.analysis.reading.answers import MISSING
from hiwar.analysis.reading.assemble import Ballots
from hiwar.analysis.reading.roles import IGNORED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from hiwar.analysis.conversation import Identifier
    from hiwar.analysis.problems import Problems
    from hiwar.analysis.reading.meanings import Meanings
    from hiwar.analysis.reading.source import Source
    from hiwar.analysis.reading.tables import Roles

_BLOCK = 1 << 24
_BATCH = 1 << 16
_CODED = ("participant", "statement", "vote")


def read_csv(
    source: Source, roles: Roles, problems: Problems, meanings: Meanings
) -> Ballots | None:
    """Read a CSV in which every cell is what it should be."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    layout = _layout(source, roles)
    if layout is None:
        return None
    separator, names, dropped = layout
    coded = pa.dictionary(pa.int32(), pa.string())
    try:
        with pa.input_stream(
            str(source.path), compression="gzip" if source.is_gzip else None
        ) as stream:
            table = arrow_csv.read_csv(
                stream,
                arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK),
                arrow_csv.ParseOptions(delimiter=separator),
                arrow_csv.ConvertOptions(
                    column_types={names[role]: coded for role in _CODED},
                    include_columns=list(names.values()),
                ),
            )
    except (pa.ArrowException, OSError, UnicodeError):
        return None
    ballots = _from_table(table, names, meanings)
    if ballots is not None:
        for title in dropped:
            problems.drop(source.name, title)
    return ballots


def _layout(source: Source, roles: Roles) -> tuple[str, dict[str, str], list[str]] | None:
    """Return separator, title of each role and titles left out; None for anything unusual."""
    start = sources.head(source).removeprefix(b"\xef\xbb\xbf")
    first, newline, _ = start.partition(b"\n")
    try:
        line = first.removesuffix(b"\r").decode()
    except UnicodeDecodeError:
        return None
    if not newline or not line or line.count('"') % 2 or "\r" in line or "\0" in line:
        return None
    if tables.told_separator(first) is not None:
        return None
    separator = tables.separator(line)
    titles = next(csv.reader([line], delimiter=separator))
    names = _names(titles, roles)
    if names is None or len(set(titles)) != len(titles):
        return None
    return separator, names, _dropped(titles, roles)


def _names(titles: Sequence[str], roles: Roles) -> dict[str, str] | None:
    """Return the title of each role; None where one is missing, double or needs a closer look."""
    layout = tables.lay_out(titles, roles, IGNORED)
    if layout.twice or "conversation" in layout.at or not set(_CODED) <= layout.at.keys():
        return None
    return {role: titles[i] for role, i in layout.at.items()}


def _dropped(titles: Sequence[str], roles: Roles) -> list[str]:
    return [titles[i] for i in tables.lay_out(titles, roles, IGNORED).dropped]


def read_parquet(
    source: Source, roles: Roles, problems: Problems, meanings: Meanings
) -> Ballots | None:
    """Read a Parquet file; integers and texts are both understood."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source.path)
        schema = file.schema_arrow
        names = _names(schema.names, roles)
        if names is None:
            return None
        if not meanings.answers and all(
            _is_whole(schema.field(names[role]).type) for role in _CODED
        ):
            ballots = _whole_numbers(file, names)
        else:
            table = _coded(file.read(list(names.values()), use_threads=False), names)
            ballots = None if table is None else _from_table(table, names, meanings)
    except (pa.ArrowException, OSError, OverflowError) as error:
        raise refuse("corrupt_parquet", source.name, reason=type(error).__name__) from None
    if ballots is not None:
        for title in _dropped(schema.names, roles):
            problems.drop(source.name, title)
    return ballots


def _whole_numbers(file: pa.parquet.ParquetFile, names: Mapping[str, str]) -> Ballots | None:
    """Fill arrays by batches that stay in the cache, so that the table never exists as a whole."""
    count = file.metadata.num_rows
    people, statements = (_numbers(file, names[role]) for role in ("participant", "statement"))
    cast = np.empty(count, np.int8)
    times: list[NDArray[np.int64]] = []
    start = 0
    for batch in file.iter_batches(_BATCH, columns=list(names.values()), use_threads=False):
        end = start + len(batch)
        columns = {role: batch.column(title) for role, title in names.items()}
        if any(column.null_count for column in columns.values()):
            return None
        people[start:end] = columns["participant"].to_numpy()
        statements[start:end] = columns["statement"].to_numpy()
        choice = columns["vote"].to_numpy()
        if len(choice) and not (choice.min() >= -1 and choice.max() <= 1):
            return None
        cast[start:end] = choice
        if "time" in columns:
            moment = _times(columns["time"])
            if moment is None:
                return None
            times.append(moment)
        start = end
    if not count:
        return None
    person_ids, person = _number_places(people)
    del people
    statement_ids, statement = _number_places(statements)
    time = values.milliseconds(np.concatenate(times)) if times else None
    return Ballots(person_ids, statement_ids, person, statement, cast, time)


def _numbers(file: pa.parquet.ParquetFile, title: str) -> NDArray[np.int32 | np.int64]:
    """Return room for a column, no wider than its numbers need."""
    kind = file.schema_arrow.field(title).type
    narrow = kind.bit_width < 32 or str(kind) == "int32"
    return np.empty(file.metadata.num_rows, np.int32 if narrow else np.int64)


def _number_places(
    numbers: NDArray[np.int32 | np.int64],
) -> tuple[list[Identifier], NDArray[np.int32]]:
    low, high = int(numbers.min()), int(numbers.max())
    if high - low > 4 * len(numbers) + 1000:
        distinct, place = np.unique(numbers, return_inverse=True)
        return distinct.tolist(), place.astype(np.int32)
    # The numbers are dense: a table by number is faster and smaller than sorting.
    if low:
        numbers -= low
    seen = np.zeros(high - low + 1, np.bool_)
    seen[numbers] = True
    ids: NDArray[np.int64] = np.flatnonzero(seen) + low
    if seen.all():
        return ids.tolist(), numbers.astype(np.int32, copy=False)
    place_of = np.cumsum(seen, dtype=np.int32) - np.int32(1)
    return ids.tolist(), place_of[numbers]


def _is_whole(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind)) and kind != pa.uint64()


def _coded(table: pa.Table, names: Mapping[str, str]) -> pa.Table | None:
    """Code identifiers and votes of any type as texts; None where a number is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for role in _CODED:
        column = table.column(names[role])
        if pa.types.is_dictionary(column.type):
            continue
        if pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py():
            return None
        coded = pc.dictionary_encode(pc.cast(column, pa.string()))
        table = table.set_column(table.schema.get_field_index(names[role]), names[role], coded)
    return table


def _from_table(table: pa.Table, names: Mapping[str, str], meanings: Meanings) -> Ballots | None:
    """Decode the columns one by one, letting each go; None when a cell needs the strict path."""
    time = None
    if "time" in names:
        moments = _times(table.column(names["time"]))
        if moments is None:
            return None
        time = values.milliseconds(moments)
    ids: dict[str, list[Identifier]] = {}
    places: dict[str, NDArray[np.int32]] = {}
    for role in ("vote", "participant", "statement"):
        column = table.column(names[role])
        table = table.drop_columns([names[role]])
        decoded = _decode(column)
        del column
        if decoded is None:
            return None
        distinct, codes = decoded
        if role == "vote":
            choices = [meanings.vote(cell) for cell in distinct]
            if None in choices or MISSING in choices:
                return None
            worded = any(values.coded_vote(cell) is None for cell in distinct)
            vote = np.array(choices, np.int8)[codes]
        else:
            ids[role], place = values.identifiers(distinct)
            places[role] = place[codes]
        del codes, decoded
    return Ballots(
        ids["participant"], ids["statement"], places["participant"], places["statement"], vote,
        time, worded=worded,
    )  # fmt: skip


def _decode(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int32]] | None:
    """Return the distinct texts and the code of each cell; None for an unusual text."""
    import pyarrow as pa

    if not len(column) or column.null_count:
        return None
    column = column.unify_dictionaries()
    distinct = column.chunk(0).dictionary.cast(pa.string()).to_pylist()
    if any(cell is None or not cell.strip() or not cell.isprintable() for cell in distinct):
        return None
    codes = np.empty(len(column), np.int32)
    start = 0
    for chunk in column.chunks:
        codes[start : start + len(chunk)] = chunk.indices.to_numpy()
        start += len(chunk)
    return distinct, codes


def _times(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64] | None:
    """Return whole numbers or milliseconds; None for anything else."""
    import pyarrow as pa

    if column.null_count:
        return None
    if pa.types.is_temporal(column.type) and not pa.types.is_time(column.type):
        column = column.cast(pa.timestamp("ms"), safe=False).cast(pa.int64())
    if not pa.types.is_integer(column.type):
        return None
    moments: NDArray[np.int64] = column.to_numpy().astype(np.int64)
    return moments
