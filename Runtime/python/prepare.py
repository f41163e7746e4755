# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Fetches the files and installs the libraries of one run: `prepare.py PLAN.json RESULT.json`.

The plan says what is wanted and where it may come from; README.md describes both files. Everything lands below the
plan's `directory`, which belongs to the run; only download caches are shared. What a run asks for and cannot have
(a missing file, a package that does not exist, versions that exclude each other) is an answer, {"ok": false, "error":
...} with exit code 0; another exit code means that this program is broken.

An error message is for the user whose run it is: one line per library, saying which and why, without credentials.
"""

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from glob import glob
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import quoteattr

PARALLEL_FETCHES = 8
NETWORK_TIMEOUT = 30
NETWORK_RETRIES = 2
INSTALL_TIMEOUT = 900
MAX_ERROR_LINES = 8
COPY_BLOCK = 1 << 20


class Refused(Exception):
    """Something the run asked for cannot be had; the text is for the user."""


# --- files ------------------------------------------------------------------------------------------------------------


class Fetcher:
    """Copies what a URI names to a local path."""

    def __init__(self, plan):
        self.dbfs_root = plan.get("dbfs_root")
        self.allow_local_files = bool(plan.get("allow_local_files"))
        self.s3 = plan.get("s3")
        self.s3_client = None
        self.lock = threading.Lock()

    def fetch(self, uri, target):
        scheme = uri.partition(":")[0].lower()
        os.makedirs(os.path.dirname(target), exist_ok=True)
        draft = target + ".part"
        if scheme == "dbfs":
            self.fetch_dbfs(uri, draft)
        elif scheme in ("s3", "s3a", "s3n"):
            self.fetch_s3(uri, draft)
        elif scheme == "file":
            self.fetch_local(uri, draft)
        else:
            raise Refused(f"{uri} cannot be fetched: only dbfs:/, s3:// and file:/ are supported")
        os.replace(draft, target)

    def fetch_dbfs(self, uri, target):
        if not self.dbfs_root:
            raise Refused(f"{uri} cannot be fetched: this server has no DBFS")
        parts = [p for p in re.sub("^dbfs:/*", "", uri, flags=re.I).split("/") if p not in ("", ".")]
        if ".." in parts or any("\0" in p for p in parts):
            raise Refused(f"{uri} is not a path in DBFS: '..' is not allowed")
        root = os.path.realpath(self.dbfs_root)
        path = os.path.realpath(os.path.join(root, *parts))
        if path != root and not path.startswith(root.rstrip("/") + "/"):
            raise Refused(f"{uri} does not exist")  # a link leads out; what is there is nobody's business
        self.copy_below(root, os.path.relpath(path, root).split("/"), uri, target)

    @staticmethod
    def copy_below(root, parts, uri, target):
        """Opens step by step without following links: a link that appears after the check above is not followed."""
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for part in parts[:-1]:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            file = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except OSError:
            raise Refused(f"{uri} does not exist") from None
        finally:
            os.close(folder)
        copy_open_file(file, uri, target)

    def fetch_local(self, uri, target):
        if not self.allow_local_files:
            raise Refused(
                f"{uri} cannot be used: this server does not allow files of its own machine in jobs. "
                "An administrator can allow them by the setting allow-local-files"
            )
        split = urlsplit(uri)
        if split.netloc not in ("", "localhost"):
            raise Refused(f"{uri} names another machine; write file:/path")
        try:
            file = os.open(unquote(split.path), os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            reason = "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
            raise Refused(f"{uri} {reason}") from None
        copy_open_file(file, uri, target)

    def fetch_s3(self, uri, target):
        bucket, _, key = uri.partition("://")[2].partition("/")
        if not bucket or not key:
            raise Refused(f"{uri} is not of the form s3://bucket/key")
        if self.s3 is None:
            raise Refused(f"{uri} cannot be fetched: no access to S3 is configured on this server")
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.client().download_file(bucket, key, target)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in ("404", "NoSuchKey", "NoSuchBucket"):
                raise Refused(f"{uri} does not exist") from None
            if code in ("403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
                raise Refused(f"{uri} cannot be read: access denied by S3 ({code})") from None
            raise Refused(f"{uri} cannot be fetched: S3 answers {code}") from None
        except (BotoCoreError, Boto3Error) as error:
            name = type(error).__name__
            hint = "no credentials for S3" if name == "NoCredentialsError" else f"S3 cannot be reached ({name})"
            raise Refused(f"{uri} cannot be fetched: {hint}") from None

    def client(self):
        with self.lock:  # making a client is not thread-safe, using it is
            if self.s3_client is None:
                import boto3
                from botocore.config import Config

                self.s3_client = boto3.client(
                    "s3",
                    endpoint_url=self.s3.get("endpoint") or None,
                    region_name=self.s3.get("region") or "us-east-1",
                    aws_access_key_id=self.s3.get("access_key_id") or None,
                    aws_secret_access_key=self.s3.get("secret_access_key") or None,
                    config=Config(
                        connect_timeout=10,
                        read_timeout=NETWORK_TIMEOUT,
                        retries={"max_attempts": NETWORK_RETRIES},
                        # An endpoint of one's own rarely has a DNS name per bucket.
                        s3={"addressing_style": "path" if self.s3.get("endpoint") else "auto"},
                    ),
                )
            return self.s3_client


def copy_open_file(descriptor, uri, target):
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise Refused(f"{uri} is a directory, not a file" if stat.S_ISDIR(mode) else f"{uri} is not a regular file")
    with open(descriptor, "rb") as source, open(target, "wb") as copy:
        shutil.copyfileobj(source, copy, COPY_BLOCK)


def unzip(archive, folder, uri):
    """Unpacks below `folder` only: names that lead out of it are an error, links are not made."""
    try:
        with zipfile.ZipFile(archive) as file:
            for name in file.namelist():
                path = os.path.normpath(os.path.join(folder, name))
                if path != folder and not path.startswith(folder + "/"):
                    raise Refused(f"{uri} holds a file whose name leads out of it: {name}")
            file.extractall(folder)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError):
        raise Refused(f"{uri} is not a zip file that can be unpacked") from None


# --- the plan ---------------------------------------------------------------------------------------------------------

WHEEL_NAME = re.compile(r"[A-Za-z0-9._]+-[A-Za-z0-9._!+]+(-[0-9][A-Za-z0-9._]*)?(-[A-Za-z0-9._]+){3}\.whl")
MAVEN_COORDINATES = re.compile(r"[\w.\-]+:[\w.\-]+:[\w.\-+]+")


class Preparation:
    def __init__(self, plan):
        self.plan = plan
        self.directory = os.path.realpath(plan["directory"])
        self.cache = os.path.realpath(plan["cache_directory"])
        self.scratch = os.path.join(self.directory, "tmp")
        self.libraries = plan.get("libraries") or []
        self.fetcher = Fetcher(plan)
        self.errors = []
        shutil.rmtree(self.scratch, ignore_errors=True)  # of a preparation that was interrupted
        os.makedirs(self.scratch)
        os.makedirs(self.cache, exist_ok=True)

    def run(self):
        with ThreadPoolExecutor(PARALLEL_FETCHES) as pool:
            files = {f["uri"]: self.target_of(f["as"]) for f in self.plan.get("files") or []}
            fetches = [pool.submit(self.attempt, self.fetcher.fetch, uri, path) for uri, path in files.items()]
            library_fetches = {
                index: pool.submit(self.attempt, self.fetch_library, index, kind, library[kind])
                for index, library in enumerate(self.libraries)
                for kind in ("jar", "egg", "whl")
                if library.get(kind)
            }
            maven = pool.submit(self.attempt, self.install_maven)
            cran = pool.submit(self.attempt, self.install_cran)
            fetched = {index: future.result() for index, future in library_fetches.items()}
            python = None if self.errors else self.attempt(self.install_python, fetched)
            for future in fetches:
                future.result()
            maven_jars, r_library = maven.result(), cran.result()
        shutil.rmtree(self.scratch, ignore_errors=True)
        if self.errors:
            return {"ok": False, "error": self.redacted("\n".join(dict.fromkeys(self.errors)))}
        jars = [fetched[i] for i, library in enumerate(self.libraries) if library.get("jar")]
        eggs = [fetched[i] for i, library in enumerate(self.libraries) if library.get("egg")]
        result = {"ok": True, "files": files, "jars": jars + maven_jars, "python_path": (python or []) + eggs}
        if r_library:
            result["r_library"] = r_library
        return result

    def attempt(self, action, *args):
        """Several libraries may be wrong: all are tried, and all that is wrong is told."""
        try:
            return action(*args)
        except Refused as error:
            self.errors.append(str(error))
        except OSError as error:
            self.errors.append(f"{error.filename or self.directory}: {error.strerror or error}")
        return None

    def target_of(self, name):
        path = os.path.normpath(os.path.join(self.directory, name))
        if not path.startswith(self.directory + "/"):
            raise ValueError(f"the plan would write outside its directory: {name}")
        return path

    def redacted(self, text):
        secret = (self.plan.get("s3") or {}).get("secret_access_key")
        if secret:
            text = text.replace(secret, "***")
        return re.sub(r"(?<=://)[^/@\s]+@", "***@", text)

    # --- jar, egg, whl ------------------------------------------------------------------------------------------------

    def fetch_library(self, index, kind, uri):
        name = unquote(uri.rstrip("/").rpartition("/")[2])
        if not name or name in (".", ".."):
            raise Refused(f"{kind} library {uri} names no file")
        if kind == "whl" and not name.endswith(".wheelhouse.zip") and not WHEEL_NAME.fullmatch(name):
            raise Refused(
                f"whl library {uri}: the file's name does not follow the wheel convention, which is "
                "name-version(-build)-python-abi-platform.whl (or *.wheelhouse.zip for a zip of wheels)"
            )
        folder = os.path.join(self.directory, "libraries", str(index))
        path = os.path.join(folder, name)
        if kind == "egg":
            packed = os.path.join(self.scratch, f"{index}.egg")
            self.fetcher.fetch(uri, packed)
            # Unpacked, it also works where its code looks for files beside itself, or has compiled parts.
            unzip(packed, path, f"egg library {uri}")
            os.unlink(packed)
            return path
        self.fetcher.fetch(uri, path)
        if kind == "jar" and not zipfile.is_zipfile(path):
            raise Refused(f"jar library {uri} is not a jar file")
        if name.endswith(".wheelhouse.zip"):
            wheels = os.path.join(folder, "wheels")
            unzip(path, wheels, f"whl library {uri}")
            os.unlink(path)
            return self.usable_wheels(wheels, uri)
        return path

    @staticmethod
    def usable_wheels(folder, uri):
        """A wheelhouse may hold one package built for several Pythons."""
        from pip._vendor.packaging.tags import sys_tags
        from pip._vendor.packaging.utils import InvalidWheelFilename, parse_wheel_filename

        supported = set(sys_tags())
        usable, others = [], set()
        for path in sorted(glob(os.path.join(glob_escape(folder), "**", "*.whl"), recursive=True)):
            try:
                name, _, _, tags = parse_wheel_filename(os.path.basename(path))
            except InvalidWheelFilename:
                raise Refused(f"whl library {uri} holds {os.path.basename(path)}, which is no wheel's name") from None
            if supported.isdisjoint(tags):
                others.add(name)
            else:
                usable.append(path)
                others.discard(name)
        names = {parse_wheel_filename(os.path.basename(p))[0] for p in usable}
        if others - names:
            missing = ", ".join(sorted(others - names))
            raise Refused(f"whl library {uri} has no wheel of {missing} for this Python and machine")
        if not usable:
            raise Refused(f"whl library {uri} holds no wheels")
        return usable

    # --- pip ----------------------------------------------------------------------------------------------------------

    def install_python(self, fetched):
        """Wheels and packages of one index go into one call of pip, so that it sees versions that exclude each other;
        each further index is one more call, which sees what the former installed. A library of one index may depend on
        one of another: a call that fails is tried again after the others."""
        calls = {}
        folders = []
        for index, library in enumerate(self.libraries):
            if library.get("whl"):
                wheels = fetched[index] if isinstance(fetched[index], list) else [fetched[index]]
                calls.setdefault(None, []).extend(wheels)
                if isinstance(fetched[index], list):
                    folders += sorted({os.path.dirname(w) for w in wheels})
            elif library.get("pypi"):
                calls.setdefault(library["pypi"].get("repo") or None, []).append(self.requirement(library["pypi"]))
        if not calls:
            return []
        # A directory for each call: pip would replace what several packages share, their programs in `bin` above all.
        # The later ones stand in front, since they may hold newer versions of what is there already.
        installed = []
        waiting, errors = list(calls), {}
        while waiting:
            before = len(waiting)
            for repo in list(waiting):
                target = os.path.join(self.directory, "python", str(len(installed)))
                shutil.rmtree(target, ignore_errors=True)  # of a call that failed
                os.makedirs(target)
                try:
                    self.pip(calls[repo], [target, *installed], repo, folders)
                    installed.insert(0, target)
                    waiting.remove(repo)
                except Refused as error:
                    errors[repo] = str(error)
            if len(waiting) == before:
                raise Refused("\n".join(errors[repo] for repo in waiting))
        return installed

    def requirement(self, library):
        from pip._vendor.packaging.requirements import InvalidRequirement, Requirement

        text = library["package"].strip()
        try:
            parsed = Requirement(text)
        except InvalidRequirement:
            raise Refused(f"pypi library {text!r} is not a package with an optional version, as in name==1.0") from None
        if parsed.url and not self.fetcher.allow_local_files and urlsplit(parsed.url).scheme in ("", "file"):
            raise Refused(f"pypi library {text!r} names a file of the server's machine, which is not allowed")
        return text

    def pip(self, wanted, path, repo, folders):
        """Resolves against what the runtime and the directories of `path` have, then installs only the rest into the
        first of them, without a second resolution: a package that depends on pyspark must not bring another Spark with
        it, and pip must not change the runtime."""
        report = os.path.join(self.scratch, "pip-report.json")
        options = ["--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--quiet"]
        options += ["--timeout", str(NETWORK_TIMEOUT), "--retries", str(NETWORK_RETRIES)]
        options += ["--cache-dir", os.path.join(self.cache, "pip")]
        options += [f"--index-url={repo}"] if repo else []
        options += [f"--find-links={folder}" for folder in folders]
        self.call_pip(["--dry-run", "--report", report, *options, "--", *wanted], path, wanted, repo)
        with open(report, encoding="utf-8") as file:
            chosen = [pinned(item) for item in json.load(file)["install"]]
        if chosen:
            self.call_pip(["--no-deps", "--target", path[0], "--upgrade", *options, "--", *chosen], path, wanted, repo)

    def call_pip(self, args, path, wanted, repo):
        overriding = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PIP_REQUIREMENT")
        environment = {name: value for name, value in os.environ.items() if name not in overriding}
        environment.update(PYTHONPATH=":".join(path), PYTHONNOUSERSITE="1", TMPDIR=self.scratch, PIP_NO_INPUT="1")
        code, output = run_bounded([sys.executable, "-m", "pip", "install", *args], environment, self.scratch)
        if code != 0:
            names = ", ".join(os.path.basename(w) if w.startswith("/") else w for w in wanted)
            kind = "library" if len(wanted) == 1 else "libraries"
            where = f" from {repo}" if repo else ""
            raise Refused(f"python {kind} {names} cannot be installed{where}: {pip_reason(output)}")

    # --- maven --------------------------------------------------------------------------------------------------------

    def install_maven(self):
        calls = {}
        for library in self.libraries:
            maven = library.get("maven")
            if maven:
                if not MAVEN_COORDINATES.fullmatch(maven["coordinates"]):
                    raise Refused(f"maven library {maven['coordinates']!r} is not of the form group:artifact:version")
                calls.setdefault(maven.get("repo") or None, []).append(maven)
        jars = []
        for number, (repo, wanted) in enumerate(calls.items()):
            jars += self.resolve(number, repo, wanted)
        return list(dict.fromkeys(jars))

    def resolve(self, number, repo, wanted):
        repositories = [repo] if repo else list(self.plan.get("maven_default_repos") or [])
        work = os.path.join(self.scratch, f"maven-{number}")
        target = os.path.join(self.directory, "maven", str(number))
        os.makedirs(work)
        # A cache per set of repositories: an artifact that one of them gave must not stand for another's.
        cache = os.path.join(self.cache, "ivy", hashlib.sha256("\n".join(repositories).encode()).hexdigest()[:16])
        settings, module = os.path.join(work, "ivysettings.xml"), os.path.join(work, "ivy.xml")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(ivy_settings(repositories, cache, work))
        with open(module, "w", encoding="utf-8") as file:
            file.write(ivy_module(wanted))
        home = os.environ.get("JAVA_HOME")
        command = [os.path.join(home, "bin/java") if home else "java", "-Xmx512m", "-XX:+UseSerialGC"]
        command += ["-XX:TieredStopAtLevel=1", "-cp", ivy_class_path(), "org.apache.ivy.Main", "-settings", settings]
        command += ["-cache", cache, "-ivy", module, "-types", "jar", "bundle", "orbit", "hk2-jar", "ejb", "-retrieve"]
        command.append(target + "/[organization]_[artifact]-[revision](-[classifier]).[ext]")
        code, output = run_bounded(command, None, work)
        found = sorted(glob(glob_escape(target) + "/*.jar"))
        names = ", ".join(m["coordinates"] for m in wanted)
        if code != 0 or "UNRESOLVED DEPENDENCIES" in output:
            where = " or ".join(repositories) or "the default Maven repository"
            raise Refused(f"maven {plural('library', wanted)} {names} cannot be resolved: {ivy_reason(output, where)}")
        return found

    # --- cran ---------------------------------------------------------------------------------------------------------

    def install_cran(self):
        packages = [library["cran"] for library in self.libraries if library.get("cran")]
        if not packages:
            return None
        if not shutil.which("Rscript"):
            raise Refused("cran libraries need R, which is not installed on this machine")
        target = os.path.join(self.directory, "r")
        os.makedirs(target, exist_ok=True)
        for package in packages:
            # By environment, not by text in a script: a package's name must not be able to be code.
            environment = dict(os.environ, LAMPLIGHTER_PACKAGE=package["package"], LAMPLIGHTER_LIBRARY=target)
            environment["LAMPLIGHTER_REPO"] = package.get("repo") or self.plan.get("cran_default_repo") or ""
            environment["TMPDIR"] = self.scratch
            code, output = run_bounded(["Rscript", "--vanilla", "-e", CRAN_SCRIPT], environment, self.scratch)
            if code != 0:
                raise Refused(f"cran library {package['package']} cannot be installed: {last_lines(output, 3)}")
        return target


CRAN_SCRIPT = """
name <- Sys.getenv("LAMPLIGHTER_PACKAGE"); lib <- Sys.getenv("LAMPLIGHTER_LIBRARY")
repo <- Sys.getenv("LAMPLIGHTER_REPO"); if (repo == "") repo <- getOption("repos")
if (any(repo == "@CRAN@")) stop("name a repo: this machine has no default CRAN mirror")
options(timeout = 120, warn = 1); .libPaths(c(lib, .libPaths()))
install.packages(name, lib = lib, repos = repo, quiet = TRUE)
if (!requireNamespace(name, lib.loc = lib, quietly = TRUE)) stop(paste("no usable package", name))
"""


# --- pip's and Ivy's words --------------------------------------------------------------------------------------------


def pinned(item):
    """One entry of pip's report as an exact requirement."""
    info, name = item["download_info"], item["metadata"]["name"]
    if item.get("is_direct") or info["url"].startswith("file:"):
        return f"{name} @ {info['url']}"
    return f"{name}=={item['metadata']['version']}"


