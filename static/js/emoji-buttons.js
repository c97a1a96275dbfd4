// The buttons beside the emoji fields, which open the picker. They are hidden until this runs, because without scripts
// they would do nothing; the fields take emoji typed or pasted either way. The picker and its list of emoji are large
// and come when somebody asks for them.

const buttons = "button[data-emoji-picker]"; // the value is the id of the field

function show() {
  for (const button of document.querySelectorAll(buttons)) button.hidden = false;
}

show();
document.addEventListener("htmx:after:process", show); // rows come anew
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.(buttons);
  if (button) open(button);
});

const frame = `
  <div class="emoji-picker-head">
    <h2 id="emoji-picker-title"></h2>
    <button type="button" class="btn btn-ghost btn-sm">Close</button>
  </div>
  <div class="emoji-picker-body">
    <div class="emoji-picker-wait">
      <p role="status">Loading the emoji…</p>
      <div aria-hidden="true">${"<span></span>".repeat(60)}</div>
    </div>
  </div>`;

const failed = `
  <p role="alert" class="emoji-picker-none">The emoji could not be loaded. Close this and type or paste an emoji into the
    field, or reload the page and try again.</p>`;

function open(button) {
  const field = button.dataset.emojiPicker;
  const dialog = Object.assign(document.createElement("dialog"), { className: "emoji-picker", innerHTML: frame });
  dialog.setAttribute("aria-labelledby", "emoji-picker-title");
  dialog.querySelector("h2").textContent = button.getAttribute("aria-label");
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it
  dialog.addEventListener("close", () => {
    dialog.remove();
    // The browser returns the focus to what had it, which in Safari is not the button, and the row may be a new one.
    document.querySelector(`${buttons}[data-emoji-picker="${CSS.escape(field)}"]`)?.focus();
  });
  document.body.append(dialog);
  announce("");
  dialog.showModal();

  const input = () => document.getElementById(field);
  const choose = (emoji, name) => {
    dialog.close();
    if (!input()) return;
    input().value = emoji;
    input().dispatchEvent(new Event("input", { bubbles: true }));
    announce(`${name} chosen`);
  };
  const body = dialog.querySelector(".emoji-picker-body");
  import("./emoji-picker.js").then(
    ({ picker }) => dialog.open && picker(body, { current: input()?.value ?? "", choose }),
    () => (body.innerHTML = failed),
  );
}

// announce tells screen readers what happened after the dialog is gone.
function announce(text) {
  let region = document.getElementById("emoji-chosen");
  if (!region) {
    region = Object.assign(document.createElement("p"), { id: "emoji-chosen", className: "sr-only", role: "status" });
    document.body.append(region);
  }
  region.textContent = text;
}
