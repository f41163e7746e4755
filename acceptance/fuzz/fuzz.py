# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Random requests against a server of its own, made from the description that it gives of itself (openapi.json), by
schemathesis. See acceptance/README.md.

The server gets a runtime without anything in it, so no task of a random job ever runs: each run ends as INTERNAL_ERROR.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

from lamplighter import Server  # noqa: E402

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
    "allow_header_conformance", "use_after_free", "ensure_resource_availability", "ignored_auth",
    "refusal_changes_nothing", "errors_say_what_is_wrong",
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10, help="how long (default: 10)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31),
                        help="repeats a run that printed it (default: another each time)")
    parser.add_argument("--only", metavar="REGEX", help="only paths like this")
    parser.add_argument("more", nargs="*", metavar="-- OPTION", help="options for schemathesis run")
    return parser.parse_args()


def command(server, options):
    only = ["--include-path-regex", options.only] if options.only else []
    # Next to this file's Python, whether its environment is on PATH or not.
    program = str(pathlib.Path(sys.executable).with_name("schemathesis"))
    return [program, "run", f"{server.url}/api/2.0/openapi.json",
            "--header", f"Authorization: Bearer {server.token}", "--checks", ",".join(CHECKS),
            "--seed", str(options.seed), "--max-time", str(max(1, round(options.minutes * 60))),
            "--request-timeout", "20", "--workers", "1", "--suppress-health-check", "all", "--warnings", "off",
            "--continue-on-failure", *only, *options.more]


def faults(server):
    """What a client may not have seen."""
    if server.process.poll() is not None:
        return [f"the server ended with exit status {server.process.returncode}"]
    return [line for line in server.log.splitlines() if "unforeseen error" in line][:20]


def show(counts):
    """How many requests each operation took, and how many it refused."""
    if counts.exists():
        print(f"fuzz: {'operation':55} taken  refused")
        for operation, statuses in sorted(json.loads(counts.read_text()).items()):
            taken = statuses.get("200", 0)
            # Methods that the path does not take are asked for once or twice.
            if sum(statuses.values()) > 2:
                print(f"fuzz: {operation:55} {taken:5}  {sum(statuses.values()) - taken:7}")


def main():
    options = arguments()
    print(f"fuzz: seed {options.seed}, {options.minutes:g} minutes", flush=True)
    with tempfile.TemporaryDirectory(prefix="lamplighter-fuzz-") as nothing:
        with Server("--runtime", nothing, "--log-level", "warning") as server:
            environment = {**os.environ, "FUZZ_URL": server.url, "FUZZ_TOKEN": server.token,
                           "FUZZ_SEED": str(options.seed), "FUZZ_COUNTS": f"{nothing}/counts",
                           "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
            status = subprocess.run(command(server, options), cwd=nothing, env=environment).returncode
            found = faults(server)
        show(pathlib.Path(nothing, "counts"))
    for fault in found:
        print(f"fuzz: {fault}")
    print(f"fuzz: seed {options.seed}: " + ("all is well" if status == 0 and not found else "FAILED"))
    return 1 if found else status


if __name__ == "__main__":
    sys.exit(main())
