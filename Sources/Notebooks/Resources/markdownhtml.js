// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el, plain } from "./elements.js";

// HTML within Markdown. A block of it stands in a frame without rights, as all HTML of notebooks; within a line a few tags
// that cannot do anything become elements, and all others stay text.

const QUIET_TAGS = "b|i|em|strong|u|s|del|ins|sub|sup|code|kbd|mark|small";
const BLOCK_TAG = new RegExp("^ {0,3}<(?:!--|/?(?:address|article|aside|blockquote|center|details|dialog|div|dl|fieldset"
  + "|figure|footer|form|h[1-6]|header|hr|iframe|main|nav|ol|p|pre|script|section|style|svg|table|ul|video)(?=[\\s/>]|$))", "i");
const LONE_TAG = new RegExp(`^ {0,3}<(?!/?(?:br|img|a|span|font|${QUIET_TAGS})\\b)/?[a-z][a-z0-9-]*(?:\\s[^<>]*)?>\\s*$`, "i");
const SHOWS_WITHOUT_TEXT = /<(?:img|svg|hr|canvas|video|audio|input|iframe)\b/i;
/** How far a block may reach over empty lines. */
const MAX_BLOCK = 2000;

/** Whether a block of HTML begins with a line, in the midst of a paragraph too. */
export const beginsHTML = (line) => BLOCK_TAG.test(line);

/** The block of HTML that begins at a line: `{ html, end }`; null: none does. */
export function htmlBlock(lines, at) {
  if (!BLOCK_TAG.test(lines[at]) && !LONE_TAG.test(lines[at])) return null;
  const isComment = lines[at].trimStart().startsWith("<!--");
  let end = isComment ? commentEnd(lines, at) : lastLine(lines, at);
  while (!isComment && end < lines.length && lines[end].trim() !== "") end += 1;
  const html = lines.slice(at, end).join("\n").replace(/<!--[\s\S]*?(?:-->|$)/g, "");
  const text = html.replace(/<[^>]*>/g, "").trim();
  return { html: text !== "" || SHOWS_WITHOUT_TEXT.test(html) ? html : "", end };
}

function commentEnd(lines, at) {
  let end = at;
  while (end < lines.length && !lines[end].includes("-->")) end += 1;
  return Math.min(end + 1, lines.length);
}

/** A line before which the block cannot end: an element reaches to its own end, over empty lines too. */
function lastLine(lines, at) {
  const limit = Math.min(lines.length, at + MAX_BLOCK);
  const name = /^\s*<([a-z][a-z0-9-]*)/i.exec(lines[at])?.[1];
  if (!name) return at;
  const tag = new RegExp(`<(/?)${name}(?=[\\s/>])[^<>]*?(/?)>`, "gi");
  let depth = 0;
  for (let end = at; end < limit; end += 1) {
    for (const [, closes, isVoid] of lines[end].matchAll(tag)) depth += closes ? -1 : isVoid ? 0 : 1;
    if (depth <= 0) return end;
  }
  return at;
}

/** Rules for HTML within a line: patterns, and what makes a node of a match. */
export function htmlRules(inlineNodes, linkNode, pictureNode) {
  const attribute = (text, name) =>
    decoded(new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(text)?.slice(1).find(Boolean) ?? "");
  return [
    [/^<br\s*\/?>/i, () => el("br")],
    [/^<!--.*?-->/s, () => ""],
    [new RegExp(`^<(${QUIET_TAGS})>(.*?)</\\1>`, "is"), (match) => el(match[1].toLowerCase(), {}, inlineNodes(match[2]))],
    [/^<(?:span|font)(?:\s[^<>]*)?>(.*?)<\/(?:span|font)>/is, (match) => el("span", {}, inlineNodes(match[1]))],
    [/^<a(\s[^<>]*)>(.*?)<\/a>/is, (match) => linkNode(attribute(match[1], "href"), inlineNodes(match[2]))],
    [/^<img(\s[^<>]*)>/i, (match) => pictureNode(attribute(match[1], "alt"), attribute(match[1], "src"))],
    [/^&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/i, (match) => plain(decoded(match[0]))],
  ];
}

/** A text with its character references resolved: in a text area nothing is markup. */
function decoded(text) {
  const area = document.createElement("textarea");
  area.innerHTML = text.replaceAll("<", "&lt;");
  return area.value;
}
