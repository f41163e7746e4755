# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A4: the limit of 10 MB, found while the request is still coming."""

import json
import select
import socket
import time
import urllib.parse

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import settings

LIMIT = 10 * 1024 * 1024


@pytest.mark.rule("A4", "positive")
@pytest.mark.parametrize("size", [1024 * 1024, LIMIT - 1, LIMIT])
def test_a_request_up_to_the_limit_is_taken(api, fixtures, size):
    job = fixtures.job(settings())
    body = json.dumps({"job_id": job, "padding": ""})
    body = body.replace('""', '"' + "x" * (size - len(body)) + '"')
    assert len(body) == size
    assert api.request("POST", "/api/2.0/jobs/runs/cancel-all", body).ok() == {}


@pytest.mark.rule("A4", "negative")
@pytest.mark.parametrize("size", [LIMIT + 1, 2 * LIMIT])
def test_a_larger_one_is_refused_and_changes_nothing(api, size):
    body = json.dumps(settings(name=""))
    body = body.replace('"name": ""', '"name": "' + "x" * (size - len(body)) + '"')
    with nothing_changes(api):
        answer = exchange(api, f"Content-Length: {len(body)}", [body.encode()])
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"MAX_REQUEST_SIZE_EXCEEDED" in answer


@pytest.mark.rule("A4", "negative")
def test_one_that_says_it_is_too_large_is_refused_before_it_comes(api):
    """Of a terabyte that is announced not a byte is sent: the answer must not wait for it."""
    answer = exchange(api, f"Content-Length: {2**40}", [])
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.rule("A4", "negative")
def test_one_that_does_not_say_how_large_it_is_is_answered_while_it_comes(api):
    """Chunks without an end: the answer must be there long before 1 GB was sent."""
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    sent = []

    def chunks():
        for _ in range(1024):
            sent.append(1)
            yield chunk

    answer = exchange(api, "Transfer-Encoding: chunked", chunks())
    assert answer.startswith(b"HTTP/1.1 413 ")
    # Some more than the limit lies in the buffers of the kernel.
    assert len(sent) < 64, f"{len(sent)} MiB were sent"


def exchange(api, length, pieces):
    """Sends pieces until there is an answer or the server has had enough; the answer's first bytes."""
    address = urllib.parse.urlsplit(api.url)
    if address.scheme == "https":
        pytest.skip("speaks plain HTTP only")
    with socket.create_connection((address.hostname, address.port or 80), timeout=30) as connection:
        connection.sendall(
            f"POST {address.path}/api/2.0/jobs/create HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {api.token}\r\nContent-Type: application/json\r\n{length}\r\n\r\n".encode())
        try:
            for piece in pieces:
                if select.select([connection], [], [], 0)[0]:
                    break
                connection.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # It has had enough; its answer is there already, or was lost with the connection.
        return received(connection)


def received(connection):
    answer = b""
    deadline = time.monotonic() + 30
    try:
        while b"\r\n\r\n" not in answer or b"}" not in answer:
            assert time.monotonic() < deadline, "no answer"
            piece = connection.recv(65536)
            if not piece:
                break
            answer += piece
    except ConnectionResetError:
        pass
    return answer
