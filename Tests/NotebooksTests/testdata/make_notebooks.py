# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Made the .ipynb files beside it, with nbformat 5.11, nbclient 0.11 and ipykernel 7.4: `python make_notebooks.py`."""

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell


def write(name, cells, metadata=None, run=True):
    notebook = new_notebook(cells=cells, metadata=metadata or {})
    if run:
        NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    nbformat.validate(notebook)
    nbformat.write(notebook, f"{name}.ipynb")


write("outputs", [
    new_markdown_cell("# Outputs\n\nof *every* kind"),
    new_code_cell("import sys\nprint('before')\nprint('to stderr', file=sys.stderr)\n21 * 2"),
    new_code_cell("1 / 0"),
    new_code_cell("x = 1  # never shown anything", metadata={"tags": ["quiet"], "our own": {"deep": [1.5, None, True]}}),
    new_code_cell(""),
])
write("display", [
    new_code_cell("from IPython.display import HTML, display\ndisplay(HTML('<b>é</b>'))\n"
                  "display({'text/plain': 'p', 'application/json': {'a': [1, 2.5, 1e-7]}}, raw=True)"),
    new_code_cell("import base64\ndisplay({'image/png': base64.b64encode(b'not really').decode(), 'text/plain': 'i'}, raw=True)"),
])
write("sql-and-markdown", [
    new_markdown_cell("# 三 rows\n", attachments={"a.txt": {"text/plain": "attached"}}),
    new_raw_cell("for another program", metadata={"format": "text/latex"}),
    new_code_cell("%sql\nSELECT explode(sequence(1, 3)) AS n", metadata={
        "application/vnd.databricks.v1+cell": {"title": "Three rows", "showTitle": True, "nuid": "b9f2"}}),
    new_code_cell("print('done')\ndbutils.notebook.exit('3')"),
], metadata={"application/vnd.databricks.v1+notebook": {"language": "python", "notebookName": "rows", "widgets": {}}}, run=False)
