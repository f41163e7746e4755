# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Cells in R: real ones where R is there, a clear error where it is not."""

import shutil
import unittest

from notebooks import NotebookTestCase


class RTests(NotebookTestCase):
    def test_without_r_the_cell_says_so(self):
        for language, source in (("python", "%r\n1 + 1"), ("r", "1 + 1")):
            with self.subTest(language):
                (self.task / "notebook-events.jsonl").unlink(missing_ok=True)
                run = self.run_notebook(source, language=language, environment={"PATH": self.folder})
                self.assertEqual((run.code, run.states()), (1, ["error"]))
                self.assertIn("R is not installed on this machine", run.error["error"])

    @unittest.skipUnless(shutil.which("Rscript"), "no R here")
    def test_cells_share_one_r(self):
        run = self.run_notebook(
            "%r\nx <- 3\nx + 1\ncat('no newline')\nmessage('grün')",
            "%r\nf <- function(a) a * x\nf(2)\nplot(1:3)\ninvisible(9)",
            "%python\n1",
            "%r\ny <- 1\nz <- )",
        )
        self.assertIn("[1] 4\nno newline", run.text(0))
        self.assertIn("grün\n", run.text(0))
        self.assertEqual(run.text(1), "[1] 6\n")
        self.assertEqual([output["type"] for output in run.of(1)], ["stream", "image"])
        self.assertEqual((run.states(), run.error["line"]), (["finished"] * 3 + ["error"], 3))
        self.assertIn("unexpected ')'", run.error["error"])

    @unittest.skipUnless(shutil.which("Rscript"), "no R here")
    def test_errors_and_ends_of_r_fail_the_cell(self):
        for source, error in (
            ("stop('too \"bad\"\\nsecond')", 'RError: too "bad"\nsecond'),
            ("quit(status = 3)", "RError: R has ended with status 3"),
        ):
            with self.subTest(source):
                (self.task / "notebook-events.jsonl").unlink(missing_ok=True)
                run = self.run_notebook("x <- 1", source, language="r")
                self.assertEqual((run.states(), run.error["error"]), (["finished", "error"], error))


if __name__ == "__main__":
    unittest.main()
