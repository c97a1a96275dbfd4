// The emoji that the picker offers, as objects.
import groups from "emoji-data";
import { indexed } from "./emoji-search.js";
import { toned, tonesOf } from "./emoji-tones.js";

// catalog is the groups: {icon, name, entries}. An entry is {emoji, name, keywords, version, mixed, variants}: variants
// are all its forms, the plain one first; mixed says that two people in it may differ.
export const catalog = groups.map(({ icon, name, emoji }) => ({ icon, name, entries: emoji.map(entry) }));

export const entries = catalog.flatMap(({ entries }) => entries);

export const find = indexed(entries);

const known = new Map(entries.flatMap((entry) => entry.variants.map((emoji) => [emoji, entry])));

function entry([emoji, name, keywords, version, forms]) {
  const mixed = forms?.length > 0;
  const tones = mixed ? forms : forms ? [1, 2, 3, 4, 5].map((tone) => toned(emoji, tone)) : [];
  return { emoji, name, keywords, version, mixed, variants: [emoji, ...tones] };
}

// entryOf is the entry that an emoji is a form of, undefined when the catalog has none.
export const entryOf = (emoji) => known.get(emoji);

// inTone is the form of an entry in a skin tone, where it has one.
export const inTone = ({ variants }, tone) => variants[tone] ?? variants[0];

// nameOf is an emoji's English name with its skin tones.
export function nameOf(emoji) {
  return [entryOf(emoji)?.name ?? "", tonesOf(emoji)].filter(Boolean).join(", ");
}
