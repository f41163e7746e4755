# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Paths of notebooks in the workspace."""

import posixpath


def resolve(path, notebook):
    """The absolute path that `path` means in a notebook: a relative one counts from the notebook's folder."""
    path = path.strip()
    if not path:
        raise ValueError("the path of a notebook is empty")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(notebook), path))
    # POSIX lets a path begin with two slashes; the workspace knows one root.
    return "/" + joined.lstrip("/")
