# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""`databricks fs`: every command, against what the server really holds."""

import os
import pathlib
import subprocess
import sys
import time

# Above the mebibyte that the command line reads at a time, and no multiple of it.
LARGE = 3 * (1 << 20) + 4321


def listed(server, folder):
    return {file["path"].rsplit("/", 1)[1] for file in server.get(f"dbfs/list?path={folder}").json.get("files", [])}


def stored(server, path):
    """The bytes of a file as they lie on the server's disk."""
    return (server.data / "dbfs" / path.strip("/")).read_bytes()


def test_a_large_file_comes_up_and_down_byte_by_byte(cli, server, folder, tmp_path):
    contents = os.urandom(LARGE)
    (tmp_path / "up.bin").write_bytes(contents)
    cli.run("fs", "cp", "up.bin", f"dbfs:{folder}/large.bin")
    assert stored(server, f"{folder}/large.bin") == contents
    cli.run("fs", "cp", f"dbfs:{folder}/large.bin", "down.bin")
    assert (tmp_path / "down.bin").read_bytes() == contents


def test_a_file_is_replaced_only_with_overwrite(cli, server, folder, tmp_path):
    (tmp_path / "a.txt").write_text("first")
    cli.run("fs", "cp", "a.txt", f"dbfs:{folder}/a.txt")
    (tmp_path / "a.txt").write_text("second")
    assert "RESOURCE_ALREADY_EXISTS" in cli.fails("fs", "cp", "a.txt", f"dbfs:{folder}/a.txt")
    assert stored(server, f"{folder}/a.txt") == b"first"
    cli.run("fs", "cp", "--overwrite", "a.txt", f"dbfs:{folder}/a.txt")
    assert stored(server, f"{folder}/a.txt") == b"second"
    (tmp_path / "a.txt").write_text("local")
    assert "exists already" in cli.fails("fs", "cp", f"dbfs:{folder}/a.txt", "a.txt")
    cli.run("fs", "cp", "--overwrite", f"dbfs:{folder}/a.txt", "a.txt")
    assert (tmp_path / "a.txt").read_text() == "second"


def test_into_a_directory_a_file_keeps_its_name(cli, server, folder, tmp_path):
    (tmp_path / "name.txt").write_text("x")
    cli.run("fs", "cp", "name.txt", f"dbfs:{folder}")
    assert stored(server, f"{folder}/name.txt") == b"x"
    (tmp_path / "down").mkdir()
    cli.run("fs", "cp", f"dbfs:{folder}/name.txt", "down")
    assert (tmp_path / "down" / "name.txt").read_text() == "x"


def test_names_and_contents_beyond_ascii_and_empty_files(cli, server, folder, tmp_path):
    (tmp_path / "häß 日本.txt").write_text("grüße\n")
    (tmp_path / "empty").write_bytes(b"")
    cli.run("fs", "cp", "häß 日本.txt", f"dbfs:{folder}/häß 日本.txt")
    cli.run("fs", "cp", "empty", f"dbfs:{folder}/empty")
    assert cli.run("fs", "cat", f"dbfs:{folder}/häß 日本.txt") == "grüße\n"
    assert cli.run("fs", "cat", f"dbfs:{folder}/empty") == ""
    assert sorted(cli.run("fs", "ls", f"dbfs:{folder}").split("\n")[:-1]) == ["empty", "häß 日本.txt"]


def test_trees_are_copied_both_ways_and_existing_files_are_skipped(cli, server, folder, tmp_path):
    tree = {"one.txt": b"1", "deep/two.bin": os.urandom(2000), "deep/deeper/three.txt": b"3"}
    for name, contents in tree.items():
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_bytes(contents)
    cli.run("fs", "cp", "-r", "tree", f"dbfs:{folder}/tree")
    assert {name: stored(server, f"{folder}/tree/{name}") for name in tree} == tree
    cli.run("fs", "cp", "--recursive", f"dbfs:{folder}/tree", "back")
    assert {name: (tmp_path / "back" / name).read_bytes() for name in tree} == tree
    (tmp_path / "tree" / "one.txt").write_text("changed")
    (tmp_path / "tree" / "new.txt").write_text("new")
    assert "already exists. Skip." in cli.run("fs", "cp", "-r", "tree", f"dbfs:{folder}/tree")
    assert stored(server, f"{folder}/tree/one.txt") == b"1"
    assert stored(server, f"{folder}/tree/new.txt") == b"new"
    cli.run("fs", "cp", "-r", "--overwrite", "tree", f"dbfs:{folder}/tree")
    assert stored(server, f"{folder}/tree/one.txt") == b"changed"


