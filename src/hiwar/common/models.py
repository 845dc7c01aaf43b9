from __future__ import annotations

from typing import Any, NoReturn
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.multilingual import MultilingualField


class Record(models.Model):
    """Base of Hiwar's models: a key that tells nothing, and a reference other rooms can keep."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """The text key by which audit entries name this record."""
        return f"{self._meta.label_lower}:{self.pk}"


class Visibility(models.TextChoices):
    """Who may read a record, from the closest to the widest; the default is close."""

    PERSONAL = "personal", _("only me")
    TEAM = "team", _("named colleagues")
    INSTITUTION = "institution", _("staff")
    COALITION = "coalition", _("partners of a coalition")
    OFFICIAL = "official", _("officials by link")
    PRESS = "press", _("press, under embargo")
    PUBLIC = "public", _("everybody")


class AuditEntries(models.QuerySet["AuditEntry"]):
    """Audit entries, which are written once."""

    def update(self, **values: Any) -> NoReturn:
        """Refuse: an audit entry is never changed."""
        raise TypeError("Audit entries are never changed.")

    def delete(self) -> NoReturn:
        """Refuse: an audit entry is never taken away."""
        raise TypeError("Audit entries are never deleted.")


class AuditEntry(models.Model):
    """One line of the record of what was done: who, what, to which object, when.

    Keeps text keys and no foreign keys, so that it outlives what it speaks of and the ground
    floor need not know the rooms above it.
    """

    at = models.DateTimeField(_("when"))
    actor = models.CharField(_("who"), max_length=100)
    verb = models.CharField(_("what"), max_length=100)
    object = models.CharField(_("to what"), max_length=150)
    changed = models.JSONField(_("changed"), default=dict)

    objects = AuditEntries.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["-at", "-id"], name="common_audit_at"),
            models.Index(fields=["actor", "-at"], name="common_audit_actor"),
            models.Index(fields=["object", "-at"], name="common_audit_object"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.verb} {self.object}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new entry; refuse to save one that stands already."""
        if not self._state.adding:
            raise TypeError("Audit entries are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: an audit entry is never taken away."""
        raise TypeError("Audit entries are never deleted.")


class PrivateLink(Record):
    """An address that only its holder knows: a digest of its token, and until when it opens.

    The room that made it keeps a row with a foreign key to it. The token itself lies sealed here
    while a letter still has to carry it, and is forgotten after.
    """

    purpose = models.CharField(_("purpose"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed = models.BinaryField(editable=False, default=bytes)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)  # a day of the place
    made_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["purpose", "ends_on"], name="common_link_purpose"),)

    def __str__(self) -> str:
        return self.digest[:8]


class NumberSeries(Record):
    """How far the numbers of a series have come in a year."""

    code = models.CharField(_("series"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "year"], name="common_numberseries_year"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class IssuedNumber(Record):
    """A number that was given out, once, and may have been struck out since with a reason."""

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="numbers")
    number = models.PositiveIntegerField(editable=False)
    issued_at = models.DateTimeField(editable=False)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)
    void_reason = models.CharField(_("why it is void"), max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["series", "number"], name="common_number_once"),
            models.CheckConstraint(
                condition=models.Q(voided_at=None) | ~models.Q(void_reason=""),
                name="common_number_void",
            ),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.number}"


