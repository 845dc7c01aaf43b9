"""The `hiwar` command: analysis and recount without a framework, the rest through Django.

Whoever types it reads its own language: that of the terminal, Arabic where it names none.
"""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from hiwar.analysis.language import gettext_noop as _
from hiwar.analysis.language import language_of, translator

if TYPE_CHECKING:
    from gettext import NullTranslations

    from hiwar.config.schema import SettingsError

WRONG = 2
# What there is, in the order in which it is needed: group, then command and what it does.
COMMANDS: dict[str, dict[str, str]] = {
    _("Reading and checking results"): {
        "analyse": _("find opinion groups and common ground in a file of votes"),
        "verify": _("check a bundle of published results"),
    },
    _("Running a house"): {
        "prepare": _("make folders and tables ready; safe to run again"),
        "serve": _("serve the house with its workers"),
        "doctor": _("say how the house is, and what to do about what is not well"),
        "proxy": _("print the configuration of Caddy or nginx in front"),
        "check": _("say what is wrong with the settings and the database"),
        "check_mail": _("try the way of letters with a test letter"),
        "open_house": _("open a house of your own and invite its first person"),
        "work": _("work through the queue; the server starts this by itself"),
    },
    _("Looking after a house"): {
        "backup": _("write everything, keys too, into one encrypted file"),
        "upgrade": _("put another version in, rehearsed on a copy; back by itself"),
        "restore": _("put a backup into an empty installation"),
        "prove": _("restore a backup beside the house, compare it and destroy what was restored"),
        "export_house": _("write everything in open formats, for reading and for moving"),
        "archive": _("write the public site as files that open from a disk"),
        "import_house": _("bring everything of another house into an empty installation"),
        "erase_again": _("erase whom a restored backup brought back"),
        "pause": _("pause the house at once, when it is dangerous"),
        "resume": _("let a paused house go on, by two people who are named"),
        "let_in": _("let a restored house send, or a person in who lost the second factor"),
        "reindex": _("write the full-text index anew"),
        "load_places": _("bring in places and calendars from a folder"),
        "load_vocabularies": _("bring in lists of words from a file"),
        "recompute_instants": _("compute times again after new zone data"),
        "send_event_reminders": _("send the reminders of events that are due"),
        "carry_messages": _("carry messages out and in once"),
    },
    _("Demonstration"): {
        "load_demo": _("load an invented institution"),
        "demo_codes": _("print who signs in to the demonstration, and with what"),
        "remove_demo": _("remove the demonstration"),
    },
}
INVITED = _("Staff are invited: hiwar open_house for the first person, then the desk.")
NOTHING_EMPTIED = _(
    "It empties the database. Remove the demonstration with hiwar remove_demo; for a new house"
    " name another database in HIWAR_DATABASE_URL."
)
NOT_A_COPY = _(
    "It leaves out files and keys. Copies are made by hiwar backup and put back by hiwar restore."
)
SERVED = _("It serves unsafely. Use hiwar prepare, then hiwar serve.")
WRITTEN_BY_HAND = _("It belongs to writing code, where make does it: see make help.")
# What the framework brings along and would harm a house.
REFUSED: dict[str, str] = {
    "flush": NOTHING_EMPTIED, "sqlflush": NOTHING_EMPTIED,
    "createsuperuser": INVITED, "changepassword": INVITED,
    "testserver": SERVED, "runserver": SERVED,
    "loaddata": NOT_A_COPY, "dumpdata": NOT_A_COPY, "test": WRITTEN_BY_HAND,
    "squashmigrations": WRITTEN_BY_HAND, "optimizemigration": WRITTEN_BY_HAND,
    "startapp": WRITTEN_BY_HAND, "startproject": WRITTEN_BY_HAND,
    "remove_stale_contenttypes": NOTHING_EMPTIED,
    "prune_db_task_results": _("Jobs that are done are forgotten by a duty of the house."),
    "db_worker": _("The server starts its workers; one alone is started by hiwar work."),
}  # fmt: skip
# These write in the language of the house, whoever starts them.
IN_LANGUAGE_OF_THE_HOUSE = {"work", "prepare", "load_demo"}


