"""Take the pictures of the README: serve the demo from a folder of its own and look at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
HIWAR = ROOT / ".venv/bin/hiwar"
OUT = ROOT / "docs/screenshots"
DIRECTOR = "ED"
# A screen of each room; the demonstration has the codes that stand in the addresses.
ROOMS = {
    "ar": [
        ("dossier", "/desk/dossiers/YE/"),
        ("visit", "/desk/visits/velmark-2027/"),
        ("programme", "/desk/visits/velmark-2027/programme/"),
        ("missions", "/desk/contacts/missions/"),
    ],
    "en": [("event", "/desk/events/NAT-1/"), ("dossier", "/desk/dossiers/LE/")],
}

# The results of the dialogue that has most votes: closed, counted and published as the desk would.
CLOSE = """
from django.utils import timezone
from hiwar.accounts.models import User
from hiwar.dialogues.actions import dialogues
from hiwar.dialogues.models import Dialogue
actor = User.objects.get(email__startswith="ed@")
found = Dialogue.objects.get(dossier__code="YE")
dialogues.close_dialogue(actor=actor, dialogue=found, now=timezone.now())
"""
PUBLISH = """
from django.utils import timezone
from hiwar.accounts.models import User
from hiwar.dialogues.actions import publications
from hiwar.dialogues.models import Dialogue
actor = User.objects.get(email__startswith="ed@")
found = Dialogue.objects.get(dossier__code="YE")
made = publications.prepare_publication(actor=actor, dialogue=found, now=timezone.now())
publications.publish(actor=actor, publication=made, now=timezone.now())
"""
CODE_OF = """
from hiwar.dialogues.models import Dialogue
print(Dialogue.objects.get(dossier__code={dossier!r}).code)
"""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hiwar(*arguments: str, env: dict[str, str]) -> str:
    """Run a management command and return what it prints."""
    done = subprocess.run(
        [HIWAR, *arguments], env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.strip()


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Serve the demo from `folder`; yield its address and the environment that it runs in."""
    port = free_port()
    address = f"http://localhost:{port}"
    env = os.environ | {
        "HIWAR_DEMO": "on",
        "HIWAR_HTTPS": "off",
        "HIWAR_DATA": str(folder),
        "HIWAR_DATABASE_URL": f"sqlite:///{folder / 'hiwar.sqlite3'}",
        "HIWAR_BIND": f"127.0.0.1:{port}",
        "HIWAR_ORIGIN": address,
        "HIWAR_DESK_ORIGIN": address,
    }
    hiwar("prepare", env=env)
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen([HIWAR, "serve"], env=env, stdout=log, stderr=log)
        try:
            wait_for(address, server)
            yield address, env
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen[bytes], patience: int = 60) -> None:
    """Return when the server answers."""
    for _ in range(patience * 4):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 - loopback
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.25)
        else:
            return
    message = "screenshots: the server did not come up"
    raise SystemExit(message)


def page_in(browser: Browser, address: str, language: str, width: int, height: int) -> Page:
    """Return a page of a browser that speaks `language`."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "hiwar_language", "value": language, "url": address}])
    return context.new_page()


def sign_in(page: Page, address: str, env: dict[str, str]) -> None:
    """Sign in as the director, with the six digits of this half minute."""
    listing = hiwar("demo_codes", env=env)
    password = listing.split('password: "')[1].split('"')[0]
    email = next(line.split()[0] for line in listing.splitlines() if line.startswith("ed@"))
    page.goto(f"{address}/desk/")
    page.fill("input[type=email], input[name=email]", email)
    page.fill("input[type=password]", password)
    page.click("main form button[type=submit]")
    page.fill("input[autocomplete=one-time-code]", hiwar("demo_codes", DIRECTOR, env=env))
    page.click("main form:has(input[autocomplete=one-time-code]) button[type=submit]")
    page.wait_for_url(f"{address}/desk/**")


def take(page: Page, name: str) -> None:
    """Save what the window shows, with as few colours as a page of text needs."""
    from PIL import Image

    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}.png"
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB\n")


def shell(source: str, env: dict[str, str]) -> str:
    """Run a few lines in the installation and return the last line they print."""
    printed = hiwar("shell", "--no-imports", "-v", "0", "-c", source, env=env)
    return printed.rpartition("\n")[2]


def take_results(browser: Browser, address: str, env: dict[str, str]) -> None:
    """Publish the results of a dialogue; take their beginning and their map."""
    shell(CLOSE, env)
    hiwar("work", "--once", env=env)
    shell(PUBLISH, env)
    code = shell(CODE_OF.format(dossier="YE"), env)
    page = page_in(browser, address, "ar", 1280, 800)
    page.goto(f"{address}/ar/d/{code}/results/")
    take(page, "results-ar")
    page.locator("#map").evaluate("heading => heading.scrollIntoView()")
    take(page, "map-ar")


def take_vote(browser: Browser, address: str, env: dict[str, str]) -> None:
    """Take part with a phone and take the statement that it is asked about."""
    code = shell(CODE_OF.format(dossier="LE"), env)
    page = page_in(browser, address, "ar", 360, 720)
    page.goto(f"{address}/ar/d/{code}/")
    page.click("main .button-primary")
    page.wait_for_selector(".votes")
    take(page, "vote-ar-360")


def main() -> int:
    """Take every picture."""
    with (
        tempfile.TemporaryDirectory(prefix="hiwar-pictures-") as folder,
        served(Path(folder)) as (address, env),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for language in ("ar", "en"):
            page = page_in(browser, address, language, 1280, 800)
            page.goto(f"{address}/")
            take(page, f"first-page-{language}")
            narrow = page_in(browser, address, language, 360, 720)
            narrow.goto(f"{address}/")
            take(narrow, f"first-page-{language}-360")
            sign_in(page, address, env)
            # The desk speaks the language of who signed in, until asked otherwise.
            if page.get_attribute("html", "lang") != language:
                page.click(f"a[hreflang={language}]")
            take(page, f"desk-{language}")
            for name, path in ROOMS[language]:
                page.goto(f"{address}{path}")
                take(page, f"{name}-{language}")
            # A code is good once: the next sign-in needs the next half minute.
            if language == "ar":
                time.sleep(31)
        take_vote(browser, address, env)
        take_results(browser, address, env)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
