# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What the languages and magics of cells do: each module has `run(body, run)`."""

from ..shell import ControlFlow

__all__ = ["ControlFlow"]
