# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""databricks-sdk. Its jobs and clusters speak 2.1 and 2.2; what is here speaks 2.0: DBFS, and jobs through its plain
`api_client`. It takes scheme and port as they are, so no https is needed."""

import io
import os

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound, PermissionDenied, ResourceAlreadyExists, ResourceDoesNotExist


@pytest.fixture
def client(front, server, monkeypatch):
    for name, value in front.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", os.devnull)
    return WorkspaceClient(host=server.url, token=server.token)


def test_dbfs_files_by_blocks(client, server, folder):
    contents = os.urandom(2 * (1 << 20) + 77)
    client.dbfs.upload(f"{folder}/blocks.bin", io.BytesIO(contents))
    assert (server.data / "dbfs" / folder.strip("/") / "blocks.bin").read_bytes() == contents
    with client.dbfs.download(f"dbfs:{folder}/blocks.bin") as file:
        assert file.read() == contents
    assert client.dbfs.get_status(f"{folder}/blocks.bin").file_size == len(contents)
    with pytest.raises(ResourceAlreadyExists):
        client.dbfs.upload(f"{folder}/blocks.bin", io.BytesIO(b"x"))
    client.dbfs.upload(f"{folder}/blocks.bin", io.BytesIO(b"x"), overwrite=True)
    assert client.dbfs.read(f"{folder}/blocks.bin").data == "eA=="


def test_dbfs_trees(client, folder):
    client.dbfs.mkdirs(f"{folder}/a/b")
    client.dbfs.upload(f"{folder}/a/b/file", io.BytesIO(b"1"))
    assert [file.path for file in client.dbfs.list(f"{folder}/a", recursive=True)] == [f"{folder}/a/b/file"]
    assert client.dbfs.exists(f"{folder}/a") and not client.dbfs.exists(f"{folder}/z")
    client.dbfs.move(f"{folder}/a", f"{folder}/z")
    with pytest.raises(NotFound):
        client.dbfs.get_status(f"{folder}/a")
    client.dbfs.delete(f"{folder}/z", recursive=True)
    assert not client.dbfs.exists(f"{folder}/z")


def test_jobs_of_version_2_0_through_the_plain_client(client, server, program):
    call = client.api_client.do
    job = call("POST", "/api/2.0/jobs/create", body={
        "existing_cluster_id": "default", "spark_python_task": {"python_file": program("print('by the SDK')")}})
    run = call("POST", "/api/2.0/jobs/run-now", body={"job_id": job["job_id"]})
    server.ended(run["run_id"])
    assert call("GET", "/api/2.0/jobs/runs/get-output", query={"run_id": run["run_id"]})["logs"] == "by the SDK\n"


def test_errors_are_those_that_it_knows(client, server):
    """A job or run that is not there is a 400 on the wire; it knows the case by the text."""
    for path, query in ("jobs/get", {"job_id": 987654321}), ("jobs/runs/get", {"run_id": 987654321}):
        with pytest.raises(ResourceDoesNotExist, match=" 987654321 does not exist."):
            client.api_client.do("GET", f"/api/2.0/{path}", query=query)
    with pytest.raises(BadRequest, match="python_file"):
        client.api_client.do("POST", "/api/2.0/jobs/runs/submit", body={
            "existing_cluster_id": "default", "spark_python_task": {}})
    stranger = WorkspaceClient(host=server.url, token="dapi-wrong")
    with pytest.raises(PermissionDenied):
        stranger.dbfs.get_status("/")


def test_a_client_is_made_without_a_warning(client, server, caplog):
    """It asks for /.well-known/databricks-config first, and complains about whatever is no answer."""
    WorkspaceClient(host=server.url, token=server.token)
    assert caplog.get_records("call") == []
