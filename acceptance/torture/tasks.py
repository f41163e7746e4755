# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What the jobs of the torture run: programs that do nothing but say, in a file that the server does not know of, that
they have begun and ended."""

import json

# A line is one write to a file opened with O_APPEND, so lines of many processes do not mix.
# B run pid time; E run pid time exit-code
SHELL = r"""
log=$1 seconds=$2 fails=$3 counter=$4
printf 'B %s %s %s\n' "$LAMPLIGHTER_RUN_ID" $$ "${EPOCHREALTIME/[.,]/}" >> "$log"
code=0
if [ "$fails" = always ]; then code=3; fi
if [ "$counter" != - ]; then
    echo >> "$counter"
    [ "$(wc -l < "$counter")" -gt "$fails" ] || code=3
fi
[ "$seconds" = 0 ] || sleep "$seconds"
printf 'E %s %s %s %s\n' "$LAMPLIGHTER_RUN_ID" $$ "${EPOCHREALTIME/[.,]/}" $code >> "$log"
exit $code
"""

PYTHON = """
import os, sys, time

log, seconds, fails, run, attempt, tag = sys.argv[1:]

def say(text):
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, (text + chr(10)).encode())
    os.close(file)

say(f"B {run} {os.getpid()} {time.time_ns() // 1000}")
say(f"T {run} {tag} {attempt}")
time.sleep(float(seconds))
code = 3 if fails == "always" or int(attempt) < int(fails) else 0
say(f"E {run} {os.getpid()} {time.time_ns() // 1000} {code}")
sys.exit(code)
"""
PYTHON_FILE = "dbfs:/torture/task.py"

SCHEDULES = [
    "* * * * * ?", "* * * * * ?", "* * * * * ?", "0/2 * * * * ?", "0/5 * * * * ?", "1/3 * * * * ?", "0 * * * * ?"]


class Tasks:
    """Makes settings; `log` is the file that tasks write to, `counters` a directory for those that count attempts."""

    def __init__(self, random, log, counters):
        self.random = random
        self.log = str(log)
        self.counters = str(counters)

    def seconds(self):
        kind = self.random.random()
        if kind < 0.6:
            return 0
        return round(self.random.uniform(0.1, 1.0) if kind < 0.88 else self.random.uniform(1, 5), 2)

    def shell(self, seconds, fails, counter="-"):
        command = ["bash", "-c", SHELL, "torture", self.log, str(seconds), fails, counter]
        return {"shell_command_task": {"command": command}}

    def python(self, seconds, fails, tag="-"):
        return {"spark_python_task": {
            "python_file": PYTHON_FILE, "parameters": self.python_parameters(seconds, fails, tag)}}

    def python_parameters(self, seconds, fails, tag):
        return [self.log, str(seconds), fails, "{{run_id}}", "{{task_retry_count}}", tag]

    def retry_policy(self, retries):
        """`retries`: whether the task is one that fails."""
        if not retries:
            return {}
        return {
            "max_retries": self.random.choice([0, 1, 2, 3]),
            "min_retry_interval_millis": self.random.choice([0, 0, 500, 2000]),
            "retry_on_timeout": self.random.random() < 0.3}

    def job(self, name):
        """Settings of a new job, and what the torture has to know of it."""
        random = self.random
        python = random.random() < 0.12
        failing = random.random() < 0.25
        slow = random.random() < 0.12
        fails = "0" if not failing else "always" if not python else random.choice(["1", "2", "always"])
        seconds = 30 if slow else self.seconds()
        timeout = random.choice([1, 2, 3]) if slow else random.choice([0, 0, 0, 60])
        task = self.python(seconds, fails) if python else self.shell(seconds, fails)
        settings = {
            "name": name, "existing_cluster_id": "default", **task, "timeout_seconds": timeout,
            "max_concurrent_runs": random.choice([1, 1, 2, 5, 20]), **self.retry_policy(failing or slow)}
        facts = {"seconds": seconds, "fails": fails, "python": python, "tokens_only": random.random() < 0.7}
        return settings, facts

    def submission(self, name):
        random = self.random
        failing = random.random() < 0.3
        fails = random.choice(["1", "2", "always"]) if failing else "0"
        counter = f"{self.counters}/{name}" if fails in ("1", "2") else "-"
        slow = random.random() < 0.05
        return {
            "run_name": name, "existing_cluster_id": "default",
            **self.shell(30 if slow else self.seconds(), fails, counter),
            "timeout_seconds": random.choice([1, 3]) if slow else 0, **self.retry_policy(failing or slow)}

    def schedule(self, expression=None):
        return {"quartz_cron_expression": expression or self.random.choice(SCHEDULES), "timezone_id": "UTC"}


def policy(settings):
    """What the checker has to know of a run's settings."""
    names = ("max_retries", "min_retry_interval_millis", "retry_on_timeout", "max_concurrent_runs")
    return json.loads(json.dumps({name: settings.get(name, 0) for name in names}))
