# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A program that does what the suite tells it: program.py HOST PORT NAME ARGUMENTS..."""

import json
import os
import signal
import socket
import subprocess
import sys

host, port, name, *arguments = sys.argv[1:]
line = socket.create_connection((host, int(port)), timeout=60)
line.settimeout(None)
stream = line.makefile("rb")


def say(text):
    line.sendall(text.encode() + b"\n")


def ignore_term():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def spawn(child):
    """A process in a session of its own, which its parent's end does not end, and which does not mind SIGTERM."""
    subprocess.Popen(
        [sys.executable, __file__, host, port, child], start_new_session=True, preexec_fn=ignore_term)


say(json.dumps({"name": name, "arguments": arguments, "pid": os.getpid(), "environment": dict(os.environ)}))
for order in map(json.loads, stream):
    if "write" in order:
        (sys.stderr if order.get("to") == "stderr" else sys.stdout).write(order["write"])
        sys.stdout.flush()
        sys.stderr.flush()
        say("written")
    if "spawn" in order:
        spawn(order["spawn"])
    if "ping" in order:
        say("pong")
    if "fail" in order:
        raise ValueError(order["fail"])
    if "exit" in order:
        sys.exit(order["exit"])
