#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Sets up a Python environment for tests that drive the server from outside, and prints the path of its Python:
#
#   "$(acceptance/setup.sh suite)" -m pytest acceptance/conformance
#
# Each NAME has an environment of its own, so that the clients that one suite needs do not meet those of another:
# `suite` is installed from acceptance/requirements.txt, any other NAME from acceptance/requirements-NAME.txt. It lies beside
# Spark's, in LAMPLIGHTER_RUNTIME (default: ~/.local/share/lamplighter/runtime), under tests/NAME. When nothing is to be
# done that takes a few milliseconds. LAMPLIGHTER_PYTHON says on which Python to build (default: python3).
set -euo pipefail

fail() { printf 'acceptance/setup.sh: %s\n' "$*" >&2; exit 1; }

[[ $# == 1 && "$1" =~ ^[a-z0-9-]+$ ]] || fail "usage: acceptance/setup.sh NAME (suite, ...)"
name="$1"
acceptance="$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
runtime="${LAMPLIGHTER_RUNTIME:-${XDG_DATA_HOME:-$HOME/.local/share}/lamplighter/runtime}"
requirements="$acceptance/requirements-$name.txt"
if [[ "$name" == suite ]]; then requirements="$acceptance/requirements.txt"; fi
[[ -f "$requirements" ]] || fail "there is no $requirements"

venv="$runtime/tests/$name"
# The environment's copy of the list is its mark: written last, so an interrupted run is made good by the next one.
if cmp -s -- "$requirements" "$venv/installed.txt" && [[ -x "$venv/bin/python" ]]; then
    printf '%s\n' "$venv/bin/python"
    exit 0
fi

find_python() {
    local candidate
    for candidate in "${LAMPLIGHTER_PYTHON:-}" python3 "$runtime/venv/bin/python"; do
        [[ -n "$candidate" ]] || continue
        if "$candidate" -I -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            # The python3 on PATH may be the shim of a version manager; an environment wants the real one.
            "$candidate" -I -c 'import sys; print(sys.executable)'
            return
        fi
    done
    fail "no Python 3.11 with venv found (Debian: python3-venv); LAMPLIGHTER_PYTHON may name one"
}

mkdir -p "$runtime/tests"
# Two suites that start at once must not both build it.
exec 9> "$runtime/tests/.$name.lock"
if command -v flock > /dev/null; then flock 9; fi
if ! cmp -s -- "$requirements" "$venv/installed.txt"; then
    python="$(find_python)"
    echo "tests: installing $(basename -- "$requirements") into $venv" >&2
    rm -rf -- "$venv"
    "$python" -I -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --retries 5 \
        --requirement "$requirements" >&2 || fail "pip could not install $requirements"
    cp -- "$requirements" "$venv/installed.txt.tmp"
    mv -f -- "$venv/installed.txt.tmp" "$venv/installed.txt"
fi
printf '%s\n' "$venv/bin/python"
