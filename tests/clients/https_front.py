# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A server that is reached by https on port 443, which is all that the legacy command line can do: it drops the port
of its host.

The best way there is: port 443 of a loopback address that nothing else listens on. Where the system does not allow
that to this user, clients go through an HTTP proxy (HTTPS_PROXY), which connects `https://lamplighter.test` with the
server wherever it is; that takes no rights at all. TLS is the server's own where it has the setting `--tls-cert`, else
a proxy's. LAMPLIGHTER_TEST_FRONT=proxy takes the second way on every machine."""

import contextlib
import functools
import os
import random
import socket
import ssl
import subprocess
from dataclasses import dataclass

import trustme

import lamplighter
from tls_proxy import ConnectProxy, TLSProxy

NAME = "lamplighter.test"


@dataclass
class Front:
    """`url` is what a client is given as its host; with `environment` it gets there and trusts the certificate."""

    url: str
    server: lamplighter.Server
    certificates: str
    environment: dict


def clean_environment():
    """This process's environment without what clients would heed of it: another server, another proxy."""
    unwanted = ("DATABRICKS_", "MLFLOW_")
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    return {
        name: value for name, value in os.environ.items()
        if not name.startswith(unwanted) and name.upper() not in proxies}


@functools.cache
def server_has_tls():
    text = subprocess.run([lamplighter.program(), "serve", "--help"], capture_output=True, text=True, check=True).stdout
    return "--tls-cert" in text


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


@contextlib.contextmanager
def open_front(directory, *arguments, environment=None):
    """A server of its own behind a front; `directory` takes the certificates."""
    address = own_address()
    url = f"https://{address or NAME}"
    authority = trustme.CA()
    certificate = authority.issue_cert(NAME, *([address] if address else []))
    bundle = str(directory / "ca.pem")
    authority.cert_pem.write_to_path(bundle)
    with contextlib.ExitStack() as stack:
        starting = start_tls_server if server_has_tls() else start_behind_proxy
        arguments = ("--public-url", url, *arguments)
        server, target = starting(stack, certificate, bundle, address, arguments, environment)
        front = Front(url, server, bundle, {"REQUESTS_CA_BUNDLE": bundle})
        if not address:
            front.environment["HTTPS_PROXY"] = stack.enter_context(ConnectProxy(target)).url
        yield front


def start_tls_server(stack, certificate, bundle, address, arguments, environment):
    chain, key = bundle.replace("ca.pem", "server.pem"), bundle.replace("ca.pem", "server.key")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(chain, append=True)
    with open(chain, "a") as file, open(bundle) as authority:
        file.write(authority.read())  # by this the tests' own requests trust the server
    certificate.private_key_pem.write_to_path(key)
    listening = ("--host", address, "--port", "443") if address else ()
    server = stack.enter_context(lamplighter.Server(
        *arguments, "--tls-cert", chain, "--tls-key", key, *listening, environment=environment))
    return server, endpoint(server.url)


def start_behind_proxy(stack, certificate, bundle, address, arguments, environment):
    server = stack.enter_context(lamplighter.Server(*arguments, environment=environment))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    proxy = TLSProxy(endpoint(server.url), address or "127.0.0.1", 443 if address else 0, context)
    stack.enter_context(proxy)
    return server, (proxy.host, proxy.port)


def endpoint(url):
    host, _, port = url.partition("://")[2].rstrip("/").rpartition(":")
    return host, int(port)
