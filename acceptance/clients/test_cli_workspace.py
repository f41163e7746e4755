# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""`databricks workspace` and `databricks secrets`, against what the server says of itself."""

import json
import uuid

import pytest

SOURCE = "# Databricks notebook source\nprint(1)\n\n# COMMAND ----------\n\n# MAGIC %md\n# MAGIC é\n"


@pytest.fixture
def place(cli):
    """A directory of the workspace of the test's own."""
    path = f"/Shared/{uuid.uuid4().hex}"
    cli.run("workspace", "mkdirs", path)
    return path


def test_a_notebook_goes_in_and_comes_out_as_it_was(cli, place, tmp_path):
    (tmp_path / "a.py").write_text(SOURCE)
    cli.run("workspace", "import", "a.py", f"{place}/a", "--language", "PYTHON")
    assert "RESOURCE_ALREADY_EXISTS" in cli.fails("workspace", "import", "a.py", f"{place}/a", "--language", "PYTHON")
    cli.run("workspace", "import", "a.py", f"{place}/a", "--language", "PYTHON", "--overwrite")
    cli.run("workspace", "export", f"{place}/a", "out.py")
    assert (tmp_path / "out.py").read_text() == SOURCE
    cli.run("workspace", "export", "--format", "JUPYTER", f"{place}/a", "out.ipynb")
    cells = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
    assert ["".join(cell["source"]) for cell in cells] == ["print(1)", "é"]
    cli.run("workspace", "export", "--format", "HTML", f"{place}/a", "out.html")
    assert "__DATABRICKS_NOTEBOOK_MODEL" in (tmp_path / "out.html").read_text()


def test_trees_go_in_and_come_out(cli, place, tmp_path):
    (tmp_path / "up" / "sub").mkdir(parents=True)
    (tmp_path / "up" / "a.py").write_text(SOURCE)
    (tmp_path / "up" / "sub" / "b.sql").write_text("-- Databricks notebook source\nSELECT 1\n")
    cli.run("workspace", "import_dir", "up", f"{place}/tree")
    assert cli.run("workspace", "ls", f"{place}/tree").split() == ["a", "sub"]
    long = cli.run("workspace", "ls", "-l", "--absolute", f"{place}/tree/sub")
    assert long.split() == ["NOTEBOOK", f"{place}/tree/sub/b", "SQL"]
    cli.run("workspace", "export_dir", f"{place}/tree", "down")
    for name in ["a.py", "sub/b.sql"]:
        assert (tmp_path / "down" / name).read_text() == (tmp_path / "up" / name).read_text()
    assert "DIRECTORY_NOT_EMPTY" in cli.fails("workspace", "rm", place)
    cli.run("workspace", "rm", "-r", place)
    assert "RESOURCE_DOES_NOT_EXIST" in cli.fails("workspace", "ls", place)


def test_secrets_are_put_listed_and_removed(cli):
    scope = uuid.uuid4().hex
    cli.run("secrets", "create-scope", "--scope", scope)
    assert scope in cli.run("secrets", "list-scopes")
    cli.run("secrets", "put", "--scope", scope, "--key", "password", "--string-value", "never shown")
    listed = cli.run("secrets", "list", "--scope", scope)
    assert "password" in listed and "never shown" not in listed
    cli.run("secrets", "put-acl", "--scope", scope, "--principal", "ann", "--permission", "READ")
    assert "ann" in cli.run("secrets", "list-acls", "--scope", scope)
    assert "READ" in cli.run("secrets", "get-acl", "--scope", scope, "--principal", "ann")
    cli.run("secrets", "delete-acl", "--scope", scope, "--principal", "ann")
    cli.run("secrets", "delete", "--scope", scope, "--key", "password")
    cli.run("secrets", "delete-scope", "--scope", scope)
    assert scope not in cli.run("secrets", "list-scopes")
