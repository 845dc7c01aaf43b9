"""What browser tests share beside Playwright."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOOK_EVERY = 0.1
# How long a window waits for a page: browsers and lanes share two processors, and whoever waits in
# vain only says so later.
PATIENCE_MS = 60_000


def wait_until(page: Page, question: str, seconds: float = 20) -> None:
    """Wait until `question`, a script that may answer with a promise, is answered with yes.

    Playwright's `wait_for_function` takes a promise itself for a yes: it never waits for one.
    """
    give_up = time.monotonic() + seconds
    while not page.evaluate(question):
        assert time.monotonic() < give_up, f"never true in {seconds} seconds: {question}"
        page.wait_for_timeout(LOOK_EVERY * 1000)
