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
import socket
import ssl
import subprocess
from dataclasses import dataclass, field

import trustme

import lamplighter
from tls_proxy import ConnectProxy, TLSProxy

NAME = "lamplighter.test"
NO_PROXIES = {name: "" for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "NO_PROXY", "no_proxy")}


@dataclass
class Front:
    """`url` is what a client is given as its host; with `environment` it gets there and trusts the certificate."""

    url: str
    server: lamplighter.Server
    certificates: str
    environment: dict = field(default_factory=dict)


@functools.cache
def server_has_tls():
    text = subprocess.run([lamplighter.program(), "serve", "--help"], capture_output=True, text=True, check=True).stdout
    return "--tls-cert" in text


def free_address():
    """A loopback address whose port 443 is free and allowed to this user, or None."""
    if os.environ.get("LAMPLIGHTER_TEST_FRONT") == "proxy":
        return None
    for last in range(2, 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((f"127.0.0.{last}", 443))
                return f"127.0.0.{last}"
            except PermissionError:
                return None
            except OSError:
                continue
    return None


@contextlib.contextmanager
def open_front(directory, *arguments, environment=None):
    """A server of its own behind a front; `directory` takes the certificates."""
    address = free_address()
    url = f"https://{address or NAME}"
    authority = trustme.CA()
    certificate = authority.issue_cert(NAME, *([address] if address else []))
    bundle = str(directory / "ca.pem")
    authority.cert_pem.write_to_path(bundle)
    with contextlib.ExitStack() as stack:
        starting = start_tls_server if server_has_tls() else start_behind_proxy
        arguments = ("--public-url", url, *arguments)
        server, target = starting(stack, certificate, directory, address, arguments, environment)
        front = Front(url, server, bundle, {**NO_PROXIES, "REQUESTS_CA_BUNDLE": bundle})
        if not address:
            proxy = stack.enter_context(ConnectProxy(target)).url
            front.environment.update(HTTPS_PROXY=proxy, https_proxy=proxy)
        yield front


def start_tls_server(stack, certificate, directory, address, arguments, environment):
    chain, key = str(directory / "server.pem"), str(directory / "server.key")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(chain, append=True)
    certificate.private_key_pem.write_to_path(key)
    listening = ("--host", address, "--port", "443") if address else ()
    server = stack.enter_context(lamplighter.Server(
        *arguments, "--tls-cert", chain, "--tls-key", key, *listening, environment=environment))
    return server, endpoint(server.url)


def start_behind_proxy(stack, certificate, directory, address, arguments, environment):
    server = stack.enter_context(lamplighter.Server(*arguments, environment=environment))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    proxy = TLSProxy(endpoint(server.url), address or "127.0.0.1", 443 if address else 0, context)
    stack.enter_context(proxy)
    return server, (proxy.host, proxy.port)


def endpoint(url):
    host, _, port = url.partition("://")[2].rstrip("/").rpartition(":")
    return host, int(port)
