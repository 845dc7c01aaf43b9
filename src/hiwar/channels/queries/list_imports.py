"""What a file of addresses would do: each row somebody who is asked to confirm."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hiwar.channels.models import Batch, Subscriber
from hiwar.channels.queries.subscribers import CONSENT, NEWSLETTER
from hiwar.channels.queries.ways import digest_of, former_digests, masked, normalised
from hiwar.common.imports import Plan, Problem, ShownRow
from hiwar.common.imports.plans import NEW, SHOWN_ROWS, left_columns
from hiwar.common.opt_outs import MAIL, opted_out
from hiwar.common.vocabularies.lists import words_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.common.imports import Source
    from hiwar.common.models import ImportRun

LIST = "list"
LONGEST_ADDRESS, LONGEST_EVIDENCE = 254, 300


def heading_words() -> Mapping[str, Sequence[str]]:
    """Return what the columns of a list may be called."""
    words: dict[str, list[str]] = words_in(Path(__file__).parents[1] / "list_columns.json")
    return words


def lacks_columns(run: ImportRun) -> bool:
    """Return whether a list has no column for addresses, or none for the evidence."""
    choices = run.choices.get(LIST)
    return choices is not None and not {"address", "evidence"} <= set(choices["mapping"].values())


def batch_of(run: ImportRun) -> UUID:
    """Return the key of the sending in which those of a run are asked."""
    return uuid5(run.pk, "confirmations")


def is_waiting_to_leave(run: ImportRun) -> bool:
    """Return whether the letters of a run wait for a last look."""
    return Batch.objects.filter(pk=batch_of(run), state=Batch.State.PREPARED).exists()


def plan_list(source: Source) -> Plan:
    """Return what a list would do; its data are address, language and evidence of each row.

    Nobody comes in without evidence of consent, who is on the list already, or who wants nothing.
    """
    taking = source.files[LIST]
    rows = [
        (line, {
            name: cells[int(at)].strip()
            for at, name in taking.mapping.items() if name and int(at) < len(cells)
        })
        for line, cells in taking.rows
    ]  # fmt: skip
    addresses = {normalised(values.get("address", "")) for _line, values in rows} - {""}
    silent = opted_out(MAIL, addresses, NEWSLETTER, CONSENT)
    known = _known(addresses)
    taken: list[dict[str, str]] = []
    shown: list[ShownRow] = []
    problems: list[Problem] = []
    for line, values in rows:
        address = normalised(values.get("address", ""))
        code = _fault(address, values.get("evidence", ""), silent, known)
        if code:
            column = "evidence" if code == "evidence_missing" else "address"
            problems.append(Problem(code, line, column=column, value="", leaves_out=True))
            continue
        known.add(address)
        language = values.get("language", "").casefold()
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        evidence = values["evidence"][:LONGEST_EVIDENCE]
        taken.append({"address": address, "language": language, "evidence": evidence})
        if len(shown) < SHOWN_ROWS:
            shown.append(ShownRow(line, NEW, (masked(address), language, evidence)))
    return Plan(
        rows=shown, problems=problems,
        not_taken=left_columns(taking.header, taking.rows, taking.mapping),
        counts={"subscribers": len(taken)}, data=taken,
    )  # fmt: skip


def _fault(address: str, evidence: str, silent: set[str], known: set[str]) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return "address_unreadable"
    if len(address) > LONGEST_ADDRESS:
        return "address_unreadable"
    if not evidence:
        return "evidence_missing"
    if address in silent:
        return "silent"
    return "there" if address in known else ""


def _known(addresses: set[str]) -> set[str]:
    """Return which addresses stand on the list, waiting or confirmed, or left it."""
    digests = {address: {digest_of(address), *former_digests(address)} for address in addresses}
    there: set[str] = set()
    every = sorted({digest for known in digests.values() for digest in known})
    for at in range(0, len(every), 500):
        rows = Subscriber.objects.filter(digest__in=every[at : at + 500])
        there.update(rows.values_list("digest", flat=True))
    return {address for address, known in digests.items() if known & there}
