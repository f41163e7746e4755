# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What schemathesis loads (SCHEMATHESIS_HOOKS): completes requests, watches that refused ones change nothing, and keeps
the server small. fuzz.py starts it."""

import atexit
import collections
import json
import os
import pathlib
import random

import requests
import schemathesis
from completion import Completion
from schemathesis.core import NotSet

URL, TOKEN = os.environ["FUZZ_URL"], os.environ["FUZZ_TOKEN"]
# One request in so many is watched: looking twice at everything takes longer than the request.
WATCHED = int(os.environ.get("FUZZ_WATCHED", "8"))
MAX_JOBS = 60

session = requests.Session()
session.headers["Authorization"] = f"Bearer {TOKEN}"
completion = Completion()
# Which requests are watched follows from the seed, like all else.
dice = random.Random(os.environ["FUZZ_SEED"])
watched = {}
# Requests by operation and by what they were answered: a fuzzer whose requests are all refused tests little.
counts = collections.defaultdict(collections.Counter)
atexit.register(lambda: pathlib.Path(os.environ["FUZZ_COUNTS"]).write_text(json.dumps(counts)))


def get(path, /, **query):
    return session.get(f"{URL}/api/2.0/{path}", params=query, timeout=30)


def fingerprint():
    """Jobs with their settings, destinations, files."""
    return {
        "jobs": get("jobs/list").json()["jobs"],
        "destinations": get("notification-destinations").json(),
        "files": [get("dbfs/list", path=path).json() for path in ("/", "/fuzz")],
    }


def newest_runs():
    """The newest runs that somebody asked for. Those of schedules and retries come by themselves, in any number."""
    runs = get("jobs/runs/list", limit=200).json()["runs"]
    return [run["run_id"] for run in runs if run["trigger"] == "ONE_TIME"]


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode.value == "positive":
        # In a sequence of requests the ids are those of the answers before.
        names_ids = case.meta is None or case.meta.phase.name.value != "stateful"
        completion.complete(case.path, case.body, case.query, case.path_parameters, names_ids)
    watched.clear()
    if dice.randrange(WATCHED) == 0:
        watched[case.id] = fingerprint(), newest_runs()


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """What the schema calls wrong and is taken on purpose is no failure."""
    return not (failure.title == "Schema-violating request accepted" and is_lenient(case))


def is_lenient(case):
    """jobs/validate answers bad settings with 200 and what is wrong with them. null, and `limit=` in a query (what a
    form with an empty field sends), are members that are not given; a PATCH without a body changes nothing. Of an object
    or array in a query only its keys or elements are sent, and one of them may well be what belongs there."""
    return (case.path.endswith("jobs/validate") or has_null(case.body)
            or (case.method == "PATCH" and isinstance(case.body, NotSet))
            or any(value in ("", None) or isinstance(value, (dict, list)) for value in (case.query or {}).values()))


def has_null(value):
    if isinstance(value, dict):
        return any(map(has_null, value.values()))
    if isinstance(value, list):
        return any(map(has_null, value))
    return value is None


@schemathesis.check
def refusal_changes_nothing(ctx, response, case):
    """An answer of 400 or more leaves everything as it was."""
    if response.status_code < 400 or case.id not in watched:
        return
    before, runs = watched.pop(case.id)
    after = fingerprint()
    for part in before:
        assert after[part] == before[part], f"answered {response.status_code}, and changed {part}"
    made = [run for run in newest_runs() if run > max(runs, default=0)]
    assert not made, f"answered {response.status_code}, and made the runs {made}"
    for run in runs[:2]:
        assert get("jobs/runs/get", run_id=run).status_code == 200, f"answered {response.status_code}; run {run} is gone"


@schemathesis.check
def errors_say_what_is_wrong(ctx, response, case):
    """An error has a code and a message and nothing else."""
    if response.status_code >= 400 and case.method != "HEAD":
        try:
            error = response.json()
        except ValueError:
            raise AssertionError(f"an error that is not JSON: {response.text[:200]}") from None
        assert set(error) == {"error_code", "message"} and all(error.values()), error


@schemathesis.hook
def after_call(context, case, response):
    counts[f"{case.method} {case.path}"][response.status_code] += 1
    if response.status_code != 200 or not response.content:
        return
    answer = response.json()
    path = case.path
    if path.endswith("jobs/create"):
        completion.jobs.append(answer["job_id"])
        if len(completion.jobs) > MAX_JOBS:
            session.post(f"{URL}/api/2.0/jobs/delete", json={"job_id": completion.jobs.pop(0)}, timeout=30)
    elif path.endswith(("run-now", "runs/submit")):
        completion.runs = [*completion.runs[-20:], answer["run_id"]]
    elif path.endswith("notification-destinations") and case.method == "POST":
        completion.destinations = [*completion.destinations[-5:], answer["id"]]
    elif path.endswith("dbfs/create"):
        completion.handles = [*completion.handles[-5:], answer["handle"]]
