# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The notebook kernel: runs the cells of one notebook, and nothing else, in a process of its own.

The documentation of its files and its HTTP calls is docs/architecture/notebooks.md. What is imported at the top of a
module here is imported before a run begins, by the fork_server.
"""
