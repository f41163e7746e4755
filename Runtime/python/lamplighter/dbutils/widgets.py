# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""dbutils.widgets, and the values behind it."""

from .describe import Describable


class WidgetNotDefined(Exception):
    """There is neither a widget nor a parameter of that name."""


class WidgetValues:
    """The widgets that the notebook has made, and the parameters of the run, which go before a widget's default."""

    def __init__(self, parameters):
        # The innermost last: %run may bring parameters of its own.
        self.parameters = [dict(parameters)]
        self.defaults = {}
        self.removed = set()

    def define(self, name, default):
        self.defaults[name] = default
        self.removed.discard(name)

    def value(self, name):
        """None where there is none."""
        if name not in self.removed:
            for parameters in reversed(self.parameters):
                if name in parameters:
                    return parameters[name]
        return self.defaults.get(name)

    def all(self):
        names = {**self.defaults}
        for parameters in self.parameters:
            names.update(parameters)
        return {name: self.value(name) for name in names if self.value(name) is not None}

    def remove(self, name):
        if self.value(name) is None:
            raise WidgetNotDefined(f"No input widget named {name} is defined")
        self.defaults.pop(name, None)
        self.removed.add(name)

    def remove_all(self):
        for name in self.all():
            self.remove(name)


class Widgets(Describable):
    """Methods to create and get bound value of input widgets inside notebooks. In a run of a job the parameters of the
    run are the values; a widget that no parameter is given for has its default."""

    def __init__(self, values):
        self._values = values

    def text(self, name, defaultValue, label=None):
        """Creates a text input widget with a given name and default value"""
        self._values.define(_text(name, "name"), _text(defaultValue, "defaultValue"))

    def dropdown(self, name, defaultValue, choices, label=None):
        """Creates a dropdown input widget with a given name, default value and choices"""
        self._define_choice(name, defaultValue, choices)

    def combobox(self, name, defaultValue, choices, label=None):
        """Creates a combobox input widget, whose value may be another than the choices"""
        self._values.define(_text(name, "name"), _text(defaultValue, "defaultValue"))

    def multiselect(self, name, defaultValue, choices, label=None):
        """Creates a multiselect input widget; its value is the chosen ones, separated by commas"""
        self._define_choice(name, defaultValue, choices)

    def get(self, name):
        """Retrieves current value of an input widget"""
        value = self._values.value(name)
        if value is None:
            raise WidgetNotDefined(f"No input widget named {name} is defined")
        return value

    def getArgument(self, name, defaultValue=None):
        """(DEPRECATED) Equivalent to get; with a default value where there is no such widget"""
        value = self._values.value(name)
        if value is not None:
            return value
        if defaultValue is None:
            raise WidgetNotDefined(f"No input widget named {name} is defined")
        return _text(defaultValue, "defaultValue")

    def getAll(self):
        """Retrieves a dictionary of all widgets and parameters with their values"""
        return self._values.all()

    def remove(self, name):
        """Removes an input widget from the notebook"""
        self._values.remove(name)

    def removeAll(self):
        """Removes all widgets in the notebook"""
        self._values.remove_all()

    def _define_choice(self, name, default, choices):
        choices = [_text(choice, "choices") for choice in choices]
        if _text(default, "defaultValue") not in choices:
            raise ValueError(f"The default value {default!r} of the widget {name!r} is not among its choices")
        self._values.define(_text(name, "name"), default)


def _text(value, what):
    if not isinstance(value, str):
        raise TypeError(f"{what} of a widget must be a string, not {type(value).__name__}")
    return value
