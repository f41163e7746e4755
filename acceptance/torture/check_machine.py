# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What is left on the machine: a sound database, and nothing of runs that have ended."""

import pathlib
import re

TASK_FILES = re.compile(r"claim|main-exit|task|exit|(stdout|stderr)(\.tail[01])?|error\.json|spark\.json")
DATA_FILES = re.compile(
    r"lamplighter\.sqlite(-wal|-shm)?|dbfs|dbfs-uploads|runs|cache|admin-token|endpoint|lock|backups?"
    r"|run-endpoint|secrets-key|fork-server")


def check_database(evidence, report):
    if evidence.integrity != ["ok"]:
        report.fail("the database is sound", str(evidence.integrity[:5]))
    if evidence.broken_references:
        report.fail("the database is sound", f"references to nothing: {evidence.broken_references[:5]}")


def processes_with(text):
    """pid -> command line of the processes that have a text in their command line or environment."""
    found = {}
    for process in pathlib.Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            command = (process / "cmdline").read_bytes()
            if text.encode() in command or text.encode() in (process / "environ").read_bytes():
                found[int(process.name)] = command.replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            # It has ended.
            continue
    return found


def check_processes(evidence, report):
    """Every supervisor and every task has the run's directory, which is below the data, in its environment or command
    line; a server has not."""
    for pid, command in processes_with(f"{evidence.data}/runs").items():
        report.fail("no process is left", f"{pid}: {command[:300]}")


def check_directories(evidence, report):
    for directory in sorted((evidence.data / "runs").glob("*/*")):
        run = evidence.runs.get(int(directory.name))
        report.count("directories of runs", 1)
        if run is None:
            report.fail("no directory is left", f"{directory.name} is of no run")
            continue
        left = sorted(file.name for file in directory.iterdir())
        if run.has_ended and left != ["task"]:
            report.fail("no directory is left", f"{run} left {left}")
        strange = [file.name for file in directory.glob("task/*") if not TASK_FILES.fullmatch(file.name)]
        if strange:
            report.fail("no directory is left", f"{run} left {strange} beside its output")
    for file in evidence.data.iterdir():
        if not DATA_FILES.fullmatch(file.name):
            report.fail("no directory is left", f"{file.name} in the data directory")


def check_api(evidence, report):
    """The API tells what the database holds."""
    told = evidence.journal.get("api", {})
    for key, answer in told.items():
        run = evidence.runs.get(int(key))
        report.count("runs compared with the API", 1)
        if run is None:
            report.fail("the API tells what is stored", f"run {key} is not stored")
            continue
        state = answer["state"]
        transitions = [[t["time"], t["life_cycle_state"], t.get("result_state")] for t in answer["transitions"]]
        stored = [[row["time"], row["to_state"], row["result_state"]] for row in run.transitions]
        if (state["life_cycle_state"], state.get("result_state")) != (run.life_cycle_state, run.result_state):
            report.fail("the API tells what is stored", f"{run}: {state}")
        if transitions != stored:
            report.fail("the API tells what is stored", f"{run}: {transitions}, stored {stored}")
    if told:
        for run in evidence.runs.values():
            if str(run.run_id) not in told and evidence.job_names.get(run.job_id) not in evidence.deletions:
                report.fail("the API tells what is stored", f"{run} is not in runs/list")