def test_copies_within_dbfs(cli, server, folder):
    server.upload(f"{folder}/a/one", "1")
    cli.run("fs", "cp", "-r", f"dbfs:{folder}/a", f"dbfs:{folder}/b")
    cli.run("fs", "cp", f"dbfs:{folder}/a/one", f"dbfs:{folder}/two")
    assert stored(server, f"{folder}/b/one") == stored(server, f"{folder}/two") == b"1"


def test_ls_in_its_forms(cli, server, folder):
    before = time.time_ns() // 1_000_000
    server.upload(f"{folder}/data/a.txt", "12345")
    assert cli.run("fs", "ls", f"dbfs:{folder}").split() == ["data"]
    assert cli.run("fs", "ls", "--absolute", f"dbfs:{folder}/data").strip() == f"dbfs:{folder}/data/a.txt"
    kind, size, name, modified = cli.run("fs", "ls", "-l", f"dbfs:{folder}/data").split()
    assert (kind, size, name) == ("file", "5", "a.txt")
    assert before - 2000 <= int(modified) <= time.time_ns() // 1_000_000 + 2000
    assert cli.run("fs", "ls", "-l", f"dbfs:{folder}").split()[:3] == ["dir", "0", "data"]
    assert "clients" in cli.run("fs", "ls").split()
    assert cli.run("fs", "ls", f"dbfs:{folder}/data/a.txt").split() == ["a.txt"]
    assert "RESOURCE_DOES_NOT_EXIST" in cli.fails("fs", "ls", f"dbfs:{folder}/nothing")


def test_mkdirs_makes_all_of_a_path_and_not_over_a_file(cli, server, folder):
    cli.run("fs", "mkdirs", f"dbfs:{folder}/x/y/z")
    assert server.get(f"dbfs/get-status?path={folder}/x/y/z").json["is_dir"] is True
    cli.run("fs", "mkdirs", f"dbfs:{folder}/x/y/z")
    server.upload(f"{folder}/file", "x")
    assert "RESOURCE_ALREADY_EXISTS" in cli.fails("fs", "mkdirs", f"dbfs:{folder}/file")


def test_mv_moves_files_and_directories(cli, server, folder):
    server.upload(f"{folder}/a/one", "1")
    cli.run("fs", "mv", f"dbfs:{folder}/a/one", f"dbfs:{folder}/a/two")
    cli.run("fs", "mv", f"dbfs:{folder}/a", f"dbfs:{folder}/b")
    assert stored(server, f"{folder}/b/two") == b"1"
    assert listed(server, folder) == {"b"}
    assert "RESOURCE_DOES_NOT_EXIST" in cli.fails("fs", "mv", f"dbfs:{folder}/a", f"dbfs:{folder}/c")


def test_rm_takes_a_full_directory_only_with_recursive(cli, server, folder):
    server.upload(f"{folder}/full/one", "1")
    server.upload(f"{folder}/single", "1")
    assert "Delete finished successfully" in cli.run("fs", "rm", f"dbfs:{folder}/single")
    cli.fails("fs", "rm", f"dbfs:{folder}/full")
    assert listed(server, folder) == {"full"}
    assert "Delete finished successfully" in cli.run("fs", "rm", "-r", f"dbfs:{folder}/full")
    assert listed(server, folder) == set()


def test_the_program_dbfs_is_fs_by_another_name(cli, server, folder):
    program = pathlib.Path(sys.executable).parent / "dbfs"
    command = [program, "mkdirs", f"dbfs:{folder}/by-its-other-name"]
    done = subprocess.run(command, env=cli.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert listed(server, folder) == {"by-its-other-name"}


def test_files_above_the_limit_of_a_form_go_in_blocks(cli, server, folder, tmp_path):
    """From 2 GiB on; here the limit alone is lower, the rest is the command line's own way with large files."""
    contents = os.urandom(LARGE)
    (tmp_path / "up.bin").write_bytes(contents)
    upload = """
import sys
from databricks_cli.cli import main
from databricks_cli.dbfs.api import DbfsApi
DbfsApi.MULTIPART_UPLOAD_LIMIT = 1 << 20
sys.argv = ["databricks", "fs", "cp", "--overwrite", "up.bin", sys.argv[1]]
main()
"""
    server.upload(f"{folder}/large.bin", "what was there before")
    done = subprocess.run(
        [sys.executable, "-c", upload, f"dbfs:{folder}/large.bin"], cwd=tmp_path, env=cli.environment,
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert stored(server, f"{folder}/large.bin") == contents
