// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// From values to places on an axis. A scale has `at` (of a value), `place` (of a row's value), `ticks` ({ at, text }),
// and `step`, the space of one place, where places follow each other.

const MAX_TICKS = 6;
const compactNumber = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });

const tickText = (value) => {
  const size = Math.abs(value);
  if (size >= 10_000) return compactNumber.format(value);
  return size !== 0 && size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(6)));
};

/** 1, 2 or 5 times a power of ten, so that there are few ticks. */
function niceStep(span) {
  const rough = span / MAX_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999);
}

export function numberScale(values, from, to, withZero) {
  let low = values.reduce((least, value) => Math.min(least, value), withZero ? 0 : Infinity);
  let high = values.reduce((most, value) => Math.max(most, value), withZero ? 0 : -Infinity);
  if (!Number.isFinite(high - low)) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const step = niceStep(high - low);
  low = Math.floor(low / step) * step;
  high = Math.ceil(high / step) * step;
  const at = (value) => from + ((value - low) / (high - low)) * (to - from);
  const count = Math.round((high - low) / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => low + index * step)
    .map((value) => ({ at: at(value), text: tickText(Math.abs(value) < step / 1e6 ? 0 : value) }));
  return { at, ticks };
}

export function timeScale(times, from, to) {
  const low = Math.min(...times);
  const span = Math.max(...times) - low || 1;
  const at = (value) => from + ((value - low) / span) * (to - from);
  const digits = span > 3 * 86_400_000 ? [0, 10] : [5, 16];
  const count = 5;
  const ticks = Array.from({ length: count }, (_, index) => low + (span * index) / (count - 1)).map((value) => ({
    at: at(value), text: new Date(value).toISOString().slice(...digits).replace("T", " "),
  }));
  return { at, place: (value) => at(Date.parse(value)), ticks };
}

/** A place for each row, in their order; as many names as there is space for. */
export function placeScale(names, from, to) {
  const step = (to - from) / Math.max(1, names.length);
  const place = (_, index) => from + step * (index + 0.5);
  const short = names.map((name) => (name.length > 16 ? `${name.slice(0, 15)}…` : name));
  const widest = short.reduce((most, name) => Math.max(most, name.length), 1) * 7 + 12;
  const every = Math.max(1, Math.ceil(widest / step));
  const ticks = short.map((text, index) => ({ at: place(null, index), text })).filter((_, index) => index % every === 0);
  return { at: place, place, ticks, step };
}
