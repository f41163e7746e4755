# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The secrets that a notebook has asked for.

What it hands on to other notebooks goes through the server, which keeps and shows it: arguments of dbutils.notebook.run,
task values. There a secret travels as `{{secrets/scope/key}}`, as in the settings of clusters, and the notebook that gets
it asks for the value, with the rights of its own user.
"""

import base64
import re

from .server import ServerError

_REFERENCE = re.compile(r"\{\{secrets/([^/{}]+)/([^/{}]+)\}\}")


class SecretReferences:
    def __init__(self, server, redactor):
        self.server, self.redactor = server, redactor
        # Value -> reference.
        self.known = {}

    def fetch(self, scope, key):
        """The bytes; from now on nothing shows them. Raises ServerError."""
        value = base64.b64decode(self.server.call("secrets/get", scope=scope, key=key)["value"])
        text = value.decode("utf-8", "replace")
        self.redactor.add(text)
        if text:
            self.known[text] = f"{{{{secrets/{scope}/{key}}}}}"
        return value

    def conceal(self, value):
        """References in place of the secrets in each text of a structure of JSON."""
        # The longest first: one may hold another.
        for secret in sorted(self.known, key=len, reverse=True):
            value = _replaced(value, lambda text, secret=secret: text.replace(secret, self.known[secret]))
        return value

    def reveal(self, value):
        """The secrets in place of references; one that cannot be read stays a reference."""
        return _replaced(value, lambda text: _REFERENCE.sub(self._value, text))

    def _value(self, reference):
        try:
            return self.fetch(reference[1], reference[2]).decode("utf-8", "replace")
        except ServerError as error:
            if error.status not in (400, 403, 404):
                raise
            return reference[0]


def _replaced(value, replace):
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, dict):
        return {_replaced(name, replace): _replaced(member, replace) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(member, replace) for member in value]
    return value
