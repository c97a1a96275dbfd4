// What the emoji picker offers: Unicode's emoji with their English names and keywords, from emoji-picker-element-data,
// cut down to what the picker needs.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { toned } from "./js/emoji-tones.js";

// Unicode's groups in its order. The one left out, 2, holds skin tones and hair by themselves, which are no emoji that
// anybody looks for.
const groups = [
  [0, "😀", "Smileys and emotion"],
  [1, "👋", "People and body"],
  [3, "🐻", "Animals and nature"],
  [4, "🍔", "Food and drink"],
  [5, "✈️", "Travel and places"],
  [6, "🎉", "Activities"],
  [7, "💡", "Objects"],
  [8, "💬", "Symbols"],
  [9, "🏁", "Flags"],
];

// emojiGroups answers [{icon, name, emoji: [[emoji, name, keywords, version, forms]]}] in the order of Unicode's charts.
// keywords are those that the name does not hold. forms is missing where there are no skin tones and [] where there are
// the usual five, which static/js/emoji-tones.js makes; where two people may differ it lists all, the five in one tone
// first.
export async function emojiGroups() {
  const file = fileURLToPath(import.meta.resolve("emoji-picker-element-data/en/emojibase/data.json"));
  const all = JSON.parse(await readFile(file, "utf8")).sort((a, b) => a.order - b.order);
  return groups.map(([group, icon, name]) => ({ icon, name, emoji: all.filter((e) => e.group === group).map(trim) }));
}

function trim({ emoji, annotation, tags, shortcodes, version, skins }) {
  const sequence = qualified(emoji);
  const words = new Set(annotation.toLowerCase().split(" "));
  const keywords = [...tags, ...shortcodes.flatMap((code) => code.split("_"))].map((word) => word.toLowerCase());
  const extra = [...new Set(keywords)].filter((word) => !words.has(word)).join(" ");
  return [sequence, annotation, extra, version, ...(skins ? [forms(sequence, skins)] : [])];
}

// qualified is the form that Unicode's emoji-test file calls fully qualified. The data have a variation selector behind
// every emoji that may have one; those that are drawn in colour by themselves take none.
function qualified(emoji) {
  return emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, "$1");
}

function forms(emoji, skins) {
  const single = (skin) => !Array.isArray(skin.tone);
  const list = [...skins.filter(single).sort((a, b) => a.tone - b.tone), ...skins.filter((skin) => !single(skin))];
  if (!list.slice(0, 5).every((skin, i) => skin.tone === i + 1)) throw new Error(`${emoji} does not come in five skin tones`);
  const sequences = list.map((skin) => qualified(skin.emoji));
  if (sequences.length > 5) return sequences;
  for (const [i, want] of sequences.entries()) {
    const made = toned(emoji, i + 1);
    if (made !== want) throw new Error(`static/js/emoji-tones.js makes ${made} of ${emoji}, and the data say ${want}`);
  }
  return [];
}
