# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Keeps the values of secrets out of everything that a cell shows."""

import html
import json
import os
import re
import threading
import urllib.parse

from .tables import MIME as TABLE

MARK = "[REDACTED]"
# Lines of a secret that are shorter may well be of something else.
SHORTEST_LINE = 8
# What shows only the beginning of a long text, as tables of pandas do, shows no more than this of a long secret.
SHORTEST_CUT, OPENING = 40, 24


class Redactor:
    def __init__(self, values=(), tell=lambda form: None):
        """`tell` is called with the bytes of each new form, before `add` returns for that value in any thread."""
        self.values = set()
        # The longest first: a secret may hold another one.
        self.forms = []
        self.pattern = None
        self.tell = tell
        self._renew_lock()
        os.register_at_fork(after_in_child=self._renew_lock)
        for value in values:
            self.add(value)

    def _renew_lock(self):
        """In a forked process no thread is left that would release it."""
        self.lock = threading.RLock()

    def add(self, value):
        """From now on this value is redacted, also as Python, JSON, HTML and addresses would quote it, and each of its
        lines. White space alone is no secret."""
        if not value.strip():
            return
        with self.lock:
            if value not in self.values:
                self._learn(value)
                self.values.add(value)

    def _learn(self, value):
        lines = [line.strip() for line in value.splitlines()]
        parts = [value, *(line for line in lines if len(line) >= SHORTEST_LINE)]
        forms = {form for part in parts for form in forms_of(part)}.difference(self.forms)
        for form in forms:
            self.tell(form.encode("utf-8", "surrogatepass"))
        self.forms = sorted(forms.union(self.forms), key=len, reverse=True)
        openings = {form[:OPENING] for form in self.forms if len(form) >= SHORTEST_CUT}
        wanted = sorted(openings.union(self.forms), key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, wanted)))

    def text(self, text):
        """From left to right, the longest form that stands at a place, and of a long one also its beginning."""
        if self.pattern is None:
            return text
        shown, place = [], 0
        while match := self.pattern.search(text, place):
            shown += [text[place : match.start()], MARK]
            place = self._end(match, text)
        return "".join([*shown, text[place:]])

    def _end(self, match, text):
        found = match[0]
        if len(found) != OPENING:
            return match.end()
        # As far as any form goes on.
        rest = text[match.start() : match.start() + len(self.forms[0])]
        return match.start() + max(
            len(os.path.commonprefix((form, rest))) for form in self.forms if form.startswith(found)
        )

    def unfinished(self, text):
        """How many characters at the end of a stream may be the beginning of a secret of which the rest is to come."""
        if self.pattern is None:
            return 0
        begun, place = self._begun(text), 0
        for start in begun:
            while place <= start and (match := self.pattern.search(text, place)) and match.start() < start:
                place = self._end(match, text)
            if place <= start:
                return len(text) - start
        return 0

    def _begun(self, text):
        """The places from which on the text is the beginning of a form, in order."""
        places = set()
        for form in self.forms:
            place = text.find(form[0], max(0, len(text) - len(form) + 1))
            while place >= 0:
                if form[len(text) - place - 1] == text[-1] and form.startswith(text[place:]):
                    places.add(place)
                place = text.find(form[0], place + 1)
        return sorted(places)

    # --- outputs ------------------------------------------------------------------------------------------------------

    def output(self, output):
        """An output of a cell: what it shows, but not what it is made of."""
        if self.pattern is None:
            return output
        shown = dict(output)
        for name in ("text", "message", "trace", "path", "notebook_path", *(("name",) if "trace" in output else ())):
            if name in shown:
                shown[name] = self.text(shown[name])
        if "data" in shown:
            shown["data"] = {kind: self._data(kind, value) for kind, value in shown["data"].items()}
        if "metadata" in shown:
            shown["metadata"] = self.everything(shown["metadata"], names=False)
        return shown

    def _data(self, kind, value):
        if kind == TABLE:
            return self.table(value)
        return value if kind.startswith("image/") and "+xml" not in kind else self.everything(value)

    def table(self, table):
        schema = [{**column, "name": self.text(column["name"])} for column in table["schema"]]
        return {**table, "schema": schema, "rows": self.everything(table["rows"])}

    def everything(self, value, names=True):
        """The same for each text in a structure of JSON; with `names`, for those of members too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(k) if names else k: self.everything(v, names) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.everything(v, names) for v in value]
        return value


def forms_of(value):
    """A text as Python, JSON, HTML and addresses quote it."""
    quoted = {repr(value)[1:-1], repr(value.encode("utf-8", "surrogatepass"))[2:-1]}
    quoted |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    quoted |= {html.escape(value), html.escape(value, quote=False)}
    quoted |= {urllib.parse.quote(value, safe, errors="replace") for safe in ("/", "")}
    return {value, *quoted, urllib.parse.quote_plus(value, errors="replace")}
