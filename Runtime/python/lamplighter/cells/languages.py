# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Which module runs the cells of a language; it is imported with the first of them."""

import importlib


def runner(language):
    return importlib.import_module(f"{__package__}.{_MODULES[language]}").run


_MODULES = {
    "python": "python",
    "sql": "sql",
    "scala": "scala",
    "r": "r",
    "md": "markdown",
    "sh": "program",
    "fs": "files",
    "run": "include",
}
