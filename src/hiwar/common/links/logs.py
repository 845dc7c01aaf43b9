"""Log lines for people who look after the house: one for each refusal, and nobody in them."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus

from hiwar.common.links.purposes import masked

# E-mail addresses, telephone numbers as other countries dial them, and addresses of machines other
# than this one. A time (09:30:00) is none.
ADDRESS = re.compile(
    r"(?<![\w+])\+\d(?:[ -]?\d){8,14}(?!\d)"
    r"|[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?!127\.)(?:\d{1,3}\.){3}\d{1,3}\b"
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}(?::|[0-9a-fA-F]{1,4})"
)
HIDDEN = "[address]"


class MaskingFormatter(logging.Formatter):
    """Formats a line and hides tokens and addresses in all of it: message, arguments, traceback.

    A refusal is nobody's fault in the program: it has no traceback, which would also be another
    way for a stranger to fill the disk.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be written."""
        if getattr(record, "status_code", 500) < HTTPStatus.INTERNAL_SERVER_ERROR:
            record = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
            line = super().format(record).replace("\n", " ")
        else:
            line = super().format(record)
        return ADDRESS.sub(HIDDEN, masked(line))
