# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""%md: the page renders it; here it is only an output."""

import re
import textwrap


def run(body, run):
    text = re.sub(r"\A(?:[^\S\n]*\n)+", "", body)
    run.show({"type": "markdown", "data": {"text/markdown": textwrap.dedent(text).strip("\n")}})
