// Tells which emoji this device can draw, by measuring: nothing in a browser says it.
//
// A font has an emoji or a sign for "not there". The sign takes the text's colour, an emoji brings its own, so an emoji
// looks the same whether painted in black or in white. A sequence that the font does not know falls apart into its
// members and is wider than one emoji. Fonts get new emoji by Unicode's yearly versions, so of single emoji the first
// of each version is painted; sequences are measured one by one.

const font = '20px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif';
const size = 24;
const known = "😀";
const flag = "🇫🇷";
const sequence = /\u200D|\p{RI}|\u{E007F}|.\p{Emoji_Modifier}/u; // several people, flags, skin tones

const measured = new Map();
const context = canvas();
// Where the browser lets pages measure nothing everything passes for drawable.
const blind = !context || !inColour(known);

// drawable says whether an emoji of that Unicode version shows here as one picture.
export function drawable(emoji, version) {
  if (blind) return true;
  return sequence.test(emoji) ? once(emoji, () => whole(emoji)) : once(version, () => inColour(emoji));
}

function once(key, measure) {
  if (!measured.has(key)) measured.set(key, measure());
  return measured.get(key);
}

function whole(emoji) {
  // Windows writes the flags of countries as two letters, which are not wider than an emoji.
  if (/\p{RI}/u.test(emoji) && !once(flag, () => inColour(flag))) return false;
  return context.measureText(emoji).width < 1.5 * context.measureText(known).width;
}

function canvas() {
  const made = Object.assign(document.createElement("canvas"), { width: size, height: size }).getContext("2d", { willReadFrequently: true });
  if (made) Object.assign(made, { font, textBaseline: "top" });
  return made;
}

function inColour(emoji) {
  const [black, white] = ["#000", "#fff"].map((colour) => painted(emoji, colour));
  return black.some((value) => value > 0) && black.every((value, i) => value === white[i]);
}

function painted(emoji, colour) {
  context.clearRect(0, 0, size, size);
  context.fillStyle = colour;
  context.fillText(emoji, 0, 2);
  return context.getImageData(0, 0, size, size).data;
}
