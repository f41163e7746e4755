# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C8: libraries."""

from contract.cases import bad, good

C = "C8"
KINDS = ("jar", "egg", "whl", "pypi", "maven", "cran")
WHEEL = "dbfs:/a-1.0-py3-none-any.whl"


def library(**members):
    # Second, so that a path without its index would be noticed.
    return {"libraries": [{"jar": "dbfs:/first.jar"}, members]}


GOOD = [
    good(C, {"libraries": []}),
    *(good(C, library(jar=uri)) for uri in ("dbfs:/a.jar", "s3://bucket/a.jar")),
    *(good(C, library(egg=uri)) for uri in ("dbfs:/a.egg", "s3://bucket/a.egg")),
    *(good(C, library(whl=uri)) for uri in (
        WHEEL, "s3://bucket/a-1.0-1-cp311-cp311-linux_x86_64.whl", "dbfs:/many.wheelhouse.zip")),
    *(good(C, library(pypi=value)) for value in (
        {"package": "simplejson"}, {"package": "simplejson==3.8.0", "repo": "https://pypi.example.com/simple"})),
    *(good(C, library(maven=value)) for value in (
        {"coordinates": "org.jsoup:jsoup:1.7.2"},
        {"coordinates": "a:b:1", "repo": "https://maven.example.com"},
        {"coordinates": "a:b:1", "exclusions": ["slf4j:slf4j", "*:hadoop-client"]})),
    *(good(C, library(cran=value)) for value in (
        {"package": "ada"}, {"package": "ada", "repo": "https://cran.example.com"})),
]
BAD = [
    bad(C, "libraries[1]", *KINDS, **library()),
    bad(C, "libraries[1]", "jar", "whl", **library(jar="dbfs:/a.jar", whl=WHEEL)),
    bad(C, "libraries[1]", "pypi", "maven", **library(pypi={"package": "a"}, maven={"coordinates": "a:b:1"})),
    *(bad(C, f"libraries[1].{kind}.package", **library(**{kind: value}))
      for kind in ("pypi", "cran") for value in ({}, {"package": ""}, {"repo": "https://example.com"})),
    *(bad(C, "libraries[1].maven.coordinates", **library(maven=value)) for value in ({}, {"coordinates": ""})),
    *(bad(C, "libraries[1].maven.coordinates", value, "group:artifact:version", **library(maven={"coordinates": value}))
      for value in ("jsoup", "org.jsoup:jsoup", "a:b:c:d", "a::1", ":b:1", "a:b:", "a b:c:1")),
    *(bad(C, "libraries[1].whl", value, ".whl", **library(whl=value))
      for value in ("dbfs:/a.whl", "dbfs:/a.zip", "dbfs:/a-1.0.whl", "dbfs:/a-1.0-py3-none-any.zip",
                    "dbfs:/a-1.0-x-py3-none-any.whl")),
    *(bad(C, f"libraries[1].{kind}", "/local/file", "dbfs:/", **library(**{kind: "/local/file"}))
      for kind in ("jar", "egg", "whl")),
    bad(C, "libraries[1].jar", "http://example.com/a.jar", "dbfs:/", "s3://",
        **library(jar="http://example.com/a.jar")),
    *(bad(C, f"libraries[1].{kind}", **library(**{kind: ""})) for kind in ("jar", "egg", "whl")),
]
