#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Shows that the simulation finds bugs: applies each of acceptance/mutants/*.patch to a copy of the tree and runs seeds
# until one fails. The exit status is 0 when every mutant was found.
#
#   mutants.sh            all bugs
#   mutants.sh 3 5        some of them, by the number of the patch
#   SEEDS=500 mutants.sh  how many seeds may be needed at most (default 2000)
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

seeds="${SEEDS:-2000}"
# Kept, so that the next call builds only what has changed.
copy="$PWD/.build-mutants/tree"
flags=(-c release --product lamplighter-sim --explicit-target-dependency-import-check error)

# The copy is no repository, and git apply must not take it for a part of this one.
mutate() { (cd -- "$copy" && GIT_CEILING_DIRECTORIES="$PWD/.." git apply -C1 "$@"); }

copy_tree() {
    mkdir -p -- "$copy"
    rm -rf -- "$copy/Sources" "$copy/Tests"
    # With their times, or everything would be built anew.
    git ls-files -z --cached --others --exclude-standard -- Sources Tests Package.swift |
        tar --create --null --files-from=- --ignore-failed-read | tar --extract --directory "$copy"
    if [[ -f Package.resolved ]]; then cp -- Package.resolved "$copy/"; fi
}

build() { swift build --package-path "$copy" "${flags[@]}" > "$copy/../build.log" 2>&1 || { tail -20 "$copy/../build.log"; return 1; }; }

# try PATCH: true when the simulation finds the bug.
try() {
    local patch="$1" output
    if ! mutate "$patch"; then
        echo "FAILED  $(basename -- "$patch"): does not apply; mend it"
        return 1
    fi
    local status=0
    build || status=$?
    mutate --reverse "$patch"
    if ((status)); then
        echo "FAILED  $(basename -- "$patch"): does not compile"
        return 1
    fi
    if output="$("$copy/.build/release/lamplighter-sim" --seeds "$seeds")"; then
        echo "FAILED  $(basename -- "$patch"): $seeds seeds have not found it"
        return 1
    fi
    echo "found   $(basename -- "$patch"): $(grep -m 1 VIOLATED <<< "$output")"
}

copy_tree
failures=0
for patch in "$PWD"/acceptance/mutants/*.patch; do
    number="$(basename -- "$patch")"
    if (($#)) && [[ " $* " != *" ${number%%-*} "* ]]; then continue; fi
    try "$patch" || failures=$((failures + 1))
done
exit $((failures > 0))