def pip_reason(output):
    lines = [line.rstrip() for line in output.splitlines()]
    errors = [line.partition("ERROR:")[2].strip() for line in lines if "ERROR:" in line]
    helpful = [e for e in errors if e and not e.startswith("ResolutionImpossible") and "subprocess-exited" not in e]
    if any("conflict is caused by" in line for line in lines):
        start = next(i for i, line in enumerate(lines) if "conflict is caused by" in line)
        helpful += [line.strip() for line in lines[start + 1 : start + 6] if line.startswith("    ")]
    # "Could not find a version" says it all; the line after it repeats the name.
    helpful = [h for h in helpful if not h.startswith("No matching distribution") or len(helpful) == 1]
    if re.search("NewConnectionError|ConnectTimeoutError|Name or service", output):
        helpful.insert(0, "the package index cannot be reached")
    return "\n  ".join(shortened(h) for h in helpful[:MAX_ERROR_LINES]) or last_lines(output, 3)


def ivy_reason(output, where):
    missing = dict.fromkeys(re.findall(r":: ([\w.\-]+)#([\w.\-]+);([\w.\-+]+): ", output))
    unreachable = re.findall(r"(UnknownHostException|ConnectException|SocketTimeoutException|NoRouteToHost\w*)", output)
    failed = re.findall(r"\[FAILED +\] ([\w.\-]+)#([\w.\-]+);([\w.\-+]+)!(\S+)", output)
    names = ", ".join(":".join(m) for m in missing)
    names = names or ", ".join(f"{g}:{a}:{v} ({file})" for g, a, v, file in dict.fromkeys(failed))
    if unreachable:
        return f"{where} cannot be reached"
    if names:
        return f"{names} not found in {where}"
    if "timed out" in output:
        return f"no answer from {where} in time"
    crash = re.search(r"^Exception in thread .*", output, re.M)
    return shortened(crash[0]) if crash else last_lines(output, 2)


