"""A process that holds `hiwar analyse` ready: each line it reads is one run, in a child of its own.

Starting Python and reading the libraries takes a second of a processor; a child that is forked
from here starts at once, and is as much alone as a command of its own: its own folder, environment,
output, exit code.
"""

from __future__ import annotations

import json
import os
import sys
import traceback


def main() -> None:
    """Read one run a line from the standard input, and write its exit code."""
    import numpy  # noqa: F401

    import hiwar.analysis.engine
    import hiwar.analysis.report  # noqa: F401
    from hiwar.analysis.command import main as command

    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _run(command, asked)
        _child, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def _run(command, asked) -> None:  # type: ignore[no-untyped-def]
    code = 1
    try:
        for number, name in ((0, os.devnull), (1, asked["stdout"]), (2, asked["stderr"])):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(name, flags, 0o600), number)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["cwd"])
        sys.argv = ["hiwar analyse", *asked["arguments"]]
        code = command(asked["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
