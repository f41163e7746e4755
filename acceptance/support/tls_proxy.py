# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Two small proxies for clients that insist on https and on port 443. Both only copy bytes; they run in a thread."""

import asyncio
import contextlib
import threading


class Proxy:
    """Listens on `host` and `port` (0: a free one; `port` says which) and connects each caller with `target`, a pair
    of host and port. Use as a context manager; leaving it ends all connections."""

    def __init__(self, target, host="127.0.0.1", port=0, tls=None):
        self.target, self.host, self.port, self.tls = target, host, port, tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, self.host, self.port, ssl=self.tls))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=30)

    async def _stop(self):
        self._server.close()
        callers = asyncio.all_tasks() - {asyncio.current_task()}
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)

    async def _serve(self, reader, writer):
        # A caller that goes away, or a server that does, is no fault of the proxy: the other side sees the end.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self.greet(reader, writer)
            upstream_reader, upstream_writer = await asyncio.open_connection(*self.target)
            await asyncio.gather(copy(reader, upstream_writer), copy(upstream_reader, writer))
        writer.close()

    async def greet(self, reader, writer):
        """What is said before bytes are copied."""


class TLSProxy(Proxy):
    """Ends TLS (`tls`, an ssl.SSLContext with a certificate) before a server that speaks plain HTTP."""


class ConnectProxy(Proxy):
    """An HTTP proxy, for HTTPS_PROXY: whatever host and port a caller asks for by CONNECT, it gets `target`.
    `asked` lists what was asked for, as `host:port`."""

    def __init__(self, target):
        super().__init__(target)
        self.asked = []

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    async def greet(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        method, asked, _ = head.split(b"\r\n")[0].decode().split(" ")
        if method != "CONNECT":
            raise ConnectionError("only CONNECT is understood")
        self.asked.append(asked)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()


async def copy(reader, writer):
    """Until `reader` is at its end; then `writer` is closed, so that the connection ends as a whole."""
    try:
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    finally:
        writer.close()
