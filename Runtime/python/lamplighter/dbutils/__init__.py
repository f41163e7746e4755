# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""`dbutils`: what a notebook asks of its surroundings."""

from .describe import Describable
from .files import Files
from .jobs import Jobs
from .library import Library
from .notebook import Notebook
from .secrets import Secrets
from .widgets import Widgets


class DBUtils(Describable):
    """This module provides various utilities for users to interact with the rest of Databricks."""

    _parts = ("fs", "jobs", "library", "notebook", "secrets", "widgets")

    def __init__(self, run):
        self.fs = Files(run.environment.get("DBFS_ROOT"))
        self.jobs = Jobs(run.server, run.secret_references)
        self.library = Library()
        self.notebook = Notebook(run)
        self.secrets = Secrets(run.secret_references)
        self.widgets = Widgets(run.widgets)

    def __repr__(self):
        return "Package 'dbutils'. For more information, type 'dbutils.help()' in a cell."
