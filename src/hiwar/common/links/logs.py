"""Log lines without tokens: whoever reads a log opens no private link."""

from __future__ import annotations

import logging

from hiwar.common.links.purposes import masked


class MaskingFormatter(logging.Formatter):
    """Formats a line and hides tokens in all of it: message, arguments and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may be written."""
        return masked(super().format(record))
