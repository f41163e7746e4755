// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el, plain } from "./elements.js";
import { frameNode } from "./frame.js";
import { beginsHTML, htmlBlock, htmlRules } from "./markdownhtml.js";

// Markdown as notebooks have it, made into elements.

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)/;
const HEADING = /^ {0,3}(#{1,6})(?:\s+(.*?))?\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])(?:\s+|$)(.*)$/;
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** Pictures of the text that is being read, and where its frames come from. */
let ownPictures = {};
let ownFrameURL = null;

/**
 * The blocks of a text. `pictures` are those that it brings with it, as `data:` URLs by their names; `frameURL`: see
 * `frameNode`.
 */
export function markdownNodes(text, { pictures, frameURL }) {
  ownPictures = pictures ?? {};
  ownFrameURL = frameURL;
  return blockNodes(plain(text).replace(/\t/g, "    ").split("\n"));
}

function blockNodes(lines) {
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    const [node, next] = blockAt(lines, at);
    if (node) nodes.push(node);
    at = next;
  }
  return nodes;
}

/** The block that begins at a line, and the line behind it. */
function blockAt(lines, at) {
  const line = lines[at];
  if (line.trim() === "") return [null, at + 1];
  const fence = FENCE.exec(line);
  if (fence) return fencedBlock(lines, at, fence[1]);
  const head = HEADING.exec(line);
  if (head) return [el(`h${Math.min(6, head[1].length + 1)}`, {}, inlineNodes(head[2] ?? "")), at + 1];
  const html = htmlBlock(lines, at);
  if (html) return [html.html ? frameNode(withPictures(html.html), ownFrameURL) : null, html.end];
  if (RULE.test(line)) return [el("hr"), at + 1];
  if (/^ {0,3}>/.test(line)) return quoteBlock(lines, at);
  if (ITEM.test(line)) return listBlock(lines, at);
  if (line.includes("|") && DIVIDER.test(lines[at + 1] ?? "") && lines[at + 1].includes("-")) return gridBlock(lines, at);
  return paragraphBlock(lines, at);
}

function fencedBlock(lines, at, mark) {
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
  return [el("pre", {}, el("code", {}, lines.slice(at + 1, end).join("\n"))), end + 1];
}

function quoteBlock(lines, at) {
  let end = at;
  while (end < lines.length && /^ {0,3}>/.test(lines[end])) end += 1;
  return [el("blockquote", {}, blockNodes(lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, "")))), end];
}

/** Items of one indentation; what is indented further belongs to the item before it. */
function listBlock(lines, at) {
  const [, indent, mark] = ITEM.exec(lines[at]);
  const isOrdered = /\d/.test(mark);
  const items = [];
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (item && item[1].length <= indent.length + 1 && /\d/.test(item[2]) === isOrdered && !RULE.test(lines[end])) {
      if (item[1].length < indent.length) break;
      items.push([item[3]]);
    } else if (/^ {2,}\S/.test(lines[end])) items.at(-1).push(lines[end].slice(Math.min(indent.length + 2,
      /^ */.exec(lines[end])[0].length)));
    else if (lines[end].trim() === "" && /^ {2,}\S|^ *([-*+]|\d+[.)]) /.test(lines[end + 1] ?? "")) items.at(-1).push("");
    else break;
    end += 1;
  }
  const start = isOrdered && parseInt(mark, 10) !== 1 ? parseInt(mark, 10) : null;
  return [el(isOrdered ? "ol" : "ul", { start }, items.map((item) => el("li", {}, itemNodes(item)))), end];
}

function itemNodes(lines) {
  const nodes = blockNodes(lines);
  // One paragraph needs no space around it.
  return nodes[0]?.tagName === "P" ? [...nodes[0].childNodes, ...nodes.slice(1)] : nodes;
}

function gridBlock(lines, at) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());
  const row = (tag, line) => el("tr", {}, cells(line).map((cell) => el(tag, {}, inlineNodes(cell.replace(/\\\|/g, "|")))));
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const table = el("table", {}, el("thead", {}, row("th", lines[at])),
    el("tbody", {}, lines.slice(at + 2, end).map((line) => row("td", line))));
  return [el("div", { class: "nb-scroll" }, table), end];
}

