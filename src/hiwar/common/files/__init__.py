"""Files that the house keeps: one store, one way to serve them, one way to destroy them.

A room registers a `FileKind` (who may read, which types, how large, how long), keeps a foreign key
down to a `StoredFile`, takes files with an `UploadField` (`uploads`), and calls `stage_file` before
its transaction, `store_file` in it, `read_file` and `erase_file`. The bytes lie behind one door,
`storage`, under no name that anybody chose.
"""

from __future__ import annotations

from hiwar.common.files.kinds import FileKind, kind_of, register_kind

__all__ = ["FileKind", "kind_of", "register_kind"]
