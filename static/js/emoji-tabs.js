// The groups of the emoji picker as tabs: one stop for the Tab key, arrows within.
import { element } from "./element.js";

// tabList makes the tabs of groups ({icon, name}). It answers {list, group, mark}: the element, the group chosen now, and
// mark(shown), which says whether that group is what the panel shows. changed is called after another choice.
export function tabList(groups, first, changed) {
  let at = first;
  const tabs = groups.map(({ icon, name }, i) =>
    element(
      "button",
      { type: "button", role: "tab", "aria-controls": "emoji-panel", class: "emoji-picker-tab", click: () => select(i) },
      element("span", { class: "emoji", "aria-hidden": "true" }, icon),
      element("span", {}, name),
    ),
  );
  const list = element("div", { role: "tablist", "aria-label": "Groups", class: "emoji-picker-tabs" }, ...tabs);
  list.addEventListener("keydown", (event) => {
    const places = { ArrowLeft: at - 1, ArrowUp: at - 1, ArrowRight: at + 1, ArrowDown: at + 1, Home: 0, End: tabs.length - 1 };
    if (!(event.key in places)) return;
    event.preventDefault();
    select((places[event.key] + tabs.length) % tabs.length);
    tabs[at].focus();
  });

  function select(i) {
    at = i;
    changed();
  }

  function mark(shown) {
    for (const [i, tab] of tabs.entries()) {
      tab.setAttribute("aria-selected", String(shown && i === at));
      tab.tabIndex = i === at ? 0 : -1;
    }
    tabs[at].scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  return { list, mark, group: () => groups[at] };
}
