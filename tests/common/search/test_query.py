"""What a reader finds, and that nothing of the rest shows: not in hits, counts or snippets."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from factories.accounts import sign_in_fully
from hiwar.common.models import SearchDocument
from hiwar.common.search import sources
from hiwar.common.search.indexing import index_record, is_stale, reindex, remove_record
from hiwar.common.search.query import find
from hiwar.common.search.sources import Document, Source, register_source

pytestmark = pytest.mark.django_db
NOTES, SECRETS = "test.note", "test.secret"


def key(n: int) -> UUID:
    return UUID(int=n)


WATER = Document(
    key(1),
    {"ar": "أزمة المياه في المخيمات", "en": "Water in the camps"},
    {"ar": "ناقش المشاركون شبكات المياه والصرف الصحي. " * 8 + "وطالبت البلديات والوزارة معًا."},
)
YOUTH = Document(key(2), {"en": "Youth quota"}, {"en": "Seats for the young; water is not said."})
PRIVATE = Document(key(3), {"ar": "سر المياه"}, {"ar": "كلام لا يقال"}, audience="private")


@pytest.fixture
def offered(monkeypatch):
    """Offer two kinds: notes, of which the director sees all, and secrets, which nobody sees."""
    monkeypatch.setattr(sources, "_sources", {})

    def seen(reader):
        if not reader.is_authenticated:
            return None
        return Q() if reader.email.startswith("salma") else ~Q(audience="private")

    kept = [WATER, YOUTH, PRIVATE]
    register_source(
        Source(NOTES, "Notes", lambda: kept, seen, lambda record: f"/desk/notes/{record}/", 1)
    )
    register_source(
        Source(SECRETS, "Secrets", lambda: [WATER], lambda _reader: None, lambda _r: "/desk/", 2)
    )
    reindex()
    return kept


def titles(found) -> list[str]:
    return ["".join(p.text for p in hit.title) for group in found.groups for hit in group.hits]


def test_a_word_is_found_whatever_its_form(offered, facilitator):
    for text in ("المياه", "مياه", "والمياه", "مياة ", "Water", "بلدية", "الوزارات "):
        assert find(facilitator, text).count >= 1, text
    assert find(facilitator, "مسرح").count == 0
    assert find(facilitator, "مياه مسرح").count == 0
    assert find(facilitator, "").count == 0
    assert find(facilitator, "\" OR * ) ' -- : &").count == 0


def test_the_title_goes_before_the_text(offered, director):
    assert titles(find(director, "water "))[0] == "أزمة المياه في المخيمات"


def test_the_last_word_may_be_unfinished(offered, facilitator):
    assert find(facilitator, "Wat").count == 2
    assert find(facilitator, "Wat ").count == 0
    assert find(facilitator, "البلد").count == 1


def test_what_may_not_be_seen_is_not_counted(offered, facilitator, director):
    assert find(director, "المياه").count == 2
    assert find(facilitator, "المياه").count == 1
    assert find(facilitator, "سر").count == 0
    assert find(facilitator, "كلام", kind=NOTES).count == 0
    assert find(director, "المياه", kind=SECRETS) == find(director, "المياه", kind="no.such")
    assert [group.kind for group in find(director, "المياه").groups] == [NOTES]


def test_an_outsider_finds_nothing(offered):
    from django.contrib.auth.models import AnonymousUser

    assert find(AnonymousUser(), "المياه").count == 0


def test_snippet_shows_the_original_round_the_word(offered, facilitator):
    (group,) = find(facilitator, "وزارة").groups
    snippet = group.hits[0].snippet
    assert [piece.text for piece in snippet if piece.is_match] == ["والوزارة"]
    text = "".join(piece.text for piece in snippet)
    assert text.startswith("… ")
    assert "وطالبت البلديات والوزارة معًا." in text
    assert len(text) < 300


def test_index_follows_the_record(offered, facilitator):
    index_record(NOTES, Document(key(2), {"en": "Seats for women"}))
    assert find(facilitator, "young").count == 0
    assert find(facilitator, "women").count == 1
    remove_record(NOTES, key(2))
    assert find(facilitator, "women").count == 0


def test_index_forgets_what_was_rolled_back(offered, facilitator):
    with transaction.atomic():
        index_record(NOTES, Document(key(9), {"en": "Never said"}))
        transaction.set_rollback(True)
    assert find(facilitator, "never said").count == 0


def test_reindex_makes_the_index_anew(offered, facilitator, capsys):
    SearchDocument.objects.all().delete()
    SearchDocument.objects.create(kind="old.kind", record=key(1), title={"en": "x"}, version=0)
    call_command("reindex")
    assert capsys.readouterr().out == f"{NOTES}: 3\n{SECRETS}: 1\n"
    assert find(facilitator, "المياه").count == 1
    assert not SearchDocument.objects.filter(kind="old.kind").exists()
    offered.remove(YOUTH)
    call_command("reindex", NOTES)
    assert SearchDocument.objects.filter(kind=SECRETS).count() == 1
    assert find(facilitator, "quota").count == 0


def test_index_is_stale_when_empty_or_folded_otherwise(offered):
    assert not is_stale()
    SearchDocument.objects.filter(record=key(2)).update(version=0)
    assert is_stale()
    reindex()
    assert not is_stale()
    SearchDocument.objects.all().delete()
    assert is_stale()


def test_pages_of_one_kind(offered, director):
    for n in range(30):
        index_record(NOTES, Document(key(100 + n), {"en": f"Olive {n}"}))
    first = find(director, "olive", kind=NOTES, size=20)
    second = find(director, "olive", kind=NOTES, start=20, size=20)
    assert (first.count, len(first.groups[0].hits), len(second.groups[0].hits)) == (30, 20, 10)
    assert len(set(titles(first) + titles(second))) == 30
    assert len(find(director, "olive").groups[0].hits) == 5


def test_desk_page_needs_a_full_sign_in(client):
    assert client.get("/desk/search/?q=water").status_code == 302


def test_desk_page_works_without_script(offered, client, facilitator):
    sign_in_fully(client, facilitator)
    page = client.get("/desk/search/", {"q": "المياه", "language": "en"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "<mark>المياه</mark>" in text
    assert f"/desk/notes/{key(1)}/" in text
    assert "سر" not in text.partition("<main")[2]
    assert "1 record found" in text
    part = client.get("/desk/search/", {"q": "المياه"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    empty = client.get("/desk/search/", {"q": "zzz", "page": "abc", "language": "en"})
    assert "Nothing found" in empty.content.decode()


def test_desk_page_shows_titles_as_text(offered, client, director):
    index_record(NOTES, Document(key(7), {"en": "<script>alert(1)</script> olive"}))
    sign_in_fully(client, director)
    text = client.get("/desk/search/?q=olive").content.decode()
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text


def test_desk_page_asks_the_database_no_more_for_many(offered, client, director):
    sign_in_fully(client, director)
    client.get("/desk/search/?q=quota")
    asked = []
    for n in range(12):
        index_record(NOTES, Document(key(200 + n), {"en": f"Olive {n}"}))
    for text in ("quota", "olive"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/desk/search/?q={text}")
        asked.append(len(queries))
    assert asked[1] <= asked[0]


BOTH = """
import json, random, sys
import django; django.setup()
from uuid import UUID
from hiwar.common.models import SearchDocument
from hiwar.common.search.backends import in_order, matching
from hiwar.common.search.folding import query_stems
from hiwar.common.search.indexing import _write
from hiwar.common.search.sources import Document
chance = random.Random(11)
words = sys.stdin.read().split()
pick = lambda n: " ".join(chance.choices(words, k=n))
documents = [Document(UUID(int=n + 1), {"ar": pick(4)}, {"ar": pick(60)}) for n in range(400)]
_write("test.note", documents)
_write("test.note", documents[:50])
SearchDocument.objects.filter(record=UUID(int=60)).delete()
answers = []
for n in range(60):
    text = pick(1 + n % 3)
    is_open = n % 2 == 0
    text = text[:-1] if is_open and len(text) > 3 else text
    stems = query_stems(text)
    found = matching(SearchDocument.objects.all(), stems, is_open=is_open)
    page = in_order(found, stems, is_open=is_open, start=n % 7, size=300)
    answers.append([text, found.count(), [document.record.int for document in page]])
