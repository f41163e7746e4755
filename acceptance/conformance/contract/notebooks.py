# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Notebooks in the workspace, for checks of runs of them."""

import base64


def import_notebook(api, fixtures, source, name="notebook"):
    """The path of a Python notebook with this source."""
    directory = fixtures.directory
    path = f"{directory}/{name}"
    api.post("workspace/mkdirs", {"path": directory}).ok()
    api.post("workspace/import", {
        "path": path, "format": "SOURCE", "language": "PYTHON", "overwrite": True,
        "content": base64.b64encode(f"# Databricks notebook source\n{source}\n".encode()).decode()}).ok()
    return path
