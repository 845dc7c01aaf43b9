from __future__ import annotations

from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    """The floor under dossiers: signing a version of what rooms above write."""

    name = "hiwar.signatures"
    label = "signatures"

    def ready(self) -> None:
        """Register permissions, names, verbs, the private link and the letters that carry it."""
        from django.utils.translation import pgettext_lazy

        from hiwar.accounts.rules import register_permissions
        from hiwar.common import post
        from hiwar.common.links.purposes import Purpose, register
        from hiwar.common.mailings import register_mailing
        from hiwar.common.personal.holdings import register_holding
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.signatures import rules
        from hiwar.signatures.actions import erasure, letters, notices
        from hiwar.signatures.exports.letters import compose
        from hiwar.signatures.queries import log, requests

        register_permissions(rules.PERMISSIONS, room=pgettext_lazy("room", "Signatures"))
        register_names("signatures.signing", log.names_of_signings)
        register_verbs(log.VERBS)
        register_holding(erasure.HOLDING)
        register(
            Purpose(
                requests.SIGN,
                "public_signatures:sign",
                "/sign/",
                find=requests.letter_behind,
                language=lambda letter: str(letter.request.language),
                label=pgettext_lazy("private links", "Requests to sign"),
                desk="dossiers:list",
            )
        )
        post.register_purpose(letters.SIGNING, notices.NOTICE)
        post.on_message_state(letters.SIGNING.code, letters.hear_message_state)
        post.register_consent(letters.refuses)
        register_mailing(
            letters.LETTERS_OF_VERSION,
            lambda portion: letters.write_portion(
                portion=portion, compose=compose, is_reminder=False
            ),
        )
        register_mailing(
            letters.REMINDERS,
            lambda portion: letters.write_portion(
                portion=portion, compose=compose, is_reminder=True
            ),
        )
