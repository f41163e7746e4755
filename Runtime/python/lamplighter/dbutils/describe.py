# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""help() of dbutils: the first lines of the documentation of each utility and method."""

import inspect


class Describable:
    _parts = ()

    def help(self, method_name=None):
        """Lists the methods; with a name, describes that one."""
        if method_name:
            method = getattr(self, method_name, None)
            if method is None or method_name.startswith("_"):
                raise ValueError(f"{method_name!r} is not a method of this utility")
            print(f"{method_name}{_signature(method)}\n\n{inspect.getdoc(method) or ''}")
            return
        print(inspect.getdoc(self) or "")
        print()
        for name in self._parts or _methods(self):
            part = getattr(self, name)
            summary = (inspect.getdoc(part) or "").split("\n\n")[0].replace("\n", " ")
            print(f"{name}{'' if self._parts else _signature(part)} -> {summary}")


def _methods(thing):
    names = [name for name in dir(type(thing)) if not name.startswith("_") and name != "help"]
    return [name for name in names if callable(getattr(thing, name))]


def _signature(method):
    try:
        return str(inspect.signature(method))
    except (TypeError, ValueError):
        return "(...)"
