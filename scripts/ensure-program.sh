#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Sees that there is a server for tests that start one: what LAMPLIGHTER_PROGRAM names, or what was built before, however
# old; where there is neither, a debug build, with the flags that `make test` has.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

for program in "${LAMPLIGHTER_PROGRAM:-}" .build/debug/lamplighter .build/release/lamplighter; do
    if [[ -n "$program" && -x "$program" ]]; then exit 0; fi
done
scripts/check-tools.sh
swift build --explicit-target-dependency-import-check error
