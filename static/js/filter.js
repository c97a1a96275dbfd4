// The filter over figures and rows, where a change loads only the report again: menus close, the focus stays, and what
// came is said aloud. Without scripts the same links and form load the whole page.

const report = () => document.getElementById("report");

// Whatever is not a fresh report of ours (signed out, an error) is shown as the page that it is.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (!report()?.contains(ctx.sourceElement)) return;
  if (ctx.text?.includes('id="report"')) return;
  event.preventDefault();
  location.assign(ctx.response.raw.url || ctx.request.action);
});

// What had the focus, or opened the menu in which it was: its id is there again in what comes. Null: nothing had it.
let opener = null;

document.addEventListener("htmx:before:request", (event) => {
  if (!report()?.contains(event.detail.ctx.sourceElement)) return;
  const focused = document.activeElement;
  const menu = focused?.closest("details.menu-box");
  opener = !focused || focused === document.body ? null : (menu?.querySelector("summary") ?? focused).id;
  report().setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:finally:request", () => report()?.removeAttribute("aria-busy"));

// A menu closes with its choice. The focus stays where it was, or where the filter begins if that is gone.
document.addEventListener("htmx:after:swap", (event) => {
  if (!report()?.contains(event.target)) return;
  for (const menu of report().querySelectorAll("details.menu-box[open]")) menu.open = false;
  const focused = document.activeElement;
  const lost = opener !== null && (!focused || focused === document.body);
  if (lost || focused?.closest("details.menu-box:not([open]) > :not(summary)")) {
    (document.getElementById(opener) ?? document.getElementById("pick-filter"))?.focus({ preventScroll: true });
  }
  document.getElementById("said").textContent = report().dataset.said;
});

// A link to the search of a list puts the cursor into it.
if (location.hash === "#q") document.getElementById("q")?.focus();