class SearchDocument(models.Model):
    """What can be found of one record: its title and text, and both as the database compares them.

    A copy that can be made again at any time; who may see it is asked of the room whose record
    it is. Its key is a number because the full-text index of SQLite names rows by numbers.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=60)
    record = models.UUIDField(_("record"))
    audience = models.CharField(_("audience"), max_length=40, blank=True)
    version = models.PositiveSmallIntegerField()
    # Long texts come last, so that what filters is read without them.
    title = MultilingualField(_("title"))
    body = MultilingualField(_("text"), is_long=True, blank=True)
    folded_title = models.TextField(blank=True)
    folded_body = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "record"], name="common_search_record"),
        )

    def __str__(self) -> str:
        return str(self.title)


class VocabularyEntry(Record):
    """What an institution changed in one entry of one of its lists, or an entry of its own.

    Holds only what differs from what is shipped, so that an upgrade can word the rest anew.
    """

    vocabulary = models.CharField(_("list"), max_length=80)
    code = models.CharField(_("code"), max_length=80)
    values = models.JSONField(_("changed"), default=dict, blank=True)
    position = models.PositiveIntegerField(_("place in the list"), null=True, blank=True)
    is_retired = models.BooleanField(_("no longer offered"), default=False)
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["vocabulary", "code"], name="common_vocabulary_entry_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.vocabulary}: {self.code}"


class Job(models.Model):
    """What the queue knows of a task beyond the library's row: key, failures, progress, worker.

    At most one job of a key waits and at most one runs, which the database itself ensures.
    """

    class State(models.TextChoices):
        """Where a job stands."""

        WAITING = "waiting", pgettext_lazy("job", "waiting")
        RUNNING = "running", pgettext_lazy("job", "running")
        DONE = "done", pgettext_lazy("job", "done")
        FAILED = "failed", pgettext_lazy("job", "failed")

    task = models.OneToOneField(
        "django_tasks_database.DBTaskResult", models.CASCADE, primary_key=True, related_name="job"
    )
    key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    worker = models.CharField(max_length=64, blank=True)
    progress = models.FloatField(default=0.0)  # 0 to 1
    failures = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="waiting") & ~Q(key=""), name="common_job_waiting"
            ),
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="running") & ~Q(key=""), name="common_job_running"
            ),
        )
        indexes = (
            models.Index(fields=["key"], name="common_job_key"),
            models.Index(fields=["state"], name="common_job_state"),
        )

    def __str__(self) -> str:
        return f"{self.key or self.pk} {self.state}"


class Worker(models.Model):
    """A process that works through the queue, and when it last said that it lives."""

    name = models.CharField(max_length=64, primary_key=True)
    node = models.CharField(max_length=40)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Duty(models.Model):
    """Work that returns by the clock: when it is due and when it last succeeded."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()
    last_success_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return self.name


class ImportRun(Record):
    """Files brought in as one step, which can be undone as one step.

    Their content, what a page shows of it and what undoing needs lie sealed. Content is destroyed
    when it was brought in or when nobody decided within a day; the rest on the purge day, after
    which the run cannot be undone. ``kind`` is that of an importer, ``subject`` the record of the
    room into which it goes.
    """

    class State(models.TextChoices):
        """Where a run stands."""

        LOOKING = "looking", pgettext_lazy("file", "being read")
        PREVIEW = "preview", _("being looked at")
        APPLYING = "applying", pgettext_lazy("file", "being brought in")
        DONE = "done", _("brought in")
        UNDOING = "undoing", pgettext_lazy("file", "being undone")
        UNDONE = "undone", pgettext_lazy("file", "undone")
        FAILED = "failed", pgettext_lazy("file", "failed")

    kind = models.CharField(_("kind"), max_length=60)
    subject = models.UUIDField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PREVIEW)
    # Of each file: part, name and sha256; of each part: sheet, line of headings and mapping.
    files = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=60, blank=True)
    content = models.BinaryField(editable=False, default=bytes)
    report = models.BinaryField(editable=False, default=bytes)
    journal = models.BinaryField(editable=False, default=bytes)
    made_by = models.CharField(_("who"), max_length=100)  # a reference, as in the audit log
    made_at = models.DateTimeField(editable=False)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    purge_on = models.DateField(_("details are destroyed on"))  # a day of the place

    class Meta:
        indexes = (
            models.Index(fields=["kind", "subject", "-made_at"], name="common_import_kind"),
            models.Index(fields=["state", "purge_on"], name="common_import_purge"),
        )

    def __str__(self) -> str:
        return " · ".join(file["name"] for file in self.files)

    @property
    def record_key(self) -> UUID:
        """The record into which the files go; raises ``ValueError`` where they go into none."""
        if self.subject is None:
            message = f"files of the kind {self.kind} go into no record"
            raise ValueError(message)
        return self.subject


class ImportMapping(Record):
    """What the columns of files with these headings stand for, as somebody once said."""

    kind = models.CharField(_("kind"), max_length=90)
    headings = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    used_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "headings"], name="common_importmapping_once"),
        )

    def __str__(self) -> str:
        return self.kind


