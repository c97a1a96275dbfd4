// Contrast of the tokens, in both themes: 4.5:1 for text on its ground, 3:1 for the edges and lines one must see.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");

// The steps of worse, same and better in charts, from few to many.
const tones = ["better", "same", "worse"].flatMap((way) => [1, 2, 3, 4].map((step) => `${way}-${step}`));

const text = [
  ["base-content", ["base-100", "base-200", "hover", "selected", "positive-soft", "middle-soft", "negative-soft", "warning-soft", "secondary", ...tones]],
  ["muted", ["base-100", "base-200", "hover", "middle-soft"]],
  ["primary", ["base-100", "base-200"]],
  ["positive", ["base-100", "base-200", "positive-soft"]],
  ["middle", ["base-100", "base-200", "middle-soft"]],
  ["negative", ["base-100", "base-200", "negative-soft"]],
  ["info", ["base-100"]],
  ["success", ["base-100"]],
  ["error", ["base-100"]],
  ["selected-text", ["selected"]],
  ...["primary", "secondary", "accent", "neutral", "info", "success", "warning", "error"].map((name) => [`${name}-content`, [name]]),
];
const edges = [
  ["field-line", ["base-100", "base-200"]],
  ["primary", ["base-100", "base-200", "hover", "selected"]], // the ring of what has the focus
  ["series-first", ["base-100", "series-band"]],
  ["series-counted", ["base-100", "series-band"]],
  ["series-previous", ["base-100", "series-band"]],
];

for (const theme of ["light", "dark"]) {
  const colours = tokensOf(theme);
  for (const [pairs, least] of [[text, 4.5], [edges, 3]]) {
    for (const [front, grounds] of pairs) {
      for (const ground of grounds) {
        test(`${theme}: ${front} on ${ground} has ${least}:1`, () => {
          const found = contrast(colours[front], colours[ground]);
          assert.ok(found >= least, `${front} ${colours[front]} on ${ground} ${colours[ground]} has only ${found.toFixed(2)}:1`);
        });
      }
    }
  }
}

test("both themes have the same tokens", () => {
  assert.deepEqual(Object.keys(tokensOf("light")), Object.keys(tokensOf("dark")));
});

test("on paper every theme is the light one, but for grounds and words, which are stronger", () => {
  const print = readFileSync(new URL("print.css", import.meta.url), "utf8");
  const paper = valuesIn(print.match(/:root\[data-theme\] {([^}]*)}/)[1]);
  assert.deepEqual({ ...tokensOf("light"), "base-200": "#ffffff", "base-content": "#000000", muted: "#3c3f49", hover: "#ffffff" }, paper);
});

function tokensOf(theme) {
  const [, block] = css.match(new RegExp(`name: "${theme}";([^}]*)}`));
  return valuesIn(block);
}

function valuesIn(block) {
  return Object.fromEntries([...block.matchAll(/--(?:color-)?([\w-]+): (#\w{6});/g)].map(([, name, value]) => [name, value]));
}

function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

// Relative luminance of WCAG 2.2.
function luminance(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
