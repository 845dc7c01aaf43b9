from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

OWN_ACTS = _("How each person voted and what they told of themselves: the results count it.")


class DialoguesConfig(AppConfig):
    """Floor 4: statements, votes and opinion maps."""

    name = "hiwar.dialogues"
    label = "dialogues"

    def ready(self) -> None:
        """Register permissions, names, verbs, and the dialogues of the demonstration."""
        from hiwar.accounts.actions.demo import Part, register_part
        from hiwar.accounts.rules import register_permissions
        from hiwar.common import navigation
        from hiwar.common.home_page import register_section
        from hiwar.common.imports import register_importer
        from hiwar.common.models import Held
        from hiwar.common.moving.parts import keep_sealed, keep_secret, lay_open
        from hiwar.common.pauses import register_waiting
        from hiwar.common.personal.holdings import register_holding, register_subject
        from hiwar.common.personal.retention import register_keeping
        from hiwar.common.queries import register_names, register_verbs
        from hiwar.common.vocabularies.lists import register_vocabularies
        from hiwar.dialogues import desk, rules
        from hiwar.dialogues.actions import demo, erasure, retention
        from hiwar.dialogues.desk.imports import IMPORTER
        from hiwar.dialogues.queries import (
            attributes,
            dialogues,
            dossiers,
            flags,
            log,
            results,
            templates,
        )
        from hiwar.dialogues.views import home_page
        from hiwar.dossiers.queries import register_facets, register_timeline
        from hiwar.dossiers.queries.extension_points import register_public

        register_waiting(
            Held.SCHEDULES,
            pgettext_lazy("waiting in a pause", "rounds that open or close"),
            lambda now: (
                len(dialogues.rounds_that_begin(now)) + len(dialogues.rounds_that_are_over(now))
            ),
        )
        register_waiting(
            Held.SCHEDULES,
            pgettext_lazy("waiting in a pause", "results whose embargo ended"),
            results.embargoes_that_passed,
        )
        register_part(Part(demo.load_demo_dialogues, demo.remove_demo_dialogues))
        register_permissions(rules.PERMISSIONS)
        for kind, names in (
            ("dialogue", dialogues.names_of_dialogues),
            ("round", dialogues.names_of_rounds),
            ("statement", dialogues.names_of_statements),
            ("publication", results.names_of_publications),
        ):
            register_names(f"dialogues.{kind}", names)
        register_verbs(log.VERBS)
        register_vocabularies(
            *attributes.VOCABULARIES, *flags.VOCABULARIES, *templates.VOCABULARIES
        )
        register_subject(erasure.SUBJECT)
        register_keeping(*retention.KEPT)
        register_holding(erasure.HOLDING)
        register_importer(IMPORTER)
        _register_sending()
        keep_sealed(
            OWN_ACTS, "dialogues.Exposure", "dialogues.FormCheck", "dialogues.JoinCode",
            "dialogues.MergeProposal", "dialogues.MessageInQueue", "dialogues.Participant",
            "dialogues.Support", "dialogues.ToldAddress", "dialogues.Vote",
        )  # fmt: skip
        keep_secret(
            "dialogues.Dialogue.contact_secret", "dialogues.Dialogue.log_secret",
            "dialogues.Statement.author",
        )  # fmt: skip
        lay_open("dialogues.Publication.bundle", ".zip")
        navigation.register(*desk.MENU)
        navigation.register_first_steps(*desk.FIRST_STEPS)
        navigation.register_due(desk.due)
        navigation.register_moving(desk.moving)
        register_section(home_page.QUESTIONS)
        register_section(home_page.RESULTS)
        register_timeline(dossiers.timeline_entries)
        register_facets(dossiers.facets)
        register_public(dossiers.public_facet)
        _tell_the_house()
        lend_what_is_public()


def _tell_the_house() -> None:
    """Register what whoever looks after the house sees of dialogues: key, figures, open doors."""
    from django.utils.translation import pgettext_lazy

    from hiwar.common.health.keys import register_keys
    from hiwar.common.health.metrics import register_figures
    from hiwar.common.links.purposes import OpenDoor, register_door
    from hiwar.dialogues.actions import publications, votes
    from hiwar.dialogues.queries.home_page import open_by_address

    register_keys("log", publications.log_keys)
    register_figures("votes", votes.vote_figures)
    label = pgettext_lazy("private links", "Dialogues that anybody with the address may join")
    register_door(OpenDoor("dialogues", label, open_by_address, "dialogues:list"))


def _register_sending() -> None:
    """Register what dialogues send, and by what they know who wants no messages."""
    from hiwar.common import post
    from hiwar.common.mailings import register_mailing
    from hiwar.common.opt_outs import register_aliases
    from hiwar.common.vocabularies.lists import register_vocabularies
    from hiwar.dialogues.actions import telling
    from hiwar.dialogues.queries.people import keys_of_addresses
    from hiwar.dialogues.queries.telling import VOCABULARIES

    register_vocabularies(*VOCABULARIES)
    post.register_purpose(telling.PURPOSE)
    post.on_message_state(telling.PURPOSE.code, telling.hear_message_state)
    post.register_consent(telling.refuses)
    register_mailing(telling.PURPOSE.code, lambda portion: telling.write_portion(portion=portion))
    register_aliases(keys_of_addresses)


def lend_what_is_public() -> None:
    """Lend tables to the open data, and pages to feeds and to the map of the site."""
    from hiwar.common.navigation import register_public_pages
    from hiwar.common.tables.lending import register_public_tables
    from hiwar.dialogues.exports.public_tables import PUBLIC_PAGES, PUBLIC_TABLES

    register_public_tables(*PUBLIC_TABLES)
    register_public_pages(PUBLIC_PAGES)
