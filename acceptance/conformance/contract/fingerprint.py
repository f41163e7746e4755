# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Whether a request changed anything: what can be seen from outside, before and after."""

import contextlib
import json


def fingerprint(api):
    """Jobs with all their settings, ids of runs, destinations, the root of the file system. Runs may go on meanwhile,
    so their states are left out."""
    runs = api.get("jobs/runs/list", limit=0).ok().get("runs", [])
    seen = {
        "jobs": api.get("jobs/list").ok().get("jobs", []),
        "runs": [run["run_id"] for run in runs],
        "destinations": api.get("notification-destinations").body.decode(),
        "files": api.get("dbfs/list", path="/").body.decode(),
    }
    return json.dumps(seen, sort_keys=True)


@contextlib.contextmanager
def nothing_changes(api):
    before = fingerprint(api)
    yield
    after = fingerprint(api)
    assert after == before, "a request that was to change nothing changed something"
