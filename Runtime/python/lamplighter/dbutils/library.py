# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""dbutils.library"""

from ..shell import ControlFlow
from .describe import Describable


class RestartPython(ControlFlow):
    """The process is to begin anew with the next cell."""


class Library(Describable):
    """Utilities for session isolated libraries"""

    def restartPython(self):
        """Restarts the Python process of the notebook: variables are lost; Spark, widgets and installed packages stay.
        The rest of the cell is not run."""
        raise RestartPython

    def installPyPI(self, *args, **kwargs):
        """Removed by Databricks as well: use %pip install"""
        raise NotImplementedError("dbutils.library.installPyPI is not available; use %pip install in a cell instead")

    install = installPyPI
