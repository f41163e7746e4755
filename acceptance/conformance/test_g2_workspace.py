# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""G2: the workspace."""

import base64
import json
import re
import urllib.parse

import pytest

from contract.settings import settings

MARKS = {"PYTHON": "#", "SQL": "--", "SCALA": "//", "R": "#"}
ENDINGS = {"PYTHON": "py", "SQL": "sql", "SCALA": "scala", "R": "r"}


def encoded(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def source(language, *cells):
    mark = MARKS[language]
    return f"{mark} Databricks notebook source\n" + f"\n\n{mark} COMMAND ----------\n\n".join(cells) + "\n"


JUPYTER = json.dumps({
    "nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}, "our": {"own": [1, None]}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Title\n", "text"]},
        {"cell_type": "code", "id": "b", "metadata": {"tags": ["x"]}, "execution_count": 3, "source": "1 + 1",
         "outputs": [{"output_type": "stream", "name": "stdout", "text": "shown before"}]}]}, indent=1)


@pytest.fixture
def folder(api, fixtures):
    path = f"/{fixtures.name()}"
    api.post("workspace/mkdirs", {"path": path}).ok()
    yield path
    api.post("workspace/delete", {"path": path, "recursive": True})


def imported(api, path, content, **more):
    return api.post("workspace/import", {"path": path, "content": encoded(content), **more})


def exported(api, path, form="SOURCE", **more):
    return base64.b64decode(api.get("workspace/export", path=path, format=form, **more).ok()["content"]).decode()


def model(page):
    text = re.search("__DATABRICKS_NOTEBOOK_MODEL = '([^']+)'", page).group(1)
    return json.loads(urllib.parse.unquote(base64.b64decode(text).decode()))


@pytest.mark.rule("G2", "positive")
@pytest.mark.parametrize("language", MARKS)
def test_sources_of_all_languages_come_back_as_they_were(api, folder, language):
    text = source(language, "1", f"{MARKS[language]} MAGIC %md\n{MARKS[language]} MAGIC *é* 夜", "2")
    imported(api, f"{folder}/n", text, format="SOURCE", language=language).ok()
    assert exported(api, f"{folder}/n") == text
    raw = api.get("workspace/export", path=f"{folder}/n", format="SOURCE", direct_download="true")
    assert (raw.status, raw.body.decode()) == (200, text)
    found = api.get("workspace/get-status", path=f"{folder}/n").ok()
    assert (found["object_type"], found["language"], found["path"]) == ("NOTEBOOK", language, f"{folder}/n")
    assert isinstance(found["object_id"], int) and found["object_id"] > 0


@pytest.mark.rule("G2", "positive")
def test_a_jupyter_file_keeps_everything_and_becomes_source_and_page(api, folder):
    imported(api, f"{folder}/n", JUPYTER, format="JUPYTER").ok()
    assert json.loads(exported(api, f"{folder}/n", "JUPYTER")) == json.loads(JUPYTER)
    assert exported(api, f"{folder}/n") == source("PYTHON", "# MAGIC %md\n# MAGIC # Title\n# MAGIC text", "1 + 1")
    page = exported(api, f"{folder}/n", "HTML")
    assert [command["command"] for command in model(page)["commands"]] == ["%md\n# Title\ntext", "1 + 1"]


@pytest.mark.rule("G2", "positive")
def test_a_page_that_was_exported_can_be_imported(api, folder):
    text = source("SQL", "SELECT 1", "SELECT 2")
    imported(api, f"{folder}/n", text, format="SOURCE", language="SQL").ok()
    imported(api, f"{folder}/again", exported(api, f"{folder}/n", "HTML"), format="HTML").ok()
    assert exported(api, f"{folder}/again") == text


@pytest.mark.rule("G2", "positive")
def test_a_form_with_a_file(api, folder):
    text = source("PYTHON", "x" * 3_000_000)
    parts = {"path": f"{folder}/n", "format": "SOURCE", "language": "PYTHON", "overwrite": "true"}
    body = b"".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in parts.items())
    body += b'--edge\r\nContent-Disposition: form-data; name="content"; filename="n.py"\r\n\r\n'
    body += text.encode() + b"\r\n--edge--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    api.request("POST", "/api/2.0/workspace/import", body, headers=headers).ok()
    assert exported(api, f"{folder}/n") == text


@pytest.mark.rule("G2", "positive")
def test_the_tree(api, folder):
    api.post("workspace/mkdirs", {"path": f"{folder}/a/b"}).ok()
    api.post("workspace/mkdirs", {"path": f"{folder}/a/b"}).ok()
    imported(api, f"{folder}/a/n", "1", format="SOURCE", language="R").ok()
    listed = api.get("workspace/list", path=f"{folder}/a").ok()["objects"]
    assert {(found["path"], found["object_type"]) for found in listed} == {
        (f"{folder}/a/b", "DIRECTORY"), (f"{folder}/a/n", "NOTEBOOK")}
    assert len({found["object_id"] for found in listed}) == 2
    assert api.get("workspace/list", path=f"{folder}/a/b").ok().get("objects", []) == []
    assert [found["path"] for found in api.get("workspace/list", path=f"{folder}/a/n").ok()["objects"]] == [
        f"{folder}/a/n"]
    api.post("workspace/delete", {"path": f"{folder}/a", "recursive": True}).ok()
    api.get("workspace/get-status", path=f"{folder}/a/n").refused("RESOURCE_DOES_NOT_EXIST", 404)


