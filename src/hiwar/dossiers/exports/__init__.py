"""Files of the room: the barrier register, lists of signatories, joint statements in print."""

from __future__ import annotations

from hiwar.dossiers.exports.barriers import barriers_csv, barriers_xlsx

__all__ = ["barriers_csv", "barriers_xlsx"]