def ivy_settings(repositories, cache, work):
    """Only these repositories; without any, Ivy's own default, which is Maven Central."""
    roots = [f" root={quoteattr(r if r.endswith('/') else r + '/')}" for r in repositories] or [""]
    resolvers = "\n".join(
        f'      <ibiblio name="repository-{i}" m2compatible="true" timeoutConstraint="bounded"{root}/>'
        for i, root in enumerate(roots)
    )
    return f"""<ivysettings>
  <settings defaultResolver="repositories"/>
  <timeout-constraints>
    <timeout-constraint name="bounded" connectionTimeout="10000" readTimeout="{NETWORK_TIMEOUT * 1000}"/>
  </timeout-constraints>
  <caches defaultCacheDir={quoteattr(cache)} repositoryCacheDir={quoteattr(cache)}
          resolutionCacheDir={quoteattr(work + "/resolution")} lockStrategy="artifact-lock-nio"/>
  <resolvers>
    <chain name="repositories" returnFirst="true" changingPattern=".*-SNAPSHOT" changingMatcher="regexp">
{resolvers}
    </chain>
  </resolvers>
</ivysettings>
"""


# Spark is there already; the same of another version beside it would only break things. As spark-submit --packages.
SPARK_MODULES = (
    "catalyst_ core_ graphx_ kvstore_ launcher_ mllib_ mllib-local_ network-common_ network-shuffle_ repl_ sketch_ "
    "sql_ sql-api_ hive_ streaming_ tags_ unsafe_ variant_ common-utils_ common-utils-java_ connect_ connect-common_"
).split()


