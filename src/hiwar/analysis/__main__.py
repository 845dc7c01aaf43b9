"""`python -m hiwar.analysis`: the command `hiwar analyse`, also where no script is installed."""

from __future__ import annotations

import sys

from hiwar.analysis.command import main

sys.exit(main(sys.argv[1:]))
