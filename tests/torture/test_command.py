"""The command of torture goes on after a trial that breaks, and says what did not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torture.__main__ as command

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from torture.checker import Verdict


class Stopped:
    """What a trial needs of an installation that it does not serve."""

    database = "sqlite:///nowhere"

    def stop(self) -> None:
        """Nothing runs."""


def in_recovery(*_any: object) -> Verdict:
    raise RuntimeError("the database system is in recovery mode")


def test_trial_that_breaks_is_a_fault_and_no_end(capsys: pytest.CaptureFixture[str]) -> None:
    trial = command.Trial("R-0", "breaks", in_recovery, 1, "sqlite", serves=False)
    assert not command.run(trial, 1, Stopped())  # type: ignore[arg-type]
    assert "in recovery mode" in capsys.readouterr().out


def test_what_did_not_run_is_printed_and_the_rest_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "Served", in_recovery)
    monkeypatch.setattr(command, "on_postgres", lambda *_any: True)
    trial = command.Trial("R-0", "cannot begin", in_recovery, 1, "sqlite postgres")
    assert not command.everywhere(trial, 1, tmp_path)
    assert "NOT RUN: RuntimeError: the database system is in recovery" in capsys.readouterr().out
