from __future__ import annotations

from django.db import models

from hiwar.common.models import Record, StoredFile


class OpenTable(Record):
    """A table of the open data as it was last noted: checksums, sizes, since when it is so.

    *Changed* moves when columns or rows do, and only then.
    """

    code = models.SlugField(max_length=40, unique=True)
    fingerprint = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    csv_sha256 = models.CharField(max_length=64)
    csv_size = models.PositiveBigIntegerField()
    json_sha256 = models.CharField(max_length=64)
    json_size = models.PositiveBigIntegerField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class SignedList(Record):
    """The checksums of all files of the open data at a moment, signed by the key of the log.

    Each names the checksum of the one before, so that none can be left out or changed later.
    """

    number = models.PositiveIntegerField(unique=True)
    note = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.number)


class SiteCopy(Record):
    """That a copy of the whole public site was made; its file is there for a day."""

    file = models.OneToOneField(StoredFile, models.SET_NULL, null=True, related_name="+")
    pages = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "site copies"

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
