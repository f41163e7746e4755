# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""`databricks runs`: every command, on runs that are really executed."""

import json
import re
import time

import pytest

CLUSTER = {"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge", "num_workers": 0}
ENDLESS = "import time\nprint('running', flush=True)\nwhile True: time.sleep(0.1)\n"


def one_time(file, *parameters, **settings):
    task = {"spark_python_task": {"python_file": file, "parameters": list(parameters)}}
    cluster = {} if "new_cluster" in settings else {"existing_cluster_id": "default"}
    return {**task, **cluster, **settings}


@pytest.fixture
def submit(cli, tmp_path):
    def submit(request):
        (tmp_path / "run.json").write_text(json.dumps(request))
        return cli.json("runs", "submit", "--json-file", "run.json")["run_id"]

    return submit


def until(condition, what, timeout=60):
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.1)
    return found


def test_submit_runs_a_program_with_spark_that_reads_and_writes_dbfs(cli, server, submit, program, folder):
    server.upload(f"{folder}/in.txt", "1\n2\n3\n")
    file = program(f"""
total = spark.read.text("dbfs:{folder}/in.txt").selectExpr("sum(int(value)) as n").first().n
spark.range(int(total)).coalesce(1).write.csv("dbfs:{folder}/out")
print("total", total)
""")
    run_id = submit(one_time(file, run_name="with Spark", new_cluster=CLUSTER))
    assert server.ended(run_id)["state"]["result_state"] == "SUCCESS"
    assert "total 6\n" in cli.json("runs", "get-output", "--run-id", run_id)["logs"]
    names = cli.run("fs", "ls", f"dbfs:{folder}/out").split()
    part = next(name for name in names if name.startswith("part-"))
    assert cli.run("fs", "cat", f"dbfs:{folder}/out/{part}").split() == ["0", "1", "2", "3", "4", "5"]


def test_submit_wait_ends_with_the_run(cli, program):
    request = one_time(program("print('done')"))
    done = cli.process("runs", "submit", "--version=2.0", "--wait", "--json", json.dumps(request))
    assert done.returncode == 0, done.stderr
    run_id = json.loads(done.stdout)["run_id"]
    assert cli.json("runs", "get", "--run-id", run_id)["state"]["result_state"] == "SUCCESS"


def test_submit_wait_says_why_a_run_failed(cli, program):
    request = one_time(program("raise ValueError('no good')"))
    message = cli.fails("runs", "submit", "--wait", "--json", json.dumps(request))
    assert "Run failed with state FAILED and state message ValueError: no good" in message


def test_submit_wait_shows_states_and_a_page_that_opens(cli, front, server, program):
    request = one_time(program("import time; time.sleep(1)"))
    done = cli.process("runs", "submit", "--version=2.0", "--wait", "--json", json.dumps(request))
    url = re.search(r"Current state: (?:PENDING|RUNNING)\. URL: (\S+)", done.stderr)[1]
    assert url.startswith(front.url)
    page = server.call("GET", url.removeprefix(front.url).partition("#")[0])
    assert page.status == 200 and "<html" in page.text


def test_get_has_what_the_server_has(cli, front, server, submit, program):
    run_id = submit(one_time(program("print(1)"), run_name="to be got"))
    ended = server.ended(run_id)
    shown = cli.json("runs", "get", "--run-id", run_id)
    assert shown == ended
    assert shown["run_name"] == "to be got" and shown["run_type"] == "SUBMIT_RUN"
    assert shown["run_page_url"].startswith(front.url)
    assert shown["setup_duration"] + shown["execution_duration"] + shown["cleanup_duration"] \
        == shown["end_time"] - shown["start_time"]
    assert "Run 987654321 does not exist." in cli.fails("runs", "get", "--run-id", "987654321")


def test_get_output_of_success_and_failure(cli, server, submit, program):
    good, bad = submit(one_time(program("print('out')"))), submit(one_time(program("def f(): [][1]\nf()", "bad.py")))
    server.ended(good), server.ended(bad)
    output = cli.json("runs", "get-output", "--run-id", good)
    assert output["logs"] == "out\n" and output["metadata"]["run_id"] == good
    output = cli.json("runs", "get-output", "--run-id", bad)
    assert output["error"] == "IndexError: list index out of range" and "in f" in output["error_trace"]


def test_list_pages_and_filters(cli, server, program, submit):
    settings = one_time(program("print(1)"), name="listed", max_concurrent_runs=10)
    job = server.post("jobs/create", settings).json["job_id"]
    runs = [cli.json("jobs", "run-now", "--job-id", job)["run_id"] for _ in range(3)]
    for run in runs:
        server.ended(run)
    running = server.post("jobs/run-now", {"job_id": job, "python_params": ["x"]}).json["run_id"]
    server.ended(running)
    endless = submit(one_time(program(ENDLESS, "endless.py"), run_name="endless"))
    newest_first = [running, *reversed(runs)]

    def ids(*options):
        listed = cli.json("runs", "list", "--output", "JSON", *options)
        return [run["run_id"] for run in listed.get("runs", [])], listed["has_more"]

    assert ids("--job-id", job) == (newest_first, False)
    assert ids("--job-id", job, "--limit", 3) == (newest_first[:3], True)
    assert ids("--job-id", job, "--limit", 3, "--offset", 3) == (newest_first[3:], False)
    assert ids("--job-id", job, "--active-only") == ([], False)
    assert ids("--job-id", job, "--completed-only")[0] == newest_first
    assert endless in ids("--active-only", "--limit", 500)[0]
    assert endless not in ids("--completed-only", "--limit", 500)[0]
    until(lambda: state_of(cli, endless)["life_cycle_state"] == "RUNNING", "the run runs")
    row = next(row for row in cli.run("runs", "list", "--limit", 100).splitlines() if row.split()[0] == str(endless))
    assert row.split()[1:4] == ["endless", "RUNNING", "n/a"] and "://" in row
    cli.run("runs", "cancel", "--run-id", endless)


def state_of(cli, run_id):
    return cli.json("runs", "get", "--run-id", run_id)["state"]


def test_cancel_ends_the_processes_of_a_run(cli, server, submit, program, folder):
    tell = f"import os\nopen(os.environ['DBFS_ROOT'] + '{folder}/pid', 'w').write(str(os.getpid()))\n"
    run_id = submit(one_time(program(tell + ENDLESS)))
    pid = until(lambda: server.get(f"dbfs/read?path={folder}/pid").json.get("data") and cli.run(
        "fs", "cat", f"dbfs:{folder}/pid"), "the program writes its pid")
    assert is_alive(pid)
    assert cli.json("runs", "cancel", "--run-id", run_id) == {}
    run = server.ended(run_id)
    assert run["state"]["life_cycle_state"] == "TERMINATED" and run["state"]["result_state"] == "CANCELED"
    assert not is_alive(pid)
    assert cli.json("runs", "cancel", "--run-id", run_id) == {}  # it has ended: nothing to do
    assert "Run 987654321 does not exist." in cli.fails("runs", "cancel", "--run-id", "987654321")


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
