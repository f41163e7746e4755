#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Installs what the tests with real clients need, and prints the Python that runs them:
#
#   "$(acceptance/clients/setup.sh)" -m pytest acceptance/clients
#
# Two environments of Python, since the legacy command line and mlflow want other versions of the same packages, and the
# wheels of the mlflow that mlflow's own runs ask for, so that a run does not fetch 190 MB each time. All lies beside
# Spark's in LAMPLIGHTER_RUNTIME (default: ~/.local/share/lamplighter/runtime), under tests/. Nothing is done twice.
# rsync, which mlflow's runs call, comes by apt where it is missing. LAMPLIGHTER_PYTHON says on which Python to build.
set -euo pipefail

fail() { printf 'acceptance/clients/setup.sh: %s\n' "$*" >&2; exit 1; }

here="$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
runtime="${LAMPLIGHTER_RUNTIME:-${XDG_DATA_HOME:-$HOME/.local/share}/lamplighter/runtime}"
[[ -x "$runtime/venv/bin/python" ]] || fail "no runtime in $runtime: \`make setup\` first"

# A mark is the list that was installed, written last: an interrupted installation is made good by the next call.
fresh() { cmp -s -- "$1" "$2"; }
mark() { cp -- "$1" "$2.tmp" && mv -f -- "$2.tmp" "$2"; }

find_python() {
    local candidate
    for candidate in "${LAMPLIGHTER_PYTHON:-}" python3 "$runtime/venv/bin/python"; do
        [[ -n "$candidate" ]] || continue
        # The python3 on PATH may be the shim of a version manager; an environment wants the real one.
        "$candidate" -I -c 'import sys, venv, ensurepip
if sys.version_info < (3, 11): sys.exit(1)
print(sys.executable)' 2> /dev/null && return
    done
    fail "no Python 3.11 with venv found (Debian: python3-venv); LAMPLIGHTER_PYTHON may name one"
}

# environment NAME SIZE
environment() {
    local list="$here/requirements-$1.txt" venv="$runtime/tests/$1" python
    if fresh "$list" "$venv/installed.txt" && [[ -x "$venv/bin/python" ]]; then return; fi
    echo "tests: installing $(basename -- "$list") into $venv ($2)" >&2
    python="$(find_python)"
    rm -rf -- "$venv"
    "$python" -I -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --requirement "$list" >&2 \
        || fail "pip could not install $list"
    mark "$list" "$venv/installed.txt"
}

# The version is the client's own: its runs ask for the same. For the runtime's Python, which runs them.
wheels() {
    local list="$here/requirements-mlflow.txt" wheels="$runtime/tests/mlflow-wheels" version
    if fresh "$list" "$wheels/downloaded.txt"; then return; fi
    version="$(sed -n 's/^mlflow-skinny==//p' "$list")"
    echo "tests: fetching mlflow $version for mlflow's runs into $wheels (190 MB)" >&2
    rm -rf -- "$wheels"
    "$runtime/venv/bin/python" -m pip download --quiet --no-input --disable-pip-version-check --only-binary :all: \
        --dest "$wheels" "mlflow==$version" >&2 || fail "pip could not fetch mlflow $version"
    mark "$list" "$wheels/downloaded.txt"
}

rsync_program() {
    if command -v rsync > /dev/null; then return; fi
    echo "tests: installing rsync, which mlflow's runs call (apt, 0.5 MB)" >&2
    local root=()
    if [[ "$(id -u)" != 0 ]]; then root=(sudo); fi
    "${root[@]}" sh -c 'apt-get update -qq && apt-get install -y -qq rsync' > /dev/null \
        || fail "rsync could not be installed; without it the tests of mlflow are skipped"
}

mkdir -p "$runtime/tests"
exec 9> "$runtime/tests/.clients.lock" # two calls at once must not both build
if command -v flock > /dev/null; then flock 9; fi
environment clients "90 MB"
environment mlflow "300 MB"
wheels
rsync_program
printf '%s\n' "$runtime/tests/clients/bin/python"
