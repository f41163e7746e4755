# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""G4: secrets. No answer ever holds a value."""

import base64
import json
import uuid

import pytest

from contract.notebooks import import_notebook
from contract.settings import CLUSTER, settings

# The documented limits of the service.
MAX_VALUE = 128 * 1024
MAX_NAME = 128


@pytest.fixture
def scope(api, fixtures):
    name = fixtures.name()
    api.post("secrets/scopes/create", {"scope": name}).ok()
    yield name
    api.post("secrets/scopes/delete", {"scope": name})


@pytest.fixture
def value():
    return f"Hush-{uuid.uuid4().hex}"


def put(api, scope, key, value):
    return api.post("secrets/put", {"scope": scope, "key": key, "string_value": value})


def notebook_run(api, fixtures, source, **cluster):
    path = import_notebook(api, fixtures, source, fixtures.name())
    return fixtures.submit(settings(notebook_task={"notebook_path": path}, new_cluster=cluster))


@pytest.mark.rule("G4", "positive")
def test_scopes(api, scope):
    scopes = api.get("secrets/scopes/list").ok()["scopes"]
    assert {"name": scope, "backend_type": "DATABRICKS"} in scopes
    api.post("secrets/scopes/delete", {"scope": scope}).ok()
    assert scope not in [found["name"] for found in api.get("secrets/scopes/list").ok().get("scopes", [])]


@pytest.mark.rule("G4", "positive")
def test_secrets_are_listed_by_key_and_time(api, scope, value):
    put(api, scope, "text", value).ok()
    body = {"scope": scope, "key": "bytes", "bytes_value": base64.b64encode(b"\0\xff").decode()}
    api.post("secrets/put", body).ok()
    answer = api.get("secrets/list", scope=scope)
    assert sorted(found["key"] for found in answer.ok()["secrets"]) == ["bytes", "text"]
    assert all(found["last_updated_timestamp"] > 1_500_000_000_000 for found in answer.json["secrets"])
    assert value not in answer.body.decode()
    api.post("secrets/delete", {"scope": scope, "key": "text"}).ok()
    assert [found["key"] for found in api.get("secrets/list", scope=scope).ok()["secrets"]] == ["bytes"]


@pytest.mark.rule("G4", "positive")
def test_permissions_of_principals(api, scope):
    for permission in ("READ", "WRITE", "MANAGE"):
        body = {"scope": scope, "principal": "ann", "permission": permission}
        api.post("secrets/acls/put", body).ok()
        assert api.get("secrets/acls/get", scope=scope, principal="ann").ok() == {
            "principal": "ann", "permission": permission}
    assert {"principal": "ann", "permission": "MANAGE"} in api.get("secrets/acls/list", scope=scope).ok()["items"]
    api.post("secrets/acls/delete", {"scope": scope, "principal": "ann"}).ok()
    assert "ann" not in json.dumps(api.get("secrets/acls/list", scope=scope).ok())


@pytest.mark.rule("G4", "positive")
def test_notebooks_read_them_and_show_nothing(api, fixtures, scope, value):
    put(api, scope, "k", value).ok()
    api.post("secrets/put", {"scope": scope, "key": "b", "bytes_value": base64.b64encode(b"\0\xff").decode()}).ok()
    run = notebook_run(api, fixtures, f"""
value = dbutils.secrets.get("{scope}", "k")
print(value)
assert dbutils.secrets.getBytes("{scope}", "b") == b"\\0\\xff"
assert [found.key for found in dbutils.secrets.list("{scope}")] == ["b", "k"]
dbutils.notebook.exit(f"{{len(value)}} {{value}}")""")
    fixtures.succeeded(run)
    assert fixtures.output(run)["notebook_output"]["result"] == f"{len(value)} [REDACTED]"
    shown = [api.get("jobs/runs/export", run_id=run, views_to_export="ALL").ok()["views"][0]["content"]]
    shown.append(json.dumps([fixtures.run(run), fixtures.output(run)]))
    assert not any(value in text for text in shown)


@pytest.mark.rule("G4", "positive")
def test_references_in_spark_conf_and_spark_env_vars(api, fixtures, scope, value):
    put(api, scope, "k", value).ok()
    reference = f"{{{{secrets/{scope}/k}}}}"
    run = notebook_run(
        api, fixtures,
        "import os\ndbutils.notebook.exit(' '.join([os.environ['A'], str(len(os.environ['A'])), spark.conf.get('spark.b')]))",
        spark_env_vars={"A": reference}, spark_conf={"spark.b": f"<{reference}>"})
    found = fixtures.succeeded(run)
    assert fixtures.output(run)["notebook_output"]["result"] == f"[REDACTED] {len(value)} <[REDACTED]>"
    assert found["cluster_spec"]["new_cluster"]["spark_env_vars"] == {"A": reference}


