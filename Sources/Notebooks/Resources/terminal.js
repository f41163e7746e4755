// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { NO_STYLE, paint, restyled } from "./ansi.js";
import { el, plain } from "./elements.js";

// A text as a terminal shows it: colours, and `\r` and backspace go back, so that what follows is written over what was
// there. Other signs for terminals are left out. TerminalText.swift does the same without colours.

const SEQUENCE = new RegExp([
  "\\x1b\\[([ -?]*)([@-~])", // SGR (colours) and the like
  "\\x1b[\\]PX^_][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)", // titles, links
  "\\x1b[()*+][\\s\\S]", "\\x1b[0-OQ-WYZ\\\\`-~]",
  "[\\r\\n\\b]",
].join("|"), "g");
/** Beyond that, a text in one colour is better than a page that does not move. */
const MAX_SPANS = 20_000;

/** The nodes of a text: text where nothing is styled, else `span`s. */
export function terminalNodes(value) {
  const text = String(value);
  if (!/[\x1b\b]|\r(?!\n)/.test(text)) return [plain(text)];
  const screen = new TerminalScreen();
  let at = 0;
  for (const found of text.matchAll(SEQUENCE)) {
    if (found.index > at) screen.put(text.slice(at, found.index));
    at = found.index + found[0].length;
    screen.take(found);
  }
  screen.put(text.slice(at));
  return screen.end();
}

/** One line is worked on; those above it are done. */
class TerminalScreen {
  nodes = [];
  run = "";
  runStyle = NO_STYLE;
  spans = 0;
  style = NO_STYLE;
  signs = [];
  styles = [];
  column = 0;

  take([sequence, parameters, final]) {
    if (sequence === "\n") this.endLine();
    else if (sequence === "\r") this.column = 0;
    else if (sequence === "\b") this.column = Math.max(0, this.column - 1);
    else if (final === "m") this.style = restyled(this.style, parameters);
    else if (final === "K") this.erase(parameters);
  }

  put(text) {
    for (const sign of text) {
      this.signs[this.column] = sign;
      this.styles[this.column] = this.style;
      this.column += 1;
    }
  }

  erase(what) {
    if (what === "" || what === "0") this.cut(this.column);
    else {
      if (what === "2") this.cut(this.column);
      for (let at = 0; at < Math.min(this.signs.length, this.column + 1); at += 1) {
        this.signs[at] = " ";
        this.styles[at] = NO_STYLE;
      }
    }
  }

  cut(length) {
    this.signs.length = Math.min(this.signs.length, length);
    this.styles.length = this.signs.length;
    while (this.signs.length < length) this.signs.push(" "), this.styles.push(NO_STYLE);
  }

  endLine() {
    this.flushLine();
    this.add("\n", this.runStyle);
    [this.signs, this.styles, this.column] = [[], [], 0];
  }

  flushLine() {
    for (let at = 0; at < this.signs.length; at += 1) this.add(this.signs[at], this.styles[at]);
  }

  add(sign, wanted) {
    const style = this.spans < MAX_SPANS ? wanted : NO_STYLE;
    if (style !== this.runStyle) {
      this.endRun();
      this.runStyle = style;
    }
    this.run += sign;
  }

  endRun() {
    if (this.run === "") return;
    const isStyled = this.runStyle !== NO_STYLE;
    if (isStyled) this.spans += 1;
    this.nodes.push(isStyled ? paint(el("span", {}, plain(this.run)), this.runStyle) : plain(this.run));
    this.run = "";
  }

  end() {
    this.flushLine();
    this.endRun();
    return this.nodes;
  }
}
