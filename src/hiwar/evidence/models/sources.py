from __future__ import annotations

from datetime import date, timedelta

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import Guarded, User
from hiwar.common.models import ImportRun, Record, StoredFile
from hiwar.dossiers.models import Dossier, Fact
from hiwar.evidence.models.instruments import Instrument

# What nobody has looked at for a year is not relied on.
CHECKED_EVERY = timedelta(days=365)


class Judged(Guarded):
    """Base of what has a quality: stated by a person, on a day, with a reason; never computed."""

    class Quality(models.TextChoices):
        STRONG = "strong", pgettext_lazy("quality", "strong")
        USABLE = "usable", pgettext_lazy("quality", "usable with care")
        WEAK = "weak", pgettext_lazy("quality", "weak")

    quality = models.CharField(_("quality"), max_length=10, choices=Quality, blank=True)
    quality_reason = models.CharField(_("why"), max_length=500, blank=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    judged_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class Source(Judged):
    """Where something is known from: a book, a report, a page, a data set; cited in its language.

    ``authors`` are names as CSL-JSON has them: ``family`` and ``given``, or ``literal``. One that
    was made of the words of a fact or a talking point bears that until somebody describes it; one
    that belongs to a dossier is as closed as the dossier.
    """

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        BOOK = "book", _("book")
        CHAPTER = "chapter", _("chapter of a book")
        ARTICLE = "article-journal", _("article of a journal")
        NEWS = "article-newspaper", _("article of a newspaper")
        PAGE = "webpage", _("page of a site")
        DATA = "dataset", _("data set")
        THESIS = "thesis", _("thesis")
        LAW = "legislation", pgettext_lazy("kind of source", "law or decree")
        SPEECH = "speech", _("speech or statement")
        OTHER = "document", _("other document")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.REPORT)
    title = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=12)
    authors = models.JSONField(_("authors"), default=list, blank=True)
    container = models.CharField(_("journal, book or site"), max_length=300, blank=True)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    publisher_place = models.CharField(_("place of publication"), max_length=100, blank=True)
    issued = models.CharField(
        _("published"), max_length=10, blank=True,
        validators=[RegexValidator(r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
                                   _("A year, or a day as 2027-03-31."))],
    )  # fmt: skip
    volume = models.CharField(_("volume"), max_length=20, blank=True)
    issue = models.CharField(_("issue"), max_length=20, blank=True)
    pages = models.CharField(_("pages"), max_length=40, blank=True)
    number = models.CharField(_("number or symbol"), max_length=60, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True)
    isbn = models.CharField("ISBN", max_length=20, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=5000)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dossier"),
    )  # fmt: skip
    is_from_words = models.BooleanField(default=False, editable=False)
    checked_on = models.DateField(_("last looked at"), null=True, blank=True, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)
    import_run = models.ForeignKey(
        ImportRun, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    is_demo = models.BooleanField(default=False, editable=False)

    def __str__(self) -> str:
        return self.title

    def is_stale(self, today: date) -> bool:
        """Return whether nobody has looked at the source for a year."""
        return self.checked_on is None or self.checked_on < today - CHECKED_EVERY


class SourceCopy(Record):
    """A file or page of a source as it was on a day, in the one store with its checksum."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="copies")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    taken_on = models.DateField(_("as it was on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return self.file.name


class FactSource(Record):
    """Which source of the library a fact of a dossier rests on."""

    fact = models.OneToOneField(Fact, models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, models.PROTECT, related_name="facts")

    def __str__(self) -> str:
        return str(self.source)


class Check(Record):
    """That somebody looked whether a source or an instrument still says what is cited."""

    class Result(models.TextChoices):
        HOLDS = "holds", _("says the same")
        CHANGED = "changed", _("says something else now")
        GONE = "gone", _("cannot be reached any more")

    source = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, related_name="checks")
    instrument = models.ForeignKey(
        Instrument, models.CASCADE, null=True, blank=True, related_name="checks"
    )
    on = models.DateField(_("looked at on"))
    result = models.CharField(_("what it says"), max_length=10, choices=Result)
    note = models.CharField(_("note"), max_length=500, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(source__isnull=False, instrument=None)
                | models.Q(source=None, instrument__isnull=False),
                name="evidence_check_of_one",
            ),
        )

    def __str__(self) -> str:
        return str(self.get_result_display())