def ivy_module(wanted):
    dependencies = []
    for maven in wanted:
        group, artifact, version = maven["coordinates"].split(":")
        excludes = []
        for exclusion in maven.get("exclusions") or []:
            organisation, _, name = exclusion.partition(":")
            excludes.append("      " + ivy_exclude(organisation or "*", name or "*"))
        opening = f"    <dependency org={quoteattr(group)} name={quoteattr(artifact)} rev={quoteattr(version)}"
        dependencies.append("\n".join([opening + ' conf="default-&gt;default">', *excludes, "    </dependency>"]))
    never = ["    " + ivy_exclude("org.apache.spark", f"spark-{module}*") for module in SPARK_MODULES]
    never.append("    " + ivy_exclude("org.scala-lang", "scala-library"))
    lines = "\n".join(dependencies + never)
    return f"""<ivy-module version="2.0">
  <info organisation="org.lamplighter" module="run"/>
  <configurations><conf name="default"/></configurations>
  <dependencies>
{lines}
  </dependencies>
</ivy-module>
"""


def ivy_exclude(organisation, module):
    """Ivy's own matcher for wildcards needs a library that is not there; its regular expressions are Java's."""
    organisation, module = (re.escape(text).replace("\\*", ".*") for text in (organisation, module))
    return f'<exclude org={quoteattr(organisation)} module={quoteattr(module)} matcher="regexp"/>'


