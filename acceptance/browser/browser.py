# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A headless Chromium, and what it shows: elements with a box on the page, and pixels."""

import io
import json
import os
import pathlib

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

# A machine that does much else takes long for the first cell that uses Spark.
WAIT_SECONDS = 150


class Browser:
    """Use as a context manager. `offline` takes the network away: no name has an address, and nothing answers."""

    def __init__(self, offline=False, dark=False, width=1200, height=900):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        # The sandbox of the processes wants rights that a container may not have; that of pages is not touched.
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                         "--disable-background-networking", "--no-first-run", "--hide-scrollbars",
                         f"--window-size={width},{height}"):
            options.add_argument(argument)
        if offline:
            options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND")
            options.add_argument("--proxy-server=127.0.0.1:9")
            options.add_argument("--proxy-bypass-list=<-loopback>")
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        if dark:
            self.driver.execute_cdp_cmd(
                "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self, url):
        self.driver.get(url)

    def wait(self, condition, message="", seconds=WAIT_SECONDS):
        """The first value of `condition` that is true."""
        return WebDriverWait(self.driver, seconds, 0.1, ignored_exceptions=[Exception]).until(
            lambda _: condition(), message)

    def all(self, selector, inside=None):
        return (inside or self.driver).find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector, inside=None):
        return (inside or self.driver).find_element(By.CSS_SELECTOR, selector)

    def choose(self, select, text):
        """Chooses by keyboard. With arrows: letters typed within a second of those before them continue their word."""
        names = [option.text for option in self.all("option", select)]
        select.send_keys(Keys.HOME, *[Keys.ARROW_DOWN] * names.index(text))
        chosen = self.script("return arguments[0].selectedOptions[0].text", select)
        assert chosen == text, f"{chosen} is chosen, and not {text}"

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def resize(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def keep_downloads(self, directory):
        """From now on files that pages give out land in a directory."""
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {
            "behavior": "allow", "downloadPath": str(directory)})

    def text_in_frame(self, frame):
        """What a frame shows. It has no origin, so nothing but the driver can look into it."""
        self.driver.switch_to.frame(frame)
        try:
            return self.one("body").text
        finally:
            self.driver.switch_to.default_content()

    def whole_page(self, name):
        """A picture of the whole page; also kept as a file where BROWSER_PICTURES names a directory."""
        size = self.script("return [document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        self.resize(size[0], min(size[1], 16000))
        # The frames' painting follows their new size.
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        png = self.driver.get_screenshot_as_png()
        directory = os.environ.get("BROWSER_PICTURES")
        if directory:
            pathlib.Path(directory).mkdir(parents=True, exist_ok=True)
            pathlib.Path(directory, f"{name}.png").write_bytes(png)
        return Image.open(io.BytesIO(png)).convert("RGB")

    def box(self, element):
        """Where an element is in a picture of the whole page: left, top, right, bottom."""
        rect = self.script("const r = arguments[0].getBoundingClientRect();"
                           "return [r.left + scrollX, r.top + scrollY, r.right + scrollX, r.bottom + scrollY]", element)
        return tuple(round(edge) for edge in rect)

    def requests(self):
        """The addresses that pages have asked a network for, since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        urls = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith(("data:", "file:", "blob:", "about:"))]

    def faults(self):
        """What the console complains of."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


def colors(picture, box):
    """How many pixels of each colour there are in a part of a picture."""
    part = picture.crop(box)
    return {color: count for count, color in part.getcolors(part.width * part.height)}


def like(found, wanted, tolerance=12):
    """How many pixels have a colour that is about `wanted`."""
    return sum(count for color, count in found.items()
               if all(abs(one - other) <= tolerance for one, other in zip(color, wanted)))
