# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Links in HTML of notebooks: the frame can open nothing, and the page shows where a link leads."""

import unittest

from browser import Browser
from support import PageTest

LINKS = """# Databricks notebook source
displayHTML("<a id=far href='//127.0.0.1:9/far?x=<b>'>far</a> <a id=evil href='javascript:parent.document.title=1'>evil</a>"
            "<a id=near href='#far'>near</a><script>open('http://127.0.0.1:9/spy');"
            "parent.postMessage({frameLink: 'javascript:document.title=`taken`'}, '*')</script>")
"""


class FrameTest(PageTest):
    def test_a_link_is_shown_and_opened_by_the_user_alone(self):
        self.server.add("/town/links", LINKS)
        run = self.server.run_now(self.server.job("/town/links"))
        self.server.ended(run)
        with Browser() as browser:
            self.log_in(browser, run)
            frame = browser.wait(lambda: browser.one("iframe"), "the frame")
            browser.wait(lambda: "far" in browser.text_in_frame(frame), "its HTML")
            self.click_inside(browser, frame, "#evil")
            self.click_inside(browser, frame, "#near")
            self.click_inside(browser, frame, "#far")
            link = browser.wait(lambda: browser.one(".nb-frame-link a"), "where it leads")
            self.assertEqual(link.text, "http://127.0.0.1:9/far?x=%3Cb%3E")
            self.assertEqual(link.get_attribute("rel"), "noopener noreferrer")
            self.assertEqual(len(browser.driver.window_handles), 1, "nothing has been opened")
            self.assertNotEqual(browser.driver.title, "taken")
            link.click()
            browser.wait(lambda: len(browser.driver.window_handles) == 2, "the link's own window")
            self.assertEqual([url for url in browser.requests() if "spy" in url], [])

    def click_inside(self, browser, frame, selector):
        browser.driver.switch_to.frame(frame)
        browser.one(selector).click()
        browser.driver.switch_to.default_content()


if __name__ == "__main__":
    unittest.main()
