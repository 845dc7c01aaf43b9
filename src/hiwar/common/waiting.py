"""What waits for a file, a process or a printer does so before a transaction is opened."""

from __future__ import annotations

from django.db import connections


def refuse_transaction() -> None:
    """Raise ``RuntimeError`` where a transaction is open: it would hold what votes wait for.

    The one lock of SQLite and the rows of PostgreSQL are held until a transaction ends. Whatever
    reads a stranger's file, lays out print or brings bytes to the disk asks here first.
    """
    for connection in connections.all(initialized_only=True):
        blocks = [
            block
            for block in connection.atomic_blocks
            if not getattr(block, "_from_testcase", False)
        ]
        if blocks:
            msg = "files are read, printed and kept before a transaction is opened, not inside it"
            raise RuntimeError(msg)
