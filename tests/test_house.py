"""The rules of the house are kept, and each is shown to see what breaks it."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

import alike_rules as alike
import border_rules as border
import country_rules as country
import house_rules as rules
import testing_rules as testing
from house_rules import PACKAGE, ROOT
from stored_rules import stored_and_unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

# It opens none: it cuts the connection to a database that does not answer.
SOCKETS_PERMITTED: tuple[str, ...] = (
    "common/serving/beats.py",  # it asks this very server, and tells the manager of services
    "common/serving/watchdog.py",
    "common/serving/locks.py",  # it asks whether a port is free
    "common/upgrading/house.py",  # it asks this very house whether it answers
)
# The writer and the lock wait for the disk and for a server that ends.
PROCESSES_PERMITTED: tuple[str, ...] = (
    # Two programs of Debian, inside the process that reads files and within its limits.
    "analysis/laws/scans.py",
    "common/backup/offsite.py",  # the command of the house that carries a backup away
    "common/backup/proving.py",  # an empty house beside this one, with settings of its own
    "common/files/closed_process.py",  # it reads files in a process that is closed in
    "common/management/commands/upgrade.py",  # somebody has to outlive what is killed
    "common/serving/locks.py",
    "common/serving/writer.py",
    "common/upgrading/house.py",  # commands of two versions, and those of the services
)
# Sealed content of a run is no file, and a bundle of open data is part of what a version says.
BYTES_PERMITTED: tuple[str, ...] = (
    "common/models.py:content",
    "dialogues/models/results.py:bundle",
)
# What somebody reads in the database who must know, or a screen that is not there yet.
UNREAD_PERMITTED: tuple[str, ...] = (
    "accounts/models.py:last_login",  # named by the framework, kept empty
    "common/models.py:issued_at",  # the register of letters shows it
    "dialogues/models/results.py:input_hash",  # whether two maps rest on the same votes
)
# What frames pages of its own: those of participants and of signing in.
FRAMES: tuple[str, ...] = (
    "accounts/templates/accounts/entrance.html",
    "dialogues/templates/dialogues/public/base.html",
)
# Keys, locks and the letters of practice, which are no files of the house.
FOLDER_PERMITTED: tuple[str, ...] = (
    "accounts/management/commands/prepare.py",
    "channels/queries/ways.py",
    "channels/tasks.py",
    "common/backup/archive.py",
    "common/backup/proving.py",
    "common/backup/restoring.py",
    "common/checks.py",
    "common/disk.py",
    "common/health/backups.py",
    "common/health/machine.py",
    "common/health/metrics.py",
    "common/health/service.py",
    "common/jobs/bell.py",
    "common/jobs/worker.py",
    "common/management/bringing.py",
    "common/management/commands/serve.py",
    "common/management/commands/upgrade.py",
    "common/moving/keeping.py",
    "common/personal/ledger.py",
    "common/personal/proof.py",
    "common/tasks.py",  # what an upgrade kept lies beside the database
    "dialogues/actions/publications.py",
)
# The desk itself, and an answer that is no table: the list only gets shorter.
FILES_PERMITTED: tuple[str, ...] = (
    "accounts/desk/imports.py",
    "events/desk/invitations.py",  # an answer by calendar file
)


def house_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("hiwar.")]


def text_files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    suffixes = {".py", ".md", ".html", ".css", ".js", ".toml", ".in", ".ini", ".po", ""}
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in suffixes and path.is_file() and path.name != "LICENSE":
            yield path


def test_every_room_has_a_floor() -> None:
    assert set(rules.open_rooms()) <= set(rules.floors())


def test_relations_point_down() -> None:
    found = list(rules.relations(house_models()))
    assert list(rules.climbing(found, rules.floors())) == []


def test_file_names_are_on_the_closed_list() -> None:
    assert list(rules.unknown_files(PACKAGE)) == []


@pytest.mark.parametrize(
    ("folder", "module"),
    [("src", 500), ("tests", 600), ("bench", 500), ("tools", 500), ("demo", 500)],
)
def test_modules_and_functions_are_small(folder: str, module: int) -> None:
    assert list(rules.too_large(ROOT / folder, module=module)) == []


def test_models_are_in_the_glossary() -> None:
    named = rules.glossary_models((ROOT / "docs/glossary.md").read_text("utf-8"))
    assert {f"{m._meta.app_label}.{m.__name__}" for m in house_models()} == named


def test_rooms_have_a_page() -> None:
    pages = {path.stem for path in (ROOT / "docs/rooms").glob("*.md")}
    assert set(rules.open_rooms()) - {"engine"} <= pages


# Boxes to tick of what a page has found before.
LISTS_PERMITTED = ("signatures/forms.py",)

# Lists of a record, in the frame of that record.
LISTS_OF_RECORDS = (
    "contacts/desk/network.py:_page",
    "contacts/desk/segments.py:segment",
    "dialogues/desk/file_tasks.py:imports",
    "dialogues/desk/moderation.py:log",
    "dialogues/desk/statements.py:statements",
    "events/desk/invitations.py:invitations",
    "legislation/desk/consultations.py:consultation",
    "signatures/desk/signing.py:letters",
    "signatures/desk/signing.py:signatures",
    "trace/desk.py:dossier",
)

# Forms with steps or several buttons of their own.
FORMS_PERMITTED = (
    "accounts/templates/accounts/import_run.html",
    "channels/templates/channels/opt_outs.html",
    "dialogues/templates/dialogues/desk/telling.html",
    "events/templates/events/desk/attendance.html",
    "events/templates/events/desk/invite_segment.html",
    "legislation/templates/legislation/add_version.html",
    "legislation/templates/legislation/consultation_new.html",
    "legislation/templates/legislation/memorandum.html",
    "papers/templates/papers/embargo.html",
    "papers/templates/papers/interests.html",
    "papers/templates/papers/public/review.html",
    "papers/templates/papers/review.html",
    "publishing/templates/publishing/item.html",
    "signatures/templates/signatures/public/sign.html",
)

# Forms with a way back that are not the page of a form.
FRAMES_PERMITTED = (
    "channels/templates/channels/subscribers_file.html",  # under the tabs and state of the room
    "dossiers/templates/dossiers/documents.html",  # below the documents of a dossier
    "dossiers/templates/dossiers/people.html",  # below the people of a dossier
    "dossiers/templates/dossiers/steps.html",  # below the steps of a dossier
    "legislation/templates/legislation/add_version.html",  # two ways of entering a text
    "legislation/templates/legislation/consultation_new.html",  # its days are looked at first
    "papers/templates/papers/embargo.html",  # one of the states of an embargo
    "papers/templates/papers/recommendation.html",  # below the evidence of a recommendation
    "publishing/templates/publishing/edit.html",  # two languages side by side
    "signatures/templates/signatures/desk/request.html",  # beside the letters of a request
    "visits/templates/visits/desk/change.html",  # a table of items, changed together
)
# Letters in a loop that are few, or written in a job already.
LETTERS_PERMITTED = (
    "events/actions/invitations.py:_write_to",  # a duty: reminders and thanks of one quarter hour
    "signatures/actions/notices.py:tell_signatories",  # who signed one version, within its action
    "signatures/actions/letters.py:ask_organisations",  # ticked on one page, or of one coalition
)

# Each asks whether one of its own records has the address.
ALIKE_PERMITTED = ("forums/forms/__init__.py:clean_code",)

HOUSE: dict[str, Callable[[Path], Iterable[str]]] = {
    "undocumented": rules.undocumented,
    "positional_actions": rules.positional_actions,
    "clock_readings": rules.clock_readings,
    "days_of_instants": rules.days_of_instants,
    "sockets": lambda package: rules.sockets(package, SOCKETS_PERMITTED),
    "processes": lambda package: rules.processes(package, PROCESSES_PERMITTED),
    "token_makers": rules.token_makers,
    "languages_let_go": rules.languages_let_go,
    "table_libraries": rules.table_libraries,
    "foreign_makers": border.foreign_makers,
    "sole_users": border.sole_users,
    "unasked_senders": border.unasked_senders,
    "vague_names": rules.vague_names,
    "long_lists": lambda package: border.long_lists(package, LISTS_PERMITTED),
    "stored_and_unread": lambda package: stored_and_unread(package, UNREAD_PERMITTED),
    "compared_with_itself": rules.compared_with_itself,
    "one_country": country.one_country,
    "file_fields": lambda package: rules.file_fields(package, BYTES_PERMITTED),
    "unfiltered_choices": rules.unfiltered_choices,
    "data_folder_users": lambda package: rules.data_folder_users(package, FOLDER_PERMITTED),
    "own_readers": border.own_readers,
    "letters_in_loops": lambda package: border.letters_in_loops(package, LETTERS_PERMITTED),
    "own_forms": lambda package: border.own_forms(package, FORMS_PERMITTED),
    "own_lists": lambda package: border.own_lists(package, LISTS_OF_RECORDS),
    "own_frames": lambda package: border.own_frames(package, FRAMES_PERMITTED),
    "file_doors": lambda package: rules.file_doors(package, FILES_PERMITTED),
    "functions_alike": lambda package: alike.functions_alike(package, ALIKE_PERMITTED),
    "own_fields": alike.own_fields,
    "own_not_found": alike.own_not_found,
    "bare_ignores": rules.bare_ignores,
    "foreign_templates": rules.foreign_templates,
    "inline_code": rules.inline_code,
    "replaced_bodies": lambda package: rules.replaced_bodies(package, FRAMES),
    "foreign_commas": rules.foreign_commas,
    "words_inside_texts": rules.words_inside_texts,
    "bare_codes": rules.bare_codes,
    "physical_directions": rules.physical_directions,
}


@pytest.mark.costly("reads the whole source")
@pytest.mark.parametrize("rule", HOUSE.values(), ids=HOUSE.keys())
def test_house_keeps(rule: Callable[[Path], Iterable[str]]) -> None:
    assert list(rule(PACKAGE)) == []


def test_browser_tests_wait_for_what_they_ask() -> None:
    assert list(testing.unawaited_promises(ROOT / "tests")) == []


def test_databases_that_tests_open_are_closed() -> None:
    assert list(testing.left_open(ROOT / "tests")) == []


def test_days_in_tests_are_those_of_the_place() -> None:
    assert list(testing.days_of_this_moment(ROOT / "tests")) == []


def test_a_next_number_follows_the_highest_and_not_the_count() -> None:
    """Where a row was erased, the count is a number that is there already."""
    counted = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"(?<!objects)\.count\(\) \+ 1", line)
    ]
    assert counted == [], "common.numbering.next_number knows the highest"


def test_nothing_is_left_for_later() -> None:
    assert list(rules.leftovers(text_files())) == []


# What follows plants one violation for each rule.

LATER = "TO" + "DO"
LONG = "def long(x):\n    '''Docstring\n    of two lines.'''\n" + "    x += 1\n" * 81
SAME = (
    "def part(rows, name):\n    kept = [row.title for row in rows if row.owner == name]\n"
    "    return max(kept, key=len) or kept[0].owner.name\n"
)
SAME_AGAIN = SAME.replace("part", "half").replace("kept", "left").replace("row ", "line ")
SAME_AGAIN = SAME_AGAIN.replace("row.", "line.").replace("rows", "lines")
PLANTED: list[tuple[Callable[[Path], Iterable[str]], str, str, str]] = [
    (rules.unknown_files, "papers/utils.py", "X = 1\n", "papers/utils.py"),
    (rules.unknown_files, "papers/services/votes.py", "X = 1\n", "papers/services"),
    (country.one_country, "papers/rules.py", "# in villages and camps\n", "rules.py:1: “camps”"),
    (country.one_country, "papers/words.json", '{"ar": "وبالمخيّمات"}\n', "“وبالمخيمات”"),
    (country.one_country, "locale/ar/django.po", 'msgstr "لسكان مُحافظةٍ"\n', "“محافظه”"),
    (country.one_country, "papers/words.json", '{"help": "Such as HEBRON."}\n', "“hebron”"),
    (country.one_country, "papers/forms.py", 'HINT = "+970 59 912 3456"\n', "“+970”"),
    (rules.undocumented, "engine/opinion/maps.py", "def fit_map(votes): ...\n", "fit_map"),
    (rules.undocumented, "papers/actions.py", "def sign_paper(*, actor): ...\n", "sign_paper"),
    (rules.undocumented, "papers/actions/sign.py", "def sign_off(*, actor): ...\n", "sign_off"),
    (rules.undocumented, "papers/models.py", "class Paper: ...\n", "Paper"),
    (rules.words_inside_texts, "papers/rules.py", "A = f\"{_('B')}: {b}\"\n", "rules.py:1: _('B')"),
    (rules.bare_codes, "papers/templates/papers/a.html", "<b>{{ a.language }}</b>", "a.html"),
    (
        testing.left_open,
        "papers/test_a.py",
        "with sqlite3.connect(a) as b:\n    b\n",
        "test_a.py:1",
    ),
    (testing.left_open, "papers/test_a.py", "x = ConnectionHandler(a)['b']\n", "test_a.py:1"),
    (rules.foreign_commas, "papers/templates/papers/a.html", "<b>{{ a }}, {{ b }}</b>", "a.html"),
    (rules.undocumented, "visits/__init__.py", "", "visits/__init__.py"),
    (
        rules.positional_actions,
        "papers/actions.py",
        "@transaction.atomic\ndef sign(actor): ...\n",
        "sign",
    ),
    (
        rules.clock_readings,
        "papers/queries.py",
        "def due():\n    return timezone.now()\n",
        "queries",
    ),
    (rules.days_of_instants, "papers/actions.py", "TODAY = now.date()\n", "actions.py:1"),
    (testing.days_of_this_moment, "papers/test_x.py", "a = now.date()\n", "test_x.py:1"),
    (testing.days_of_this_moment, "papers/test_x.py", "a = timezone.now().date()\n", "test_x.py:1"),
    (testing.days_of_this_moment, "papers/test_x.py", "a = date.today()\n", "test_x.py:1"),
    (
        rules.languages_let_go,
        "papers/exports.py",
        "with override(x or None): ...\n",
        "exports.py:1",
    ),
    (rules.clock_readings, "engine/opinion/maps.py", "NOW = time.time()\n", "maps.py:1"),
    (rules.sockets, "papers/exports.py", "import urllib.request\n", "urllib.request"),
    (rules.sockets, "papers/exports.py", "from http import client\n", "http.client"),
    (rules.processes, "papers/tasks.py", "import subprocess\n", "subprocess"),
    (rules.processes, "papers/tasks.py", "import os\nos.fork()\n", "os.fork"),
    (rules.processes, "papers/tasks.py", "import time\ntime.sleep(1)\n", "waits"),
    (rules.token_makers, "papers/actions.py", "T = secrets.token_urlsafe(32)\n", "actions.py:1"),
    (rules.token_makers, "papers/actions.py", "from secrets import token_urlsafe\n", "actions.py"),
    (rules.table_libraries, "papers/exports.py", "import csv\n", "imports csv"),
    (alike.functions_alike, "papers/queries.py", SAME_AGAIN, "queries.py:1: half is channels"),
    (alike.own_fields, "papers/forms.py", "DAY = forms.DateField(label=a)\n", "forms.py:1"),
    (
        alike.own_not_found,
        "papers/desk.py",
        "a = b.first()\nif a is None:\n    raise Http404\n",
        "desk.py:1: answers 404",
    ),
    (
        border.foreign_makers,
        "papers/actions.py",
        "Signature(version=v)\n",
        "makes a Signature",
    ),
    (
        border.foreign_makers,
        "papers/actions.py",
        "IssuedNumber.objects.create()\n",
        "IssuedNumber",
    ),
    (border.sole_users, "papers/tasks.py", "import django_tasks_db\n", "django_tasks_db"),
    (
        border.unasked_senders,
        "papers/tasks.py",
        "from hiwar.channels.adapters.smtp import SmtpRelay\n",
        "papers/tasks.py:1: hands something to a carrier",
    ),
    (border.unasked_senders, "channels/tasks.py", "Parcel(message, 'a', c)\n", "nobody judged"),
    (
        border.unasked_senders,
        "papers/models.py",
        "class Reader:\n    has_opted_out = BooleanField()\n",
        "papers/models.py:2: keeps opt-outs of its own",
    ),
    (border.unasked_senders, "papers/queries.py", "Suppression.objects.all()\n", "by itself"),
    (
        border.own_forms,
        "papers/templates/papers/a.html",
        '{% for f in form %}{% field f %}{% endfor %}<div class="form-actions">',
        "a.html: a form without",
    ),
    (
        border.own_frames,
        "papers/templates/papers/a.html",
        '<nav class="breadcrumb"><ol>',
        "a.html: draws the way above the page by itself",
    ),
    (
        border.own_frames,
        "papers/templates/papers/a.html",
        '{% part "form" form=form verb=verb back=back %}',
        "a.html: the page of a form without the frame",
    ),
    (
        border.own_frames,
        "papers/templates/papers/a.html",
        '{% part "error_summary" form=form %}<form>{% field form.title %}'
        '<div class="form-actions"><a href="/">{% translate "Cancel" %}</a></div>',
        "a.html: the page of a form without the frame",
    ),
    (
        border.own_frames,
        "papers/desk/papers.py",
        'def add(request):\n    return render(request, "papers/form.html", {})\n',
        "papers/desk/papers.py: shows papers/form.html without form_page",
    ),
    (
        border.letters_in_loops,
        "papers/actions.py",
        "def _put(a):\n    post(a)\n\ndef tell(*, all):\n    for a in all:\n        _put(a)\n",
        "tell writes letters in a loop",
    ),
    (
        border.own_lists,
        "papers/desk/papers.py",
        "def list_papers(request):\n    return render(request, 'a.html', paged(request, []))\n",
        "list_papers is a list without the frame",
    ),
    (
        border.own_lists,
        "papers/views.py",
        "from django.core.paginator import Paginator\n",
        "views.py:1",
    ),
    (border.own_lists, "papers/templates/papers/a.html", "{{ page.has_next }}", "a.html: turns"),
    (
        border.own_readers,
        "papers/actions/files.py",
        "from hiwar.common.tables import read_workbook\n",
        "papers/actions/files.py:1: reads files by itself (read_workbook)",
    ),
    (
        border.own_readers,
        "papers/desk/files.py",
        "from hiwar.common.tables import own_upload\n",
        "reads files by itself (own_upload)",
    ),
    (
        border.own_readers,
        "papers/models/files.py",
        "class PaperImport(Record): ...\n",
        "keeps runs of files of its own (PaperImport)",
    ),
    (
        border.sole_users,
        "papers/exports.py",
        "from email.message import EmailMessage\n",
        "email",
    ),
    (rules.table_libraries, "papers/exports.py", "from openpyxl import Workbook\n", "openpyxl"),
    (rules.sockets, "papers/exports.py", "from django.core import mail\n", "django.core.mail"),
    (rules.sockets, "papers/actions.py", "from django.core.mail import send_mail\n", "mail"),
    (
        rules.compared_with_itself,
        "papers/rules.py",
        "NEW = [p for p in Y if p.at > p.at]\n",
        "rules.py:1: p.at with itself",
    ),
    (rules.vague_names, "papers/rules.py", "found = 1\n", "rules.py:1: found"),
    (rules.vague_names, "papers/rules.py", "def may(one): ...\n", "rules.py:1: one"),
    (rules.vague_names, "papers/rules.py", "X = [told for told in Y]\n", "rules.py:1: told"),
    (
        stored_and_unread,
        "papers/models.py",
        "class Paper:\n    mood = models.CharField()\n",
        "papers/models.py:2: mood is stored",
    ),
    (rules.file_fields, "papers/models.py", "f = models.FileField()\n", "models.py:1"),
    (rules.file_fields, "papers/models.py", "content = models.BinaryField()\n", "models.py:1"),
    (rules.file_fields, "papers/models.py", "pdf = models.BinaryField(null=True)\n", "models.py:1"),
    (
        rules.unfiltered_choices,
        "papers/forms.py",
        "class Paper(Guarded): ...\nX = Paper.objects.order_by('code')\n",
        "papers/forms.py:2",
    ),
    (rules.data_folder_users, "papers/tasks.py", "X = settings.DATA / 'x'\n", "tasks.py:1"),
    (rules.file_doors, "papers/desk.py", "A = read_upload(b, '')\n", "desk.py:1"),
    (rules.file_doors, "papers/desk.py", "form = F(request.FILES)\n", "desk.py:1"),
    (rules.file_doors, "papers/forms.py", "a = forms.FileField()\n", "forms.py:1"),
    (
        rules.replaced_bodies,
        "papers/templates/papers/a.html",
        "{% block body %}x{% endblock %}",
        "papers/a.html: a block named body",
    ),
    (rules.bare_ignores, "papers/rules.py", "import os  # no" + "qa\n", "papers/rules.py:1"),
    (rules.bare_ignores, "papers/rules.py", "X = y  # type: " + "ignore\n", "papers/rules.py:1"),
    (
        testing.unawaited_promises,
        "papers/test_a.py",
        "page.wait_for_function(\"caches.has('x').then(Boolean)\")\n",
        "test_a.py:1",
    ),
    (
        rules.foreign_templates,
        "papers/templates/papers/paper_detail.html",
        '{% include "asks/_ask.html" %}',
        "asks/_ask.html",
    ),
    (
        rules.inline_code,
        "papers/templates/papers/a.html",
        '<p style="color: red">',
        "style attribute",
    ),
    (rules.inline_code, "papers/templates/papers/a.html", "<style>p {}</style>", "style element"),
    (rules.inline_code, "papers/templates/papers/a.html", "<script>go()</script>", "inline script"),
    (rules.inline_code, "papers/templates/papers/a.html", '<a onclick="go()">', "event attribute"),
    (rules.physical_directions, "common/static/common/a.css", "p { margin-left: 1em }", "a.css:1"),
    (
        rules.physical_directions,
        "common/static/common/a.css",
        "\np { text-align: right }",
        "a.css:2",
    ),
    (
        rules.physical_directions,
        "common/static/common/a.css",
        "p { border-top-left-radius: 0 }",
        "a.css:1",
    ),
    (lambda folder: rules.too_large(folder, module=100), "papers/views.py", LONG, "81 lines"),
    (lambda folder: rules.too_large(folder, module=5), "papers/views.py", "\n" * 6, "at most 5"),
    (lambda folder: rules.leftovers(folder.rglob("*.py")), "a.py", f"# {LATER}: later\n", "a.py:1"),
]
SOUND = {
    "papers/templates/papers/form.html": '{% extends "common/form_page.html" %}\n',
    "papers/__init__.py": '"""Papers and their sign-off."""\n',
    "papers/actions.py": '@transaction.atomic\ndef sign(*, actor, now):\n    """Sign."""\n',
    "papers/templates/papers/paper_detail.html": (
        '{% extends "common/base.html" %}{% include "papers/_x.html" %}'
        '<script src="{% static "common/a.js" %}" defer></script>'
        '<script type="application/json">{}</script>'
    ),
    "common/__init__.py": '"""The ground."""\n',
    "common/static/common/a.css": "/* left and right */\np { margin-inline-start: 1em }\n",
    "channels/__init__.py": '"""The network."""\n',
    "channels/adapters/aggregator.py": "import socket\n",
    "channels/queries.py": SAME,
}


def plant(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(("rule", "path", "text", "named"), PLANTED)
def test_rule_sees(
    rule: Callable[[Path], Iterable[str]], path: str, text: str, named: str, tmp_path: Path
) -> None:
    plant(tmp_path, SOUND)
    assert list(rule(tmp_path)) == [], "the sound house is not clean"
    plant(tmp_path, {path: text})
    found = list(rule(tmp_path))
    assert len(found) == 1, found
    assert named in found[0]


@isolate_apps("hiwar.accounts", "hiwar.common")
def test_relations_reads_what_an_import_contract_cannot_see() -> None:
    class Member(models.Model):
        __module__ = "hiwar.accounts.models"

        class Meta:
            app_label = "accounts"

    class Entry(models.Model):
        __module__ = "hiwar.common.models"
        member = models.ForeignKey(Member, on_delete=models.CASCADE)
        quiet = models.ManyToManyField(Member, related_name="+")

        class Meta:
            app_label = "common"

    found = list(rules.relations([Member, Entry]))
    assert list(rules.climbing(found, rules.floors())) == [
        "common.Entry.member: points up or sideways to accounts",
        'common.Entry.member: a relation across rooms has related_name="+"',
        "common.Entry.member: deletes across rooms; use PROTECT",
        "common.Entry.quiet: points up or sideways to accounts",
    ]
    down = rules.Relation("accounts", "User.entry", "common", "+", "PROTECT")
    assert list(rules.climbing([down], rules.floors())) == []


def test_glossary_models_reads_the_third_column() -> None:
    text = "| مستخدم | user | `accounts.User` | Somebody. |\n| كلمة | word | | `x.Y` |\n"
    assert rules.glossary_models(text) == {"accounts.User"}
