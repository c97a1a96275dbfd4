// What every page loads. Pages work without it: htmx only reloads a part where a link or form would reload the whole.
import "htmx.org";
import "./dialog.js";
import "./menu.js";
import "./counter.js";
import "./unsaved.js";
import "./chart.js";
import "./emoji-buttons.js";
import "./filter.js";
import "./wording.js";
