"""How the activity log words what is done in a dialogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    "dialogues.dialogue.create": _("made a dialogue"),
    "dialogues.dialogue.update": _("changed a dialogue"),
    "dialogues.dialogue.open": _("opened a dialogue"),
    "dialogues.dialogue.close": _("closed a dialogue"),
    "dialogues.dialogue.propose_merges": _("looked for registrations of one person"),
    "dialogues.round.update": _("changed a round"),
    "dialogues.round.open": _("opened a round"),
    "dialogues.round.close": _("closed a round"),
    "dialogues.target.set": _("set a target"),
    "dialogues.target.remove": _("removed a target"),
    "dialogues.codebatch.make": _("made codes"),
    "dialogues.codebatch.revoke": _("revoked codes"),
    "dialogues.participant.block": _("blocked a participant"),
    "dialogues.participant.unblock": _("unblocked a participant"),
    "dialogues.mergeproposal.accept": _("joined two registrations"),
    "dialogues.mergeproposal.refuse": _("kept two registrations apart"),
    "dialogues.mergeproposal.undo": _("took two registrations apart again"),
    "dialogues.statement.add": _("added a statement"),
    "dialogues.statement.translate": _("translated a statement"),
    "dialogues.statement.reword": _("reworded a statement"),
    "dialogues.statement.set_theme": _("changed the theme of a statement"),
    "dialogues.statement.accept": _("accepted a statement"),
    "dialogues.statement.reject": _("did not accept a statement"),
    "dialogues.statement.ask": _("asked an author to reword"),
    "dialogues.statement.merge": _("merged two statements"),
    "dialogues.statement.unmerge": _("took two statements apart again"),
    "dialogues.statement.split": _("split a statement"),
    "dialogues.appeal.answer": _("answered an objection"),
    "dialogues.publication.prepare": _("prepared results"),
    "dialogues.publication.publish": _("published results"),
    "dialogues.publication.embargo": _("set a time for publishing results"),
    "dialogues.publication.lift": _("took back the time for publishing results"),
    "dialogues.publication.withdraw": _("withdrew results"),
}
