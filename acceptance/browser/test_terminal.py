# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What programs write for terminals, and objects that say best in another form what they are."""

import unittest

from browser import Browser
from support import PageTest

TERMINAL = r'''# Databricks notebook source
import sys
print("\x1b[31mred\x1b[0m plain \x1b[1;38;5;46mbold green\x1b[0m \x1b[38;2;255;255;0myellow\x1b[0m "
      "\x1b[4munder\x1b[24m \x1b[7mreversed\x1b[0m \x1b[97;44mon blue\x1b[0m\x1b[?25l")

# COMMAND ----------

for done in range(0, 101, 20):
    print(f"\rlamps: {done:3d}% of the street", end="", file=sys.stderr)
print(file=sys.stderr)
print("abc\b\bX", "\x1b]8;;javascript:document.title='taken'\x1b\\link\x1b]8;;\x1b\\")

# COMMAND ----------

# Hostile: what stands between sequences is text, and parameters are none of a style.
print("\x1b[31m<img src=x onerror=\"document.title='taken'\">\x1b[0m"
      "\x1b[38;2;1;2;3);background:url(http://127.0.0.1:9/x)m after \x1b[38;5;999mend\x1b[0m")

# COMMAND ----------

from IPython.display import display as show, JSON, Latex, Math
show(Latex("$x^2$"))
show(JSON({"lamps": [1, {"street": "<script>document.title='taken'</script>"}]}))

# COMMAND ----------

raise ValueError("\x1b[35mpurple\x1b[0m haze")
'''
INK = """const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const part = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
let ground = arguments[0];
const seen = (node) => { const c = rgb(getComputedStyle(node).backgroundColor); return c.length < 4 || c[3] > 0.99; };
while (!seen(ground)) ground = ground.parentElement;
const two = [light(rgb(getComputedStyle(arguments[0]).color)), light(rgb(getComputedStyle(ground).backgroundColor))];
return (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);"""


class TerminalTest(PageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_notebook("/town/terminal", TERMINAL)
        (cls.view,) = cls.server.views(cls.run_id)

    def assert_cells(self, browser):
        first = self.cell(browser, 1)
        self.assertSays(browser, 1, "red plain bold green yellow under reversed on blue")
        color = lambda node: browser.script("return getComputedStyle(arguments[0]).color", node)  # noqa: E731
        spans = {span.text: span for span in browser.all("pre.nb-text span", first)}
        self.assertEqual(list(spans), ["red", "bold green", "yellow", "under", "reversed", "on blue"])
        self.assertEqual(len({color(spans[text]) for text in ("red", "bold green", "yellow", "under")}), 4)
        for text, span in spans.items():
            self.assertGreater(browser.script(INK, span), 4.4, f"{text} can be read")
        self.assertEqual(spans["bold green"].value_of_css_property("font-weight"), "700")
        self.assertIn("underline", spans["under"].value_of_css_property("text-decoration"))
        lines = [pre.text for pre in browser.all("pre.nb-text", self.cell(browser, 2))]
        self.assertEqual(lines, ["lamps: 100% of the street", "aX link"], "what was written over is gone")
        self.assertEqual(browser.one("pre.nb-stderr", self.cell(browser, 2)).accessible_name, "Standard error")
        self.assertSays(browser, 3, "<img src=x onerror=", "after end")
        self.assertEqual(browser.all("img, a, .nb-outputs [style*=url]", self.cell(browser, 3)), [])
        self.assertSays(browser, 4, "$x^2$", '"lamps": [', "\"street\": \"<script>document.title='taken'</script>\"")
        self.assertNotIn("IPython.core", browser.one(".nb-outputs", self.cell(browser, 4)).text)
        self.assertSays(browser, 5, "ValueError: purple haze")
        self.assertGreater(browser.script(INK, browser.one(".nb-error p span", self.cell(browser, 5))), 4.4)
        self.assertNotEqual(browser.driver.title, "taken")

    def test_an_exported_page_shows_it_as_a_terminal_does(self):
        file = self.directory / "terminal.html"
        file.write_text(self.view["content"])
        for dark in (False, True):
            with Browser(offline=True, dark=dark) as browser:
                browser.open(file.as_uri())
                self.assert_cells(browser)
                browser.whole_page(f"terminal-{'dark' if dark else 'light'}")
                self.assertEqual(browser.faults(), [])
                self.assertEqual(browser.requests(), [])

    def test_the_page_of_the_run_shows_it_as_a_terminal_does(self):
        with Browser() as browser:
            self.log_in(browser, self.run_id)
            browser.wait(lambda: self.cell(browser, 5).text, "the cells")
            self.assert_cells(browser)
            self.assertEqual(browser.faults(), [])

    def test_long_outputs_in_many_colours_are_shown_in_time(self):
        self.server.add("/town/long", "# Databricks notebook source\nprint('\\x1b[31ma\\x1b[0mb' * 200_000)\n"
                        "print(('x' * 60 + '\\r') * 50_000)\n")
        run = self.server.run_now(self.server.job("/town/long"))
        self.server.ended(run)
        (view,) = self.server.views(run)
        file = self.directory / "long.html"
        file.write_text(view["content"])
        with Browser(offline=True) as browser:
            browser.open(file.as_uri())
            text = browser.script("return document.querySelector('.nb-text').textContent")
            self.assertEqual(len(text), 400_000 + 1 + 60 + 1)
            self.assertLess(len(browser.all(".nb-text span")), 20_001)


if __name__ == "__main__":
    unittest.main()
