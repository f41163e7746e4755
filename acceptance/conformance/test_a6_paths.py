# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A6: wrong methods and unknown paths."""

import pytest

from test_a3_errors import ENDPOINTS

KNOWN = [(method, path) for method, paths in ENDPOINTS.items() for path in paths] + [("GET", "jobs/list")]


@pytest.mark.rule("A6", "positive")
@pytest.mark.parametrize("method, path", KNOWN)
def test_every_endpoint_of_the_specification_is_there(api, method, path):
    answer = api.request(method, f"/api/2.0/{path}")
    assert answer.status in (200, 400), repr(answer)


@pytest.mark.rule("A6", "negative")
@pytest.mark.parametrize("method, path", KNOWN)
def test_a_wrong_method_is_told_which_is_right(api, method, path):
    for wrong in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {method}:
        answer = api.request(wrong, f"/api/2.0/{path}")
        assert answer.status == 405, repr(answer)
        assert method in answer.headers["allow"]
        assert answer.error_code and answer.message


@pytest.mark.rule("A6", "negative")
@pytest.mark.parametrize("path", [
    "/api/2.0/jobs/nothing", "/api/2.0/jobs", "/api/2.0/jobs/create/x", "/api/2.0/jobs/runs", "/api/2.0/",
    "/api/9.9/jobs/list",
    "/api/2.0/jobs/get%2F..", "/api/2.0/jobs/%00"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_404(api, method, path):
    api.request(method, path).refused("ENDPOINT_NOT_FOUND", 404)
