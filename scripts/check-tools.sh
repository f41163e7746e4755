#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Says what is missing for a build, before the compiler says it less clearly.
set -euo pipefail

fail() { printf 'error: %s\n' "$@" >&2; exit 1; }

NEEDED_MAJOR=6 NEEDED_MINOR=2

command -v swift > /dev/null || fail \
    "no swift on PATH. Lamplighter is built with Swift $NEEDED_MAJOR.$NEEDED_MINOR or later:" \
    "install it from https://www.swift.org/install/linux and try again."

said="$(swift --version 2>&1 || true)"
if [[ "$said" =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
    major="${BASH_REMATCH[1]}" minor="${BASH_REMATCH[2]}"
    ((major > NEEDED_MAJOR || (major == NEEDED_MAJOR && minor >= NEEDED_MINOR))) || fail \
        "$(command -v swift) is Swift $major.$minor; Lamplighter needs $NEEDED_MAJOR.$NEEDED_MINOR or later:" \
        "see https://www.swift.org/install/linux"
else
    fail "$(command -v swift) does not say its version. It says:" "$said"
fi

[[ -e /usr/include/sqlite3.h || -e /usr/local/include/sqlite3.h ]] || fail \
    "sqlite3.h is missing (Debian: libsqlite3-dev). \`make setup\` installs it."

if [[ ! -d .build/checkouts ]]; then
    echo "The first build fetches and compiles all dependencies: 9 to 17 minutes on two cores. Later ones are short."
fi
