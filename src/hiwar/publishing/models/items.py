from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.dossiers.models import Dossier
from hiwar.publishing.models.pictures import Picture


class Item(Record):
    """Something typed for the site: news, a press release, an opportunity, a page; all languages.

    What is worked on are its versions; everybody reads the one that was let out last. The code is
    the address, whatever words stand behind it.
    """

    class Kind(models.TextChoices):
        NEWS = "news", pgettext_lazy("kind of item", "news")
        PRESS = "press", _("press release")
        OPPORTUNITY = "opportunities", pgettext_lazy("kind of item", "opportunity")
        PAGE = "pages", pgettext_lazy("kind of item", "page")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("item", "draft")
        REVIEW = "review", pgettext_lazy("item", "in review")
        SCHEDULED = "scheduled", pgettext_lazy("item", "opens by the clock")
        PUBLISHED = "published", pgettext_lazy("item", "published")
        WITHDRAWN = "withdrawn", pgettext_lazy("item", "withdrawn")

    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    code = models.CharField(_("address"), max_length=8, unique=True, editable=False)
    language = models.CharField(_("written in"), max_length=12)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("dossier"),
    )  # fmt: skip
    closes_on = models.DateField(_("closes on"), null=True, blank=True)  # a day of the place
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # A time on the clock of a place, "2027-03-02T07:30": the instant follows from the zone.
    opens_wall = models.CharField(max_length=16, blank=True, editable=False)
    opens_zone = models.CharField(max_length=60, blank=True, editable=False)
    published = models.ForeignKey(
        "ItemVersion", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    modified_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawal = MultilingualField(_("why it was withdrawn"), blank=True, is_long=True)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = (
            models.Index(fields=["kind", "-published_at"], name="publishing_item_kind"),
            models.Index(fields=["state", "opens_wall"], name="publishing_item_opening"),
        )

    def __str__(self) -> str:
        return self.code


class ItemVersion(Record):
    """What an item said at one saving, as canonical text; never changed. A review is of one."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    # For lists; the whole stands in the content.
    title = MultilingualField(_("title"))
    content = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    # Part of what the second person approves; whether it is shown is asked at each reading.
    picture = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("picture"),
    )  # fmt: skip
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(editable=False)
    remark = models.TextField(_("what the reviewer says"), blank=True, max_length=2000)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "number"], name="publishing_version_number"),
        )

    def __str__(self) -> str:
        return str(self.title)