print(json.dumps(answers))
"""
VOCABULARY = """
قانون القوانين المجلس مجالس البلدية بلديات المياه مياه وزارة الوزارات وزير مشاركة المشاركون حوار
الحوارات شباب الشباب نساء المرأة نص نصوص توصية توصيات ورقة أوراق ٢٠٢٦ 2026 law laws water youth
policies policy meeting meetings e-mail name@example.org 1e5 3.14 12a v1.2 https://example.org/a/b
C++ naïve Café straße Ελλάδα Москва עברית हिन्दी 東京 _under_score_ don't الـنـص مُشَارَكَة
"""


@pytest.mark.exhaustive("search")
def test_both_databases_find_the_same(request, tmp_path):
    import psycopg

    server = request.getfixturevalue("postgres_url")
    name = f"search_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
    answers = []
    for url in (
        f"sqlite:///{tmp_path}/hiwar.sqlite3",
        urlunsplit(urlsplit(server)._replace(path=f"/{name}")),
    ):
        environment = os.environ | {"HIWAR_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
        migrate = [sys.executable, "-m", "django", "migrate", "common", "-v0"]
        subprocess.run(migrate, env=environment, check=True)
        done = subprocess.run(
            [sys.executable, "-c", BOTH],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            input=VOCABULARY,
        )
        answers.append(json.loads(done.stdout))
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert answers[0] == answers[1]
    assert sum(bool(found) for _text, _count, found in answers[0]) > 40
