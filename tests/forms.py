"""The forms of a page with what stands in them, and what each of their buttons does."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

WRITES = ("INSERT", "UPDATE", "DELETE")
# What a visit may write whatever is pressed.
OF_VISITS = ("django_session", "dialogues_exposure")


@dataclass(slots=True)
class Form:
    """A form as a browser would send it."""

    action: str = ""
    method: str = "get"
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects forms; what stands elsewhere and names a form belongs to it."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Form]] = []
        self.elsewhere: list[tuple[str, str, dict[str, str]]] = []
        self.inside = False
        self.text: list[str] | None = None
        self.choice: tuple[str, bool] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            form = Form(attributes.get("action", ""), attributes.get("method", "get").lower())
            self.forms.append((attributes.get("id", ""), form))
            self.inside = True
        elif "form" in attributes:
            self.elsewhere.append((attributes["form"], tag, attributes))
        elif self.inside:
            self._take(self.forms[-1][1], tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.choice = None
        elif tag == "textarea":
            self.text = None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text[0] = (self.text[0] + data).removeprefix("\n")

    def _take(self, form: Form, tag: str, attributes: dict[str, str]) -> None:
        name, kind = attributes.get("name", ""), attributes.get("type", "")
        values = form.fields.setdefault(name, []) if name and tag != "button" else []
        if tag == "button" and kind != "button":
            form.buttons.append(attributes)
        elif tag == "input" and kind in {"checkbox", "radio"}:
            if "checked" in attributes:
                values.append(attributes.get("value", "on"))
        elif tag == "input" and kind not in {"file", "submit"}:
            values.append(attributes.get("value", ""))
        elif tag == "textarea":
            self.text = values
            values.append("")
        elif tag == "select":
            self.choice = (name, "multiple" in attributes)
        elif tag == "option" and self.choice is not None:
            chosen, several = self.choice
            stands = form.fields[chosen]
            if "selected" in attributes:
                form.fields[chosen] = [*(stands if several else []), attributes.get("value", "")]
            elif not stands and not several:
                stands.append(attributes.get("value", ""))


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page with their buttons, wherever on the page these stand."""
    reader = _Reader()
    reader.feed(page)
    named = dict(reader.forms)
    for owner, tag, attributes in reader.elsewhere:
        if owner in named:
            reader._take(named[owner], tag, attributes)
    return [form for _, form in reader.forms]


def faults_of_buttons(client: Client, path: str, page: str) -> Iterator[str]:
    """Press each button of each posted form that has several; nothing stays in the database.

    A button that is a draft (``formnovalidate`` with an address of its own) writes nothing and
    shows again what was typed; no button whatever ends in an error of the server.
    """
    for form in forms_of(page):
        if form.method != "post" or len(form.buttons) < 2:
            continue
        for button in form.buttons:
            yield from _pressed(client, path, form, button)


def _pressed(client: Client, path: str, form: Form, button: dict[str, str]) -> Iterator[str]:
    sent: dict[str, Any] = {name: list(values) for name, values in form.fields.items()}
    is_draft = "formnovalidate" in button and "formaction" in button
    if is_draft and "text" in sent:
        sent["text"] = ["كلمات لم تُرسل بعد"]
    if button.get("name"):
        sent[button["name"]] = [button.get("value", "")]
    address = urljoin(path, button.get("formaction") or form.action or path)
    said = f"{address} [{button.get('name', '')}={button.get('value', '')}]"
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        answer = client.post(address, sent)
        transaction.set_rollback(True)
    if answer.status_code >= 500:
        yield f"{said}: {answer.status_code}"
    if not is_draft:
        return
    queries = [query["sql"] for query in captured.captured_queries]
    writes = [sql for sql in queries if sql.startswith(WRITES)]
    if any(not any(table in sql for table in OF_VISITS) for sql in writes):
        yield f"{said}: a draft wrote {writes}"
    if answer.status_code != 200 or (
        "text" in sent and sent["text"][0] not in answer.content.decode()
    ):
        yield f"{said}: what was typed is lost"
