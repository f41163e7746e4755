# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Exported pages, opened from a file, without a network."""

import base64
import unittest

from browser import Browser
from selenium.webdriver.common.keys import Keys
from support import PageTest, model
from workspace import PLOT_COLOR, SECRET

SERIES_COLOR = (47, 111, 214)


class ExportTest(PageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate.touch()
        cls.report = cls.server.run_now(cls.server.job("/town/report"), name="john doe", age="35")
        cls.evening = cls.server.run_now(cls.server.job("/town/evening"))
        cls.state = cls.server.ended(cls.report)["state"]
        cls.server.ended(cls.evening)

    def opened(self, html, **options):
        browser = self.enterContext(Browser(offline=True, **options))
        file = self.directory / f"{self.id()}.html"
        file.write_text(html)
        browser.open(file.as_uri())
        return browser

    def html(self):
        (view,) = self.server.views(self.report)
        self.assertEqual((view["name"], view["type"]), ("report", "NOTEBOOK"))
        return view["content"]

    def test_a_page_shows_everything_without_a_network(self):
        self.assertEqual(self.state["result_state"], "SUCCESS")
        browser = self.opened(self.html())
        self.assertEqual(len(browser.all(".nb-cell")), 12)
        for cell in browser.all(".nb-cell"):
            self.assertShown(cell)
        self.assertShown(browser.one(".nb-markdown ol ul li", self.cell(browser, 1)))
        self.assertShown(browser.one(".nb-markdown table td", self.cell(browser, 1)))
        self.assertIn("%run ./setup", self.cell(browser, 2).text)
        self.assertIn("Parameters", browser.one("h3", self.cell(browser, 3)).text)
        self.assertSays(browser, 3, "Good evening, john doe, 35 years")
        self.assertSays(browser, 5, "Street 00", "-18.5", "9007199254740993", "of 60")
        self.assertSays(browser, 6, "lamps", "streets", "of 23")
        self.assertSays(browser, 7, "from a shell: 42", "to standard error")
        self.assertEqual(browser.text_in_frame(browser.one("iframe", self.cell(browser, 8))),
                         "HTML of its own\nscript ran, sees nothing")
        self.assertSays(browser, 9, "the key is [REDACTED]")
        self.assertSays(browser, 10, "of /town/child")
        self.assertSays(browser, 11, "<script>document.title = 'taken'</script> 'lamp'")
        self.assertSays(browser, 12, "Notebook exited: lit for john doe, n was 3")
        self.assertEqual(browser.driver.title, "report")
        self.assertNotIn(SECRET, self.html())
        self.assertEqual(browser.faults(), [])
        self.assertEqual(browser.requests(), [], "a page needs nothing but itself")

    def test_the_page_is_painted(self):
        browser = self.opened(self.html())
        picture = browser.whole_page("export")
        self.assertPicture(picture, browser.box(browser.one(".nb-image img")), PLOT_COLOR, 5000)
        # The sentence of the frame is in its own colour.
        self.assertPicture(picture, browser.box(browser.one("iframe")), (200, 0, 100), 20)
        for cell in browser.all(".nb-cell"):
            found = picture.crop(browser.box(cell)).getcolors(1 << 24)
            self.assertGreater(len(found), 10, f"{cell.text[:60]}: a box in one colour has no letters")

    def test_a_dark_page_is_dark_and_its_pictures_are_as_they_were(self):
        browser = self.opened(self.html(), dark=True)
        picture = browser.whole_page("export-dark")
        self.assertLess(max(picture.getpixel((3, 3))), 60)
        self.assertPicture(picture, browser.box(browser.one(".nb-image img")), PLOT_COLOR, 5000)
        self.assertPicture(picture, browser.box(browser.one(".nb-image img")), (255, 255, 255), 5000)

    def test_wide_tables_scroll_in_their_own_room(self):
        browser = self.opened(self.html())
        for width in (1200, 380):
            browser.resize(width, 800)
            self.assertStaysInside(browser)
            wide, space = browser.script("const t = document.querySelectorAll('.nb-table .nb-scroll')[0];"
                                        "return [t.scrollWidth, t.clientWidth]")
            self.assertGreater(wide, space)
        browser.whole_page("export-narrow")

    def test_pages_of_a_table_by_keyboard(self):
        browser = self.opened(self.html())
        cell = self.cell(browser, 5)
        first = lambda: browser.one("tbody td", cell).text  # noqa: E731
        forth = browser.one("[aria-label='Rows after these']", cell)
        forth.send_keys(Keys.ENTER)
        self.assertEqual(first(), "Street 10")
        self.assertEqual(browser.driver.switch_to.active_element, forth, "the focus stays")
        browser.one("[aria-label='Last rows']", cell).send_keys(Keys.SPACE)
        self.assertEqual(first(), "Street 50")
        forth.send_keys(Keys.ENTER)
        self.assertEqual(first(), "Street 50", "there is nothing behind the last page")
        browser.choose(browser.one(".nb-pages select", cell), "25")
        self.assertIn("51–60 of 60", browser.one("[role=status]", cell).text)
        browser.one("[aria-label='First rows']", cell).send_keys(Keys.ENTER)
        self.assertEqual(len(browser.all("tbody tr", cell)), 25)

    def test_charts_by_keyboard(self):
        browser = self.opened(self.html())
        cell = self.cell(browser, 5)
        kind = browser.one(".nb-table-tools select", cell)
        browser.choose(kind, "Bars")
        self.assertEqual(len(browser.all("svg rect", cell)), 60)
        self.assertEqual(browser.all("table", cell), [])
        self.assertIn("lamps by street", browser.one("svg", cell).get_attribute("aria-label"))
        browser.script("arguments[0].scrollIntoView()", cell)
        picture = browser.whole_page("chart-bars")
        self.assertPicture(picture, browser.box(browser.one("svg", cell)), SERIES_COLOR, 5000)
        browser.choose(kind, "Scatter")
        self.assertEqual(len(browser.all("svg circle", cell)), 60)
        browser.choose(browser.one(".nb-chart-settings select", cell), "slope")
        lamps, slope = browser.all(".nb-chart-settings input", cell)[:2]
        slope.send_keys(Keys.SPACE)
        self.assertEqual(len(browser.all("svg circle", cell)), 120)
        browser.choose(kind, "Line")
        self.assertEqual(len(browser.all("svg path.nb-line", cell)), 2)
        browser.whole_page("chart-line")
        for input_ in (lamps, slope):
            input_.send_keys(Keys.SPACE)
        self.assertIn("Choose a column", browser.one("svg", cell).text)
        browser.choose(kind, "Table")
        self.assertShown(browser.one("table", cell))
        self.assertEqual(browser.faults(), [])

    def test_a_reader_of_the_model_finds_every_command_with_its_result(self):
        read = model(self.html())
        cells = self.server.cells(self.report)
        self.assertEqual((read["version"], read["language"], read["name"]), ("NotebookV1", "python", "report"))
        self.assertEqual([command["command"] for command in read["commands"]], [cell["source"] for cell in cells])
        self.assertEqual([command["state"] for command in read["commands"]], ["finished"] * 12)
        results = [command["results"] for command in read["commands"]]
        self.assertEqual([result and result["type"] for result in results], [
            "mimeBundle", None, "ansi", "mimeBundle", "table", "table", "ansi", "html", "ansi", "ansi", "ansi", "ansi"])
        self.assertEqual(results[2]["data"], "Good evening, john doe, 35 years\n")
        self.assertTrue(base64.b64decode(results[3]["data"]["image/png"]).startswith(b"\x89PNG"))
        self.assertEqual([column["name"] for column in results[4]["schema"]][:3], ["street", "lamps", "slope"])
        self.assertEqual(len(results[4]["data"]), 60)
        self.assertEqual(results[4]["data"][59][:2], ["Street 59", 22])
        self.assertEqual(results[11]["data"], "Notebook exited: lit for john doe, n was 3\n")

    def test_dashboards(self):
        self.assertEqual(self.server.views(self.report, "DASHBOARDS"), [])
        self.assertEqual([view["type"] for view in self.server.views(self.report, "ALL")], ["NOTEBOOK"])
        both = self.server.views(self.evening, "ALL")
        self.assertEqual([(view["name"], view["type"]) for view in both],
                         [("evening", "NOTEBOOK"), ("The evening", "DASHBOARD")])
        (view,) = self.server.views(self.evening, "DASHBOARDS")
        self.assertEqual([command["command"].split("(")[0].split()[0] for command in model(view["content"])["commands"]],
                         ["import", "display"])
        browser = self.opened(view["content"])
        plot, table = browser.all(".nb-cell")
        self.assertShown(plot)
        self.assertShown(table)
        # Side by side, as the notebook places them, without code.
        self.assertLess(plot.rect["x"] + plot.rect["width"], table.rect["x"])
        self.assertEqual(plot.rect["y"], table.rect["y"])
        self.assertIn("Mill Lane", table.text)
        self.assertNotIn("matplotlib", browser.one("main").text)
        self.assertNotIn("not on the dashboard", browser.one("main").text)
        picture = browser.whole_page("dashboard")
        self.assertPicture(picture, browser.box(browser.one("img", plot)), PLOT_COLOR, 5000)
        self.assertEqual(browser.faults(), [])


if __name__ == "__main__":
    unittest.main()
