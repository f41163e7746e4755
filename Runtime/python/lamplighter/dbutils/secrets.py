# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""dbutils.secrets"""

from collections import namedtuple

from ..server import ServerError
from .describe import Describable

SecretMetadata = namedtuple("SecretMetadata", ["key"])
SecretScope = namedtuple("SecretScope", ["name"])


class Secrets(Describable):
    """Provides utilities for leveraging secrets within notebooks. Their values are shown as [REDACTED]."""

    def __init__(self, secret_references):
        self._references = secret_references
        self._server = secret_references.server

    def get(self, scope, key):
        """Gets the string representation of a secret value with scope and key"""
        return self.getBytes(scope, key).decode("utf-8", "replace")

    def getBytes(self, scope, key):
        """Gets the bytes representation of a secret value with scope and key"""
        try:
            return self._references.fetch(scope, key)
        except ServerError as error:
            if error.status != 404:
                raise
            raise ValueError(f"Secret does not exist with scope: {scope} and key: {key}") from None

    def list(self, scope):
        """Lists secret metadata for secrets within a scope"""
        return [SecretMetadata(secret["key"]) for secret in self._server.call("secrets/list", scope=scope)["secrets"]]

    def listScopes(self):
        """Lists secret scopes"""
        return [SecretScope(scope["name"]) for scope in self._server.call("secrets/list-scopes")["scopes"]]
