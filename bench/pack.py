"""How long a pack of forty pages takes: `python -m bench.pack`."""

from __future__ import annotations

import os
import secrets
import tempfile
import time

PAGES = 40


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "HIWAR_ENV_FILE": os.devnull, "HIWAR_SECRET_KEY": secrets.token_hex(40),
            "HIWAR_DATA": folder, "HIWAR_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "HIWAR_DEMO": "on", "HIWAR_HTTPS": "off", "HIWAR_STATIC_HASHED": "off",
            "HIWAR_MONTH_NAMES": "levantine", "DJANGO_SETTINGS_MODULE": "hiwar.config.settings",
        }  # fmt: skip
        import django

        django.setup()
        _measure()


def _measure() -> None:
    from django.core.management import call_command

    from hiwar.visits.exports.pack import print_pack
    from hiwar.visits.models import PackText, Visit

    call_command("migrate", verbosity=0)
    call_command("load_demo")
    visit = Visit.objects.get(code="velmark-2027")
    brief = PackText.objects.filter(visit=visit, kind="brief").order_by("position")[0]
    body = {code: "\n\n".join([text] * 6) for code, text in brief.body.items()}
    for position in range(11):
        PackText.objects.create(
            visit=visit, kind="brief", title=brief.title, body=body, position=100 + position
        )
    print_pack(visit, variant="press", language="en")  # the first run loads the printer
    for language in ("ar", "en"):
        began, cpu = time.perf_counter(), time.process_time()
        made = print_pack(visit, variant="staff", language=language)
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        size = len(made.content) / 1e6
        fast = "yes" if cpu < 10 * made.pages / PAGES else "no"
        print(
            f"{language}: {made.pages} pages, {took:.1f} s ({cpu:.1f} s CPU), {size:.2f} MB, "
            f"40 pages under 10 s of CPU: {fast}"
        )


if __name__ == "__main__":
    main()
