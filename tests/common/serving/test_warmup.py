from __future__ import annotations

from typing import TYPE_CHECKING

from django.template import engines

from hiwar.common.serving.warmup import warm

if TYPE_CHECKING:
    import pytest


def test_the_first_reader_waits_for_no_template() -> None:
    warm()
    [loader] = engines["django"].engine.template_loaders
    for name in "common/base.html", "dialogues/public/vote.html", "dialogues/public/results.html":
        assert name in loader.get_template_cache


def test_a_fault_in_it_is_told_and_stops_nothing(
    settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.LANGUAGES = [()]  # type: ignore[attr-defined]
    warm()
    assert "could be made ready" in caplog.text
