# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""SQL text: where its statements end, and the old `${name}` for the values of widgets. Pure."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?(?:\*/|$)|'(?:[^'\\]|\\.|'')*'?|"(?:[^"\\]|\\.|"")*"?|`(?:[^`]|``)*`?|\$\$.*?(?:\$\$|$)|;|\w+|.""",
    re.DOTALL,
)
_OLD_PARAMETER = re.compile(r"\$\{(\w+)\}|\$(\w+)\b|getArgument\(\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)")


@dataclass(frozen=True)
class Statement:
    text: str
    # The line of the cell that it begins on, from 1.
    line: int


# What a statement within a script follows, so that IF, REPEAT, WHILE and FOR there are no functions or clauses.
_STARTERS = {";", "BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT", ":"}


def split(text):
    """The statements of a cell. A script (BEGIN ... END) is one statement, with its semicolons."""
    statements, tokens, first, depth = [], [], 0, 0
    for match in _TOKEN.finditer(text):
        token = match[0].upper()
        if token.isspace() or token.startswith(("--", "/*")):
            continue
        if token == ";" and depth == 0:
            if tokens:
                statements.append(_statement(text, first, match.start()))
            tokens = []
            continue
        if not tokens:
            first = match.start()
        depth += _nesting(token, tokens)
        tokens.append(token)
    if tokens:
        statements.append(_statement(text, first, len(text)))
    return statements


def _statement(text, start, end):
    return Statement(text[start:end].rstrip(), text.count("\n", 0, start) + 1)


def _nesting(word, before):
    """How a word changes the depth of a script, after the tokens of the same statement."""
    if not before:
        return 1 if word == "BEGIN" else 0
    if before[0] != "BEGIN" or before[-1] == "END":
        return 0  # END IF, END LOOP ... have been counted by their END
    if word == "END":
        return -1
    if word in ("CASE", "LOOP", "BEGIN"):
        return 1
    return 1 if word in ("IF", "REPEAT", "WHILE", "FOR") and before[-1] in _STARTERS else 0


def substitute(text, value_of):
    """Puts the values of widgets for ${name} and $name, as they are, and for getArgument("name") as a text. `value_of`
    answers None for a name that is no widget, which is then left as it is."""

    def replace(match):
        name = next(group for group in match.groups() if group is not None)
        value = value_of(name)
        if value is None:
            return match[0]
        if match[0].startswith("$"):
            return value
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    return _OLD_PARAMETER.sub(replace, text)
