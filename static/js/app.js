// What every page loads. Pages work without it: htmx only reloads a part where a link or form would reload the whole.
import "htmx.org";
import "./dialog.js";
import "./menu.js";
import "./counter.js";
import "./unsaved.js";
import "./filter.js";
import "./keys.js";

// What only some pages need comes with the first page, or part of one, that has it.
const scripts = {
  "trend-plot": () => import("./chart.js"),
  "#editor": () => import("./wording.js"),
};

function bring() {
  for (const [selector, script] of Object.entries(scripts)) if (document.querySelector(selector)) script();
}

bring();
document.addEventListener("htmx:after:swap", bring);
