# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Options and fixtures; see acceptance/README.md."""

import os

import pytest

from contract.client import Client
from contract.short_retention import ShortRetention
from contract.gate import Gate
from contract.report import RuleReport
from contract.settings import settings
from contract.target import Target, own_server
from contract.fixtures import Fixtures


def pytest_addoption(parser):
    group = parser.getgroup("conformance")
    group.addoption("--base-url", default=os.environ.get("CONFORMANCE_BASE_URL"),
                    help="the server to check (CONFORMANCE_BASE_URL); default: one of the suite's own")
    group.addoption("--token", default=os.environ.get("CONFORMANCE_TOKEN"),
                    help="an administrator's token there (CONFORMANCE_TOKEN)")
    group.addoption("--callback-host", default=os.environ.get("CONFORMANCE_CALLBACK_HOST"),
                    help="an address of this machine that programs of a server elsewhere can reach")
    group.addoption("--no-extensions", action="store_true", help="leave out what Lamplighter has beside the contract")
    group.addoption("--conformance-report", metavar="FILE", help="write the report by rule to this file, too")


def pytest_configure(config):
    config.pluginmanager.register(RuleReport(config), "rule-report")
    if config.getoption("--base-url") and not config.getoption("--token"):
        raise pytest.UsageError("--base-url needs --token")


def pytest_collection_modifyitems(items):
    # Last, because what it is about takes a minute to happen, and happens meanwhile.
    items.sort(key=lambda item: "short_retention" in item.fixturenames)


@pytest.fixture(scope="session", autouse=True)
def prepared(request):
    """What takes time begins before the first check."""
    if any("short_retention" in item.fixturenames for item in request.session.items):
        if not request.config.getoption("--base-url"):
            request.getfixturevalue("short_retention")


@pytest.fixture(scope="session")
def short_retention(new_server):
    with new_server("--run-retention-days", "0.0001", "--grace-period-seconds", "1") as target:
        yield ShortRetention(target)


@pytest.fixture(scope="session")
def target(request):
    url = request.config.getoption("--base-url")
    callback_host = request.config.getoption("--callback-host")
    if url:
        yield Target(Client(url, request.config.getoption("--token")), callback_host=callback_host)
        return
    with own_server("--grace-period-seconds", "1") as target:
        yield target


@pytest.fixture(scope="session")
def api(target):
    return target.api


@pytest.fixture
def own(target):
    """The suite's own server; a check that needs more than HTTP is skipped elsewhere."""
    if not target.server:
        pytest.skip("needs a server that the suite starts itself")
    return target.server


@pytest.fixture(scope="session")
def new_server(target):
    """Starts servers with settings of their own: `with new_server("--flag", "value") as target`."""
    if not target.server:
        pytest.skip("needs a server that the suite starts itself")
    return own_server


@pytest.fixture(scope="session")
def gate(target):
    if not target.callback_host:
        pytest.skip("programs there cannot reach the suite; see --callback-host")
    gate = Gate(target.callback_host)
    yield gate
    gate.close()


@pytest.fixture(scope="session")
def fixtures(request, target):
    # Jobs can be made where programs cannot reach the suite; only checks that hold runs ask for the gate themselves.
    gate = request.getfixturevalue("gate") if target.callback_host else None
    fixtures = Fixtures(target.api, gate)
    yield fixtures
    fixtures.clear()


@pytest.fixture(scope="session")
def standing_job(api):
    """A job that rejected changes are tried on; no check changes it."""
    job = api.post("jobs/create", settings(name="standing")).ok()["job_id"]
    yield job
    api.post("jobs/delete", {"job_id": job})


@pytest.fixture(scope="session")
def destination(api):
    """The id of a notification destination."""
    made = api.post("notification-destinations", {
        "display_name": "conformance", "config": {"generic_webhook": {"url": "http://127.0.0.1:9/hook"}}}).ok()["id"]
    yield made
    api.request("DELETE", f"/api/2.0/notification-destinations/{made}")
