// Skin tones: 0 is Unicode's yellow, 1 to 5 its modifiers from light to dark.
export const toneNames = ["Default", "Light", "Medium-light", "Medium", "Medium-dark", "Dark"];

const modifiers = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];

// toned is an emoji of one person in a tone. A modifier takes the place of the variation selector.
export function toned(emoji, tone) {
  return tone ? emoji.replace(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${modifiers[tone]}`) : emoji;
}

// tonesOf names the tones in an emoji: "medium skin tone", "light and dark skin tones", "" where there are none.
export function tonesOf(emoji) {
  const names = [...emoji].filter((c) => /\p{Emoji_Modifier}/u.test(c)).map((c) => toneNames[modifiers.indexOf(c)].toLowerCase());
  const different = [...new Set(names)];
  if (different.length === 0) return "";
  return different.length === 1 ? `${different[0]} skin tone` : `${names.join(" and ")} skin tones`;
}