def ivy_class_path():
    """Ivy and what its command line needs, from Spark's jars; the whole of them would take a second to open."""
    home = os.environ.get("SPARK_HOME")
    if not home or not os.path.isdir(home + "/jars"):
        runtime = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        home = runtime + "/spark"
    found = [jar for name in ("ivy", "commons-cli") for jar in glob(f"{glob_escape(home)}/jars/{name}-[0-9]*.jar")]
    if len(found) < 2:
        raise RuntimeError(f"no Ivy among the jars of Spark in {home}; run setup.sh")
    return ":".join(found)


# --- helpers ----------------------------------------------------------------------------------------------------------


def run_bounded(command, environment, folder):
    """Exit code and all output of a program that may neither ask questions nor run for ever. A file takes the output:
    a grandchild that outlives the program could hold a pipe open."""
    with tempfile.TemporaryFile(dir=folder) as output:
        try:
            code = subprocess.run(
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=INSTALL_TIMEOUT,
            ).returncode
        except subprocess.TimeoutExpired:
            return 1, f"timed out after {INSTALL_TIMEOUT} seconds"
        output.seek(0)
        return code, output.read().decode("utf-8", "replace")


def glob_escape(path):
    return re.sub(r"([*?[])", r"[\1]", path)


def plural(word, items):
    return word if len(items) == 1 else word[:-1] + "ies"


def shortened(line, longest=400):
    return line if len(line) <= longest else line[: longest - 3] + "..."


def last_lines(text, count):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n  ".join(shortened(line) for line in lines[-count:]) or "it failed without a word"


def write_result(path, result):
    folder = os.path.dirname(os.path.abspath(path))
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(file.name, path)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: prepare.py PLAN.json RESULT.json")
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    write_result(sys.argv[2], Preparation(plan).run())


if __name__ == "__main__":
    main()