def main() -> None:
    """Run `hiwar analyse` and `hiwar verify` by themselves, the rest as management commands."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["analyse"]:
        from hiwar.analysis.command import main as analyse

        sys.exit(analyse(arguments[1:]))
    if arguments[:1] == ["verify"]:
        from hiwar.engine.ledger.lists import main as verify

        sys.exit(verify(arguments[1:]))
    if arguments == ["--version"]:
        from hiwar import __version__

        sys.stdout.write(f"hiwar {__version__}\n")
        return
    lang = language_of(os.environ)
    words = translator(lang)
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        sys.stdout.write(overview(words))
        return
    if arguments[0] in REFUSED:
        fail(f"hiwar {arguments[0]}: {words.gettext(REFUSED[arguments[0]])}")
    try:
        manage(arguments, lang)
    except BrokenPipeError:
        # Whoever reads has seen enough, as in `hiwar demo_codes | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def overview(words: NullTranslations) -> str:
    """Return what there is, by groups."""
    width = max(len(name) for group in COMMANDS.values() for name in group)
    lines = [words.gettext("Hiwar: dialogue, advocacy and the way between. hiwar COMMAND --help")]
    for title, commands in COMMANDS.items():
        lines += ["", f"{words.gettext(title)}:"]
        lines += [f"  {name:{width}}  {words.gettext(text)}" for name, text in commands.items()]
    return "\n".join([*lines, ""])


def manage(arguments: list[str], lang: str) -> None:
    """Run one management command; what an operator can mend is one line and no traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hiwar.config.settings")
    import django
    from django.conf import settings
    from django.core.management import ManagementUtility, get_commands
    from django.db import OperationalError, ProgrammingError
    from django.utils import translation

    from hiwar.config.schema import SettingsError

    words = translator(lang)
    try:
        settings.INSTALLED_APPS  # noqa: B018 -- reads the settings
        django.setup()
    except SettingsError as error:
        lines = all_findings(error, lang)
        sys.stderr.write("\n".join([*lines, ""]))
        # The doctor's code counts what is urgent; any other command was called wrongly.
        sys.exit(min(len(lines), 99) if arguments[0] == "doctor" else WRONG)
    if arguments[0] not in get_commands():
        listed = [name for group in COMMANDS.values() for name in group]
        nearest = get_close_matches(arguments[0], listed, n=1, cutoff=0.0)[0]
        message = words.gettext("there is no such command; the nearest is hiwar {name}.")
        fail(f"hiwar {arguments[0]}: {message.format(name=nearest)}")
    if arguments[0] not in IN_LANGUAGE_OF_THE_HOUSE:
        translation.activate(lang)
    try:
        ManagementUtility(["hiwar", *arguments]).execute()
    except (OperationalError, ProgrammingError) as error:
        fail(f"hiwar {arguments[0]}: {database_trouble(error, words)}")


def all_findings(error: SettingsError, lang: str) -> list[str]:
    """Return what is wrong with the settings, what is unsafe among the usable ones too."""
    import django
    from django.utils import translation

    from hiwar.common.checks import unsafe_settings

    lines = [finding.text(lang) for finding in error.findings]
    os.environ["HIWAR_ENV_FILE"] = os.devnull  # it stands in the environment by now
    for finding in error.findings:
        os.environ.pop(finding.name, None)
        os.environ.pop(f"{finding.name}_FILE", None)
        if finding.name == "HIWAR_SECRET_KEY":
            # Only to be able to look at the others; nothing starts with it.
            os.environ["HIWAR_SECRET_KEY"] = "abcdefghijklmnopqrstuvwxyz" * 2
    django.setup()
    with translation.override(lang):
        lines += [f"{unsafe.id}: {unsafe.msg} {unsafe.hint or ''}" for unsafe in unsafe_settings()]
    return [line.rstrip() for line in lines]


def database_trouble(error: Exception, words: NullTranslations) -> str:
    """Return one sentence about a database that does not answer as it should."""
    reason = str(error).strip().partition("\n")[0]
    if "no such table" in reason or "does not exist" in reason:
        return words.gettext(
            "the tables are not there yet or not current: hiwar prepare makes them."
        )
    sentence = words.gettext(
        "the database does not answer ({reason}): is HIWAR_DATABASE_URL right and the server there?"
    )
    return sentence.format(reason=reason)


def fail(text: str) -> NoReturn:
    """Write what is wrong and end with the code of wrong use."""
    sys.stderr.write(f"{text}\n")
    sys.exit(WRONG)
