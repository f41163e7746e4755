# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C1 to C8, by table: each good value is stored, each bad one is refused by every endpoint that takes it, with a
message that names the path, the value and what is allowed, and nothing changes."""

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import contains, merged
from tables import c1, c2, c3_c4, c5_c6, c7, c8

TABLES = (c1, c2, c3_c4, c5_c6, c7, c8)


def lines(name, kind):
    return [pytest.param(case, id=case.id, marks=pytest.mark.rule(case.rule, kind))
            for table in TABLES for case in getattr(table, name)]


@pytest.mark.parametrize("case", lines("GOOD", "positive"))
def test_good(api, fixtures, case):
    stored = case.stored or without_removed(case.change)
    job = fixtures.job(case.settings)
    assert contains(api.get("jobs/get", job_id=job).ok()["settings"], stored)
    other = fixtures.job({"existing_cluster_id": "x", "spark_python_task": {"python_file": "dbfs:/other.py"}})
    for path in ("jobs/update", "jobs/reset"):
        api.post(path, {"job_id": other, "new_settings": case.settings}).ok()
        assert contains(api.get("jobs/get", job_id=other).ok()["settings"], stored)
    for made in (job, other):
        api.post("jobs/delete", {"job_id": made}).ok()


@pytest.mark.parametrize("case", lines("BAD", "negative"))
def test_bad(api, standing_job, case):
    requests = [("", "jobs/create", case.settings),
                ("new_settings.", "jobs/reset", {"job_id": standing_job, "new_settings": case.settings})]
    if case.is_about_update:
        requests.append(("new_settings.", "jobs/update", {"job_id": standing_job, "new_settings": case.settings}))
    if case.is_about_submit:
        requests.append(("", "jobs/runs/submit", case.settings))
    with nothing_changes(api):
        for prefix, path, body in requests:
            message = api.post(path, body).refused(case.code)
            where = case.path if " " in case.path else prefix + case.path
            for part in (where, *case.says):
                assert part in message, f"{path}: no {part!r} in {message!r}"


def without_removed(change):
    return merged({}, {key: merged({}, value) if isinstance(value, dict) else value for key, value in change.items()})
