from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """Floor 3: the outbox and what comes in."""

    name = "hiwar.channels"
    label = "channels"

    def ready(self) -> None:
        """Register the carrier, permissions, names, verbs and the menu."""
        from hiwar.accounts.rules import register_permissions
        from hiwar.channels import desk, rules
        from hiwar.channels.actions import alarms, erasure, opt_outs, outbox
        from hiwar.channels.actions.ways import hold_channels
        from hiwar.channels.queries import health, log, ways
        from hiwar.channels.queries.health import figures, look_at_mail
        from hiwar.common import navigation
        from hiwar.common.backup.restoring import register_afterwards
        from hiwar.common.health.findings import register_look
        from hiwar.common.health.metrics import register_figures
        from hiwar.common.models import Held
        from hiwar.common.moving.parts import keep_secret
        from hiwar.common.opt_outs import register_keeper
        from hiwar.common.pauses import register_waiting
        from hiwar.common.personal.holdings import register_holding, register_subject
        from hiwar.common.personal.retention import register_keeping
        from hiwar.common.post import register_carrier, register_purpose
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.serving.readiness import register_work

        register_afterwards(hold_channels)
        for label, count in health.WAITING:
            register_waiting(Held.LETTERS, label, count)
        register_work("letters", lambda _now: not ways.has_trouble())
        register_look("mail", look_at_mail)
        register_figures("messages", figures)
        register_carrier(outbox.carry)
        register_keeper(opt_outs.Register())
        register_purpose(*outbox.PURPOSES, alarms.ALARM)
        self._register_newsletter()
        register_permissions(rules.PERMISSIONS)
        register_names("channels.batch", log.names_of_batches)
        register_names("channels.channel", log.names_of_channels)
        register_verbs(log.VERBS)
        register_keeping(*erasure.KEPT)
        register_subject(erasure.SUBJECT)
        for holding in erasure.HOLDINGS:
            register_holding(holding)
        keep_secret(
            "channels.Address.digest", "channels.InboundMessage.external_key",
            "channels.Message.digest", "channels.Subscriber.digest", "channels.Suppression.digest",
        )  # fmt: skip
        navigation.register(*desk.MENU)
        navigation.register_due(desk.due)
        navigation.register_risks(desk.risks)

    def _register_newsletter(self) -> None:
        """Register the newsletter's list: its letters, its link, what becomes of both."""
        from django.utils.translation import pgettext_lazy

        from hiwar.channels.actions import issues, list_imports
        from hiwar.channels.desk.list_imports import IMPORTER
        from hiwar.channels.exports.issues import purpose
        from hiwar.channels.queries import subscribers
        from hiwar.common import post
        from hiwar.common.imports import register_importer
        from hiwar.common.links import purposes
        from hiwar.common.mailings import register_mailing

        code = subscribers.NEWSLETTER
        post.register_purpose(purpose(pgettext_lazy("purpose", "newsletter")), *issues.PURPOSES)
        post.register_purpose(list_imports.PURPOSE)
        post.on_message_state(list_imports.ASKING, list_imports.hear_asking_state)
        register_mailing(
            list_imports.ASKING, lambda portion: list_imports.write_portion(portion=portion)
        )
        register_importer(IMPORTER)
        post.on_message_state(code, issues.hear_copy_state)
        post.register_consent(issues.refuses)
        register_mailing(code, lambda portion: issues.write_portion(portion=portion))
        purposes.register(
            purposes.Purpose(
                subscribers.SUBSCRIPTION, "public_channels:subscription", "/subscription/",
                find=subscribers.subscriber_behind_link,
                language=lambda subscriber: str(subscriber.asked_language),
                label=pgettext_lazy("private links", "Confirmations of the newsletter"),
                desk="channels:subscribers",
            )
        )  # fmt: skip
