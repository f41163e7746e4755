# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""A cell's source: which language it is in, and the rest. Pure."""

import re
from dataclasses import dataclass

LANGUAGES = {"python", "sql", "scala", "r", "md", "md-sandbox", "sh", "fs", "run"}
COMMENTS = {"python": "#", "sql": "--", "scala": "//", "r": "#"}
RUN_STANDS_ALONE = "%run must stand in a cell by itself, because it runs the entire notebook inline"

_MAGIC = re.compile(r"\s*%([A-Za-z][\w-]*)[^\S\n]*(.*)", re.DOTALL)
_RUN = re.compile(r"%run\b[^\S\n]*(.*)")
_RUN_PATH = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|(.*?))\s*(?=\$[A-Za-z_]\w*\s*=|$)""", re.DOTALL)
_RUN_ARGUMENT = re.compile(r"""\s*\$(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+))""")


@dataclass(frozen=True)
class Cell:
    language: str
    # The lines of the magic are kept as empty ones, so that a line of the body is that line of the cell.
    body: str


def parse(source, language):
    """A cell of a notebook whose own language is `language`."""
    run = _run_line(source, language)
    if run is not None:
        return Cell("run", run)
    match = _MAGIC.match(source)
    if match is None or match[1].lower() not in LANGUAGES:
        # %pip and IPython's own magics are Python's, whatever the notebook is written in.
        return Cell("python" if match else language, source)
    lines_before = source[: match.start(2)].count("\n")
    return Cell(match[1].lower().replace("md-sandbox", "md"), "\n" * lines_before + match[2])


def _run_line(source, language):
    """What follows %run; a remark may stand above it."""
    mark = COMMENTS.get(language, "#")
    lines = [line.strip() for line in source.splitlines()]
    lines = [line for line in lines if line and not line.startswith(mark)]
    match = _RUN.match(lines[0]) if lines else None
    if match is None:
        return None
    if len(lines) > 1:
        raise ValueError(RUN_STANDS_ALONE)
    return match[1]


def parse_run(text):
    """The path and the parameters of `%run PATH $name="value" ...`."""
    match = _RUN_PATH.match(text)
    path = next((group for group in match.groups() if group is not None), "")
    if not path:
        raise ValueError("%run needs the path of a notebook")
    rest, arguments = text[match.end() :], {}
    while rest.strip():
        argument = _RUN_ARGUMENT.match(rest)
        if argument is None:
            raise ValueError(f'%run does not understand {rest.strip()!r}; a parameter is written $name="value"')
        quoted = argument[2] if argument[2] is not None else argument[3]
        arguments[argument[1]] = argument[4] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        rest = rest[argument.end() :]
    return path, arguments


def is_blank(cell):
    """Whether there is nothing to run but white space."""
    return not cell.body.strip()
