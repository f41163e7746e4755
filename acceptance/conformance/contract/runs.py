# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The members of a Run, by the specification's "Data structures", and what they say together."""

from contract.fixtures import ENDED

INT, TEXT, BOOL, OBJECT = int, str, bool, dict
REQUIRED = {
    "job_id": INT, "run_id": INT, "number_in_job": INT, "original_attempt_run_id": INT, "state": OBJECT, "task": OBJECT,
    "cluster_spec": OBJECT, "start_time": INT, "end_time": INT, "setup_duration": INT, "execution_duration": INT,
    "cleanup_duration": INT, "trigger": TEXT, "creator_user_name": TEXT, "run_name": TEXT, "run_page_url": TEXT,
    "run_type": TEXT, "attempt_number": INT,
}
OPTIONAL = {"schedule": OBJECT, "cluster_instance": OBJECT, "overriding_parameters": OBJECT, "run_duration": INT}
LIFE_CYCLE = {"PENDING", "RUNNING", "TERMINATING", "TERMINATED", "SKIPPED", "INTERNAL_ERROR"}
RESULTS = {"SUCCESS", "FAILED", "TIMEDOUT", "CANCELED"}


def check_run(run):
    """Everything that holds of any run at any time."""
    for name, kind in REQUIRED.items():
        assert type(run.get(name)) is kind, f"{name} of {run}"
    for name, kind in OPTIONAL.items():
        assert name not in run or type(run[name]) is kind, f"{name} of {run}"
    check_state(run["state"])
    assert run["trigger"] in ("PERIODIC", "ONE_TIME", "RETRY")
    assert run["run_type"] in ("JOB_RUN", "WORKFLOW_RUN", "SUBMIT_RUN")
    assert ("schedule" in run) == (run["trigger"] == "PERIODIC"), run
    assert len(run["task"]) == 1
    assert (run["attempt_number"] == 0) == (run["original_attempt_run_id"] == run["run_id"])
    check_times(run)


def check_state(state):
    assert state["life_cycle_state"] in LIFE_CYCLE
    assert isinstance(state["state_message"], str)
    assert isinstance(state["user_cancelled_or_timedout"], bool)
    result = state.get("result_state")
    assert result is None or result in RESULTS
    if state["life_cycle_state"] in ("PENDING", "RUNNING", "SKIPPED"):
        assert result is None, state
    if state["life_cycle_state"] == "TERMINATED":
        assert result is not None, state
    if result in ("TIMEDOUT", "CANCELED"):
        assert state["user_cancelled_or_timedout"], state


def check_times(run):
    durations = [run[f"{part}_duration"] for part in ("setup", "execution", "cleanup")]
    assert run["start_time"] > 0 and min(durations) >= 0, run
    if run["state"]["life_cycle_state"] in ENDED:
        assert run["end_time"] - run["start_time"] == sum(durations), run
    else:
        assert run["end_time"] == 0, run
