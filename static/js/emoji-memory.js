// What the picker remembers on this device: emoji used lately and the skin tone. Nothing that anybody wrote.

const recentKey = "rerate.emoji-recent";
const toneKey = "rerate.emoji-tone";
const most = 36;

// read and write fail silently: storage may be full or forbidden, and then nothing is remembered.
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // as above
  }
}

// recent answers the emoji used lately, newest first.
export function recent() {
  const stored = read(recentKey);
  return Array.isArray(stored) ? stored.filter((emoji) => typeof emoji === "string").slice(0, most) : [];
}

export function remember(emoji) {
  write(recentKey, [emoji, ...recent().filter((other) => other !== emoji)].slice(0, most));
}

// tone is the skin tone chosen last, 0 to 5.
export function tone() {
  const stored = read(toneKey);
  return Number.isInteger(stored) && stored >= 0 && stored <= 5 ? stored : 0;
}

export function rememberTone(tone) {
  write(toneKey, tone);
}