function paragraphBlock(lines, at) {
  let end = at + 1;
  const ends = (line) => line.trim() === "" || FENCE.test(line) || HEADING.test(line) || RULE.test(line)
    || beginsHTML(line) || /^ {0,3}>/.test(line) || ITEM.test(line);
  while (end < lines.length && !ends(lines[end])) end += 1;
  return [el("p", {}, inlineNodes(lines.slice(at, end).map((line) => line.trimStart()).join("\n"))), end];
}

const INLINE = [
  [/^(`+)(.+?)\1(?!`)/s, (match) => el("code", {}, match[2].trim())],
  [/^!\[([^\]]*)\]\(\s*(\S+?)(?:\s+"[^"]*")?\s*\)/, (match) => pictureNode(match[1], match[2])],
  [/^\[((?:[^[\]]|\[[^\]]*\])*)\]\(\s*(\S+?)(?:\s+"[^"]*")?\s*\)/, (match) => linkNode(match[2], inlineNodes(match[1]))],
  [/^<(https?:[^\s>]+)>/, (match) => linkNode(match[1], match[1])],
  [/^\*\*\*(?=[^\s*])(.+?)(?<=[^\s*])\*\*\*(?!\*)/s, (match) => el("em", {}, el("strong", {}, inlineNodes(match[1])))],
  [/^(\*\*|__)(?=\S)(.+?)(?<=\S)\1/s, (match) => el("strong", {}, inlineNodes(match[2]))],
  [/^\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!\*)/s, (match) => el("em", {}, inlineNodes(match[1]))],
  [/^_(?=[^\s_])(.+?)(?<=[^\s_])_(?!\w)/s, (match) => el("em", {}, inlineNodes(match[1]))],
  [/^~~(.+?)~~/s, (match) => el("s", {}, inlineNodes(match[1]))],
  [/^(?: {2,}|\\)\n/, () => el("br")],
  ...htmlRules((text) => inlineNodes(text), (address, content) => linkNode(address, content),
    (name, address) => pictureNode(name, address)),
];

const MAX_SPAN = 10_000;

function inlineNodes(text) {
  const nodes = [];
  let word = "";
  let at = 0;
  while (at < text.length) {
    const escape = /^\\([!-/:-@[-`{-~])/.exec(text.slice(at, at + 2));
    const found = escape ? null : specialAt(text, at);
    if (found) {
      nodes.push(word, found.node);
      word = "";
      at += found.length;
    } else {
      word += escape ? escape[1] : text[at];
      at += escape ? 2 : 1;
    }
  }
  return [...nodes, word].filter((node) => node !== "");
}

function specialAt(text, at) {
  if (!"`![<*_~& \\".includes(text[at])) return null;
  // Within a word an underscore is a letter.
  if (text[at] === "_" && /\w/.test(text[at - 1] ?? "")) return null;
  // Only pictures and links are long: for all others, looking for an end that is not there would take too long.
  const rest = /^(?:!?\[|<img\s)/i.test(text.slice(at, at + 5)) ? text.slice(at) : text.slice(at, at + MAX_SPAN);
  for (const [pattern, make] of INLINE) {
    const match = pattern.exec(rest);
    if (match) return { node: make(match), length: match[0].length };
  }
  return null;
}

function linkNode(address, content) {
  if (!/^(https?:|mailto:)/i.test(address)) return el("span", {}, content);
  return el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, content);
}

/** Pictures that the text brings with it; others would be fetched from elsewhere. */
function pictureNode(name, address) {
  const source = address.startsWith("attachment:") ? ownPicture(address.slice("attachment:".length)) : address;
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(source)) return el("img", { src: source, alt: name });
  return linkNode(address, name || address);
}

const withPictures = (html) => html.replace(/(["'])attachment:([^"']+)\1/g,
  (all, quote, name) => (ownPicture(name) ? `${quote}${ownPicture(name)}${quote}` : all));

function ownPicture(name) {
  let decoded = name;
  try { decoded = decodeURIComponent(name); } catch { /* Then it is meant as it stands. */ }
  const found = [name, decoded].find((one) => Object.hasOwn(ownPictures, one));
  return found === undefined ? "" : String(ownPictures[found]);
}
