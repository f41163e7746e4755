# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The page of a notebook run, while it runs and afterwards."""

import unittest

from browser import Browser
from support import PageTest, model
from workspace import PLOT_COLOR, SECRET


class RunPageTest(PageTest):
    def states(self, browser):
        return [cell.get_attribute("data-state") for cell in browser.all(".nb-cell")]

    def test_a_running_notebook_shows_its_finished_cells_and_then_all(self):
        run = self.server.run_now(self.server.job("/town/report"), name="john doe", age="35")
        with Browser() as browser:
            self.log_in(browser, run)
            browser.wait(lambda: self.states(browser) == ["finished"] * 10 + ["running", "waiting"], "the running cell")
            self.assert_report(browser)
            self.assertIn("10 of 12 cells", browser.one(".notebook").text)
            self.assertFalse(browser.one(".nb-outputs", self.cell(browser, 11)).is_displayed())
            picture = browser.whole_page("run-page-running")
            image = browser.one(".nb-image img", self.cell(browser, 4))
            self.assertPicture(picture, browser.box(image), PLOT_COLOR, 5000)
            # An export of this moment says what runs and what has not been run.
            (view,) = self.server.views(run)
            states = [command["state"] for command in model(view["content"])["commands"]]
            self.assertEqual(states, ["finished"] * 10 + ["running", "input"])
            # What was chosen stays when the page is brought up to date.
            browser.choose(browser.one("select", self.cell(browser, 5)), "Bars")
            self.assertShown(browser.one("svg.nb-chart rect", self.cell(browser, 5)), 1)

            self.gate.touch()
            browser.wait(lambda: self.states(browser) == ["finished"] * 12, "the end")
            self.assertSays(browser, 11, "went on", "<script>document.title = 'taken'</script> 'lamp'")
            self.assertEqual(browser.one("select", self.cell(browser, 5)).get_attribute("value"), "bars")
            self.assert_report(browser)
            browser.wait(lambda: "lit for john doe, n was 3" in browser.one("#page").text, "the result")
            browser.whole_page("run-page-ended")

            asked = browser.requests()
            self.assertTrue(all(url.startswith(self.server.url) for url in asked), asked)
            self.assertTrue([url for url in asked if "jobs/runs/cells" in url and "from_cell=9" in url],
                            "the page asks for what may have changed, not for all")
            self.assertNotIn(SECRET, browser.driver.page_source)
            self.assertEqual(browser.faults(), [])

            link = browser.one(".nb-run a", self.cell(browser, 10))
            child = self.server.get(f"jobs/runs/get?run_id={link.text}").json
            self.assertTrue(link.get_attribute("href").endswith(f"#job/{child['job_id']}/run/{child['run_id']}"))
            link.click()
            browser.wait(lambda: "n was 3" in browser.one("#page").text, "the page of the notebook's own run")
            self.assertIn("/town/child", browser.one("#page").text)
            browser.one(".notebook").find_element("link text", f"run {run}").click()
            browser.wait(lambda: f"Run {run} " in browser.one("#page").text and self.states(browser), "the parent's page")

    def assert_report(self, browser):
        """What every cell before the gate has shown."""
        self.assertShown(browser.one(".nb-markdown h2", self.cell(browser, 1)))
        self.assertEqual(browser.one(".nb-markdown h2", self.cell(browser, 1)).text, "Lamps of Berne")
        self.assertEqual(browser.one("b", self.cell(browser, 1)).text, "Quiet")
        self.assertIn('<blink onclick="x">others</blink> stay text', self.cell(browser, 1).text)
        self.assertIn("%run ./setup", self.cell(browser, 2).text)
        self.assertSays(browser, 3, "Good evening, john doe, 35 years")
        self.assertShown(browser.one(".nb-image img", self.cell(browser, 4)), 50_000)
        self.assertSays(browser, 6, "lamps", "streets")
        self.assertSays(browser, 7, "from a shell: 42", "to standard error")
        frame = browser.one("iframe", self.cell(browser, 8))
        self.assertShown(frame)
        text = browser.wait(lambda: self.frame_text(browser, frame), "the HTML in its frame")
        self.assertEqual(text, "HTML of its own\nscript ran, sees nothing")
        self.assertSays(browser, 9, "the key is [REDACTED]")
        self.assertSays(browser, 10, "of /town/child")
        self.assertStaysInside(browser)

    def frame_text(self, browser, frame):
        text = browser.text_in_frame(frame)
        return text if "script ran" in text else None

    def test_a_failure_stands_where_it_happened(self):
        self.server.add("/town/failing", "# Databricks notebook source\nprint('before')\n\n# COMMAND ----------\n\n"
                        "lamps = {}\nlamps['Quay']\n\n# COMMAND ----------\n\nprint('after')\n")
        run = self.server.run_now(self.server.job("/town/failing"))
        self.server.ended(run)
        with Browser() as browser:
            self.log_in(browser, run)
            browser.wait(lambda: self.states(browser) == ["finished", "failed", "skipped"], "the cells")
            self.assertSays(browser, 1, "before")
            self.assertSays(browser, 2, "KeyError: 'Quay'", "line 2")
            self.assertFalse(browser.one(".nb-outputs", self.cell(browser, 3)).is_displayed())
            browser.whole_page("run-page-failed")
            self.assertEqual(browser.faults(), [])

    def test_the_notebook_can_be_downloaded(self):
        run = self.server.run_now(self.server.job("/town/child", n="5"))
        self.server.ended(run)
        files = self.directory / "downloads"
        with Browser() as browser:
            self.log_in(browser, run)
            browser.keep_downloads(files)
            for name, ending, text in (("HTML", "html", "__DATABRICKS_NOTEBOOK_MODEL"),
                                       ("Jupyter", "ipynb", '"nbformat":4'),
                                       ("Markdown", "md", "Notebook exited: n was 5")):
                button = browser.wait(lambda: browser.one(f"[aria-label='Download as {name}']"), name)  # noqa: B023
                browser.wait(button.is_displayed, name)
                button.click()
                file = files / f"child-run-{run}.{ending}"
                browser.wait(file.exists, file.name)
                self.assertIn(text, file.read_text())
            browser.whole_page("run-page-downloads")
            self.assertEqual(browser.faults(), [])

    def test_the_other_pages_work(self):
        job = self.server.job("/town/child", n="1")
        run = self.server.run_now(job)
        self.server.ended(run)
        with Browser() as browser:
            self.log_in(browser, run)
            for place, text in (("#jobs", "Notebook /town/child"), (f"#job/{job}", "Runs as"), ("#runs", "Succeeded"),
                                ("#nowhere", "These pages have no")):
                browser.script("location.hash = arguments[0]", place)
                browser.wait(lambda: text in browser.one("#page").text, f"{text} at {place}")
            browser.one("#logout").click()
            self.assertShown(browser.wait(lambda: browser.one("#token"), "the login"))
            browser.open(f"{self.server.url}/docs/api")
            self.assertIn("Lamplighter API", browser.one("main").text)
            self.assertEqual(browser.faults(), [])


if __name__ == "__main__":
    unittest.main()
