# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The supervisor of this task, which writes the driver's log."""

import errno
import os
import socket

SECONDS_FOR_AN_ANSWER = 30


def hide(directory, value):
    """Returns when the supervisor, from now on, writes [REDACTED] for these bytes, whichever program of the task writes
    them: also in what was written before and is not read yet. Without a supervisor there is no such log.
    - Raises OSError, TimeoutError: it does not answer."""
    # The directory's path may be longer than an address.
    folder = os.open(directory, os.O_PATH | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as letters:
            letters.settimeout(SECONDS_FOR_AN_ANSWER)
            letters.bind("")  # an address that the kernel chooses, for the answer
            letters.connect(f"/proc/self/fd/{folder}/redact")
            letters.send(value)
            letters.recv(1)
    except (FileNotFoundError, ConnectionRefusedError):
        pass
    except OSError as error:
        # Of some way to quote a secret; the secret itself is never so long.
        if error.errno != errno.EMSGSIZE:
            raise
    finally:
        os.close(folder)
