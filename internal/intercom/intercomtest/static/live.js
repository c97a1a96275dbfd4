// Keeps the live parts of a page up to date. Without it everything works too: one reloads by hand.

const main = document.querySelector("main[data-poll]");
const pause = 1000;
let version = "";
let leaving = false;

// A part in which somebody types, presses or has chosen something is left alone until later.
function busy(part) {
  if (part.querySelector(":active")) return true;
  const focused = document.activeElement;
  if (part.contains(focused) && focused.matches("input, textarea, select")) return true;
  for (const field of part.querySelectorAll("input, textarea, select")) {
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked !== field.defaultChecked) return true;
    } else if (field.tagName === "SELECT") {
      if ([...field.options].some((option) => option.selected !== option.defaultSelected && field.value !== field.options[0].value)) return true;
    } else if (field.value !== field.defaultValue) return true;
  }
  return false;
}

function exchange(part, fresh) {
  for (const details of part.querySelectorAll("details[open][id]")) {
    fresh.querySelector(`#${CSS.escape(details.id)}`)?.setAttribute("open", "");
  }
  if (part.isEqualNode(fresh)) return;
  const inside = [...part.querySelectorAll("button, a")].indexOf(document.activeElement);
  part.replaceWith(fresh);
  if (inside >= 0) fresh.querySelectorAll("button, a")[inside]?.focus();
}

function update(html) {
  const next = new DOMParser().parseFromString(html, "text/html");
  let complete = true;
  for (const part of main.querySelectorAll("[data-live]")) {
    const fresh = next.getElementById(part.id);
    if (!fresh) continue;
    if (busy(part)) complete = false;
    else exchange(part, document.importNode(fresh, true));
  }
  return complete;
}

async function look() {
  const url = new URL(main.dataset.poll, location.href);
  url.searchParams.set("version", version);
  const answer = await fetch(url);
  if (answer.status !== 200 || leaving) return;
  const seen = answer.headers.get("X-Version");
  version = update(await answer.text()) ? seen : "";
}

async function watch() {
  if (!document.hidden && !leaving) {
    try {
      await look();
    } catch {
      // The sandbox was stopped or restarted: look again at the next turn.
    }
  }
  setTimeout(watch, pause);
}

document.addEventListener("submit", () => { leaving = true; });
addEventListener("pageshow", () => { leaving = false; });
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-send]")) event.target.form.requestSubmit();
});
if (main) watch();
