# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""How much the server's memory grows by connections that have been closed: one request each, as curl in a loop makes
them."""

import concurrent.futures
import multiprocessing
import socket
import ssl
import struct
import subprocess
import time
import urllib.parse

from common import report, say, subdirectory

REQUESTS = 80_000
WARM_UP = 2_000
# Processes, each with one connection at a time; more would only compete for the processors.
CLIENTS = 2
MAX_GROWTH = 20 * 2**20
PATH = b"/api/2.0/jobs/runs/list?limit=1"


def bench(start_server, directory):
    certificate, key = make_certificate(directory)
    tls = ("--tls-cert", certificate, "--tls-key", key)
    for title, client, options in (
        ("connections, HTTP", http1, ()),
        ("connections, HTTPS", https1, tls),
        ("connections, HTTP/2", http2, tls),
        ("requests of one HTTP/2 connection", http2_streams, tls),
    ):
        server = start_server(subdirectory(directory, client.__name__), *options)
        try:
            measure(server, title, client)
        finally:
            server.stop()


def measure(server, title, client):
    run(client, server, WARM_UP)
    say(f"{REQUESTS:,} {title}")
    before, begin = server.resident_bytes(), time.monotonic()
    run(client, server, REQUESTS)
    seconds, growth = time.monotonic() - begin, server.resident_bytes() - before
    report(
        f"memory after {REQUESTS:,} {title}", f"{growth / 2**20:.1f} MiB", "< 20 MiB", growth < MAX_GROWTH,
        f"{before / 2**20:.0f} MiB before; {REQUESTS / seconds:.0f}/s",
    )  # fmt: skip


def run(client, server, count):
    """Makes so many requests. By processes: threads of Python would share one processor."""
    url = urllib.parse.urlsplit(server.url)
    with concurrent.futures.ProcessPoolExecutor(CLIENTS, multiprocessing.get_context("fork")) as pool:
        share = [count // CLIENTS] * CLIENTS
        list(pool.map(client, [(url.hostname, url.port)] * CLIENTS, [server.token.encode()] * CLIENTS, share))


def make_certificate(directory):
    certificate, key = directory + "/server.pem", directory + "/server.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-keyout", key, "-out", certificate, "-subj", "/CN=localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def tls_context(protocol):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    return context


def connect(address, tls=None):
    connection = socket.create_connection(address, timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return tls.wrap_socket(connection) if tls else connection


def read(connection, length):
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise RuntimeError("the server has closed the connection")
        data += part
    return data


# HTTP/1.1


def http1(address, token, count, tls=None):
    request = b"GET " + PATH + b" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + b"\r\n\r\n"
    for _ in range(count):
        with connect(address, tls) as connection:
            connection.sendall(request)
            answer = b""
            while part := connection.recv(65536):
                answer += part
                if answer.endswith(b"}"):
                    break
            if not answer.startswith(b"HTTP/1.1 200 "):
                raise RuntimeError(answer)


def https1(address, token, count):
    http1(address, token, count, tls_context("http/1.1"))


# HTTP/2, as little of it as this takes (RFC 9113): no module of Python speaks it.

DATA, HEADERS, SETTINGS, WINDOW_UPDATE = 0x0, 0x1, 0x4, 0x8
END_STREAM, END_HEADERS = 0x1, 0x4
STATUS_200 = 0x88
BEGIN_CONNECTION = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def http2_begin(address, tls):
    connection = connect(address, tls)
    window = struct.pack(">I", 2**31 - 2**16)
    connection.sendall(BEGIN_CONNECTION + frame(SETTINGS, 0, 0, b"") + frame(WINDOW_UPDATE, 0, 0, window))
    return connection


def http2_request(connection, stream, token):
    # HPACK: indexed fields, then literals with indexed names.
    fields = b"\x82\x87"  # :method GET, :scheme https
    for name, value in ((b"\x04", PATH), (b"\x01", b"localhost"), (b"\x0f\x08", b"Bearer " + token)):
        fields += name + bytes([len(value)]) + value
    connection.sendall(frame(HEADERS, END_HEADERS | END_STREAM, stream, fields))
    while True:
        head = read(connection, 9)
        payload = read(connection, int.from_bytes(head[:3], "big"))
        kind, flags, at = head[3], head[4], int.from_bytes(head[5:], "big")
        if at == stream and kind == HEADERS and payload[0] != STATUS_200:
            raise RuntimeError(f"not 200: {payload}")
        if at == stream and kind in (HEADERS, DATA) and flags & END_STREAM:
            return


def http2(address, token, count):
    tls = tls_context("h2")
    for _ in range(count):
        with http2_begin(address, tls) as connection:
            http2_request(connection, 1, token)


def http2_streams(address, token, count):
    with http2_begin(address, tls_context("h2")) as connection:
        for number in range(count):
            http2_request(connection, 2 * number + 1, token)
