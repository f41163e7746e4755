#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# Sees that there is what acceptance/browser needs, Debian's Chromium with its driver and an environment of Python, and prints
# the path of that Python. When nothing is to be done that takes a few milliseconds.
set -euo pipefail

if ! command -v chromium > /dev/null || ! command -v chromedriver > /dev/null; then
    echo "tests: installing chromium and chromium-driver (apt, about 400 MB on disk)" >&2
    root=()
    if [[ "$(id -u)" != 0 ]]; then root=(sudo); fi
    export DEBIAN_FRONTEND=noninteractive
    "${root[@]}" apt-get update -qq >&2
    "${root[@]}" apt-get install -y -qq --no-install-recommends chromium chromium-driver fonts-dejavu-core >&2
fi
exec "$(dirname -- "${BASH_SOURCE[0]}")/../setup.sh" browser
