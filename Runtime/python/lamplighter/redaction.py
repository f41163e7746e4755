# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Keeps the values of secrets out of everything that a cell shows."""

import html
import json

MARK = "[REDACTED]"
# Lines of a secret that are shorter may well be of something else.
SHORTEST_LINE = 8


class Redactor:
    def __init__(self, values=(), tell=lambda form: None):
        """`tell` is called with the bytes of each new form, before `add` returns."""
        self.values = set()
        self.forms = []
        self.tell = tell
        for value in values:
            self.add(value)

    def add(self, value):
        """From now on this value is redacted, also as Python, JSON and HTML would quote it."""
        if not value or value in self.values:
            return
        if "\n" in value:
            self.add_lines(value)
        self.values.add(value)
        forms = {value, repr(value)[1:-1], json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
        forms |= {repr(value.encode())[2:-1], html.escape(value), html.escape(value, quote=False)}
        for form in forms.difference(self.forms):
            self.tell(form.encode("utf-8", "surrogatepass"))
        # The longest first: a secret may hold another one.
        self.forms = sorted(forms.union(self.forms), key=len, reverse=True)

    def add_lines(self, value):
        """A key of many lines may be shown line by line."""
        for line in map(str.strip, value.splitlines()):
            if len(line) >= SHORTEST_LINE:
                self.add(line)

    def text(self, text):
        for form in self.forms:
            if form in text:
                text = text.replace(form, MARK)
        return text

    def everything(self, value):
        """The same for each text in a structure of JSON; keys too."""
        if not self.forms:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.everything(k): self.everything(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.everything(v) for v in value]
        return value

    def unfinished(self, text):
        """How many characters at the end of a stream may be the beginning of a secret of which the rest is to come."""
        longest = 0
        for form in self.forms:
            for length in range(min(len(form) - 1, len(text)), longest, -1):
                if text.endswith(form[:length]):
                    longest = length
                    break
        return longest