class StoredFile(Record):
    """A file that the house keeps: what it is and how it is called. Its bytes lie in the storage.

    The room that keeps it has a foreign key down to it. ``name`` is for people alone; the bytes
    lie under the key. ``sha256`` is that of the file, before it is sealed.
    """

    kind = models.CharField(_("kind"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    is_sealed = models.BooleanField(default=False, editable=False)
    made_at = models.DateTimeField(editable=False)
    purge_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = (
            models.Index(fields=["sha256"], name="common_file_sha256"),
            models.Index(fields=["purge_at"], name="common_file_purge"),
        )

    def __str__(self) -> str:
        return self.name


class Erasure(Record):
    """That the data of somebody was erased: how many people, what went, what a search found after.

    Whose it was is said nowhere. ``keys`` are there only while a second person is waited for, and
    ``sealed`` holds what is searched for until that was done.
    """

    class State(models.TextChoices):
        """Where an erasure stands."""

        ASKED = "asked", pgettext_lazy("erasure", "waits for a second person")
        DONE = "done", pgettext_lazy("erasure", "carried out")
        TAKEN_BACK = "taken_back", pgettext_lazy("erasure", "taken back")

    kind = models.CharField(_("kind"), max_length=60)
    people = models.PositiveIntegerField(_("people"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.ASKED)
    is_own_wish = models.BooleanField(_("by the person"), default=False)
    keys = models.JSONField(default=list, editable=False)
    counts = models.JSONField(default=dict)
    sealed = models.BinaryField(editable=False, default=bytes)
    proof = models.JSONField(default=dict)
    asked_by = models.CharField(_("who"), max_length=100, blank=True)  # as in the audit log
    done_by = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField(editable=False)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    proven_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = (models.Index(fields=["-asked_at"], name="common_erasure_asked"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.people}"


class HouseExport(Record):
    """That everything of the house is written out: asked for by one person, let go by another.

    The file lies encrypted in the data folder until it was taken or its hours are over; ``sealed``
    holds what opens it, and before that the passphrase that somebody chose for its secret part.
    """

    class State(models.TextChoices):
        """Where an export of the house stands."""

        ASKED = "asked", pgettext_lazy("export of the house", "waits for a second person")
        WRITING = "writing", pgettext_lazy("export of the house", "being written")
        READY = "ready", pgettext_lazy("export of the house", "ready")
        ENDED = "ended", pgettext_lazy("export of the house", "destroyed")
        FAILED = "failed", pgettext_lazy("export of the house", "failed")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    asked_by = models.CharField(_("who"), max_length=100)  # as in the audit log
    agreed_by = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField(editable=False)
    ready_at = models.DateTimeField(null=True, blank=True, editable=False)
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    rows = models.PositiveBigIntegerField(default=0, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    sealed = models.BinaryField(editable=False, default=bytes)

    class Meta:
        indexes = (models.Index(fields=["-asked_at"], name="common_export_asked"),)

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d} {self.state}"


class Held(models.TextChoices):
    """The kinds of what a pause holds; each is released by itself."""

    LETTERS = "letters", pgettext_lazy("held by a pause", "letters and messages")
    SCHEDULES = "schedules", pgettext_lazy("held by a pause", "what opens or closes by the clock")
    REMINDERS = "reminders", pgettext_lazy("held by a pause", "reminders")
    JOBS = "jobs", pgettext_lazy("held by a pause", "other work beside the pages")


class Pause(Record):
    """That the house stands still: since when and by whom, and who asked that it goes on.

    At most one lasts. After its end ``held`` names the kinds that two people have not released;
    the newest pause alone counts.
    """

    since = models.DateTimeField(_("paused since"))
    paused_by = models.CharField(_("who"), max_length=100)  # as in the audit log
    lasts = models.BooleanField(default=True, editable=False)
    held = models.JSONField(default=list, editable=False)
    asked_by = models.CharField(max_length=100, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_kinds = models.JSONField(default=list, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["lasts"], condition=Q(lasts=True), name="common_pause_once"
            ),
        )
        indexes = (models.Index(fields=["-since"], name="common_pause_since"),)

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M}"


class WaitingDraft(models.Model):
    """A message that a room handed in while no room carries messages; it waits and is not lost."""

    key = models.UUIDField(primary_key=True)
    purpose = models.CharField(max_length=60)
    sealed = models.BinaryField(editable=False)
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.purpose
