# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""IPython's interpreter without its terminal: what it shows goes to the event log."""

import os
import subprocess
import sys

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from .display import of_bundle
from .failures import shorten


class ControlFlow(BaseException):
    """Ends a cell early without being an error."""


class CellCompiler(CachingCompiler):
    """Gives each piece of code the name of its cell, which tracebacks show and by which the failing line is found."""

    label = None

    def get_code_name(self, raw_code, transformed_code, number):
        if self.label is None:
            return super().get_code_name(raw_code, transformed_code, number)
        return f"<{self.label}>"

    def format_code_name(self, name):
        if name.startswith("<Cell ") and name.endswith(">"):
            return "Cell", name[len("<Cell ") : -1]
        return super().format_code_name(name)


class CellDisplayHook(DisplayHook):
    """The value of a cell's last expression."""

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        output = of_bundle(format_dict, md_dict)
        if output is not None:
            self.shell.show({**output, "execution_result": True})

    def finish_displayhook(self):
        pass


class CellDisplayPublisher(DisplayPublisher):
    """display(), update_display() and clear_output() of IPython."""

    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kwargs):
        output = of_bundle(data, metadata)
        if output is None:
            return
        if transient and transient.get("display_id"):
            output["display_id"] = transient["display_id"]
        self.shell.show(output, "update" if update else "output")

    def clear_output(self, wait=False):
        self.shell.clear(wait)


class NotebookShell(InteractiveShell):
    displayhook_class = Type(CellDisplayHook)
    display_pub_class = Type(CellDisplayPublisher)
    compiler_class = Type(CellCompiler)

    # Set by the run: where outputs go.
    show = staticmethod(lambda output, event="output": None)
    clear = staticmethod(lambda wait: None)

    # The fork_server's own cells need no event loop, and one must not be shared with all who are forked from it.
    has_event_loop = False
    # The error of the cell that has run last, also of one that a magic such as %%capture has run.
    uncaught = None

    def should_run_async(self, *args, **kwargs):
        """Every cell runs in an event loop, so that it may start tasks; what a magic runs within it, in the same."""
        if not self.has_event_loop:
            return super().should_run_async(*args, **kwargs)
        import asyncio

        return asyncio._get_running_loop() is None

    def run_cell(self, *args, **kwargs):
        result = super().run_cell(*args, **kwargs)
        self.uncaught = result.error_before_exec or result.error_in_exec or self.uncaught
        return result

    def showtraceback(self, *args, running_compiled_code=False, **kwargs):
        error = sys.exc_info()[1]
        if isinstance(error, ControlFlow):
            return
        shorten(error)
        self.is_asked = not running_compiled_code
        super().showtraceback(*args, running_compiled_code=running_compiled_code, **kwargs)

    def showsyntaxerror(self, *args, **kwargs):
        self.is_asked = False
        super().showsyntaxerror(*args, **kwargs)

    def _showtraceback(self, etype, evalue, stb):
        text = "\n".join(stb) if not isinstance(stb, str) else stb
        if self.is_asked:
            print(text, file=sys.stderr)  # by a cell that goes on
        else:
            self.traceback = text

    is_asked = False
    traceback = ""

    def ask_exit(self):
        """exit() and quit()"""
        raise SystemExit("a notebook ends early by dbutils.notebook.exit(value)")

    def _format_exception_for_storage(self, *args, **kwargs):
        """The stored history is never read; formatting a traceback would cost a tenth of a second."""
        return []

    def system(self, cmd):
        """`!command`: its output is shown in the cell."""
        self.user_ns["_exit_code"] = run_program(["bash", "-c", self.var_expand(cmd, depth=1)])

    def enable_gui(self, gui=None):
        pass  # there is no screen


def run_program(command):
    """Runs a program whose output goes where Python's goes, as it comes; returns its exit status."""
    import codecs

    sys.stdout.flush()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    ) as process:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while data := os.read(process.stdout.fileno(), 1 << 16):
            sys.stdout.write(decoder.decode(data))
        sys.stdout.write(decoder.decode(b"", final=True))
    return process.returncode


def make_shell():
    """One that knows of no profile, history or start-up file of the user who runs the server."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    config.InteractiveShell.banner1 = ""
    config.ProfileDir.location = ""
    shell = NotebookShell.instance(config=config)
    shell.ast_node_interactivity = "last_expr"
    return shell
