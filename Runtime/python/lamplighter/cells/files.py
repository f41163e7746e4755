# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""%fs: a short way to dbutils.fs."""

import shlex
import sys

from .. import failures

_FLAGS = {"true": True, "false": False, "-r": True, "--recurse": True}
_COMMANDS = {
    "ls", "cp", "mv", "rm", "mkdirs", "put", "head", "help",
    "mount", "mounts", "unmount", "refreshMounts", "updateMount",
}  # fmt: skip


def run(body, run):
    words = shlex.split(body, comments=True)
    if not words:
        words = ["help"]
    if words[0] not in _COMMANDS:
        raise ValueError(f"%fs knows {', '.join(sorted(_COMMANDS))}; this is {words[0]!r}")
    arguments = [_argument(words[0], word) for word in words[1:]]
    try:
        result = getattr(run.dbutils.fs, words[0])(*arguments)
    except TypeError as error:
        raise ValueError(f"%fs {words[0]}: {error}") from None
    except (OSError, ValueError, NotImplementedError) as error:
        raise failures.of_exception(error, f"{type(error).__name__}: {error}", "") from None
    if isinstance(result, str):
        sys.stdout.write(result if result.endswith("\n") else result + "\n")
    elif result is not None:
        run.display(result)


def _argument(command, word):
    if command == "head" and word.isdigit():
        return int(word)
    return _FLAGS.get(word, word) if command != "put" or word in ("true", "false") else word
