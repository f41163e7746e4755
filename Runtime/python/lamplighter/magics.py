# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""IPython's line magics that a notebook means differently: %pip and its kin."""

import os
import re
import shlex
import sys

from .cells.parse import LANGUAGES, RUN_STANDS_ALONE
from .shell import run_program


def register(run):
    shell = run.shell
    shell.register_magic_function(lambda line: pip(line, run), "line", "pip")
    shell.register_magic_function(refuse_run, "line", "run")
    for name in sorted(LANGUAGES - {"python", "run"}):
        shell.register_magic_function(lambda *_, name=name: refuse_language(name), "line", name)
        if name not in shell.magics_manager.magics["cell"]:
            shell.register_magic_function(lambda *_, name=name: refuse_language(name), "cell", name)
    for name in ("conda", "mamba", "uv"):
        shell.register_magic_function(lambda line, name=name: refuse(name), "line", name)


def refuse(name):
    raise NotImplementedError(f"%{name} is not available here; use %pip")


def refuse_run(line):
    """A %run that is the whole cell never comes here."""
    raise ValueError(RUN_STANDS_ALONE)


def refuse_language(name):
    raise ValueError(f"%{name} must be the first thing in its cell, and the rest of the cell is in that language")


class PipError(Exception):
    """pip has said why, in the output of the cell."""


def pip(line, run):
    """%pip: packages go into a directory of this run, in front of the runtime's, which stay as they are."""
    words = [os.path.expandvars(word) for word in shlex.split(line)]
    command = next((word for word in words if not word.startswith("-")), "")
    if command == "install":
        install(words[words.index("install") + 1 :], run)
    elif command == "uninstall":
        uninstall([word for word in words[words.index("uninstall") + 1 :] if not word.startswith("-")], run)
    else:
        call([sys.executable, "-m", "pip", "--disable-pip-version-check", *words])


def directory_of(run):
    directory = os.path.join(run.work_directory, "python-packages")
    os.makedirs(directory, exist_ok=True)
    if directory not in sys.path:
        sys.path.insert(0, directory)
        others = [path for path in os.environ.get("PYTHONPATH", "").split(":") if path and path != directory]
        os.environ["PYTHONPATH"] = ":".join([directory, *others])  # for programs, and for Python workers of Spark
        os.environ["PATH"] = f"{directory}/bin:{os.environ.get('PATH', '')}"
    return directory


def install(words, run):
    """First what is to be had, measured against what is there, then only that: pip must not bring a second Spark, nor
    change the runtime."""
    import json

    directory = directory_of(run)
    report = os.path.join(run.work_directory, "pip-report.json")
    base = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    call([*base, "--dry-run", "--report", report, *words])
    with open(report, encoding="utf-8") as file:
        chosen = [pinned(item) for item in json.load(file)["install"]]
    if not chosen:
        return
    indexes = [word for word in _with_values(words) if word]
    call([*base, "--no-deps", "--upgrade", "--no-warn-script-location", "--quiet", "--target", directory, *indexes,
          "--", *chosen])  # fmt: skip
    import importlib

    importlib.invalidate_caches()
    loaded = sorted({name for name in _modules(directory) if name in sys.modules})
    if loaded:
        print(f"Note: {', '.join(loaded)} was imported before; dbutils.library.restartPython() takes the new version.")


_SOURCES = {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host", "--cert", "--proxy"}


def _with_values(words):
    """The options that say where packages come from: they count for both calls."""
    kept = []
    for index, word in enumerate(words):
        if word in _SOURCES and index + 1 < len(words):
            kept += [word, words[index + 1]]
        elif word.partition("=")[0] in _SOURCES and "=" in word or word in ("--no-index", "--pre"):
            kept.append(word)
    return kept


def _modules(directory):
    names = os.listdir(directory)
    return {re.sub(r"(\.[^/]*)?\.(py|so)$", "", name) for name in names if not name.endswith((".dist-info", ".pth"))}


def pinned(item):
    info, name = item["download_info"], item["metadata"]["name"]
    if item.get("is_direct") or info["url"].startswith("file:"):
        return f"{name} @ {info['url']}"
    return f"{name}=={item['metadata']['version']}"


def uninstall(names, run):
    """Only what %pip has installed: everything else belongs to other runs too."""
    from importlib.metadata import distributions

    directory = directory_of(run)
    for name in names:
        wanted = re.sub(r"[-_.]+", "-", name).lower()
        found = [d for d in distributions(path=[directory]) if re.sub(r"[-_.]+", "-", d.name or "").lower() == wanted]
        if not found:
            raise PipError(f"{name} was not installed by %pip in this run, and so cannot be removed")
        title = f"{found[0].name}-{found[0].version}"
        for file in found[0].files or []:
            path = str(found[0].locate_file(file))
            if os.path.abspath(path).startswith(directory + "/") and os.path.lexists(path):
                os.unlink(path)
        print(f"Successfully uninstalled {title}")


def call(command):
    status = run_program(command)
    if status != 0:
        raise PipError(f"pip ended with exit status {status}; the output above says why")
