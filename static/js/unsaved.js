// Warns before what was typed is lost. A <form data-unsaved> that differs from what the server sent asks before the
// page is left, and says "Unsaved changes" in its [data-unsaved-note] (a live region that the server renders).
// data-unsaved="changed" is a form that the server shows again with what was typed: it differs from the start.
// Sending the form itself asks nothing.

const words = "Unsaved changes";
const sent = new WeakMap(); // the form's fields as the server sent them
const leaving = new WeakSet(); // the form is being sent

const forms = () => document.querySelectorAll("form[data-unsaved]");

// fields are what the form would send, but for [data-unsaved-skip]: what only chooses what is looked at.
function fields(form) {
  const data = new FormData(form);
  for (const { name } of form.querySelectorAll("[data-unsaved-skip]")) data.delete(name);
  return new URLSearchParams(data).toString();
}
const changed = (form) => form.dataset.unsaved === "changed" || fields(form) !== sent.get(form);

function look(form) {
  if (!sent.has(form)) sent.set(form, fields(form));
  const note = form.querySelector("[data-unsaved-note]");
  const text = changed(form) ? words : "";
  if (note && note.textContent !== text) note.textContent = text;
}

function lookAtAll() {
  for (const form of forms()) look(form);
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.form ?? event.target.closest?.("form");
    if (form?.matches("[data-unsaved]")) look(form);
  });
}

document.addEventListener("reset", (event) => {
  if (event.target.matches("form[data-unsaved]")) setTimeout(() => look(event.target)); // it fires before the fields change
});

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.matches("form[data-unsaved]")) leaving.add(event.target);
});

window.addEventListener("beforeunload", (event) => {
  if ([...forms()].some((form) => changed(form) && !leaving.has(form))) event.preventDefault();
});

// A page that comes back from the browser's memory is not being left any more.
window.addEventListener("pageshow", () => {
  for (const form of forms()) leaving.delete(form);
  lookAtAll();
});

// htmx would take the form away without asking. A request from elsewhere that would do so becomes a plain one, before
// which the browser asks.
document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement, target, request } = event.detail.ctx;
  const part = typeof target === "string" ? document.querySelector(target) : target;
  const lost = [...forms()].some((form) => changed(form) && part?.contains(form) && !form.contains(sourceElement));
  if (!lost || request.method !== "GET") return;
  event.preventDefault();
  location.assign(request.action);
});

document.addEventListener("htmx:after:swap", () => {
  for (const form of forms()) leaving.delete(form);
  lookAtAll();
});

lookAtAll();
