# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D9: exporting notebook runs."""

import base64
import json
import re
import urllib.parse

import pytest

from contract.notebooks import import_notebook
from contract.settings import settings


@pytest.mark.rule("D9", "positive")
@pytest.mark.parametrize("views", [None, "CODE", "ALL"])
def test_a_notebook_run_is_a_page_with_its_model(api, fixtures, views):
    path = import_notebook(api, fixtures, "print('in the model')", "export")
    run = fixtures.submit(settings(notebook_task={"notebook_path": path}))
    fixtures.succeeded(run)
    query = {"views_to_export": views} if views else {}
    view = api.get("jobs/runs/export", run_id=run, **query).ok()["views"][0]
    assert (view["name"], view["type"]) == ("export", "NOTEBOOK")
    assert view["content"].lstrip().lower().startswith("<!doctype html>")
    encoded = re.search("__DATABRICKS_NOTEBOOK_MODEL = '([^']+)'", view["content"]).group(1)
    model = json.loads(urllib.parse.unquote(base64.b64decode(encoded).decode()))
    assert any("in the model" in command["command"] for command in model["commands"])


@pytest.mark.rule("D9", "positive")
def test_a_notebook_without_dashboards_has_none(api, fixtures):
    path = import_notebook(api, fixtures, "1", "plain")
    run = fixtures.submit(settings(notebook_task={"notebook_path": path}))
    fixtures.succeeded(run)
    assert api.get("jobs/runs/export", run_id=run, views_to_export="DASHBOARDS").ok().get("views", []) == []


@pytest.mark.rule("D9", "negative")
def test_a_run_of_another_kind_cannot_be_exported(api, fixtures):
    run = fixtures.submit(fixtures.echo())
    fixtures.succeeded(run)
    for views in ("CODE", "DASHBOARDS", "ALL"):
        assert "notebook" in api.get("jobs/runs/export", run_id=run, views_to_export=views).refused()


@pytest.mark.rule("D9", "negative")
@pytest.mark.parametrize("views", ["code", "NOTEBOOK", "CODE,DASHBOARDS"])
def test_views_that_do_not_exist(api, fixtures, views):
    _, (run,) = fixtures.skipping_job(1)
    message = api.get("jobs/runs/export", run_id=run, views_to_export=views).refused()
    for part in ("views_to_export", views, "CODE", "DASHBOARDS", "ALL"):
        assert part in message


@pytest.mark.rule("D9", "negative")
def test_no_run(api):
    assert "run_id" in api.get("jobs/runs/export").refused()
    assert api.get("jobs/runs/export", run_id=9_007_199_254_740_007).refused().endswith("does not exist.")
