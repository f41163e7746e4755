# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""One server for all tests of a process; each test makes jobs and directories of its own."""

import os
import pathlib
import sys
import uuid

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]

import https_front  # noqa: E402
import legacy_cli  # noqa: E402

RUNTIME = pathlib.Path(
    os.environ.get("LAMPLIGHTER_RUNTIME")
    or pathlib.Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "lamplighter" / "runtime")


def pytest_collection_modifyitems(items):
    """mlflow's run takes as long as all else together: it is the first, so that a second process does the rest."""
    items.sort(key=lambda item: item.path.name != "test_mlflow_projects.py")


@pytest.fixture(scope="session")
def runtime():
    return RUNTIME


@pytest.fixture(scope="session")
def front(tmp_path_factory):
    # Libraries of mlflow's runs come from the wheels that setup.sh has fetched, and are compiled only as far as used:
    # all of mlflow would take longer than everything else together.
    wheels = {
        "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(RUNTIME / "tests" / "mlflow-wheels"), "PIP_NO_COMPILE": "1"}
    with https_front.open_front(tmp_path_factory.mktemp("front"), environment=wheels) as front:
        yield front
        end_runs(front.server)


def end_runs(server):
    """Tasks outlive their server: what a failed test has left running must be ended before it stops."""
    active = [run["run_id"] for run in server.get("jobs/runs/list?active_only=true&limit=999").json.get("runs", [])]
    for run in active:
        server.post("jobs/runs/cancel", {"run_id": run})
    for run in active:
        server.ended(run)


@pytest.fixture(scope="session")
def server(front):
    return front.server


@pytest.fixture(scope="session")
def shared_cli(front, server, tmp_path_factory):
    directory = tmp_path_factory.mktemp("cli")
    cli = legacy_cli.LegacyCLI(front, directory)
    cli.run("configure", "--token", "--host", front.url, given=f"{server.token}\n")
    return cli


@pytest.fixture
def cli(shared_cli, tmp_path):
    """The command line, configured, with a directory of the test's own to work in."""
    shared_cli.directory = tmp_path
    return shared_cli


@pytest.fixture
def folder(server):
    """A directory of DBFS of the test's own, as `/...`."""
    path = f"/clients/{uuid.uuid4().hex}"
    assert server.post("dbfs/mkdirs", {"path": path}).status == 200
    return path


@pytest.fixture
def program(server, folder):
    """Uploads a Python program and gives its `dbfs:/` path."""

    def upload(source, name="program.py"):
        server.upload(f"{folder}/{name}", source)
        return f"dbfs:{folder}/{name}"

    return upload
