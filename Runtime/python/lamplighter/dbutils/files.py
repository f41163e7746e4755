# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""dbutils.fs: the files of DBFS, and with file:/ those of the driver."""

import errno
import os
import posixpath
import re
import shutil
import stat
from collections import namedtuple

from .describe import Describable


class FileInfo(namedtuple("FileInfo", ["path", "name", "size", "modificationTime"])):
    """One entry of ls. The path and the name of a directory end with a slash."""

    def isDir(self):
        return self.path.endswith("/")

    def isFile(self):
        return not self.isDir()


class Place:
    """A path as dbutils.fs understands it, and where that is on this machine."""

    def __init__(self, path, root):
        if not isinstance(path, str) or not path:
            raise ValueError("the path must be a string that is not empty")
        scheme, rest = re.fullmatch(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)", path, re.DOTALL).groups()
        self.scheme = (scheme or "dbfs").lower()
        if self.scheme not in ("dbfs", "file"):
            raise ValueError(f"{path}: dbutils.fs knows dbfs:/ and file:/ here; read {self.scheme}: through Spark")
        # dbfs:///a and dbfs:/a are the same; `..` leads no further up than the root.
        self.path = posixpath.normpath("/" + re.sub(r"^/*", "", rest))
        if self.scheme == "dbfs" and not root:
            raise OSError("this notebook has no DBFS")
        self.root = root if self.scheme == "dbfs" else ""
        self.local = (self.root.rstrip("/") + self.path) if self.root else self.path

    def __str__(self):
        return f"{self.scheme}:{self.path}"

    def status(self):
        try:
            return os.stat(self.local)
        except (FileNotFoundError, NotADirectoryError):
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(self)) from None

    def exists(self):
        return os.path.lexists(self.local)

    def is_directory(self):
        return stat.S_ISDIR(self.status().st_mode)

    def info(self, status):
        end = "/" if stat.S_ISDIR(status.st_mode) else ""
        size = 0 if end else status.st_size
        return FileInfo(f"{self}{end}", posixpath.basename(self.path) + end, size, status.st_mtime_ns // 1_000_000)

    def child(self, name):
        child = object.__new__(Place)
        child.scheme, child.root = self.scheme, self.root
        child.path, child.local = posixpath.join(self.path, name), os.path.join(self.local, name)
        return child


class Files(Describable):
    """Provides utilities for working with FileSystems. A path without a scheme is one of dbfs:/"""

    def __init__(self, root):
        self._root = root

    def ls(self, path):
        """Lists the contents of a directory"""
        place = self._place(path)
        status = place.status()
        if not stat.S_ISDIR(status.st_mode):
            return [place.info(status)]
        entries = []
        for name in sorted(os.listdir(place.local)):
            child = place.child(name)
            try:
                entries.append(child.info(os.stat(child.local)))
            except OSError:
                continue  # removed since, or a link that leads nowhere
        return entries

    def mkdirs(self, path):
        """Creates the given directory if it does not exist, also creating any necessary parent directories"""
        os.makedirs(self._place(path).local, exist_ok=True)
        return True

    def put(self, file, contents, overwrite=False):
        """Writes the given string out to a file, encoded in UTF-8"""
        place = self._place(file)
        os.makedirs(os.path.dirname(place.local), exist_ok=True)
        data = contents.encode("utf-8")
        try:
            with open(place.local, "wb" if overwrite else "xb") as target:
                target.write(data)
        except FileExistsError:
            raise FileExistsError(errno.EEXIST, "The file exists, and overwrite is False", str(place)) from None
        print(f"Wrote {len(data)} bytes.")
        return True

    def head(self, file, maxBytes=65536):
        """Returns up to the first 'maxBytes' bytes of the given file as a String encoded in UTF-8"""
        place = self._place(file)
        if place.is_directory():
            raise IsADirectoryError(errno.EISDIR, "Cannot head a directory", str(place))
        with open(place.local, "rb") as source:
            data = source.read(maxBytes)
            if source.read(1):
                print(f"[Truncated to first {maxBytes} bytes]")
        return data.decode("utf-8", "replace")

    def rm(self, dir, recurse=False):
        """Removes a file or directory"""
        place = self._place(dir)
        if place.path == "/":
            raise ValueError(f"{place} is the root directory, which cannot be removed")
        if not place.exists():
            return False
        if os.path.islink(place.local) or not place.is_directory():
            os.unlink(place.local)
        elif recurse:
            shutil.rmtree(place.local)
        else:
            self._remove_empty(place)
        return True

    def cp(self, from_, to, recurse=False):
        """Copies a file or directory, possibly across FileSystems"""
        source, target = self._pair(from_, to)
        if not source.is_directory():
            os.makedirs(os.path.dirname(target.local), exist_ok=True)
            shutil.copyfile(source.local, target.local)
            return True
        if not recurse:
            raise IsADirectoryError(errno.EISDIR, "Cannot copy a directory unless recurse is set to true", str(source))
        shutil.copytree(source.local, target.local, copy_function=shutil.copyfile, dirs_exist_ok=True)
        return True

    def mv(self, from_, to, recurse=False):
        """Moves a file or directory, possibly across FileSystems"""
        source, target = self._pair(from_, to)
        if source.is_directory() and not recurse:
            raise IsADirectoryError(errno.EISDIR, "Cannot move a directory unless recurse is set to true", str(source))
        os.makedirs(os.path.dirname(target.local), exist_ok=True)
        shutil.move(source.local, target.local, copy_function=shutil.copyfile)
        return True

    def mount(self, *args, **kwargs):
        """Not available: there is one DBFS, the directory of this server"""
        raise NotImplementedError("Mounts are not supported by Lamplighter: dbfs:/ is one directory of the server")

    mounts = refreshMounts = unmount = updateMount = mount

    def _place(self, path):
        return Place(path, self._root)

    def _pair(self, from_, to):
        source, target = self._place(from_), self._place(to)
        is_into_directory = os.path.isdir(target.local) and not source.is_directory()
        if is_into_directory or (to.endswith("/") and not source.is_directory()):
            target = target.child(posixpath.basename(source.path))
        if source.local == target.local:
            raise ValueError(f"{source} and {target} are the same file")
        if source.is_directory() and (target.local + "/").startswith(source.local.rstrip("/") + "/"):
            raise ValueError(f"{target} lies within {source}")
        return source, target

    @staticmethod
    def _remove_empty(place):
        try:
            os.rmdir(place.local)
        except OSError:
            raise OSError(
                errno.ENOTEMPTY, "Cannot delete a directory that is not empty without recurse", str(place)
            ) from None
