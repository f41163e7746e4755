// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// Colours of terminals ("SGR") on pages that are light or dark: each so that it can be read on both.

/** `ink` and `ground` are [red, green, blue] or null: the page's own. */
export const NO_STYLE = Object.freeze({ ink: null, ground: null, bold: false, italic: false, under: false, reverse: false });

// Black, red, green, yellow, blue, magenta, cyan, white; then the bright ones.
const SIXTEEN = [
  [0, 0, 0], [190, 30, 40], [20, 125, 50], [150, 105, 0], [30, 90, 200], [160, 40, 160], [0, 125, 145], [190, 190, 190],
  [110, 110, 110], [225, 60, 60], [40, 165, 80], [200, 150, 20], [75, 140, 245], [205, 85, 205], [30, 165, 185],
  [255, 255, 255],
];
const SWITCHES = {
  1: ["bold", true], 22: ["bold", false], 3: ["italic", true], 23: ["italic", false], 4: ["under", true],
  21: ["under", true], 24: ["under", false], 7: ["reverse", true], 27: ["reverse", false], 39: ["ink", null],
  49: ["ground", null],
};

/** A colour of the 256: the sixteen, a cube of six steps, greys. */
function indexed(number) {
  if (!(number >= 0 && number <= 255)) return null;
  if (number < 16) return SIXTEEN[number];
  if (number >= 232) return Array(3).fill(8 + (number - 232) * 10);
  const step = (place) => [0, 95, 135, 175, 215, 255][Math.floor((number - 16) / place) % 6];
  return [step(36), step(6), step(1)];
}

/** `5;N` or `2;R;G;B` at the start of a list: the colour, and how many numbers it takes. */
function longColor(numbers) {
  if (numbers[0] === 5) return [indexed(numbers[1]), 2];
  if (numbers[0] !== 2) return [null, 1];
  const parts = numbers.slice(1, 4);
  return [parts.length === 3 && parts.every((part) => part >= 0 && part <= 255) ? parts : null, 4];
}

/** A style after `ESC [ PARAMETERS m`. Equal styles that follow each other need not be the same object. */
export function restyled(style, parameters) {
  // `38:2::R:G:B` is the same as `38;2;R;G;B`.
  const text = parameters.replace(/([34]8):2:\d*:(?=\d+:\d+:\d+)/g, "$1;2;").replaceAll(":", ";");
  if (!/^[\d;]*$/.test(text)) return style;
  const numbers = text.split(";").map(Number);
  let next = style;
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at];
    if (number === 0) next = NO_STYLE;
    else if (SWITCHES[number]) next = { ...next, [SWITCHES[number][0]]: SWITCHES[number][1] };
    else if (number === 38 || number === 48) {
      const [color, taken] = longColor(numbers.slice(at + 1));
      if (color) next = { ...next, [number === 38 ? "ink" : "ground"]: color };
      at += taken;
    } else {
      const base = [[30, "ink", 0], [40, "ground", 0], [90, "ink", 8], [100, "ground", 8]]
        .find(([first]) => number >= first && number < first + 8);
      if (base) next = { ...next, [base[1]]: SIXTEEN[number - base[0] + base[2]] };
    }
  }
  return Object.values(next).some(Boolean) ? next : NO_STYLE;
}

// What text stands on in a cell where that is hardest to read: the tint of an error on a light page, of a warning on a
// dark one (theme.css).
const LIGHT_GROUND = [253, 231, 230];
const DARK_GROUND = [56, 39, 10];
const LEAST_CONTRAST = 4.5;

function luminance(color) {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** The colour, as far towards black or white as it takes to read it on a ground. */
function readable(ink, ground) {
  const target = contrast([0, 0, 0], ground) > contrast([255, 255, 255], ground) ? 0 : 255;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = ink.map((part) => Math.round(part + (target - part) * share));
    if (contrast(mixed, ground) >= LEAST_CONTRAST) return mixed;
  }
  return [target, target, target];
}

const inkText = (color) => `rgb(${color.join(" ")})`;

/** Gives an element a style, by properties: the server's pages allow no styles in attributes. */
export function paint(node, style) {
  const [ink, ground] = style.reverse ? [style.ground, style.ink] : [style.ink, style.ground];
  const names = ["bold", "italic", "under"].filter((name) => style[name]).map((name) => `nb-${name}`);
  if (ground) {
    names.push("nb-ground");
    node.style.setProperty("--nb-ground", inkText(ground));
    const shown = inkText(readable(ink ?? (luminance(ground) > 0.4 ? [0, 0, 0] : [255, 255, 255]), ground));
    node.style.setProperty("--ink-light", shown);
    node.style.setProperty("--ink-dark", shown);
  } else if (style.reverse) names.push("nb-reverse");
  if (ink && !ground && !style.reverse) {
    node.style.setProperty("--ink-light", inkText(readable(ink, LIGHT_GROUND)));
    node.style.setProperty("--ink-dark", inkText(readable(ink, DARK_GROUND)));
  }
  if (ground || (ink && !style.reverse)) names.push("nb-ink");
  if (names.length > 0) node.className = names.join(" ");
  return node;
}