@pytest.mark.rule("G2", "positive")
def test_a_revision_stays_the_notebook_of_its_time(api, fixtures, folder):
    path = f"{folder}/n"
    old = source("PYTHON", "dbutils.notebook.exit('old')")
    imported(api, path, old, format="SOURCE", language="PYTHON").ok()
    time = api.get("workspace/get-status", path=path).ok()["modified_at"]
    new = source("PYTHON", "dbutils.notebook.exit('new')")
    imported(api, path, new, format="SOURCE", language="PYTHON", overwrite=True).ok()
    assert exported(api, path) == new
    for task, result in (({"revision_timestamp": time}, "old"), ({}, "new")):
        run = fixtures.submit(settings(notebook_task={"notebook_path": path, **task}))
        fixtures.succeeded(run)
        assert fixtures.output(run)["notebook_output"]["result"] == result


@pytest.mark.rule("G2", "negative")
def test_a_time_before_the_first_revision(api, fixtures, folder):
    imported(api, f"{folder}/n", "1", format="SOURCE", language="PYTHON").ok()
    run = fixtures.submit(settings(notebook_task={"notebook_path": f"{folder}/n", "revision_timestamp": 1}))
    state = fixtures.ended(run)["state"]
    assert state["life_cycle_state"] == "INTERNAL_ERROR" and f"{folder}/n" in state["state_message"]


@pytest.mark.rule("G2", "negative")
def test_what_is_there_is_not_replaced_unasked(api, folder):
    imported(api, f"{folder}/n", "old", format="SOURCE", language="PYTHON").ok()
    answer = imported(api, f"{folder}/n", "new", format="SOURCE", language="PYTHON")
    assert f"{folder}/n" in answer.refused("RESOURCE_ALREADY_EXISTS")
    assert "old" in exported(api, f"{folder}/n")
    imported(api, folder, "new", format="SOURCE", language="PYTHON", overwrite=True).refused("RESOURCE_ALREADY_EXISTS")
    api.post("workspace/mkdirs", {"path": f"{folder}/n"}).refused("RESOURCE_ALREADY_EXISTS")


@pytest.mark.rule("G2", "negative")
def test_what_is_not_there(api, folder):
    for answer in (
            api.get("workspace/get-status", path=f"{folder}/no"), api.get("workspace/list", path=f"{folder}/no"),
            api.get("workspace/export", path=f"{folder}/no"), api.post("workspace/delete", {"path": f"{folder}/no"}),
            imported(api, f"{folder}/no/n", "1", format="SOURCE", language="PYTHON")):
        assert f"{folder}/no" in answer.refused("RESOURCE_DOES_NOT_EXIST", 404)


@pytest.mark.rule("G2", "negative")
def test_a_full_folder_goes_only_with_recursive_and_the_root_never(api, folder):
    imported(api, f"{folder}/n", "1", format="SOURCE", language="PYTHON").ok()
    assert "recursive" in api.post("workspace/delete", {"path": folder}).refused("DIRECTORY_NOT_EMPTY")
    assert "1" in exported(api, f"{folder}/n")
    for fixed in ("/", "/Users", "/Shared/"):
        api.post("workspace/delete", {"path": fixed, "recursive": True}).refused()


@pytest.mark.rule("G2", "negative")
@pytest.mark.parametrize("change, says", [
    ({"path": "relative"}, "path"), ({"path": None}, "path"), ({"format": "DBC"}, "JUPYTER"),
    ({"language": "COBOL"}, "SCALA"), ({"language": None}, "language"), ({"content": "%%%"}, "base64"),
    ({"format": "JUPYTER", "content": encoded("no JSON")}, "content")], ids=str)
def test_bad_imports_change_nothing(api, folder, change, says):
    body = {"path": f"{folder}/n", "format": "SOURCE", "language": "PYTHON", "content": encoded("1"), **change}
    message = api.post("workspace/import", {key: value for key, value in body.items() if value is not None}).refused()
    assert says in message
    assert api.get("workspace/list", path=folder).ok().get("objects", []) == []


@pytest.mark.rule("G2", "negative")
def test_a_format_that_does_not_exist_and_a_folder_cannot_be_exported(api, folder):
    imported(api, f"{folder}/n", "1", format="SOURCE", language="PYTHON").ok()
    assert "HTML" in api.get("workspace/export", path=f"{folder}/n", format="PDF").refused()
    assert folder in api.get("workspace/export", path=folder).refused()
