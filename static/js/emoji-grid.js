// A list of choices laid out in rows, walked through by keyboard: one stop for Tab, arrows within.
import { element } from "./element.js";

// grid makes the list. items are {emoji, name, base, chosen, broken, more}: name is with skin tones, base without, chosen
// is the value now, broken cannot be drawn here, more opens a further choice. The keyboard enters at the chosen one, else
// at start. look is told which item is under the pointer or has the focus, pick which was chosen.
export function grid({ label, items, start, look, pick }) {
  const options = items.map((item) => {
    const show = () => look(item);
    return element(
      "button",
      {
        type: "button",
        role: "option",
        value: item.emoji,
        class: ["emoji-picker-option", item.broken && "is-broken", item.more && "is-more"].filter(Boolean).join(" "),
        "aria-label": described(item),
        "aria-selected": String(item.chosen),
        "data-name": item.base,
        tabindex: "-1",
        click: () => pick(item),
        focus: show,
        pointerenter: show,
      },
      item.broken ? "?" : item.emoji,
    );
  });
  const list = element("div", { role: "listbox", "aria-label": label, class: "emoji-picker-grid" }, ...options);
  const chosen = items.findIndex((item) => item.chosen);
  options[chosen < 0 ? start : chosen].tabIndex = 0;
  list.addEventListener("focusin", ({ target }) => {
    for (const option of options) option.tabIndex = option === target ? 0 : -1;
  });
  list.addEventListener("keydown", (event) => {
    const to = next(event.key, options.indexOf(event.target), options);
    if (to === undefined) return;
    event.preventDefault();
    options[to].focus();
  });
  return list;
}

function described({ name, broken, more }) {
  return [name, more && "more skin tones", broken && "cannot be drawn here"].filter(Boolean).join(", ");
}

// next is the place that a key leads to, undefined when it leads nowhere.
function next(key, at, options) {
  const columns = getComputedStyle(options[0].parentElement).gridTemplateColumns.split(" ").length;
  const scroller = options[0].closest(".emoji-picker-panel");
  const page = columns * Math.max(1, Math.floor(scroller.clientHeight / options[0].offsetHeight) - 1);
  const last = options.length - 1;
  const steps = {
    ArrowLeft: Math.max(0, at - 1),
    ArrowRight: Math.min(last, at + 1),
    ArrowUp: at - columns < 0 ? at : at - columns,
    ArrowDown: at + columns > last ? at : at + columns,
    PageUp: at - page < 0 ? at % columns : at - page,
    PageDown: at + page > last ? last : at + page,
    Home: 0,
    End: last,
  };
  return steps[key];
}
