#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Checks the form of what is in the repository. Every check runs; the exit status tells whether all were content.
#
#   lint.sh            all checks
#   lint.sh settings   only that docs/settings.md is what the built program prints
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

failures=0

# check NAME COMMAND...: its output is shown only when it fails.
check() {
    local name="$1" output
    shift
    if output="$("$@" 2>&1)"; then
        printf 'ok      %s\n' "$name"
    else
        printf 'FAILED  %s\n%s\n' "$name" "$output"
        failures=$((failures + 1))
    fi
}

skip() { printf 'skipped %s\n' "$1"; }

# Every file of the project, NUL-terminated; with git those that it would commit, changed or new ones included.
project_files() {
    if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
        git ls-files -z --cached --others --exclude-standard --deduplicate
    else
        find . \( -name '.build*' -o -name .git -o -name .swiftpm -o -name __pycache__ -o -path ./data -o -path ./demo-data \) \
            -prune -o -type f ! -name Package.resolved -printf '%P\0'
    fi
}

files=() scripts=() pythons=()
while IFS= read -r -d '' file; do
    [[ -f "$file" ]] || continue # deleted, not yet committed
    files+=("$file")
    case "$file" in
        *.sh | .ci/run) scripts+=("$file") ;;
        *.py) pythons+=("$file") ;;
        *.*) ;;
        *) if [[ "$(head -c 32 -- "$file" | tr -d '\0')" == '#!'*bash* ]]; then scripts+=("$file"); fi ;;
    esac
done < <(project_files)

swift_format() { swift format lint --strict --recursive Sources Tests Benchmarks Package.swift; }

bash_syntax() {
    local file status=0
    for file in "${scripts[@]}"; do bash -n -- "$file" || status=1; done
    return "$status"
}

# External sources cannot be followed from every directory: not a fault of the script.
shell_check() { shellcheck --severity=warning --exclude=SC1091 -- "${scripts[@]}"; }

python_syntax() {
    local cache status=0
    cache="$(mktemp -d)"
    PYTHONPYCACHEPREFIX="$cache" "$python" -m py_compile "${pythons[@]}" || status=1
    rm -rf -- "$cache"
    return "$status"
}

# The licence identifier, and the copyright in the line after it; above them at most what has to come first.
spdx_headers() {
    local file status=0
    for file in "${files[@]}"; do
        case "$file" in
            examples/notebooks/*) continue ;; # a comment at its beginning would be a cell of the notebook
            *.swift | *.c | *.h | *.java | *.py | *.sh | *.js | *.css | *.html | *.yml | *.yaml | *.properties) ;;
            Makefile | .ci/run | Runtime/spark/bin/*) ;;
            *) continue ;;
        esac
        if ! head -n 4 -- "$file" | awk '
            /SPDX-License-Identifier: Apache-2\.0/ { line = NR }
            /SPDX-FileCopyrightText: The Lamplighter authors/ && line && NR == line + 1 { good = 1 }
            NR < 3 && !line && !/^(#!|<!|\/\/ swift-tools-version)/ && !/SPDX/ { exit }
            END { exit !good }'; then
            printf '%s does not begin with the two SPDX lines\n' "$file"
            status=1
        fi
    done
    return "$status"
}

# Paths of somebody's machine have no place in a repository: home directories, and the checkout that this is.
machine_paths() {
    local patterns=(-e '/(home|Users)/[A-Za-z0-9_-]+/' -e '/root[/]')
    # One component (/src, /app) would be found in honest text too.
    if [[ "$PWD" == /*/* ]]; then patterns+=(-e "$(sed 's/[][\.*^$+?(){}|]/\\&/g' <<< "$PWD")(/|\$|[^A-Za-z0-9_-])"); fi
    ! grep -nIE "${patterns[@]}" -- "${files[@]}" /dev/null
}

settings_document() { diff -u docs/settings.md <("$program" settings); }

if [[ "${1:-all}" == all ]]; then
    if command -v swift > /dev/null; then check "swift format" swift_format; else skip "swift format: no swift"; fi
    check "bash -n (${#scripts[@]} scripts)" bash_syntax
    if command -v shellcheck > /dev/null; then check shellcheck shell_check; else skip "shellcheck: not installed"; fi
    python="$(command -v python3 || true)"
    if [[ -z "$python" ]]; then python="${LAMPLIGHTER_RUNTIME:-}/venv/bin/python"; fi
    if [[ -x "$python" ]]; then
        check "python syntax (${#pythons[@]} files)" python_syntax
    else
        skip "python syntax: no python3"
    fi
    check "SPDX lines" spdx_headers
    check "the mutants apply" git apply --check -C1 acceptance/mutants/*.patch
    check "no paths of this machine" machine_paths
elif [[ "$1" != settings ]]; then
    echo "lint.sh: unknown argument: $1 (known: settings)" >&2
    exit 2
fi

# The newest program that was built, if it is not older than the table it prints.
program=""
for candidate in .build/debug/lamplighter .build/release/lamplighter; do
    if [[ -x "$candidate" && -z "$(find Sources/lamplighter/Server -name 'Setting*.swift' -newer "$candidate")" ]]; then
        if [[ -z "$program" || "$candidate" -nt "$program" ]]; then program="$candidate"; fi
    fi
done
if [[ -n "$program" ]]; then
    check "docs/settings.md" settings_document
else
    skip "docs/settings.md: nothing is built, or it is older than Setting*.swift"
fi

if ((failures)); then
    echo "lint: $failures failed"
    exit 1
fi
echo "lint: all is well"
