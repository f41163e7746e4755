# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Pictures that texts of Jupyter files bring with them."""

import base64
import io
import json
import unittest

from browser import Browser
from PIL import Image
from support import PageTest
from workspace import PLOT_COLOR

HOSTILE = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>top.document.title='taken'</script></svg>"


def png():
    file = io.BytesIO()
    Image.new("RGB", (80, 80), PLOT_COLOR).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def with_attachments():
    cell = {
        "cell_type": "markdown", "metadata": {}, "id": "text", "attachments": {
            "the lamp.png": {"image/png": png()},
            "evil.svg": {"image/svg+xml": base64.b64encode(HOSTILE.encode()).decode()},
            "page.html": {"text/html": "<script>document.title='taken'</script>"},
            "quote.png": {"image/png": "\" onerror=\"document.title='taken'"}},
        "source": "![lamp](attachment:the%20lamp.png) ![evil](attachment:evil.svg) ![page](attachment:page.html)\n"
                  "![quote](attachment:quote.png) ![none](attachment:constructor) ![far](http://127.0.0.1:9/far.png)"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "python"}},
                       "cells": [cell]})


class AttachmentTest(PageTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.add("/town/pictures", with_attachments(), "JUPYTER")
        cls.run_id = cls.server.run_now(cls.server.job("/town/pictures"))
        cls.server.ended(cls.run_id)

    def assert_pictures(self, browser, name):
        cell = self.cell(browser, 1)
        browser.wait(lambda: len(browser.all(".nb-markdown img", cell)) == 2, "two pictures: the others are none")
        lamp = browser.one("img[alt=lamp]", cell)
        browser.wait(lambda: browser.script("return arguments[0].naturalWidth", lamp) == 80, "the picture")
        self.assertPicture(browser.whole_page(name), browser.box(lamp), PLOT_COLOR, 5000)
        self.assertNotEqual(browser.driver.title, "taken")
        self.assertEqual([url for url in browser.requests() if "far" in url], [])
        self.assertEqual(browser.faults(), [])

    def test_the_page_of_the_run(self):
        with Browser() as browser:
            self.log_in(browser, self.run_id)
            browser.wait(lambda: browser.all(".nb-cell"), "the cells")
            self.assert_pictures(browser, "attachments-run")

    def test_exported_pages(self):
        (view,) = self.server.views(self.run_id)
        kept = self.server.get("workspace/export?path=/town/pictures&format=HTML").json["content"]
        for name, html in (("run", view["content"]), ("notebook", base64.b64decode(kept).decode())):
            file = self.directory / f"{name}.html"
            file.write_text(html)
            with Browser(offline=True) as browser:
                browser.open(file.as_uri())
                self.assert_pictures(browser, f"attachments-{name}-page")


if __name__ == "__main__":
    unittest.main()
