# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""prepare.py fetches what a run asks for, and says in a sentence why it cannot."""

import json
import os
import subprocess
import sys
import unittest
import zipfile
from pathlib import Path

from support import PREPARE, RuntimeTestCase

SECRET = "very-secret-key"


class PrepareTestCase(RuntimeTestCase):
    def setUp(self):
        super().setUp()
        self.dbfs = self.folder / "dbfs"
        self.dbfs.mkdir()
        self.run_directory = self.folder / "run"

    def prepare(self, libraries=(), files=(), **plan):
        plan = {
            "directory": str(self.run_directory),
            "cache_directory": str(self.folder / "cache"),
            "dbfs_root": str(self.dbfs),
            "allow_local_files": False,
            "s3": None,
            "files": list(files),
            "libraries": list(libraries),
            **plan,
        }
        path = self.write("plan.json", json.dumps(plan))
        done = self.call(sys.executable, PREPARE, path, self.folder / "result.json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads((self.folder / "result.json").read_text())

    def refusal(self, *args, **plan):
        result = self.prepare(*args, **plan)
        self.assertFalse(result["ok"], result)
        self.assertNotIn(SECRET, result["error"])
        self.assertLessEqual(result["error"].count("\n"), 8, result["error"])
        return result["error"]

    def wheel(self, folder, name, version="1.0", requires=(), tags="py3-none-any", text="value = 1\n", more=None):
        """A wheel without a build: it is a zip of files and three texts about them. `more`: {name: text}."""
        path = Path(folder) / f"{name}-{version}-{tags}.whl"
        path.parent.mkdir(parents=True, exist_ok=True)
        info = f"{name}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        metadata += "".join(f"Requires-Dist: {r}\n" for r in requires)
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(f"{name}.py", text)
            wheel.writestr(f"{info}/METADATA", metadata)
            wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tags}\n")
            wheel.writestr(f"{info}/RECORD", "")
            for member, contents in (more or {}).items():
                wheel.writestr(member.format(info=info), contents)
        return path

    def index(self, *wheels):
        """The simplest package index there is: a folder for each name, with an index page."""
        root = self.folder / "index"
        for path in wheels:
            home = root / path.name.split("-")[0].replace("_", "-")
            home.mkdir(parents=True, exist_ok=True)
            path.rename(home / path.name)
            links = "".join(f'<a href="{p.name}">{p.name}</a>\n' for p in sorted(home.glob("*.whl")))
            (home / "index.html").write_text(f"<html><body>{links}</body></html>")
        return root.as_uri()

    def imported(self, result, module):
        code = f"import {module}; print({module}.value, {module}.__file__)"
        return self.call(sys.executable, "-c", code, PYTHONPATH=":".join(result["python_path"])).stdout


class FileTests(PrepareTestCase):
    def test_a_file_is_copied_to_where_the_plan_says(self):
        (self.dbfs / "a").mkdir()
        (self.dbfs / "a" / "b ü.py").write_text("hello")
        uris = ["dbfs:/a/b ü.py", "dbfs:///a//./b ü.py"]
        result = self.prepare(files=[{"uri": u, "as": f"files/{i}/b.py"} for i, u in enumerate(uris)])
        self.assertTrue(result["ok"], result)
        self.assertEqual([Path(result["files"][u]).read_text() for u in uris], ["hello", "hello"])
        self.assertTrue(result["files"][uris[0]].endswith("/run/files/0/b.py"))

    def test_what_is_not_there_is_named(self):
        self.assertEqual(self.refusal([{"jar": "dbfs:/x.jar"}]), "dbfs:/x.jar does not exist")
        (self.dbfs / "d").mkdir()
        self.assertEqual(self.refusal([{"jar": "dbfs:/d"}]), "dbfs:/d is a directory, not a file")

    def test_all_that_is_wrong_is_told_at_once(self):
        error = self.refusal([{"jar": "dbfs:/x.jar"}, {"egg": "dbfs:/y.egg"}], [{"uri": "dbfs:/z", "as": "z"}])
        self.assertEqual(sorted(error.splitlines()), [f"dbfs:/{n} does not exist" for n in ("x.jar", "y.egg", "z")])

    def test_nothing_outside_dbfs_can_be_read(self):
        secret = self.write("secret.txt", "x")
        (self.dbfs / "link").symlink_to(secret)
        (self.dbfs / "folder").symlink_to(self.folder)
        os.mkfifo(self.dbfs / "fifo")
        for uri in (
            "dbfs:/../secret.txt", "dbfs:../secret.txt", "dbfs:/a/../../secret.txt", "dbfs:/link",
            "dbfs:/folder/secret.txt", f"dbfs:/{secret}", "dbfs:/fifo", "dbfs:/", "DBFS:/../secret.txt",
        ):  # fmt: skip
            with self.subTest(uri):
                self.refusal(files=[{"uri": uri, "as": "f"}])
                self.assertFalse((self.run_directory / "f").exists())

    def test_a_link_inside_dbfs_is_followed(self):
        (self.dbfs / "a.txt").write_text("x")
        (self.dbfs / "b.txt").symlink_to("a.txt")
        self.assertTrue(self.prepare(files=[{"uri": "dbfs:/b.txt", "as": "f"}])["ok"])

    def test_files_of_the_machine_only_where_allowed(self):
        path = self.write("local file.txt", "x")
        for uri in (f"file:{path}", f"file://{path}", path.as_uri()):
            with self.subTest(uri):
                self.assertIn("allow-local-files", self.refusal(files=[{"uri": uri, "as": "f"}]))
                self.assertTrue(self.prepare(files=[{"uri": uri, "as": "f"}], allow_local_files=True)["ok"])
        missing = [{"uri": "file:/no/such", "as": "f"}]
        self.assertEqual(self.refusal(files=missing, allow_local_files=True), "file:/no/such does not exist")

    def test_other_schemes_are_refused(self):
        self.assertIn("only dbfs:/", self.refusal([{"jar": "ftp://example.org/x.jar"}]))
        self.assertIn("only dbfs:/", self.refusal([{"jar": "/etc/passwd"}]))


