// Single-key shortcuts. The help that views.keyHelp draws is the table of them: each row with data-key says what the key
// does, so what is written there is what happens.
//
//   data-press="SELECTOR"   presses that element, or puts the focus into that field; with data-in-row it is looked for in
//                           the current row
//   data-step="1" or "-1"   goes to the next or previous row
//
// Rows are [data-row], each with one link [data-row-link], which takes the focus: the current row is the one with the
// focus in it. Keys do nothing in fields, in dialogs and with a modifier, and can be switched off in the help.

const memory = "rerate-keys";
let last = 0; // where the current row was, for the rows may change under it

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (off() || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  if (document.querySelector("dialog:modal")) return;
  if (event.key.startsWith("Arrow") && event.target.closest('[tabindex="0"]')) return; // it scrolls, or has arrows of its own
  const row = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!row) return;
  event.preventDefault();
  if (row.dataset.step) step(Number(row.dataset.step));
  else if (!event.repeat) press(row.dataset);
});

const rows = () => [...document.querySelectorAll("[data-row]")];
const current = () => document.activeElement?.closest("[data-row]");

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  // A row that is gone leaves its place to the next one.
  const next = at < 0 ? last + Math.min(by, 0) : at + by;
  last = Math.max(0, Math.min(next, all.length - 1));
  all[last]?.querySelector("[data-row-link]")?.focus();
}

document.addEventListener("focusin", () => {
  const at = rows().indexOf(current());
  if (at >= 0) last = at;
});

function press({ press, inRow }) {
  const found = (inRow === undefined ? document : current())?.querySelector(press);
  if (found?.matches("input, textarea, select")) {
    found.focus();
    found.select?.();
  } else found?.click();
}

// The switch is the browser's own: what a keyboard may do is a matter of who sits before it.
function off() {
  try {
    return localStorage.getItem(memory) === "off";
  } catch {
    return false; // a browser that keeps nothing
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.id !== "keys-on") return;
  try {
    localStorage.setItem(memory, target.checked ? "on" : "off");
  } catch {
    target.checked = true;
  }
});

const show = () => {
  const box = document.getElementById("keys-on");
  if (box) box.checked = !off();
};

show();
document.addEventListener("htmx:after:swap", show);
