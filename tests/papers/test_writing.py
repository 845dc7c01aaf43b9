"""Several people write one paper: merged by block, decided by a person, nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.urls import reverse

from factories.accounts import UserFactory, sign_in_fully
from factories.papers import NOW, blocks_in, make_paper, make_writer, write
from hiwar.accounts.actions.people import NotAllowed
from hiwar.papers.actions import blocks as act
from hiwar.papers.models import Block, BlockConflict, BlockVersion, Paper

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(roles: object) -> Paper:
    return make_paper()


@pytest.fixture
def block(paper: Paper) -> Block:
    block = blocks_in(paper)[1]
    text = "وافق 41 مشاركاً على صرف البدل قبل نهاية الشهر الأول من التدريب في كل مكان"
    write(paper, block, {"ar": text})
    block.refresh_from_db()
    return block


def after(block: Block, old: str, new: str) -> dict[str, str]:
    return {"ar": block.texts["ar"].replace(old, new)}


def test_a_template_gives_its_parts_as_headings_and_empty_blocks(paper: Paper) -> None:
    blocks = blocks_in(paper)
    assert [block.part for block in blocks[::2]] == [
        "summary", "evidence", "recommendations", "method",
    ]  # fmt: skip
    assert [block.kind for block in blocks[4:6]] == ["heading", "recommendation"]
    assert blocks[0].texts == {"ar": "صفحة متخذ القرار", "en": "For the decider"}
    assert blocks[5].recommendation.citations.count() == 0


def test_edits_far_apart_join_and_both_names_stand_in_the_history(
    paper: Paper, block: Block
) -> None:
    base = block.revision
    write(paper, block, after(block, "وافق", "أجاب"))
    colleague = UserFactory.create(roles=["researcher"])
    saved = act.save_block(
        actor=colleague, block=block, now=NOW,
        edit=act.Edit(base, None, after(block, "التدريب", "العمل")),
    )  # fmt: skip
    block.refresh_from_db()
    assert saved.is_joined
    assert block.texts["ar"].startswith("أجاب 41")
    assert "من العمل في" in block.texts["ar"]
    history = BlockVersion.objects.filter(block=block).order_by("-revision")
    assert [version.edited_by for version in history[:2]] == [colleague, paper.owner]


def test_one_number_changed_twice_waits_for_a_person_with_all_three_texts(
    paper: Paper, block: Block
) -> None:
    base = block.revision
    write(paper, block, after(block, "41", "42"))
    saved = write(paper, block, after(block, "41", "43"), base)
    block.refresh_from_db()
    assert "42" in block.texts["ar"]
    (conflict,) = saved.conflicts
    sides = (conflict.base["ar"], conflict.current["ar"], conflict.mine["ar"])
    assert [text.split()[1] for text in sides] == ["41", "42", "43"]
    assert paper.owner is not None
    with pytest.raises(act.ChoiceMissing):
        act.settle_conflict(actor=paper.owner, conflict=conflict, take="third", now=NOW)
    act.settle_conflict(actor=paper.owner, conflict=conflict, take="mine", now=NOW)
    block.refresh_from_db()
    conflict.refresh_from_db()
    assert "43" in block.texts["ar"]
    assert conflict.settled_by == paper.owner
    # Decided once: a second decision changes nothing.
    act.settle_conflict(actor=paper.owner, conflict=conflict, take="current", now=NOW)
    block.refresh_from_db()
    assert "43" in block.texts["ar"]


@pytest.mark.parametrize(("take", "stands"), [("current", True), ("mine", False)])
def test_a_block_that_one_edits_and_the_other_deletes_stays_until_decided(
    paper: Paper, block: Block, take: str, stands: bool
) -> None:
    assert paper.owner is not None
    base = block.revision
    write(paper, block, after(block, "وافق", "أجاب"))
    saved = act.save_block(actor=paper.owner, block=block, edit=act.Edit(base, None, None), now=NOW)
    block.refresh_from_db()
    assert block.deleted_at is None
    act.settle_conflict(actor=paper.owner, conflict=saved.conflicts[0], take=take, now=NOW)
    block.refresh_from_db()
    assert (block.deleted_at is None) is stands


def test_an_edit_of_a_deleted_block_brings_it_back_marked(paper: Paper, block: Block) -> None:
    assert paper.owner is not None
    base = block.revision
    act.save_block(actor=paper.owner, block=block, edit=act.Edit(base, None, None), now=NOW)
    saved = write(paper, block, after(block, "وافق", "أجاب"), base)
    block.refresh_from_db()
    assert block.deleted_at is None
    assert block.texts["ar"].startswith("أجاب")
    assert [conflict.what for conflict in saved.conflicts] == ["deleted"]


def test_an_edit_that_comes_twice_is_one(paper: Paper, block: Block) -> None:
    assert paper.owner is not None
    edit = act.Edit(block.revision, None, after(block, "41", "42"), uuid4())
    for _time in range(2):
        act.save_block(actor=paper.owner, block=block, edit=edit, now=NOW)
    block.refresh_from_db()
    assert block.revision == edit.base + 1
    assert not BlockConflict.objects.exists()


def test_kind_and_text_changed_by_two_join(paper: Paper, block: Block) -> None:
    assert paper.owner is not None
    base = block.revision
    act.save_block(actor=paper.owner, block=block, edit=act.Edit(base, "heading"), now=NOW)
    write(paper, block, after(block, "41", "42"), base)
    block.refresh_from_db()
    assert block.kind == "heading"
    assert "42" in block.texts["ar"]


def test_blocks_move_and_one_moved_by_two_is_decided(paper: Paper, block: Block) -> None:
    assert paper.owner is not None
    first, second, third = blocks_in(paper)[:3]
    act.move_block(actor=paper.owner, block=second, after=None, moves=0, now=NOW)
    assert blocks_in(paper)[0] == second
    saved = act.move_block(actor=paper.owner, block=second, after=third, moves=0, now=NOW)
    assert blocks_in(paper)[:3] == [second, first, third]
    act.settle_conflict(actor=paper.owner, conflict=saved.conflicts[0], take="mine", now=NOW)
    assert blocks_in(paper)[:3] == [first, third, second]


def test_what_a_block_said_is_brought_back_as_a_new_revision(paper: Paper, block: Block) -> None:
    assert paper.owner is not None
    before, text = block.revision, block.texts["ar"]
    act.save_block(actor=paper.owner, block=block, edit=act.Edit(before, None, None), now=NOW)
    act.restore_block(actor=paper.owner, block=block, revision=before, now=NOW)
    block.refresh_from_db()
    assert (block.deleted_at, block.texts["ar"], block.revision) == (None, text, before + 2)


def test_the_pages_write_keep_and_decide(paper: Paper, block: Block, client: Client) -> None:
    sign_in_fully(client, make_writer())
    page = client.get(reverse("papers:paper", args=[paper.code]), {"edit": str(block.pk)})
    assert f'name="base" value="{block.revision}"' in page.text
    # The page stands in the desk: its menu, and the tabs of the paper.
    assert reverse("papers:ready", args=[paper.code]) in page.text
    assert reverse("papers:list") in page.text
    url = reverse("papers:save_block", args=[block.pk])
    answer = client.post(url, {"base": block.revision, "text-ar": "نص جديد", "kind": "quote"})
    assert answer["Location"].endswith(f"#b-{block.pk}")
    block.refresh_from_db()
    assert (block.texts["ar"], block.kind) == ("نص جديد", "quote")
    # From an old page: both are kept and the page of the decision follows.
    answer = client.post(url, {"base": block.revision - 1, "text-ar": "نص آخر تماماً"})
    conflict = BlockConflict.objects.get()
    assert answer["Location"] == reverse("papers:conflict", args=[conflict.pk])
    assert "<ins>نص آخر تماماً" in client.get(answer["Location"]).text
    client.post(answer["Location"], {"take": "third", "text": "نص ثالث"})
    block.refresh_from_db()
    assert block.texts["ar"] == "نص ثالث"
    # A refusal gives the words back.
    answer = client.post(url, {"base": 9999, "text-ar": "كلمات لا تضيع"})
    assert answer.status_code == 409
    assert "كلمات لا تضيع" in answer.text


def test_who_may_not_write_changes_nothing(paper: Paper, block: Block) -> None:
    reader = UserFactory.create(roles=["media_officer"])
    edit = act.Edit(block.revision, None, {"ar": "شيء"})
    with pytest.raises(NotAllowed):
        act.save_block(actor=reader, block=block, edit=edit, now=NOW)


def test_the_pages_of_a_long_paper_ask_as_little_as_those_of_a_short_one(
    paper: Paper, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert paper.owner is not None
    sign_in_fully(client, paper.owner)
    for _time in range(6):
        last = blocks_in(paper)[-1]
        act.add_block(actor=paper.owner, paper=paper, after=last, kind="recommendation", now=NOW)
    for name, most in (("paper", 30), ("ready", 30), ("languages", 24), ("list", 24)):
        url = reverse(f"papers:{name}", args=[] if name == "list" else [paper.code])
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200
