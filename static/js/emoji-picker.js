// The emoji picker: search, groups, skin tones, what was used lately. emoji-buttons.js opens the dialog and fills it
// with this.
import { catalog, entryOf, find, inTone, nameOf } from "./emoji-catalog.js";
import { drawable } from "./emoji-drawable.js";
import { grid } from "./emoji-grid.js";
import { recent, remember, rememberTone, tone } from "./emoji-memory.js";
import { tabList } from "./emoji-tabs.js";
import { toned, toneNames } from "./emoji-tones.js";
import { element } from "./element.js";

const mostFound = 150; // more are no help to anybody who looks for one

// picker fills an element. current is the field's value; choose(emoji, name) is called once.
export function picker(body, { current, choose }) {
  const search = element("input", { type: "search", id: "emoji-search", class: "input", placeholder: "Search", autocomplete: "off", input: draw });
  const tones = toneChoice(draw);
  const groups = groupsFor(recent());
  const first = groups.findIndex(({ entries }) => entries?.includes(entryOf(current)));
  const tabs = tabList(groups, Math.max(0, first), () => {
    search.value = "";
    draw();
  });
  const panel = element("div", { role: "tabpanel", id: "emoji-panel", class: "emoji-picker-panel" });
  const status = element("p", { role: "status", class: "sr-only" });
  const foot = element("div", { class: "emoji-picker-foot", "aria-hidden": "true" });
  let all = false; // also those that this device cannot draw

  body.replaceChildren(controls(search, tones), tabs.list, panel, status, foot);
  draw();
  panel.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "center" });
  // On a phone the field would bring up the keyboard over the emoji.
  if (matchMedia("(pointer: coarse)").matches) stop()?.focus({ focusVisible: false });
  else search.focus();

  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    stop()?.focus();
  });
  // Who types among the emoji means to search.
  panel.addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
    if (key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey) search.focus();
  });

  // stop is where the Tab key enters the grid.
  function stop() {
    return panel.querySelector('[role="option"][tabindex="0"]');
  }

  function draw() {
    const text = search.value.trim();
    tabs.mark(text === "");
    if (text) drawFound(text);
    else drawGroup(tabs.group());
  }

  function drawGroup({ name, entries, emoji }) {
    status.textContent = "";
    drawList({ label: name, items: entries ? entries.map(inChosenTone) : emoji.map(item), again: draw });
  }

  function drawFound(text) {
    const found = find(text);
    const none = `No emoji is called “${text}”. Try another word, or close this and type or paste any emoji into the field.`;
    status.textContent = found.length > 0 ? `${found.length} emoji found` : none;
    if (found.length > 0) {
      drawList({ label: `Found for “${text}”`, items: found.slice(0, mostFound).map(inChosenTone), total: found.length, again: draw });
      return;
    }
    panel.setAttribute("aria-label", "Nothing found");
    panel.replaceChildren(element("p", { class: "emoji-picker-none" }, none));
    look();
  }

  // drawForms offers all tones of an emoji in which two people may differ.
  function drawForms(entry) {
    const back = () => {
      draw();
      panel.querySelector(`[data-name="${CSS.escape(entry.name)}"]`)?.focus();
    };
    const items = entry.variants.map(item);
    drawList({
      label: `Skin tones of ${entry.name}`,
      items,
      start: items.findIndex(({ emoji }) => emoji === inTone(entry, chosenTone())),
      before: element("button", { type: "button", class: "btn btn-sm", click: back }, "Back"),
      again: () => drawForms(entry),
    });
    stop().focus();
  }

  // drawList fills the panel. total is how many there are where items are only the first; again draws the same anew.
  function drawList({ label, items, total = items.length, start, before = "", again }) {
    const shown = items.filter(({ broken }) => all || !broken);
    const hidden = items.length - shown.length;
    panel.setAttribute("aria-label", label);
    panel.replaceChildren(element("h3", {}, label), before);
    if (shown.length > 0) panel.append(grid({ label, items: shown, start: Math.max(0, shown.indexOf(items[start])), look, pick }));
    if (total > items.length) panel.append(element("p", {}, `The first ${items.length} of ${total}. Another word finds fewer.`));
    if (hidden > 0) panel.append(leftOut(hidden, again));
    panel.scrollTop = 0;
    look();
  }

  function leftOut(count, again) {
    const show = () => {
      all = true;
      again();
      panel.querySelector(".is-broken").focus();
    };
    return element(
      "p",
      {},
      `${count} emoji left out that this device cannot draw. `,
      element("button", { type: "button", class: "btn btn-sm", click: show }, "Show all"),
    );
  }

  function chosenTone() {
    return Number(tones.value);
  }

  // inChosenTone is an entry as one item. Where two people may differ it leads to the further choice, and shows plain
  // what the device cannot draw in that tone.
  function inChosenTone(entry) {
    const one = item(inTone(entry, chosenTone()));
    return entry.mixed ? { ...(one.broken ? item(entry.emoji) : one), more: entry } : one;
  }

  function item(emoji) {
    const entry = entryOf(emoji);
    return { emoji, name: nameOf(emoji), base: entry.name, chosen: emoji === current, broken: !drawable(emoji, entry.version) };
  }

  // look shows an item large with its name beneath the grid.
  function look(item) {
    if (!item) {
      foot.replaceChildren(element("span", {}, "You may also type or paste any emoji into the field."));
      return;
    }
    const name = item.broken ? `${item.name}. This device cannot draw it; your customers’ devices may.` : item.name;
    foot.replaceChildren(element("span", { class: "emoji" }, item.broken ? "?" : item.emoji), element("span", {}, name));
  }

  function pick({ emoji, name, more }) {
    if (more) {
      drawForms(more);
      return;
    }
    remember(emoji);
    choose(emoji, name);
  }
}

function controls(search, tones) {
  return element(
    "div",
    { class: "emoji-picker-controls" },
    element("label", { class: "sr-only", for: search.id }, "Search for an emoji by name or keyword"),
    search,
    element("label", { class: "sr-only", for: tones.id }, "Skin tone"),
    tones,
  );
}

// toneChoice is the one setting for all emoji with people.
function toneChoice(changed) {
  const keep = ({ target }) => {
    rememberTone(Number(target.value));
    changed();
  };
  const options = toneNames.map((name, i) => element("option", { value: String(i), selected: i === tone() }, `${toned("👋", i)} ${name}`));
  return element("select", { id: "emoji-tone", class: "select", change: keep }, ...options);
}

// groupsFor puts the emoji used lately before Unicode's groups.
function groupsFor(lately) {
  const emoji = lately.filter(entryOf);
  return emoji.length > 0 ? [{ icon: "🕘", name: "Recent", emoji }, ...catalog] : catalog;
}
