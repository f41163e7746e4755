# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""How the legacy command line gets to a server, and who it is there."""

import contextlib
import json
import ssl

import pytest

import lamplighter
from https_front import Certificate, Front, endpoint
from legacy_cli import LegacyCLI
from tls_proxy import ConnectProxy, TLSProxy


@pytest.fixture
def visitor(front, tmp_path):
    """A command line that nobody has configured."""
    return lambda **environment: LegacyCLI(front, tmp_path, **environment)


def test_a_token_from_a_file(visitor, front, server, tmp_path):
    (tmp_path / "token").write_text(server.token + "\n")
    cli = visitor()
    cli.run("configure", "--token-file", "token", "--host", front.url)
    assert oct(cli.config.stat().st_mode)[-3:] == "600"
    cli.run("fs", "ls")


def test_fs_configure_with_user_and_password(visitor, front, server):
    """The user `token` with the token as the password: HTTP Basic."""
    cli = visitor()
    cli.run("fs", "configure", "--host", front.url, given=f"token\n{server.token}\n{server.token}\n")
    cli.run("jobs", "list")


def test_a_profile_beside_a_wrong_default(visitor, front, server):
    cli = visitor()
    cli.run("configure", "--token", "--host", front.url, given="dapi-wrong\n")
    cli.run("configure", "--token", "--host", front.url, "--profile", "right", given=f"{server.token}\n")
    assert "Authorization failed. Your token may be expired" in cli.fails("jobs", "list")
    cli.run("jobs", "list", "--profile", "right")


def test_environment_variables_do_without_a_file(visitor, front, server):
    cli = visitor(DATABRICKS_HOST=front.url, DATABRICKS_TOKEN=server.token)
    assert json.loads(cli.run("runs", "list", "--output", "JSON")).keys() >= {"has_more"}
    assert not cli.config.exists()


def test_an_unknown_certificate_takes_insecure(visitor, front, server):
    """Without it the command line ends with an SSLError, after a minute of trying again: too long for a test."""
    cli = visitor(REQUESTS_CA_BUNDLE="")
    cli.run("configure", "--token", "--insecure", "--host", front.url, given=f"{server.token}\n")
    cli.run("jobs", "list")


def test_without_a_port_443_of_ones_own_through_a_proxy(visitor, server):
    """What docs say for users who may not listen on 443."""
    with ConnectProxy(endpoint(server.url)) as proxy:
        cli = visitor(
            HTTPS_PROXY=proxy.url, DATABRICKS_HOST="https://lamplighter.test", DATABRICKS_TOKEN=server.token)
        cli.run("fs", "ls")
        assert set(proxy.asked) == {"lamplighter.test:443"}


def test_behind_a_proxy_that_ends_tls(tmp_path):
    """As with a web server in front: Lamplighter itself speaks plain HTTP."""
    certificate = Certificate(tmp_path, "jobs.example.com")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.issued.configure_cert(context)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(lamplighter.Server("--public-url", "https://jobs.example.com"))
        web = stack.enter_context(TLSProxy(endpoint(server.url), tls=context))
        ways = stack.enter_context(ConnectProxy((web.host, web.port)))
        front = Front("https://jobs.example.com", server, {
            "REQUESTS_CA_BUNDLE": certificate.bundle, "HTTPS_PROXY": ways.url})
        cli = LegacyCLI(front, tmp_path, DATABRICKS_HOST=front.url, DATABRICKS_TOKEN=server.token)
        (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 10_000)
        cli.run("fs", "cp", "a.bin", "dbfs:/a.bin")
        cli.run("fs", "cp", "dbfs:/a.bin", "b.bin")
        assert (tmp_path / "b.bin").read_bytes() == (tmp_path / "a.bin").read_bytes()
        job = cli.json("jobs", "create", "--json", json.dumps({
            "existing_cluster_id": "default", "spark_python_task": {"python_file": "dbfs:/missing.py"}}))["job_id"]
        run = cli.json("jobs", "run-now", "--job-id", job)["run_id"]
        assert cli.json("runs", "get", "--run-id", run)["run_page_url"].startswith("https://jobs.example.com/")
