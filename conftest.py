"""What is absent on this system is skipped with its reason, or fails where all is required."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator

SHARED = Path(__file__).resolve().parent.parent / "shared"

# A property is judged by what holds, never by how long it took on this machine.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("HIWAR_REQUIRE_ALL")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure under `HIWAR_REQUIRE_ALL`, as continuous integration sets it."""
    report = yield
    data_absent = item.get_closest_marker("shared_data") is not None and not SHARED.is_dir()
    expected = hasattr(report, "wasxfail") or data_absent
    if os.environ.get("HIWAR_REQUIRE_ALL") and report.skipped and not expected:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"everything is required here, and this was left out: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a module that skips itself as a whole."""
    report = yield
    if os.environ.get("HIWAR_REQUIRE_ALL") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"everything is required here, and this was left out: {report.longrepr}"
    return report
