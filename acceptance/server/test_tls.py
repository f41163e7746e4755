# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""HTTPS: `lamplighter serve --tls-cert FILE --tls-key FILE`, looked at with curl and openssl."""

import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server, program  # noqa: E402


def make_certificate(directory, name="server"):
    certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", key, "-out", certificate, "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
        check=True, capture_output=True)
    return certificate, key


class TLSTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.certificate, cls.key = make_certificate(cls.directory)
        cls.server = cls.enterClassContext(
            Server("--tls-cert", str(cls.certificate), "--tls-key", str(cls.key), "--connection-timeout-seconds", "1"))

    def curl(self, *arguments):
        result = subprocess.run(
            ["curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", self.certificate,
             "--write-out", "\n%{http_version} %{http_code}", "--header", f"Authorization: Bearer {self.server.token}",
             *arguments], capture_output=True, text=True, check=True)
        body, _, said = result.stdout.rpartition("\n")
        return body, said

    def test_the_address_is_https(self):
        self.assertTrue(self.server.url.startswith("https://127.0.0.1:"))
        self.assertEqual((self.server.data / "endpoint").read_text().strip(), self.server.url)

    def test_http_1_and_http_2(self):
        for option, version in (("--http1.1", "1.1"), ("--http2", "2")):
            with self.subTest(version=version):
                body, said = self.curl(option, self.server.url + "/api/2.0/jobs/list")
                self.assertEqual(said, f"{version} 200")
                self.assertTrue(body.startswith("{"))

    def test_head_is_answered_without_a_body_over_either(self):
        for option, version in (("--http1.1", "1.1"), ("--http2", "2")):
            with self.subTest(version=version):
                head, said = self.curl(option, "--head", self.server.url + "/health")
                self.assertEqual(said, f"{version} 405")
                self.assertIn("allow: get", head.lower())

    def test_a_body_of_several_mib_over_either(self):
        body = self.directory / "body.json"
        body.write_text('{"path": "/big", "overwrite": true, "contents": "%s"}' % ("eHh4" * 300_000))
        for option in ("--http1.1", "--http2"):
            _, said = self.curl(option, "--data-binary", f"@{body}", self.server.url + "/api/2.0/dbfs/put")
            self.assertTrue(said.endswith(" 200") or said.endswith(" 400"), said)

    def test_too_large_a_body_is_refused_over_either(self):
        body = self.directory / "large.json"
        body.write_bytes(b" " * (10 * 1024 * 1024 + 1))
        for option in ("--http1.1", "--http2"):
            result = subprocess.run(
                ["curl", "--silent", "--cacert", self.certificate, "--noproxy", "*", option, "--output", "/dev/null",
                 "--write-out", "%{http_code}", "--header", f"Authorization: Bearer {self.server.token}",
                 "--data-binary", f"@{body}", self.server.url + "/api/2.0/jobs/create"], capture_output=True, text=True)
            self.assertIn(result.stdout, ("413", "000"))

    def test_old_versions_of_tls_are_refused(self):
        context = ssl.create_default_context(cafile=self.certificate)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        # Or this side would refuse by itself.
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        with self.assertRaises((ssl.SSLError, ConnectionError)), self.raw() as connection:
            context.wrap_socket(connection, server_hostname="localhost")

    def test_a_handshake_that_never_ends_is_given_up(self):
        with self.raw() as connection:
            connection.settimeout(60)
            self.assertEqual(connection.recv(1), b"")

    def test_plain_http_is_not_answered(self):
        with self.raw() as connection:
            connection.settimeout(60)
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertFalse(connection.recv(100).startswith(b"HTTP/"))

    def raw(self):
        url = urllib.parse.urlsplit(self.server.url)
        return socket.create_connection((url.hostname, url.port), timeout=60)

    def test_what_is_wrong_with_the_files_is_said(self):
        _, other_key = make_certificate(self.directory, "other")
        text = self.directory / "text.pem"
        text.write_text("nothing")
        missing = self.directory / "missing.pem"
        for cert, key, expected in (
            (self.certificate, None, "tls-cert and tls-key belong together"),
            (None, self.key, "tls-cert and tls-key belong together"),
            (missing, self.key, f"{missing} cannot be read as a certificate"),
            (text, self.key, f"{text} cannot be read as a certificate"),
            (self.certificate, text, f"{text} cannot be read as a private key"),
            (self.certificate, other_key, "does not belong to the certificate"),
        ):
            with self.subTest(expected=expected):
                flags = [*(["--tls-cert", cert] if cert else []), *(["--tls-key", key] if key else [])]
                result = subprocess.run(
                    [program(), "serve", "--data", self.directory / "data", "--port", "0", *flags],
                    capture_output=True, text=True, timeout=60)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(expected, result.stderr)


if __name__ == "__main__":
    unittest.main()
