# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Cells in Python."""


def run(body, run):
    run.run_python(body)
