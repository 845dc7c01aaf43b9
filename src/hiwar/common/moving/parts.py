"""What of the house leaves open, what only sealed, and what stays behind, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from hiwar.common.backup.rows import Table, tables
from hiwar.common.models import StoredFile, Visibility

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.utils.functional import Promise

    Hidden = dict[str, set[Any]]

OF_THE_MACHINE = _("Belongs to the program and is of use to another Hiwar alone.")
SECRET_KEYS = _("Opens doors: whoever reads it could come in.")
# The tables that no copy holds, and why.
STAYS_BEHIND: dict[str, str | Promise] = {
    "accounts_look": _("When colleagues last looked is theirs alone, and begins anew."),
    "accounts_signedinsession": _("Sessions end with the house; everybody signs in anew."),
    "accounts_throttle": _("Wrong attempts of the last hours."),
    "common_searchdocument": _("The index is written anew from what is there."),
    "common_worker": _("Processes of one machine."),
    "django_session": _("Sessions end with the house; everybody signs in anew."),
}
# Of the ground floor and of libraries; rooms above declare their own.
_sealed_models: dict[str, str | Promise] = {
    "common.Duty": OF_THE_MACHINE,
    "common.Job": OF_THE_MACHINE,
    "common.PrivateLink": SECRET_KEYS,
    "common.WaitingDraft": _("Letters that were not handed over yet."),
    "auth.Group": OF_THE_MACHINE,
    "auth.Group_permissions": OF_THE_MACHINE,
    "auth.Permission": OF_THE_MACHINE,
    "contenttypes.ContentType": OF_THE_MACHINE,
    "django_tasks_database.DBTaskResult": OF_THE_MACHINE,
}
_secret_fields = {"common.AuditEntry.changed", "common.Erasure.keys"}
_open_bytes: dict[str, str] = {}


def keep_sealed(reason: str | Promise, *models: str) -> None:
    """Let all rows of models, as ``room.Model``, leave in the encrypted part alone."""
    _sealed_models.update(dict.fromkeys(models, reason))


def keep_secret(*fields: str) -> None:
    """Let columns, as ``room.Model.field``, leave in the encrypted part; bytes do by themselves."""
    _secret_fields.update(fields)


def lay_open(field: str, suffix: str) -> None:
    """Let bytes of a column that are no secret lie beside the table as files with a suffix."""
    _open_bytes[field] = suffix


@dataclass(frozen=True, slots=True)
class Part:
    """How a table leaves: ``why`` is the reason where the whole of it is sealed, else empty."""

    table: Table
    model: Any
    why: str | Promise
    shown: tuple[int, ...]
    secret: tuple[int, ...]
    key: int

    @property
    def label(self) -> str:
        """The model as ``room.Model``."""
        return str(self.model._meta.label)

    def suffix(self, at: int) -> str:
        """Return how files of a column end that holds open bytes; empty for any other column."""
        return _open_bytes.get(f"{self.label}.{self.table.fields[at].name}", "")


def parts() -> list[Part]:
    """Return how every table that leaves does so, by name."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return [_part(table, models[table.name]) for table in tables()]


def _part(table: Table, model: Any) -> Part:
    label = model._meta.label
    secret = tuple(
        at
        for at, field in enumerate(table.fields)
        if f"{label}.{field.name}" in _secret_fields
        or (table.kinds[at] == "BinaryField" and f"{label}.{field.name}" not in _open_bytes)
    )
    shown = tuple(at for at in range(len(table.fields)) if at not in secret)
    key = table.columns.index(model._meta.pk.column)
    return Part(table, model, _sealed_models.get(label, ""), shown, secret, key)


def hidden_rows(reader: BaseDatabaseWrapper, all_parts: Sequence[Part]) -> Hidden:
    """Return the keys of rows that their owner alone may read, with all that is a part of them.

    A row is part of another when it cannot be without it. Files that such rows point to are hidden
    as well.
    """
    hidden: Hidden = {part.table.name: set() for part in all_parts}
    for part in all_parts:
        if not part.why and "visibility" in part.table.columns:
            columns = (part.table.columns[part.key], "visibility")
            rows = part.table.read(reader, columns)
            hidden[part.table.name] = {key for key, who in rows if who == Visibility.PERSONAL}
    is_growing = True
    while is_growing:
        before = sum(map(len, hidden.values()))
        for part in all_parts:
            _hide_parts_of_hidden(reader, part, hidden)
        is_growing = sum(map(len, hidden.values())) > before
    _hide_files(reader, all_parts, hidden)
    return hidden


def _links(part: Part, hidden: Hidden) -> list[tuple[str, str, bool]]:
    """Return the columns that point somewhere: column, table, whether it may be empty."""
    return [
        (str(field.column), field.related_model._meta.db_table, bool(field.null))
        for field in part.table.fields
        if field.related_model and field.related_model._meta.db_table in hidden
    ]


def _hide_parts_of_hidden(reader: BaseDatabaseWrapper, part: Part, hidden: Hidden) -> None:
    links = [
        (column, hidden[target])
        for column, target, may_be_empty in _links(part, hidden)
        if not may_be_empty and hidden[target]
    ]
    if part.why or not links:
        return
    columns = (part.table.columns[part.key], *(column for column, _keys in links))
    for key, *values in part.table.read(reader, columns):
        if any(value in keys for value, (_column, keys) in zip(values, links, strict=True)):
            hidden[part.table.name].add(key)


def _hide_files(reader: BaseDatabaseWrapper, all_parts: Sequence[Part], hidden: Hidden) -> None:
    files = StoredFile._meta.db_table
    for part in all_parts:
        columns = [column for column, target, _empty in _links(part, hidden) if target == files]
        if not columns or not (part.why or hidden[part.table.name]):
            continue
        for key, *values in part.table.read(reader, (part.table.columns[part.key], *columns)):
            if part.why or key in hidden[part.table.name]:
                hidden[files].update(value for value in values if value is not None)
