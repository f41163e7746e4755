# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""HTML within Markdown: blocks in frames without rights, a few tags within lines, nothing else."""

import unittest

from browser import Browser
from support import PageTest

TEXTS = """# Databricks notebook source
# MAGIC %md
# MAGIC <div style="color: rgb(200, 0, 100)">raw <b>html</b>
# MAGIC
# MAGIC over an empty line<script>
# MAGIC let seen = "script ran";
# MAGIC try { seen += parent.document.title } catch (error) { seen += ", sees nothing" }
# MAGIC document.body.append(seen);
# MAGIC </script></div>
# MAGIC
# MAGIC after *it*

# COMMAND ----------

# MAGIC %md
# MAGIC &copy; H<sub>2</sub>O ***both*** <span style="position:fixed">span</span><br/>line &lt;b&gt; &#x202e; &nosuch;
# MAGIC <!-- hidden -->
# MAGIC <a href="https://example.org/?a=1&amp;b=2" onclick="alert(1)">far</a> <a href="&#106;avascript:alert(1)">evil</a>
# MAGIC <img src=x onerror="document.title='taken'"> <b onclick="x">loud</b> <i><script>document.title='taken'</script></i>
"""


class MarkdownTest(PageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_notebook("/town/texts", TEXTS)

    def assert_texts(self, browser):
        first, second = self.cell(browser, 1), self.cell(browser, 2)
        frame = browser.one(".nb-markdown iframe", first)
        self.assertEqual(frame.get_attribute("sandbox"), "allow-scripts")
        seen = browser.wait(lambda: "ran" in browser.text_in_frame(frame) and browser.text_in_frame(frame), "the frame")
        self.assertEqual(" ".join(seen.split()), "raw html over an empty line script ran, sees nothing")
        self.assertEqual(browser.one(".nb-markdown p em", first).text, "it")
        text = browser.one(".nb-markdown", second).text
        self.assertIn("\u00a9 H2O both span\nline <b> [U+202E] &nosuch;", text)
        self.assertNotIn("hidden", text)
        self.assertIn('<b onclick="x">loud</b>', text)
        self.assertIn("<script>document.title='taken'</script>", text)
        self.assertEqual(browser.one("em strong", second).text, "both")
        self.assertEqual(browser.one("sub", second).text, "2")
        links = [(link.text, link.get_attribute("href")) for link in browser.all("a", second)]
        self.assertEqual(links, [("far", "https://example.org/?a=1&b=2")])
        self.assertEqual(browser.all("img, script, [style], [onclick], [onerror], b", second), [])
        self.assertNotEqual(browser.driver.title, "taken")
        self.assertEqual(browser.faults(), [])

    def test_the_page_of_the_run(self):
        with Browser() as browser:
            self.log_in(browser, self.run_id)
            browser.wait(lambda: len(browser.all(".nb-markdown")) == 2, "the cells")
            self.assert_texts(browser)

    def test_a_text_of_tags_without_ends_is_shown_in_time(self):
        self.server.add("/town/open", "# Databricks notebook source\n# MAGIC %md\n# MAGIC " + "<i>*a <div>" * 20_000 + "end")
        run = self.server.run_now(self.server.job("/town/open"))
        self.server.ended(run)
        file = self.directory / "open.html"
        file.write_text(self.server.views(run)[0]["content"])
        with Browser(offline=True) as browser:
            browser.open(file.as_uri())
            self.assertTrue(browser.one(".nb-markdown").text.endswith("end"))

    def test_an_exported_page(self):
        (view,) = self.server.views(self.run_id)
        file = self.directory / "texts.html"
        file.write_text(view["content"])
        with Browser(offline=True) as browser:
            browser.open(file.as_uri())
            self.assert_texts(browser)
            browser.whole_page("markdown-html")


if __name__ == "__main__":
    unittest.main()
