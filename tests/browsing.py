"""What browser tests share beside Playwright."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

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


def go_online(context: BrowserContext, seconds: float = 20) -> None:
    """Give a browser its network back, and wait until its service workers have it too.

    They hear of it after the pages: in between they would answer from what they kept.
    """
    context.set_offline(False)
    give_up = time.monotonic() + seconds
    for worker in context.service_workers:
        while not worker.evaluate("fetch('/healthz').then(() => true, () => false)"):
            assert time.monotonic() < give_up, f"no network in {seconds} seconds: {worker.url}"
            time.sleep(LOOK_EVERY)
