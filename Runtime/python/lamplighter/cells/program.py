# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""%sh: a script for bash, in the driver's working directory."""

import re

from ..failures import CellFailed
from ..shell import run_program


def run(body, run):
    option = re.match(r"\s*-e\b", body)
    script = body[: option.start()] + body[option.end() :] if option else body
    status = run_program(["bash", *(["-e"] if option else []), "-c", script])
    if option and status != 0:
        message = f"Command exited with code {status}"
        raise CellFailed("ShellError", message, message)