class S3Tests(PrepareTestCase):
    @classmethod
    def setUpClass(cls):
        code = (
            "import sys; from moto.server import ThreadedMotoServer\n"
            "s = ThreadedMotoServer('127.0.0.1', 0, verbose=False); s.start()\n"
            "print(s.get_host_and_port()[1], flush=True); sys.stdin.read()"
        )
        cls.server = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        cls.endpoint = f"http://127.0.0.1:{int(cls.server.stdout.readline())}"
        import boto3

        cls.settings = {"endpoint": cls.endpoint, "region": "eu-west-1"}
        cls.settings |= {"access_key_id": "key", "secret_access_key": SECRET}
        client = boto3.client(
            "s3", endpoint_url=cls.endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        client.create_bucket(Bucket="bucket")
        client.put_object(Bucket="bucket", Key="a/b.txt", Body=b"from s3")

    @classmethod
    def tearDownClass(cls):
        cls.server.communicate(timeout=60)

    def test_a_file_by_each_of_the_schemes(self):
        files = [{"uri": f"{s}://bucket/a/b.txt", "as": f"{s}.txt"} for s in ("s3", "s3a", "s3n")]
        result = self.prepare(files=files, s3=self.settings)
        self.assertEqual({Path(p).read_text() for p in result["files"].values()}, {"from s3"}, result)

    def test_what_is_not_there(self):
        for uri in ("s3://bucket/none.jar", "s3://nobucket/a.jar"):
            self.assertEqual(self.refusal([{"jar": uri}], s3=self.settings), f"{uri} does not exist")
        self.assertIn("s3://bucket/key", self.refusal([{"jar": "s3://bucket"}], s3=self.settings))

    def test_no_access_configured_and_nobody_there(self):
        self.assertIn("no access to S3", self.refusal([{"jar": "s3://bucket/a.jar"}]))
        nobody = dict(self.settings, endpoint="http://127.0.0.1:9")
        self.assertIn("cannot be reached", self.refusal([{"jar": "s3://bucket/a.jar"}], s3=nobody))


class JarAndEggTests(PrepareTestCase):
    def zip(self, name, files):
        path = self.dbfs / name
        with zipfile.ZipFile(path, "w") as file:
            for inner, text in files.items():
                file.writestr(inner, text)
        return f"dbfs:/{name}"

    def test_jars_keep_their_names_and_order(self):
        (self.dbfs / "x").mkdir()
        uris = [self.zip("b.jar", {"f": "1"}), self.zip("x/b.jar", {"f": "2"}), self.zip("a.jar", {"f": "3"})]
        jars = self.prepare([{"jar": u} for u in uris])["jars"]
        self.assertEqual([Path(j).name for j in jars], ["b.jar", "b.jar", "a.jar"])
        self.assertEqual([zipfile.ZipFile(j).read("f") for j in jars], [b"1", b"2", b"3"])

    def test_a_jar_that_is_none(self):
        (self.dbfs / "a.jar").write_text("not found")
        self.assertEqual(self.refusal([{"jar": "dbfs:/a.jar"}]), "jar library dbfs:/a.jar is not a jar file")

    def test_an_egg_can_be_imported_and_finds_its_own_files(self):
        code = "import os\nvalue = open(os.path.join(os.path.dirname(__file__), 'data.txt')).read()\n"
        info = "Metadata-Version: 1.0\nName: thing\nVersion: 1.0\n"
        files = {"thing/__init__.py": code, "thing/data.txt": "data", "EGG-INFO/PKG-INFO": info}
        result = self.prepare([{"egg": self.zip("thing-1.0-py3.11.egg", files)}])
        self.assertTrue(self.imported(result, "thing").startswith("data "), result)
        check = "import importlib.metadata as m, pkg_resources as p; print(m.version('thing'), p.require('thing'))"
        done = self.call(sys.executable, "-W", "ignore", "-c", check, PYTHONPATH=":".join(result["python_path"]))
        self.assertTrue(done.stdout.startswith("1.0 [thing 1.0"), done)

    def test_an_egg_cannot_write_outside(self):
        error = self.refusal([{"egg": self.zip("bad.egg", {"../../../evil.py": "x"})}])
        self.assertIn("leads out of it", error)
        self.assertFalse(list(self.folder.rglob("evil.py")))

    def test_cran_without_r(self):
        error = self.refusal([{"cran": {"package": "ada"}}]) if not self.has_r() else None
        self.assertIn(error, (None, "cran libraries need R, which is not installed on this machine"))

    def has_r(self):
        return subprocess.run(["which", "Rscript"], stdout=subprocess.DEVNULL).returncode == 0


class PythonTests(PrepareTestCase):
    def test_a_wheel_and_what_it_depends_on(self):
        index = self.index(self.wheel(self.folder, "lamp_inner", "1.1", text="value = 11\n"))
        self.wheel(self.dbfs, "lamp_outer", requires=["lamp_inner>=1"], text="from lamp_inner import value\n")
        outer = {"whl": "dbfs:/lamp_outer-1.0-py3-none-any.whl"}
        self.assertIn("lamp_inner", self.refusal([outer]).replace("-", "_"))
        inner = {"pypi": {"package": "lamp-inner", "repo": index}}
        for number, libraries in enumerate(([outer, inner], [inner, outer])):
            result = self.prepare(libraries, directory=str(self.folder / f"run-{number}"))
            self.assertTrue(self.imported(result, "lamp_outer").startswith("11 "), result)

    def test_packages_of_a_repository(self):
        index = self.index(
            self.wheel(self.folder, "lamp_inner", "1.1", text="value = 11\n"),
            self.wheel(self.folder, "lamp_inner", "2.0", text="value = 20\n"),
            self.wheel(self.folder, "lamp_outer", requires=["lamp_inner<2"], text="from lamp_inner import value\n"),
        )
        result = self.prepare([{"pypi": {"package": "lamp_outer", "repo": index}}])
        self.assertTrue(result["ok"], result)
        self.assertTrue(self.imported(result, "lamp_outer").startswith("11 " + str(self.run_directory)))

        both = [{"pypi": {"package": p, "repo": index}} for p in ("lamp_outer", "lamp_inner==2.0")]
        error = self.refusal(both)
        self.assertIn("conflict", error)
        self.assertIn("lamp_inner==2.0", error)
        error = self.refusal([{"pypi": {"package": "lamp_inner==9", "repo": index}}])
        self.assertIn("python library lamp_inner==9 cannot be installed", error)

    def command(self, folder, name):
        """A wheel with a program of its name, and a part of the name space `lamp_space`."""
        return self.wheel(folder, name, text="def main():\n    print(__name__, __file__)\n", more={
            "{info}/entry_points.txt": f"[console_scripts]\n{name.replace('_', '-')} = {name}:main\n",
            f"lamp_space/{name}.py": "value = 1\n"})

    def test_the_programs_of_packages_run(self):
        """Also where the run's directory has a long path, with a blank in it."""
        self.command(self.dbfs, "lamp_tool")
        for folder in ("run", "run " + "x" * 200):
            with self.subTest(folder):
                libraries = [{"whl": "dbfs:/lamp_tool-1.0-py3-none-any.whl"}]
                result = self.prepare(libraries, directory=str(self.folder / folder))
                done = self.call("lamp-tool", PYTHONPATH=":".join(result["python_path"]),
                                 PATH=":".join(f"{p}/bin" for p in result["python_path"]) + ":/usr/bin:/bin")
                self.assertTrue(done.stdout.startswith(f"lamp_tool {self.folder / folder}/"), done)

    def test_packages_of_two_indexes_may_share_directories(self):
        one = self.index(self.command(self.folder, "lamp_one"))
        self.command(self.dbfs, "lamp_two")
        libraries = [
            {"pypi": {"package": "lamp_one", "repo": one}}, {"whl": "dbfs:/lamp_two-1.0-py3-none-any.whl"}]
        for number, order in enumerate((libraries, libraries[::-1])):
            result = self.prepare(order, directory=str(self.folder / f"run-{number}"))
            path = ":".join(f"{p}/bin" for p in result["python_path"])
            for name in ("one", "two"):
                done = self.call(f"lamp-{name}", PYTHONPATH=":".join(result["python_path"]), PATH=path + ":/usr/bin:/bin")
                self.assertTrue(done.stdout.startswith(f"lamp_{name} "), done)
                self.assertTrue(self.imported(result, f"lamp_space.lamp_{name}").startswith("1 "), result)

    def test_a_version_that_a_later_index_brings_is_the_one_in_force(self):
        """The first index's package is content with any lamp_inner, the second's wants the newer one."""
        first = self.index(
            self.wheel(self.folder, "lamp_outer", requires=["lamp_inner"], text="from lamp_inner import value\n"),
            self.wheel(self.folder, "lamp_inner", "1.0", text="value = 10\n"))
        (self.folder / "index").rename(self.folder / "first")
        second = self.index(
            self.wheel(self.folder, "lamp_late", requires=["lamp_inner>=2"], text="from lamp_inner import value\n"),
            self.wheel(self.folder, "lamp_inner", "2.0", text="value = 20\n"))
        result = self.prepare([{"pypi": {"package": "lamp_outer", "repo": first.replace("/index", "/first")}},
                               {"pypi": {"package": "lamp_late", "repo": second}}])
        self.assertTrue(result["ok"], result)
        for module in ("lamp_inner", "lamp_outer", "lamp_late"):
            self.assertTrue(self.imported(result, module).startswith("20 "), module)

    def test_a_package_that_needs_spark_gets_the_one_that_is_there(self):
        self.wheel(self.dbfs, "needs_spark", requires=["pyspark>=3"])
        result = self.prepare([{"whl": "dbfs:/needs_spark-1.0-py3-none-any.whl"}])
        self.assertTrue(self.imported(result, "needs_spark").startswith("1 "), result)
        self.assertEqual(list(self.run_directory.glob("python/*/pyspark")), [])

    def test_another_version_than_the_runtimes_is_the_runs_own(self):
        index = self.index(self.wheel(self.folder, "six", "99.0", text="value = 99\n"))
        before = self.call(sys.executable, "-c", "import six; print(six.__file__, six.__version__)").stdout
        result = self.prepare([{"pypi": {"package": "six==99.0", "repo": index}}])
        self.assertTrue(self.imported(result, "six").startswith("99 "), result)
        after = self.call(sys.executable, "-c", "import six; print(six.__file__, six.__version__)").stdout
        self.assertEqual((before, before != ""), (after, True))

    def test_a_package_of_the_default_index(self):
        result = self.prepare([{"pypi": {"package": "simplejson==3.19.3"}}])
        self.assertTrue(result["ok"], result)
        code = "import simplejson; print(simplejson.__version__)"
        done = self.call(sys.executable, "-c", code, PYTHONPATH=":".join(result["python_path"]))
        self.assertEqual(done.stdout, "3.19.3\n", done.stderr)

    def test_names_of_wheels(self):
        for name in ("thing.whl", "thing-1.0.whl", "thing-1.0-py3-none.whl", "thing-1.0-py3-none-any.zip"):
            with self.subTest(name):
                (self.dbfs / name).write_text("")
                self.assertIn("wheel convention", self.refusal([{"whl": f"dbfs:/{name}"}]))
        self.wheel(self.dbfs, "thing", tags="cp27-cp27m-win32")
        self.assertIn("not a supported wheel", self.refusal([{"whl": "dbfs:/thing-1.0-cp27-cp27m-win32.whl"}]))

    def test_a_wheelhouse(self):
        wheels = [
            self.wheel(self.folder / "house", "lamp_a", requires=["lamp_b"], text="from lamp_b import value\n"),
            self.wheel(self.folder / "house", "lamp_b", text="value = 7\n"),
            self.wheel(self.folder / "house", "lamp_b", tags="cp27-cp27m-win32"),
        ]
        with zipfile.ZipFile(self.dbfs / "all.wheelhouse.zip", "w") as house:
            for path in wheels:
                house.write(path, "wheels/" + path.name)
        result = self.prepare([{"whl": "dbfs:/all.wheelhouse.zip"}])
        self.assertTrue(self.imported(result, "lamp_a").startswith("7 "), result)

    def test_a_package_name_is_no_way_to_give_pip_options(self):
        self.write("req.txt", "six")
        for name in ("-r req.txt", "--index-url=x", "six --target x", "/etc/passwd", "../x", "six @ file:///x.whl"):
            with self.subTest(name):
                self.assertIn("pypi library", self.refusal([{"pypi": {"package": name}}]))

    def test_no_credentials_in_an_error(self):
        repo = f"http://user:{SECRET}@127.0.0.1:9/simple"
        error = self.refusal([{"pypi": {"package": "lamp_none", "repo": repo}}])
        self.assertIn("lamp_none", error)


class MavenTests(PrepareTestCase):
    def publish(self, name, version="1.0", needs=()):
        """An artifact org.lamp:NAME in a repository of files."""
        home = self.folder / "maven" / "org" / "lamp" / name / version
        home.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(home / f"{name}-{version}.jar", "w") as jar:
            jar.writestr("name.txt", name)
        dependencies = "".join(
            f"<dependency><groupId>org.lamp</groupId><artifactId>{n}</artifactId><version>1.0</version></dependency>"
            for n in needs
        )
        (home / f"{name}-{version}.pom").write_text(
            "<project><modelVersion>4.0.0</modelVersion><groupId>org.lamp</groupId>"
            f"<artifactId>{name}</artifactId><version>{version}</version>"
            f"<dependencies>{dependencies}</dependencies></project>"
        )

    def maven(self, *names, exclusions=(), repo=True, **plan):
        repo = (self.folder / "maven").as_uri() if repo is True else repo
        maven = [{"coordinates": n, "exclusions": list(exclusions), **({"repo": repo} if repo else {})} for n in names]
        return [{"maven": m} for m in maven]

    def names(self, result):
        self.assertTrue(result["ok"], result)
        return sorted(zipfile.ZipFile(j).read("name.txt").decode() for j in result["jars"])

    def test_dependencies_exclusions_and_what_is_missing(self):
        self.publish("leaf")
        self.publish("hadoop-client")
        self.publish("middle", needs=["leaf", "hadoop-client"])
        self.publish("top", needs=["middle"])
        self.assertEqual(
            self.names(self.prepare(self.maven("org.lamp:top:1.0"))), ["hadoop-client", "leaf", "middle", "top"]
        )
        excluding = self.maven("org.lamp:top:1.0", exclusions=["*:hadoop-client", "org.lamp:lea*"])
        plan = {"directory": str(self.folder / "r2"), "maven_default_repos": [(self.folder / "maven").as_uri()]}
        self.assertEqual(self.names(self.prepare(excluding, **plan)), ["middle", "top"])
        by_default = self.maven("org.lamp:leaf:1.0", repo=None)
        plan["directory"] = str(self.folder / "r3")
        self.assertEqual(self.names(self.prepare(by_default, **plan)), ["leaf"])

        self.publish("broken", needs=["nowhere"])
        error = self.refusal(self.maven("org.lamp:broken:1.0"))
        self.assertIn("maven library org.lamp:broken:1.0 cannot be resolved: org.lamp:nowhere:1.0", error)
        self.assertLessEqual(error.count("\n"), 1)
        self.assertFalse(Path("~/.ivy2/cache/org.lamp").expanduser().exists(), "the cache is the plan's")

    def test_a_repository_that_does_not_answer(self):
        error = self.refusal(self.maven("org.lamp:top:1.0", repo=f"http://u:{SECRET}@127.0.0.1:9/maven"))
        self.assertIn("org.lamp:top:1.0", error)
        self.assertIn("cannot be reached", error)
        self.assertLessEqual(error.count("\n"), 1)

    def test_coordinates_that_are_none(self):
        for text in ("top", "org.lamp:top", "a:b:c:d:e", "a:b:1 0", 'a:b:"/>'):
            self.assertIn("group:artifact:version", self.refusal(self.maven(text)))


if __name__ == "__main__":
    unittest.main()