@pytest.mark.rule("G4", "positive")
def test_the_output_of_programs_is_redacted_too(api, fixtures, scope, value):
    put(api, scope, "k", value).ok()
    fixtures.put("tell.py", b"import os\nprint('it is', os.environ['A'])\nraise ValueError(os.environ['A'])\n")
    run = fixtures.submit(fixtures.python(
        "tell.py", new_cluster={**CLUSTER, "spark_env_vars": {"A": f"{{{{secrets/{scope}/k}}}}"}}))
    assert fixtures.ended(run)["state"]["result_state"] == "FAILED"
    output = fixtures.output(run)
    assert output["logs"].startswith("it is [REDACTED]\n") and output["error"] == "ValueError: [REDACTED]"
    assert value not in json.dumps([output, fixtures.run(run)])


@pytest.mark.rule("G4", "negative")
@pytest.mark.parametrize("member", ["spark_conf", "spark_env_vars"])
def test_a_reference_to_nothing_fails_the_run_by_its_name(api, fixtures, scope, member):
    reference = f"{{{{secrets/{scope}/none}}}}"
    run = notebook_run(api, fixtures, "print(1)", **{member: {"spark.a": reference}})
    state = fixtures.ended(run)["state"]
    assert state["life_cycle_state"] == "INTERNAL_ERROR" and reference in state["state_message"]


@pytest.mark.rule("G4", "negative")
def test_a_notebook_is_told_of_a_secret_that_is_not_there(api, fixtures, scope):
    run = notebook_run(api, fixtures, f"dbutils.secrets.get('{scope}', 'none')")
    assert fixtures.ended(run)["state"]["result_state"] == "FAILED"
    assert scope in fixtures.output(run)["error"] and "none" in fixtures.output(run)["error"]


@pytest.mark.rule("G4", "negative")
def test_what_is_there_already_and_what_is_not(api, scope):
    assert scope in api.post("secrets/scopes/create", {"scope": scope}).refused("RESOURCE_ALREADY_EXISTS")
    for path, body in (
            ("secrets/scopes/delete", {"scope": "no-such"}), ("secrets/delete", {"scope": scope, "key": "no-such"}),
            ("secrets/acls/delete", {"scope": scope, "principal": "no-such"}),
            ("secrets/put", {"scope": "no-such", "key": "k", "string_value": "v"}),
            ("secrets/acls/put", {"scope": "no-such", "principal": "ann", "permission": "READ"})):
        assert "no-such" in api.post(path, body).refused("RESOURCE_DOES_NOT_EXIST", 404)
    for path, query in (
            ("secrets/list", {"scope": "no-such"}), ("secrets/acls/list", {"scope": "no-such"}),
            ("secrets/acls/get", {"scope": scope, "principal": "no-such"})):
        assert "no-such" in api.get(path, **query).refused("RESOURCE_DOES_NOT_EXIST", 404)


@pytest.mark.rule("G4", "negative")
def test_bad_names_values_and_permissions(api, scope, value):
    assert "scope" in api.post("secrets/scopes/create", {}).refused()
    for name in ("a b", "a/b", "x" * (MAX_NAME + 1), "ü"):
        assert name[:50] in api.post("secrets/scopes/create", {"scope": name}).refused()
        assert name[:50] in put(api, scope, name, value).refused()
    assert "key" in api.post("secrets/put", {"scope": scope, "string_value": value}).refused()
    for body in ({}, {"string_value": value, "bytes_value": base64.b64encode(value.encode()).decode()}):
        message = api.post("secrets/put", {"scope": scope, "key": "k", **body}).refused()
        assert "string_value" in message and "bytes_value" in message and value not in message
    assert "bytes_value" in api.post("secrets/put", {"scope": scope, "key": "k", "bytes_value": "%%"}).refused()
    body = {"scope": scope, "principal": "ann", "permission": "OWN"}
    assert "MANAGE" in api.post("secrets/acls/put", body).refused()
    assert api.get("secrets/list", scope=scope).ok().get("secrets", []) == []


@pytest.mark.rule("G4", "negative")
def test_a_value_of_another_type_or_length_is_refused_and_not_shown(api, scope, value):
    put(api, scope, "longest", "x" * MAX_VALUE).ok()
    assert value not in put(api, scope, "longer", value + "x" * MAX_VALUE).refused()
    answer = api.post("secrets/put", {"scope": scope, "key": "k", "string_value": [value]})
    assert answer.status == 400 and "string_value" in answer.message and value not in answer.message
    assert [found["key"] for found in api.get("secrets/list", scope=scope).ok()["secrets"]] == ["longest"]


@pytest.mark.rule("G4", "negative")
def test_no_value_is_stored_as_it_is(api, own, fixtures, scope, value):
    other = value[::-1]
    put(api, scope, "k", value).ok()
    put(api, scope, "other", other).ok()
    fixtures.succeeded(notebook_run(
        api, fixtures, f"print(dbutils.secrets.get('{scope}', 'k'), spark.conf.get('spark.b'))",
        spark_conf={"spark.b": f"{{{{secrets/{scope}/other}}}}"}))
    for secret in (value, other):
        assert not [path for path in own.data.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
        assert secret not in own.log
