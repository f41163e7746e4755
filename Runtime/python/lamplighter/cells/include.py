# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""%run"""

from .parse import parse_run


def run(body, run):
    path, arguments = parse_run(body)
    run.include(path, arguments)
