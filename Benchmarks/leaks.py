# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What a server has at one moment: processes, ports, descriptors, files outside of the directories of runs."""

import os
import pathlib
import time

SECONDS_TO_SETTLE = 20


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def processes(server):
    """The server and all below it, dead ones that nobody has asked for included; and whatever names its data directory on
    its command line, as supervisors do, which are no children of it."""
    data = os.fsencode(server.data)
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    parents = {pid: parent(pid) for pid in pids}
    found = {pid for pid in pids if pid == server.process.pid or any(data in part for part in command_line(pid))}
    while True:
        below = {pid for pid in pids if parents[pid] in found} - found
        if not below:
            return sorted(found)
        found |= below


def parent(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def fork_server(server):
    """The process that listens; kernels are forks of it, and have its command line."""
    socket = os.fsencode(server.data + "/fork-server/socket")
    found = [pid for pid in processes(server) if socket in command_line(pid)]
    return min(found, default=None)


def wait_for_fork_server(server):
    deadline = time.monotonic() + 60
    while not os.path.exists(server.data + "/fork-server/socket"):
        if time.monotonic() > deadline:
            raise RuntimeError("there is no fork_server")
        time.sleep(0.05)


def links(pid):
    """What each descriptor of a process is."""
    found = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{name}"))
        except OSError:
            pass  # closed meanwhile
    return found


def listening(pids):
    """Ports on which these processes listen."""
    held = {link for pid in pids for link in links(pid)}
    ports = []
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and f"socket:[{parts[9]}]" in held:
                ports.append(int(parts[1].rpartition(":")[2], 16))
    return sorted(ports)


def files(server, directory):
    """All but those of runs and of the database, which grow by what is kept of each run."""
    found = []
    for folder, names, leaves in os.walk(directory):
        if folder == server.data:
            names.remove("runs")
        found += [os.path.join(folder, leaf) for leaf in leaves if not leaf.startswith("lamplighter.sqlite")]
    found += [f"/dev/shm/{name}" for name in os.listdir("/dev/shm") if name.startswith("lamplighter-")]
    return sorted(found)


def resident_kib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


class Count:
    def __init__(self, server, directory):
        self.processes = processes(server)
        self.fork_server = fork_server(server)
        main = [server.process.pid, self.fork_server]
        self.descriptors = sum(len(links(pid)) for pid in main)
        self.ports = listening(main)
        self.files = files(server, directory)
        self.resident = [resident_kib(pid) for pid in main]
        self.entries = run_entries(server)


def run_entries(server):
    """The most files and folders in the directory of a run that has ended."""
    runs = pathlib.Path(server.data, "runs").glob("*/*")
    return max((sum(1 for _ in run.rglob("*")) for run in runs), default=0)


def settled(server, directory, before):
    """Another count, once nothing more is than before, or that has been waited for long enough."""
    deadline = time.monotonic() + SECONDS_TO_SETTLE
    while True:
        try:
            count = Count(server, directory)
        except FileNotFoundError:
            continue  # a process has ended while it was looked at
        is_same = len(count.processes) <= len(before.processes) and count.descriptors <= before.descriptors
        if is_same or time.monotonic() > deadline:
            return count
        time.sleep(0.1)


def compared(before, after):
    """Rows of a report: name, value, aim, whether it is met, detail."""
    for name in ("processes", "ports", "files"):
        old, new = getattr(before, name), getattr(after, name)
        more = [str(item) for item in new if item not in old] if len(new) > len(old) else []
        yield f"more {name}", str(len(new) - len(old)), "0", len(new) <= len(old), f"{len(new)} {' '.join(more[:5])}"
    more = after.descriptors - before.descriptors
    yield "more descriptors of server and fork_server", str(more), "0", more <= 0, str(after.descriptors)
    yield "files kept of a run", str(after.entries), "constant", after.entries == before.entries, str(before.entries)
    for name, old, new in zip(("server", "fork_server"), before.resident, after.resident):
        yield f"memory of the {name}", f"{(new - old) / 1024:+.1f} MiB", "< 32 MiB", new - old < 32768, f"{new >> 10} MiB"
