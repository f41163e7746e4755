// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el, plain } from "./elements.js";

// HTML that a notebook has made, in a frame with an origin of its own: its scripts see neither the page nor its token.

const TALLEST_FRAME = 720;
const FRAME_STYLE = "html{color-scheme:light}body{margin:0;padding:10px 14px;background:#fff;color:#1b1f24;"
  + "font:14px/1.5 system-ui,sans-serif}table{border-collapse:collapse}"
  + "td,th{padding:3px 8px;border-bottom:1px solid #d9dde2;text-align:right}";
// In pieces, because this text stands in a script itself.
const FRAME_SCRIPT = "<scr" + `ipt>(() => {
  const tell = () => parent.postMessage({ frameHeight: Math.ceil(Math.max(
    document.body.scrollHeight, document.body.getBoundingClientRect().bottom)) }, "*");
  new ResizeObserver(tell).observe(document.body);
  addEventListener("load", tell);
  tell();
  addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || !/^(https?:|mailto:|[/][/])/i.test(link.getAttribute("href"))) return;
    event.preventDefault();
    parent.postMessage({ frameLink: link.href }, "*");
  });
})();</scr` + "ipt>";

const frameDocument = (html) => `<!DOCTYPE html><meta charset="utf-8"><style>${FRAME_STYLE}</style><body>${html}${FRAME_SCRIPT}`;

/**
 * A frame as high as what it shows. A page whose policy allows no scripts but its own, a policy that its frames would
 * inherit, names in `frameURL` a page that waits for the document.
 */
export function frameNode(html, frameURL) {
  const frame = el("iframe", { class: "nb-frame", sandbox: "allow-scripts", title: "HTML made by the notebook" });
  frame.frameText = frameDocument(html);
  if (frameURL) frame.src = frameURL;
  else frame.srcdoc = frame.frameText;
  return frame;
}

/**
 * Below a frame: where a link in it leads. The frame itself may open nothing, so its scripts cannot either; what the user
 * opens has an address that can be seen, and no way back.
 */
function showLink(frame, address) {
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return;
  const link = el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, plain(address));
  const line = el("p", { class: "nb-frame-link", role: "status" }, "The link leads to ", link);
  if (frame.nextElementSibling?.matches(".nb-frame-link")) frame.nextElementSibling.replaceWith(line);
  else frame.after(line);
}

/** Frames tell their heights, that they wait, and that a link in them was chosen. */
export function listenToFrames() {
  addEventListener("message", (event) => {
    const frame = [...document.querySelectorAll("iframe.nb-frame")].find((one) => one.contentWindow === event.source);
    if (!frame) return;
    if (event.data === "frame-waits") frame.contentWindow.postMessage(frame.frameText, "*");
    if (typeof event.data?.frameLink === "string") showLink(frame, event.data.frameLink);
    const height = Number(event.data?.frameHeight);
    if (height > 0) frame.style.height = `${Math.min(height, TALLEST_FRAME)}px`;
  });
}
