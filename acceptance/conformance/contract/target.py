# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What the suite runs against: a server that somebody names, or one of its own."""

import contextlib
import urllib.parse

from contract.client import Client


class Target:
    """`api` speaks to the server with an administrator's token. `server` is the process where it is the suite's own."""

    def __init__(self, api, server=None, callback_host=None):
        self.api = api
        self.server = server
        self.callback_host = callback_host or loopback(api.url)


def loopback(url):
    """Where programs of a server on this machine reach the suite; None for a server elsewhere."""
    host = urllib.parse.urlsplit(url).hostname
    return "127.0.0.1" if host in ("127.0.0.1", "localhost") else None


@contextlib.contextmanager
def own_server(*arguments):
    """A server with these settings, on a directory of its own."""
    from lamplighter import Server  # only here: a run against another implementation has no use for it

    with Server(*arguments) as server:
        yield Target(Client(server.url, server.token), server)
