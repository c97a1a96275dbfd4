// The wording editor: what its buttons and the typing do not say by htmx alone. Dragging a choice to another
// place, the focus after the editor was drawn anew, and the preview in the language that is typed in. Without scripts
// the buttons do the same.
import "./emoji-buttons.js";

const editor = () => document.getElementById("editor");

// The preview shows the language in which somebody types. This runs before htmx hears of the typing.
function follow(field) {
  const language = field.closest("[data-language]")?.dataset.language;
  const shown = document.getElementById("preview.locale");
  if (language && shown && [...shown.options].some(({ value }) => value === language)) shown.value = language;
}

document.addEventListener(
  "input",
  ({ target }) => {
    if (!target.matches?.("#fields [data-most]")) return;
    follow(target);
  },
  true,
);

// Enter in a field would send the form and load the page again, for a preview that is there already.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("#fields input")) return;
  event.preventDefault();
  if (event.target.id === "new_locale_code") document.getElementById("add-locale").click();
});

// --- After the editor was drawn anew: unfolded stays unfolded, and the focus is where the server says.

const unfolded = new Set();

document.addEventListener("htmx:before:swap", () => {
  unfolded.clear();
  for (const { id } of document.querySelectorAll("#fields details[open]")) unfolded.add(id);
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (!editor()) return;
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  if (detail.ctx.select === "#editor") editor().querySelector("[autofocus]")?.focus();
});

// A language that was added or has an error stands open with its field focused; the link to a field opens its language.
function unfoldFor(hash) {
  const field = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  field?.closest("details")?.setAttribute("open", "");
  if (field?.matches("#fields input, #fields textarea, #fields select")) field.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#refused a, #preview a");
  if (!link?.hash) return;
  event.preventDefault();
  unfoldFor(link.hash);
});

// --- Dragging a choice by its handle, with mouse, pen or finger. The server moves it when it is dropped.

let drag = null;

const rows = () => [...document.querySelectorAll("[data-choice]")];

// placeAt is the place of the row that the pointer is over.
function placeAt(y) {
  const middles = drag.boxes.map(({ top, height }) => top + height / 2);
  const below = middles.filter((middle, i) => i !== drag.from && middle < y).length;
  return below;
}

function mark() {
  drag.rows.forEach((row, i) => {
    row.classList.toggle("choice-over-before", drag.to < drag.from && i === drag.to);
    row.classList.toggle("choice-over-after", drag.to > drag.from && i === drag.to);
  });
}

function end(drop) {
  if (!drag) return;
  const { from, to, row } = drag;
  row.classList.remove("choice-moving");
  row.style.transform = "";
  for (const other of drag.rows) other.classList.remove("choice-over-before", "choice-over-after");
  drag = null;
  if (!drop || from === to) return;
  const button = document.getElementById("drop");
  button.value = `move_option.${from}.${to}`;
  button.disabled = false;
  button.click();
}

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-drag]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  const all = rows();
  const row = handle.closest("[data-choice]");
  drag = {
    row,
    rows: all,
    boxes: all.map((one) => one.getBoundingClientRect()),
    from: all.indexOf(row),
    to: all.indexOf(row),
    start: event.clientY,
    scroll: window.scrollY,
    pointer: event.pointerId,
  };
  handle.setPointerCapture(event.pointerId);
  row.classList.add("choice-moving");
});

document.addEventListener("pointermove", (event) => {
  if (drag?.pointer !== event.pointerId) return;
  const scrolled = window.scrollY - drag.scroll;
  drag.row.style.transform = `translateY(${event.clientY - drag.start + scrolled}px)`;
  drag.to = placeAt(event.clientY + scrolled);
  mark();
});

document.addEventListener("pointerup", (event) => drag?.pointer === event.pointerId && end(true));
document.addEventListener("pointercancel", (event) => drag?.pointer === event.pointerId && end(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && end(false));
