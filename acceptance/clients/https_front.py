# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A server that is reached by https on port 443, which is all that the legacy command line can do: it drops the port
of its host.

The best way there is: the server itself, with a certificate, on port 443 of a loopback address that nothing else
listens on. Where the system does not allow that port to this user, clients go through an HTTP proxy (HTTPS_PROXY),
which connects `https://lamplighter.test` with the server wherever it is; that takes no rights at all.
LAMPLIGHTER_TEST_FRONT=proxy takes the second way on every machine."""

import contextlib
import os
import pathlib
import random
import socket
import urllib.parse
from dataclasses import dataclass

import trustme

import lamplighter
from tls_proxy import ConnectProxy

NAME = "lamplighter.test"


@dataclass
class Front:
    """`url` is what a client is given as its host; with `environment` it gets there and trusts the certificate."""

    url: str
    server: lamplighter.Server
    environment: dict

    @property
    def certificates(self):
        return self.environment["REQUESTS_CA_BUNDLE"]


def clean_environment():
    """This process's environment without what clients would heed of it: another server, another proxy."""
    unwanted = ("DATABRICKS_", "MLFLOW_")
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    return {
        name: value for name, value in os.environ.items()
        if not name.startswith(unwanted) and name.upper() not in proxies}


def own_address():
    """A loopback address whose port 443 this user may listen on, or None. By chance, so that tests that run at the
    same time do not get in each other's way: all of 127.0.0.0/8 is this machine."""
    if os.environ.get("LAMPLIGHTER_TEST_FRONT") == "proxy":
        return None
    address = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}.{random.randint(1, 254)}"
    with socket.socket() as probe:
        try:
            probe.bind((address, 443))
        except OSError:
            return None
    return address


class Certificate:
    """Of an authority of its own, for `names`. `bundle` is what clients trust; `chain` and `key` are the server's."""

    def __init__(self, directory, *names):
        directory = pathlib.Path(directory)
        self.bundle, self.chain, self.key = (str(directory / name) for name in ("ca.pem", "server.pem", "server.key"))
        authority = trustme.CA()
        self.issued = authority.issue_cert(*names)
        authority.cert_pem.write_to_path(self.bundle)
        self.issued.private_key_pem.write_to_path(self.key)
        # With the authority's in it, since the tests' own requests trust what is in this file.
        for blob in (*self.issued.cert_chain_pems, authority.cert_pem):
            blob.write_to_path(self.chain, append=True)


@contextlib.contextmanager
def open_front(directory, *arguments, environment=None):
    """A server of its own behind a front; `directory` takes the certificates."""
    address = own_address()
    url = f"https://{address or NAME}"
    certificate = Certificate(directory, NAME, "127.0.0.1", *([address] if address else []))
    listening = ("--host", address, "--port", "443") if address else ()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(lamplighter.Server(
            "--tls-cert", certificate.chain, "--tls-key", certificate.key, "--public-url", url, *listening, *arguments,
            environment=environment))
        front = Front(url, server, {"REQUESTS_CA_BUNDLE": certificate.bundle})
        if not address:
            front.environment["HTTPS_PROXY"] = stack.enter_context(ConnectProxy(endpoint(server.url))).url
        yield front


def endpoint(url):
    """Host and port of an address."""
    split = urllib.parse.urlsplit(url)
    return split.hostname, split.port or {"http": 80, "https": 443}[split.scheme]
