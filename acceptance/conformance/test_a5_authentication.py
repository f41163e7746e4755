# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A5: who asks."""

import base64
import pathlib
import subprocess

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import settings
from contract.fixtures import until


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def listed(api, headers):
    return api.request("GET", "/api/2.0/jobs/list", headers=headers)


@pytest.mark.rule("A5", "positive")
@pytest.mark.parametrize("word", ["Bearer", "bearer", "BEARER"])
def test_a_bearer_token_is_taken(api, word):
    listed(api, {"Authorization": f"{word} {api.token}"}).ok()


@pytest.mark.rule("A5", "positive")
def test_basic_with_the_user_token_is_taken(api):
    listed(api, basic("token", api.token)).ok()


@pytest.mark.rule("A5", "positive")
def test_what_is_made_bears_the_name_of_the_tokens_owner(api, fixtures):
    job, (run,) = fixtures.skipping_job(1)
    owner = api.get("jobs/get", job_id=job).ok()["creator_user_name"]
    assert owner
    assert fixtures.run(run)["creator_user_name"] == owner


@pytest.mark.rule("A5", "negative")
@pytest.mark.parametrize("headers", [
    {"Authorization": None}, {"Authorization": ""}, {"Authorization": "Bearer"}, {"Authorization": "Digest abc"},
    {"Authorization": "Basic !!!"}, basic("", "")], ids=str)
def test_without_a_token_nobody_gets_in(api, headers):
    with nothing_changes(api):
        for method, path in (("GET", "jobs/list"), ("POST", "jobs/create"), ("POST", "jobs/runs/submit")):
            answer = api.request(method, f"/api/2.0/{path}", settings() if method == "POST" else None, headers=headers)
            answer.refused("UNAUTHENTICATED", 401)
            assert answer.headers["www-authenticate"]


@pytest.mark.rule("A5", "negative")
@pytest.mark.parametrize("change", [
    lambda token: token + "x", lambda token: token[:-1], lambda token: token.swapcase(), lambda token: "dapi0123"],
    ids=["longer", "shorter", "other case", "another"])
def test_a_wrong_token_is_refused(api, change):
    token = change(api.token)
    with nothing_changes(api):
        listed(api, {"Authorization": f"Bearer {token}"}).refused("PERMISSION_DENIED", 403)
        listed(api, basic("token", token)).refused("PERMISSION_DENIED", 403)
        api.request("POST", "/api/2.0/jobs/create", settings(), headers=basic("token", token)).refused(
            "PERMISSION_DENIED", 403)


@pytest.mark.rule("A5", "negative")
def test_basic_takes_no_other_user(api):
    answer = listed(api, basic("admin", api.token))
    assert answer.status in (401, 403), repr(answer)


def token_command(own, *arguments):
    from lamplighter import program

    return subprocess.run(
        [program(), "token", arguments[0], "--data", str(own.data), *arguments[1:]], check=True, capture_output=True,
        text=True, timeout=60).stdout


@pytest.mark.rule("A5", "positive")
@pytest.mark.rule("A5", "negative")
@pytest.mark.extension
def test_a_token_can_be_made_for_another_user_and_be_revoked(api, own):
    token = token_command(own, "create", "--user", "ann").split()[-1]
    headers = {"Authorization": f"Bearer {token}"}
    job = api.request("POST", "/api/2.0/jobs/create", settings(), headers=headers).ok()["job_id"]
    assert api.get("jobs/get", job_id=job).ok()["creator_user_name"] == "ann"
    line = next(line for line in token_command(own, "list").splitlines() if "ann" in line)
    token_command(own, "revoke", "--id", line.split()[0])
    # The command is another process: the server may take a second to notice.
    until(lambda: listed(api, headers).status == 403, "the token to be worthless", 10)
    listed(api, headers).refused("PERMISSION_DENIED", 403)
    api.post("jobs/delete", {"job_id": job}).ok()


@pytest.mark.rule("A5", "negative")
@pytest.mark.extension
def test_no_token_is_stored_as_it_is(api, own):
    where = [path for path in pathlib.Path(own.data).rglob("*")
             if path.is_file() and path.name != "admin-token" and api.token.encode() in path.read_bytes()]
    assert where == []
