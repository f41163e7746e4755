// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// These modules show a notebook, in the pages of the server and in exported pages, where they stand one after the other
// in one script (NotebookViewer.swift). So an import is one line, and no two modules have a name in common.
//
// What notebooks have made is hostile input: it becomes text nodes, or stands in a frame without rights.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/** An element. Attributes `on…` are listeners; children that are null or false are left out. */
export function el(tag, attributes = {}, ...children) {
  return assembled(document.createElement(tag), attributes, children);
}

/** An element of SVG. */
export function svg(tag, attributes = {}, ...children) {
  return assembled(document.createElementNS(SVG_NAMESPACE, tag), attributes, children);
}

function assembled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/**
 * Text with its invisible characters made visible, so that it cannot look like another: control characters as their
 * pictures, overrides of the direction of writing by their numbers. Colours of terminals are left out.
 */
export function plain(text) {
  return String(text)
    .replace(/\x1b\[[0-9;]*[A-Za-z]/g, "")
    .replace(/\r\n/g, "\n")
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0)))
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase()}]`);
}

/** JSON in which whole numbers that JavaScript cannot hold stay as they are written, as texts. */
export function parseExact(text) {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_, value, context) =>
    (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source
      ? context.source : value));
}
