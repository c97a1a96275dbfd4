// The hosted page. A form that a person sends carries a proof: this script saw a real pointer or key on the page, and made
// a number of the view that the form stands on. Nothing is ever sent without a person pressing a button.
let person = false;
for (const kind of ["pointerdown", "keydown", "click", "input"]) {
  addEventListener(kind, (event) => (person ||= event.isTrusted), { capture: true, passive: true });
}

/** FNV-1a in 32 bits, as internal/survey/pageview.go computes it. */
function proofOf(view) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < view.length; i++) hash = Math.imul(hash ^ view.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

// A form is open to a press once a person can have seen it. A proof that comes sooner would not be believed.
const moment = 1200;
const buttons = [...document.querySelectorAll("form[data-proof] button")];
for (const button of buttons) button.disabled = true;
setTimeout(() => buttons.forEach((button) => (button.disabled = false)), moment);

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault(); // a second tap on the same button
    form.dataset.sent = "yes";
    if (form.elements.proof && person) form.elements.proof.value = proofOf(form.elements.view.value);
  });
}

// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

// The remark asks what went wrong for a low choice.
const label = document.querySelector("label[data-why]");
for (const choice of document.querySelectorAll("input[name=rating]")) {
  choice.addEventListener("change", () => {
    if (label) label.textContent = "askWhy" in choice.dataset ? label.dataset.why : label.dataset.label;
  });
}
