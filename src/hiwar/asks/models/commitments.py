from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.accounts.models import User
from hiwar.asks.models.answers import Answer, AnswerFile
from hiwar.asks.models.asks import Addressee, Ask, AskPoint
from hiwar.asks.models.letters import AnswerLink
from hiwar.asks.models.positions import Position
from hiwar.common.models import Record
from hiwar.common.multilingual import MultilingualField
from hiwar.contacts.models import Post, Promise
from hiwar.events.models import Conclusion
from hiwar.evidence.models import EvidenceItem
from hiwar.legislation.models import LawVersion, Provision


def _exactly_one(*names: str) -> Q:
    condition = Q()
    for name in names:
        condition |= Q(**{f"{other}__isnull": other != name for other in names})
    return condition


class Commitment(Record):
    """What a post promised on a point of an ask, in words, by when, and from where it is known.

    *Late* and *no information since* are read from the clock. What the public reads is the last
    state that a second person verified.
    """

    class State(models.TextChoices):
        MADE = "made", pgettext_lazy("commitment", "promised")
        PROGRESS = "progress", pgettext_lazy("commitment", "in progress")
        KEPT = "kept", pgettext_lazy("commitment", "kept")
        PART = "part", pgettext_lazy("commitment", "kept in part")
        CHANGED = "changed", pgettext_lazy("commitment", "changed by them")
        DROPPED = "dropped", pgettext_lazy("commitment", "dropped by them")
        UNKEPT = "unkept", pgettext_lazy("commitment", "not kept")
        SUPERSEDED = "superseded", pgettext_lazy("commitment", "superseded")
        UNCLEAR = "unclear", pgettext_lazy("commitment", "unclear")

    class Precision(models.TextChoices):
        DAY = "day", pgettext_lazy("precision", "on the day")
        MONTH = "month", pgettext_lazy("precision", "within the month")
        QUARTER = "quarter", pgettext_lazy("precision", "within the quarter")

    point = models.ForeignKey(AskPoint, models.PROTECT, related_name="commitments")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name=_("post"))
    words = MultilingualField(_("what was promised"), is_long=True)
    made_on = models.DateField(_("promised on"))
    # The last day of the day, month or quarter that was named.
    due_on = models.DateField(_("due"), null=True, blank=True)
    due_precision = models.CharField(
        _("how exact the day is"), max_length=8, choices=Precision, default=Precision.DAY
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.MADE)
    is_public = models.BooleanField(_("everybody may read it"), default=False)
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, blank=True, related_name="+")
    conclusion = models.ForeignKey(
        Conclusion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    promise = models.ForeignKey(Promise, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(EvidenceItem, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=_exactly_one("answer", "conclusion", "promise", "item"),
                name="asks_commitment_from_one",
            ),
        )

    def __str__(self) -> str:
        return str(self.words)

    @property
    def ask(self) -> Ask:
        """The ask that it belongs to."""
        return self.point.ask

    @property
    def is_disputed(self) -> bool:
        """Whether its post disputes that it was promised, and nobody has decided yet."""
        return any(dispute.state == Dispute.State.OPEN for dispute in self.disputes.all())

    @property
    def counts(self) -> bool:
        """Whether it counts: no dispute of it was upheld."""
        return all(dispute.state != Dispute.State.UPHELD for dispute in self.disputes.all())

    @property
    def origin(self) -> str:
        """The name of the one key that says from where the promise is known."""
        names = ("answer", "conclusion", "promise", "item")
        return next(name for name in names if getattr(self, f"{name}_id") is not None)


class Proof(Record):
    """What speaks for or against a commitment being kept: evidence, a text of law, or a file."""

    class Says(models.TextChoices):
        KEPT = "kept", pgettext_lazy("proof", "kept")
        PART = "part", pgettext_lazy("proof", "kept in part")
        UNKEPT = "unkept", pgettext_lazy("proof", "not kept")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="proofs")
    item = models.ForeignKey(EvidenceItem, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.ForeignKey(LawVersion, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(AnswerFile, models.PROTECT, null=True, blank=True, related_name="+")
    says = models.CharField(_("it says"), max_length=8, choices=Says)
    brought_on = models.DateField(_("day"))
    brought_by = models.CharField(_("brought by"), max_length=200, blank=True)
    note = models.CharField(_("what it shows"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=_exactly_one("item", "version", "file"), name="asks_proof_of_one"
            ),
        )

    def __str__(self) -> str:
        return str(self.get_says_display())


class StateChange(Record):
    """That an addressee or a commitment passed from one state to another: day, reason, source.

    Recorded by one person and verified by another. What a post may object to is put to it first:
    its reply stands above the verdict.
    """

    addressee = models.ForeignKey(
        Addressee, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    commitment = models.ForeignKey(
        Commitment, models.CASCADE, null=True, blank=True, related_name="changes"
    )
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(editable=False)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The right of reply: put to the post on a day, with the last day for a reply.
    put_on = models.DateField(_("put to them on"), null=True, blank=True)
    reply_due = models.DateField(_("reply by"), null=True, blank=True)
    reply = models.TextField(_("their reply"), blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    # Where the reply came by a private link; empty where a colleague wrote it down.
    reply_link = models.ForeignKey(
        AnswerLink, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=_exactly_one("addressee", "commitment"), name="asks_change_of_one"
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=models.F("recorded_by")),
                name="asks_change_second_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"

    @property
    def post(self) -> Post:
        """The post of whose doing it speaks."""
        return (self.addressee or self.commitment).post  # type: ignore[union-attr]  # exactly one

    @property
    def ask(self) -> Ask:
        """The ask that it belongs to."""
        if self.commitment is not None:
            return self.commitment.point.ask
        return self.addressee.ask  # type: ignore[union-attr]  # exactly one

    @property
    def second_person(self) -> User | None:
        """Who verified it."""
        return self.verified_by

    @property
    def is_disputed(self) -> bool:
        """Whether a post disputes it and nobody has decided yet."""
        return any(dispute.state == Dispute.State.OPEN for dispute in self.disputes.all())

    @property
    def words_before(self) -> str:
        """The state before, in words."""
        return self._words(self.before)

    @property
    def words_after(self) -> str:
        """The state after, in words."""
        return self._words(self.after)

    def _words(self, state: str) -> str:
        states = Addressee.State if self.addressee_id else Commitment.State
        return str(dict(states.choices).get(state, state))


class Outcome(Record):
    """What became of a point where it was put: in a law, a provision or elsewhere.

    A point on an amendment has none: what became of the amendment is read from its own room.
    Everybody reads its note and its public address once another person verified it and the ask is
    for everybody. *Not adopted* is put to the post first, as what speaks against a promise is.
    """

    class Result(models.TextChoices):
        SAME = "same", pgettext_lazy("outcome", "as asked")
        STRONGER = "stronger", pgettext_lazy("outcome", "more than asked")
        WEAKER = "weaker", pgettext_lazy("outcome", "in part")
        ELSEWHERE = "elsewhere", pgettext_lazy("outcome", "in another place")
        ABSENT = "absent", pgettext_lazy("outcome", "not adopted")
        UNCLEAR = "unclear", pgettext_lazy("outcome", "unclear")

    class Strength(models.TextChoices):
        NONE = "", pgettext_lazy("contribution", "no contribution is claimed")
        POSSIBLE = "possible", pgettext_lazy("contribution", "possible")
        LIKELY = "likely", pgettext_lazy("contribution", "likely")
        STATED = "stated", pgettext_lazy("contribution", "stated by who decided")

    point = models.ForeignKey(AskPoint, models.PROTECT, related_name="outcomes")
    # None: of the point wherever it was put.
    addressee = models.ForeignKey(
        Addressee, models.CASCADE, null=True, blank=True, related_name="outcomes"
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="outcomes"
    )
    provision = models.ForeignKey(
        Provision, models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.ForeignKey(LawVersion, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(EvidenceItem, models.PROTECT, null=True, blank=True, related_name="+")
    link = models.URLField(_("public address"), max_length=500, blank=True)
    result = models.CharField(_("what became of it"), max_length=10, choices=Result)
    on = models.DateField(_("day"))
    note = models.CharField(_("how it is known"), max_length=500, blank=True)
    contribution = models.CharField(_("our contribution"), max_length=500, blank=True)
    strength = models.CharField(
        _("how sure that is"), max_length=10, choices=Strength, blank=True, default=Strength.NONE
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(editable=False)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The right of reply, as of a state.
    put_on = models.DateField(_("put to them on"), null=True, blank=True)
    reply_due = models.DateField(_("reply by"), null=True, blank=True)
    reply = models.TextField(_("their reply"), blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    reply_link = models.ForeignKey(
        AnswerLink, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("recorded_by")),
                name="asks_outcome_second_person",
            ),
        )

    def __str__(self) -> str:
        return str(self.get_result_display())

    @property
    def post(self) -> Post | None:
        """The post where it became of the point; None where it is of every post."""
        return self.addressee.post if self.addressee is not None else None

    @property
    def ask(self) -> Ask:
        """The ask that it belongs to."""
        return self.point.ask

    @property
    def second_person(self) -> User | None:
        """Who verified it."""
        return self.confirmed_by

    @property
    def is_disputed(self) -> bool:
        """Whether a post disputes it and nobody has decided yet."""
        return any(dispute.state == Dispute.State.OPEN for dispute in self.disputes.all())


class Dispute(Record):
    """That a post says that what we noted is wrong, in its words, with what was decided.

    It comes by a private link of the post, or a colleague writes it down and says from where it is
    known. The post is named to everybody; who spoke for it is not. Somebody decides who neither
    recorded nor verified what is disputed.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("dispute", "not yet answered")
        UPHELD = "upheld", pgettext_lazy("dispute", "they are right")
        STANDS = "stands", pgettext_lazy("dispute", "what we noted stands")

    answer = models.ForeignKey(
        Answer, models.CASCADE, null=True, blank=True, related_name="disputes"
    )
    commitment = models.ForeignKey(
        Commitment, models.CASCADE, null=True, blank=True, related_name="disputes"
    )
    change = models.ForeignKey(
        StateChange, models.CASCADE, null=True, blank=True, related_name="disputes"
    )
    position = models.ForeignKey(
        Position, models.CASCADE, null=True, blank=True, related_name="disputes"
    )
    outcome = models.ForeignKey(
        Outcome, models.CASCADE, null=True, blank=True, related_name="disputes"
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+")
    by_whom = models.CharField(_("by whom"), max_length=200, blank=True)
    words = models.TextField(_("in their words"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    link = models.ForeignKey(
        AnswerLink, models.PROTECT, null=True, blank=True, related_name="disputes", editable=False
    )
    made_on = models.DateField(_("day"))
    reply_due = models.DateField(_("reply by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    reply = models.TextField(_("our reply"), blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(editable=False)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=_exactly_one("answer", "commitment", "change", "position", "outcome"),
                name="asks_dispute_of_one",
            ),
            models.CheckConstraint(
                condition=Q(post__isnull=False) | Q(change=None, outcome=None),
                name="asks_dispute_by_post",
            ),
            models.CheckConstraint(
                condition=Q(replied_by=None) | ~Q(replied_by=models.F("recorded_by")),
                name="asks_dispute_second_person",
            ),
        )

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def disputed(self) -> StateChange | Outcome | Commitment | None:
        """What is disputed, where that is a promise, a state or an outcome."""
        return self.change or self.outcome or self.commitment
