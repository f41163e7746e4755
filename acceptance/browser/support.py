# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What the tests share: one server for all of them, and what they hold of pages."""

import base64
import json
import pathlib
import re
import tempfile
import unittest
import urllib.parse

from selenium.webdriver.common.keys import Keys
from workspace import Workspace


def model(html):
    """What tools do that read such pages."""
    encoded = re.search(r"__DATABRICKS_NOTEBOOK_MODEL = '([^']+)'", html).group(1)
    return json.loads(urllib.parse.unquote(base64.b64decode(encoded).decode()))


class PageTest(unittest.TestCase):
    """Tests of one file share a server and a directory."""

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory(prefix="lamplighter-browser-")
        cls.addClassCleanup(directory.cleanup)
        cls.directory = pathlib.Path(directory.name)
        cls.gate = cls.directory / "gate"
        cls.server = cls.enterClassContext(Workspace())
        cls.server.fill(cls.gate)

    def log_in(self, browser, run_id):
        """Opens the page of a run."""
        browser.open(self.server.get(f"jobs/runs/get?run_id={run_id}").json["run_page_url"])
        browser.wait(lambda: browser.one("#token"), "the login").send_keys(self.server.token, Keys.ENTER)

    @classmethod
    def run_notebook(cls, path, source):
        """Adds a notebook and runs it to its end; `run_id` is the run."""
        cls.server.add(path, source)
        cls.run_id = cls.server.run_now(cls.server.job(path))
        cls.server.ended(cls.run_id)

    def assertShown(self, element, least=100):
        """It has a box on the page, and is not hidden."""
        rect = element.rect
        self.assertTrue(element.is_displayed(), element.get_attribute("outerHTML")[:500])
        self.assertGreater(rect["width"] * rect["height"], least, rect)

    def cell(self, browser, number):
        return browser.one(f'.nb-cell[data-cell="{number}"]')

    def assertSays(self, browser, number, *texts):
        """A cell shows texts among its outputs, where they can be seen."""
        outputs = browser.one(".nb-outputs", self.cell(browser, number))
        self.assertShown(outputs)
        for text in texts:
            self.assertIn(text, outputs.text)

    def assertPicture(self, picture, box, color, least):
        """A part of a picture has many pixels of a colour."""
        from browser import colors, like
        found = colors(picture, box)
        self.assertGreater(like(found, color), least, sorted(found.items(), key=lambda item: -item[1])[:5])

    def assertStaysInside(self, browser):
        """Nothing makes the page wider than its window."""
        wide, window = browser.script("return [document.documentElement.scrollWidth, innerWidth]")
        self.assertLessEqual(wide, window)
