# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""`display` and `displayHTML`, and what becomes of the values that IPython shows."""

import sys

from . import tables


class Display:
    """Callable as `display(*things)`."""

    def __init__(self, log, streams):
        self.log = log
        self.streams = streams

    def __call__(self, *things, **options):
        for thing in things:
            output = self.as_table(thing)
            if output is not None:
                self.table(output)
            else:
                self.as_figure_or_any(thing, options)

    def html(self, text):
        """displayHTML(text)"""
        self.show({"type": "html", "data": {"text/html": str(text)}})

    def show(self, output, event="output"):
        self.streams.finish()
        self.log.output(output, event)

    def table(self, output):
        """Its text cuts long values: what it must not show has to be found before."""
        table = self.log.redactor.table(output["data"][tables.MIME])
        self.show({**output, "data": {tables.MIME: table, "text/plain": tables.as_text(table)}})

    def as_table(self, thing):
        pandas = sys.modules.get("pandas")
        if is_spark_frame(thing):
            if thing.isStreaming:
                raise ValueError(
                    "display() of a streaming DataFrame never ends, so a job cannot do it: write the stream somewhere"
                )
            return tables.of_spark(thing)
        if pandas is not None and isinstance(thing, (pandas.DataFrame, pandas.Series)):
            return tables.of_pandas(thing)
        module = type(thing).__module__ or ""
        if module.startswith("pyspark.pandas") and hasattr(thing, "to_spark"):
            return tables.of_spark(thing.to_spark())
        if isinstance(thing, list) and thing:
            return tables.of_records(thing)
        return None

    def as_figure_or_any(self, thing, options):
        from IPython.display import display

        pyplot = sys.modules.get("matplotlib.pyplot")
        # A plot's axes, or an array of them, stand for their figure.
        figure = getattr(thing, "figure", None)
        if pyplot is not None and figure is not None and isinstance(figure, sys.modules["matplotlib.figure"].Figure):
            thing = figure
        display(thing, **options)
        if pyplot is not None and isinstance(thing, sys.modules["matplotlib.figure"].Figure):
            # Once is enough: figures that are open at the end of a cell are shown too.
            pyplot.close(thing)


def is_spark_frame(thing):
    for module in ("pyspark.sql.dataframe", "pyspark.sql.classic.dataframe", "pyspark.sql.connect.dataframe"):
        cls = getattr(sys.modules.get(module), "DataFrame", None)
        if cls is not None and isinstance(thing, cls):
            return True
    return False


def of_bundle(data, metadata=None):
    """The output that a MIME bundle of IPython is; None for an empty one. Bytes of images are in base64 already."""
    import base64

    data = {
        mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value for mime, value in data.items()
    }
    if not data:
        return None
    if any(mime.startswith("image/") for mime in data):
        kind = "image"
    elif "text/html" in data:
        kind = "html"
    elif "text/markdown" in data:
        kind = "markdown"
    else:
        kind = "text"
    output = {"type": kind, "data": {mime: tables_value(value) for mime, value in data.items()}}
    if metadata:
        output["metadata"] = tables_value(metadata)
    return output


def tables_value(value):
    return value if isinstance(value, str) else tables.plain(value)
