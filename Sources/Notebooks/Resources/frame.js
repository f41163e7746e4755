// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el } from "./elements.js";

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

/** Frames tell their heights, and that they wait. */
export function listenToFrames() {
  addEventListener("message", (event) => {
    const frame = [...document.querySelectorAll("iframe.nb-frame")].find((one) => one.contentWindow === event.source);
    if (!frame) return;
    if (event.data === "frame-waits") frame.contentWindow.postMessage(frame.frameText, "*");
    const height = Number(event.data?.frameHeight);
    if (height > 0) frame.style.height = `${Math.min(height, TALLEST_FRAME)}px`;
  });
}
