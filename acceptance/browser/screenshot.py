# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Takes the screenshots of the documents: a server with a fresh data directory, real jobs and runs, headless Chromium.

    screenshot.py DIRECTORY    writes run-page.png and runs-page.png into it
"""

import base64
import io
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from browser import Browser  # noqa: E402
from lamplighter import ROOT, Server  # noqa: E402
from PIL import Image  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

EXAMPLES = ROOT / "examples"
WIDTH = 1040
# A cold Spark on a busy machine.
RUN_SECONDS = 300
# Every clone downloads every version of a picture.
MAX_BYTES = 300_000

# Of the list of runs, newest first.
STATES = ["Succeeded", "Running", "Failed", "Failed", "Succeeded"]

FAILING = """import json

customers = json.loads('[{"name": "Ann", "city": "Berne"}, {"name": "Bob"}]')
for customer in customers:
    print(customer["name"], "lives in", customer["city"])
"""


class Examples(Server):
    """A server with jobs and runs."""

    active = None

    def ask(self, path, body):
        answer = self.post(path, body)
        assert answer.status == 200, answer
        return answer.json

    def job(self, name, **settings):
        settings.setdefault("existing_cluster_id", "default")
        return self.ask("jobs/create", {"name": name, **settings})["job_id"]

    def run(self, job, result="SUCCESS"):
        """Runs a job to its end; the id of the run."""
        run = self.ask("jobs/run-now", {"job_id": job})["run_id"]
        state = self.ended(run, timeout=RUN_SECONDS)["state"]
        assert state.get("result_state") == result, state
        return run

    def fill(self):
        """Makes four jobs and runs in different states; returns the run of the notebook."""
        for name in ("word_count.py", "the-lamplighter.txt"):
            self.upload(f"/demo/{name}", (EXAMPLES / "demo" / name).read_bytes())
        self.upload("/demo/import_customers.py", FAILING)
        self.ask("workspace/import", {
            "path": "/Shared/orders", "format": "SOURCE", "language": "PYTHON",
            "content": base64.b64encode((EXAMPLES / "notebooks/orders.py").read_bytes()).decode()})
        words = self.job("Count words", spark_python_task={
            "python_file": "dbfs:/demo/word_count.py", "parameters": ["dbfs:/demo/the-lamplighter.txt", "8"]})
        customers = self.job("Import customers", max_retries=1, spark_python_task={
            "python_file": "dbfs:/demo/import_customers.py"})
        archive = self.job("Archive logs", shell_command_task={"command": ["sleep", "600"]})
        orders = self.job(
            "Orders of the week", notebook_task={"notebook_path": "/Shared/orders"},
            schedule={"quartz_cron_expression": "0 30 6 ? * MON", "timezone_id": "Europe/Berlin"})
        self.run(words)
        self.run(customers, "FAILED")
        self.active = self.ask("jobs/run-now", {"job_id": archive})["run_id"]
        return self.run(orders)

    def stop(self):
        """Cancels the run that is active: its task would outlive the server."""
        if self.process and self.active:
            self.post("jobs/runs/cancel", {"run_id": self.active})
            self.ended(self.active)
        super().stop()


def save(browser, file, bottom):
    """Writes the page, down to the lower edge of an element, as a PNG with a palette."""
    browser.script("document.activeElement.blur(); scrollTo(0, 0)")
    picture = browser.whole_page(file.stem)
    picture = picture.crop((0, 0, WIDTH, browser.box(bottom)[3] + 8))
    png = io.BytesIO()
    picture.quantize(128, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    assert len(png.getvalue()) <= MAX_BYTES, f"{file.name} would have {len(png.getvalue())} bytes"
    file.write_bytes(png.getvalue())
    print(f"{file}: {picture.width} x {picture.height}, {len(png.getvalue())} bytes")


def take(directory):
    with Examples() as server, Browser(width=WIDTH, height=900) as browser:
        run = server.fill()
        browser.open(server.get(f"jobs/runs/get?run_id={run}").json["run_page_url"])
        browser.wait(lambda: browser.one("#token"), "the login").send_keys(server.token, Keys.ENTER)

        browser.wait(lambda: len(browser.all('.nb-cell[data-state="finished"]')) == 4, "the cells")
        chart = browser.one('.nb-cell[data-cell="2"]')
        browser.choose(browser.one("select", chart), "Bars")
        for box in browser.all("input[type=checkbox]", chart):
            if not box.is_selected():
                box.click()
        browser.wait(lambda: browser.one("svg.nb-chart rect", chart), "the chart")
        save(browser, directory / "run-page.png", chart)

        browser.script("location.hash = '#runs'")
        browser.wait(lambda: [badge.text.split()[-1] for badge in browser.all("tbody .badge")] == STATES, "the runs")
        save(browser, directory / "runs-page.png", browser.one(".card"))
        assert browser.faults() == [], browser.faults()


if __name__ == "__main__":
    take(pathlib.Path(sys.argv[1]))
