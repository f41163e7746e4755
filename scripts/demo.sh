#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

# The first run: builds the server, starts it and runs a Spark job on it through the API, with curl as the
# specification's examples do. Safe to repeat: what is there already is used again.
#
#   demo.sh start   (DEMO_PORT: the port to listen on; default: 8080, or a free one when that is taken)
#   demo.sh stop
set -euo pipefail
shopt -s inherit_errexit
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

DATA="$PWD/demo-data"
PROGRAM="$PWD/.build/release/lamplighter"
EXAMPLES="examples/demo"
JOB_NAME="$(sed -n 's/^ *"name": "\(.*\)",$/\1/p' "$EXAMPLES/create-job.json")"
# A cold Spark on a busy machine.
MAX_RUN=600

step() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
fail() {
    printf '\ndemo: %s\n' "$1" >&2
    shift
    if (($#)); then printf '      %s\n' "$@" >&2; fi
    exit 1
}

# --- the server -------------------------------------------------------------------------------------------------------

# The server holds this lock as long as it lives, and has written its pid into it.
server_pid() {
    if [[ -e "$DATA/lock" ]] && ! flock --nonblock "$DATA/lock" true; then cat "$DATA/lock"; fi
}

url() { cat "$DATA/endpoint" 2> /dev/null || true; }

is_healthy() { [[ -n "$(url)" ]] && curl --silent --fail --noproxy '*' --max-time 5 "$(url)/health" > /dev/null; }

is_taken() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

wait_until_gone() {
    local deadline=$((SECONDS + 30))
    while [[ -n "$(server_pid)" ]]; do
        ((SECONDS < deadline)) || fail "the server (pid $1) does not end" "see $DATA/server.log"
        sleep 0.1
    done
}

stop_server() {
    local pid
    pid="$(server_pid)"
    kill -TERM "$pid"
    wait_until_gone "$pid"
}

pick_port() {
    local port="${DEMO_PORT:-}"
    if [[ -z "$port" ]]; then
        if is_taken 8080; then echo 0; else echo 8080; fi
        return
    fi
    [[ "$port" =~ ^[0-9]+$ ]] && ((port <= 65535)) || fail "PORT=$port is not a port (0 to 65535)"
    if ((port)) && is_taken "$port"; then
        fail "port $port is taken by another program" "give another one (make demo PORT=8081), or none: then a free one is used"
    fi
    echo "$port"
}

start_server() {
    local port pid deadline
    port="$(pick_port)"
    mkdir -p -- "$DATA"
    chmod 700 -- "$DATA"
    rm -f -- "$DATA/endpoint"
    # A session of its own: Ctrl-C at this terminal is not meant for the server.
    setsid "$PROGRAM" serve --host 127.0.0.1 --port "$port" --data "$DATA" --log-level notice \
        >> "$DATA/server.log" 2>&1 < /dev/null &
    pid=$!
    deadline=$((SECONDS + 60))
    until is_healthy; do
        if ! kill -0 "$pid" 2> /dev/null; then
            fail "the server ended at once. The end of $DATA/server.log:" "$(tail -n 5 -- "$DATA/server.log")"
        fi
        ((SECONDS < deadline)) || fail "the server (pid $pid) does not answer" "see $DATA/server.log"
        sleep 0.1
    done
}

have_server() {
    local pid
    pid="$(server_pid)"
    if [[ -n "$pid" && "$(readlink "/proc/$pid/exe" || true)" == *' (deleted)' ]]; then
        say "the server that runs (pid $pid) was built before: starting the new one in its place"
        stop_server
        pid=""
    fi
    if [[ -z "$pid" ]]; then
        start_server
        say "started, pid $(server_pid); data in $DATA"
    else
        local deadline=$((SECONDS + 15))
        until is_healthy; do
            ((SECONDS < deadline)) || fail "a server (pid $pid) runs on $DATA but does not answer" \
                "see $DATA/server.log; \`make demo-stop\` stops it"
            sleep 0.2
        done
        say "it runs already, pid $pid; data in $DATA"
        if [[ -n "${DEMO_PORT:-}" && "$(url)" != *":$DEMO_PORT" ]]; then
            say "it keeps its address, $(url); \`make demo-stop\` first to have it on port $DEMO_PORT"
        fi
    fi
    say "ready at $(url)"
}

# --- the API ----------------------------------------------------------------------------------------------------------

# As `curl --netrc` does it, with a file of our own instead of ~/.netrc.
write_netrc() {
    rm -f -- "$DATA/netrc"
    (umask 077 && printf 'machine 127.0.0.1 login token password %s\n' "$(< "$DATA/admin-token")" > "$DATA/netrc")
}

# api METHOD PATH [CURL ARGUMENTS...]: prints the answer; anything but 200 ends the demo.
api() {
    local method="$1" path="$2" answer
    shift 2
    answer="$(curl --silent --show-error --noproxy '*' --max-time 60 --netrc-file "$DATA/netrc" \
        --request "$method" --write-out '\n%{http_code}' "$(url)/api/2.0/$path" "$@")" ||
        fail "$method /api/2.0/$path: no answer from the server" "see $DATA/server.log"
    [[ "${answer##*$'\n'}" == 200 ]] ||
        fail "$method /api/2.0/$path was answered with HTTP ${answer##*$'\n'}:" "${answer%$'\n'*}"
    printf '%s\n' "${answer%$'\n'*}"
}

# upload LOCAL_FILE DBFS_PATH
upload() {
    printf '{"path": "%s", "contents": "%s", "overwrite": true}' "$2" "$(base64 --wrap=0 -- "$1")" |
        api POST dbfs/put --data @- > /dev/null
    say "POST dbfs/put          $1 -> dbfs:$2"
}

# Leaves the id of the demo's job in JOB.
have_job() {
    local jobs answer
    jobs="$(api GET jobs/list)"
    JOB="$(jq --arg name "$JOB_NAME" '[.jobs[]? | select(.settings.name == $name).job_id] | first // empty' <<< "$jobs")"
    if [[ -n "$JOB" ]]; then
        jq --argjson job "$JOB" '{job_id: $job, new_settings: .}' "$EXAMPLES/create-job.json" |
            api POST jobs/reset --data @- > /dev/null
        say "POST jobs/reset        job $JOB, made by an earlier demo, gets its settings anew"
    else
        answer="$(api POST jobs/create --data "@$EXAMPLES/create-job.json")"
        JOB="$(jq .job_id <<< "$answer")"
        say "POST jobs/create       $EXAMPLES/create-job.json -> job $JOB"
    fi
}

# Shows each change of the run's state when it comes, until the run has ended; leaves the last answer in RUN. A state
# that lasted only a moment may be missed by looking at runs/get, but the log of transitions has it.
follow() {
    local state last="" shown=0 transitions start time life result message
    local deadline=$((SECONDS + MAX_RUN))
    while true; do
        RUN="$(api GET "jobs/runs/get?run_id=$1")"
        state="$(jq -r .state.life_cycle_state <<< "$RUN")"
        if [[ "$state" != "$last" ]]; then
            last="$state"
            start="$(jq .start_time <<< "$RUN")"
            transitions="$(api GET "jobs/runs/transitions?run_id=$1" | jq -r ".transitions[$shown:][]
                | [.time - $start, .life_cycle_state, .result_state // \"\", .state_message] | join(\"\u001f\")")"
            while IFS=$'\x1f' read -r time life result message; do
                [[ -n "$time" ]] || continue # known already
                printf '   %3d.%03d s  %-14s %-8s %s\n' "$((time / 1000))" "$((time % 1000))" "$life" "$result" "$message"
                shown=$((shown + 1))
            done <<< "$transitions"
        fi
        case "$state" in TERMINATED | SKIPPED | INTERNAL_ERROR) return ;; esac
        ((SECONDS < deadline)) ||
            fail "run $1 has not ended within $MAX_RUN s" "see $(jq -r .run_page_url <<< "$RUN")"
        sleep 0.1
    done
}

# --- all together -----------------------------------------------------------------------------------------------------

start() {
    local run answer output page
    step "1/6 What the server needs: Java, Python, Spark"
    command -v swift > /dev/null || scripts/check-tools.sh # says it before half a gigabyte is downloaded
    Runtime/setup.sh || fail "the installation did not succeed" "what is missing stands above; then run \`make demo\` again"
    say "all there"

    step "2/6 The server itself"
    make --no-print-directory build || fail "the build did not succeed" "the compiler's message stands above"

    step "3/6 Start"
    have_server
    write_netrc

    step "4/6 Upload a program and a text, make a job of them"
    upload "$EXAMPLES/word_count.py" /demo/word_count.py
    upload "$EXAMPLES/the-lamplighter.txt" /demo/the-lamplighter.txt
    have_job

    step "5/6 Run it"
    answer="$(api POST jobs/run-now --data "{\"job_id\": $JOB}")"
    run="$(jq .run_id <<< "$answer")"
    say "POST jobs/run-now      {\"job_id\": $JOB} -> run $run"
    follow "$run"

    step "6/6 Its output (GET jobs/runs/get-output?run_id=$run)"
    output="$(api GET "jobs/runs/get-output?run_id=$run")"
    jq -r '.logs // ""' <<< "$output" | sed 's/^/   /'
    page="$(jq -r .run_page_url <<< "$RUN")"
    [[ "$(jq -r .state.result_state <<< "$RUN")" == SUCCESS ]] ||
        fail "run $run did not succeed: $(jq -r '.error // .metadata.state.state_message' <<< "$output")" "see $page"

    step "Done. The server goes on running."
    say "this run's page  $page"
    say "log in with      the token in $DATA/admin-token"
    say "try the API      curl --netrc-file '$DATA/netrc' $(url)/api/2.0/jobs/list"
    say "server's log     $DATA/server.log"
    say "stop it          kill $(server_pid)    or: make demo-stop"
}

stop() {
    local pid
    pid="$(server_pid)"
    if [[ -z "$pid" ]]; then
        echo "No server of the demo is running."
        return
    fi
    stop_server
    echo "Stopped the server (pid $pid). Tasks that were running go on; the next start picks them up."
    echo "Its data stays in $DATA: remove that directory to begin afresh."
}

case "${1:-}" in
    start) start ;;
    stop) stop ;;
    *) echo "usage: demo.sh start|stop" >&2; exit 2 ;;
esac
