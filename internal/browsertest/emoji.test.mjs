// The emoji picker: what it offers, how it is used by pointer, keyboard and touch, and that what was chosen reaches the
// card.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertAccessible, assertFits, openBrowser, openPage, startDemo } from "./harness.mjs";
import { looks, signIn } from "./states.mjs";

let demo;
let browser;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

// The picker on a page, opened for one of the choices.
class Picker {
  constructor(page) {
    this.page = page;
    this.dialog = page.getByRole("dialog", { name: /Choose an emoji/ });
    this.search = this.dialog.getByRole("searchbox");
    this.tone = this.dialog.getByRole("combobox", { name: "Skin tone" });
    this.list = this.dialog.getByRole("listbox");
  }

  button(choice) {
    return this.page.getByRole("button", { name: `Choose an emoji for choice ${choice}`, exact: true });
  }

  field(choice) {
    return this.page.getByRole("textbox", { name: `Emoji of choice ${choice}`, exact: true });
  }

  async open(choice = 1) {
    await this.button(choice).click();
    await this.list.waitFor();
  }

  tab(name) {
    return this.dialog.getByRole("tab", { name });
  }

  option(name) {
    return this.list.getByRole("option", { name, exact: true });
  }

  // focused is the name of what has the focus.
  focused() {
    return this.page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim());
  }

  foot() {
    return this.dialog.locator(".emoji-picker-foot").innerText();
  }
}

// openEditor opens the wording as an admin, in a fresh session.
async function openEditor(look) {
  const page = await openPage(browser, look);
  await signIn(page, demo);
  await page.goto(`${demo.app}/wording`);
  return new Picker(page);
}

// strings reads a list of emoji that stands in node_modules.
async function strings(version) {
  const path = fileURLToPath(import.meta.resolve(`emoji-test-regex-pattern/dist/${version}/index-strings.txt`));
  return (await readFile(path, "utf8")).split("\n").filter(Boolean);
}

// fullyQualified takes the strings that emoji-test calls so: they have all the variation selectors that they need, so of
// those that differ in nothing else they are the longest. The package's list also has some with a selector that they do
// not need, because they are drawn in colour by themselves.
function fullyQualified(list) {
  const longest = new Map();
  for (const emoji of list.filter((emoji) => !/\p{Emoji_Presentation}\uFE0F/u.test(emoji))) {
    const bare = emoji.replaceAll("\uFE0F", "");
    if (emoji.length > (longest.get(bare) ?? "").length) longest.set(bare, emoji);
  }
  return new Set(longest.values());
}

// offered goes through every group in every skin tone, opens what leads further, and collects the emoji.
function offered(page) {
  return page.evaluate(() => {
    const dialog = document.querySelector("dialog.emoji-picker");
    const press = (button) => button?.click();
    const options = () => [...dialog.querySelectorAll('[role="option"]')];
    const named = (text) => [...dialog.querySelectorAll("button")].find((button) => button.textContent === text);
    const found = new Set();
    const keep = () => {
      press(named("Show all"));
      for (const option of options()) found.add(option.value);
    };
    const tone = dialog.querySelector("select");
    for (const { value } of tone.options) {
      tone.value = value;
      tone.dispatchEvent(new Event("change"));
      for (const tab of dialog.querySelectorAll('[role="tab"]')) {
        press(tab);
        keep();
        for (let i = 0; value === "0" && i < options().length; i++) {
          if (!options()[i].classList.contains("is-more")) continue;
          press(options()[i]);
          keep();
          press(named("Back"));
        }
      }
    }
    return [...found];
  });
}

test("the picker offers every emoji of Unicode's list but tones and hair by themselves, and what is newer than its data", async (t) => {
  const picker = await openEditor();
  await picker.open();
  const inPicker = new Set(await offered(picker.page));
  const wanted = fullyQualified(await strings("latest"));
  assert.ok(wanted.size > 3900, `Unicode's list has only ${wanted.size} emoji`);

  const data = JSON.parse(await readFile(fileURLToPath(import.meta.resolve("emoji-picker-element-data/en/emojibase/data.json")), "utf8"));
  const newest = Math.max(...data.flatMap(({ version, skins = [] }) => [version, ...skins.map((skin) => skin.version)]));
  const known = new Set(await strings(`emoji-${newest.toFixed(1)}`));
  const part = (emoji) => /^\p{Emoji_Component}$/u.test(emoji);

  const rest = [...wanted].filter((emoji) => !inPicker.has(emoji));
  const unexplained = rest.filter((emoji) => !part(emoji) && known.has(emoji));
  assert.deepEqual(unexplained, [], `the data go up to Unicode ${newest}, so these should be there`);
  assert.deepEqual([...inPicker].filter((emoji) => !wanted.has(emoji)), [], "what is no fully qualified emoji");
  t.diagnostic(`${inPicker.size} of ${wanted.size} can be chosen; to be typed: ${rest.filter(part).length} tones and hair styles, ` +
    `${rest.filter((emoji) => !part(emoji)).length} newer than Unicode ${newest}`);
  assert.deepEqual(picker.page.problems, []);
});

test("what is chosen is published and stands on the card", async () => {
  const picker = await openEditor();
  const { page } = picker;
  await page.evaluate(() => {
    globalThis.inputs = [];
    document.addEventListener("input", ({ target }) => target.matches(".emoji-field") && globalThis.inputs.push(target.value));
  });

  // By searching for several words.
  await picker.open(1);
  await picker.search.fill("Smil CAT");
  await picker.option("grinning cat with smiling eyes").waitFor();
  assert.ok((await picker.list.getByRole("option").count()) < 8);
  await picker.option("cat with wry smile").click();
  await picker.dialog.waitFor({ state: "detached" });
  assert.equal(await picker.field(1).inputValue(), "😼");
  assert.equal(await picker.focused(), "Choose an emoji for choice 1");
  await page.getByRole("status").getByText("cat with wry smile chosen").waitFor();

  // By group.
  await picker.open(2);
  await picker.tab("Flags").click();
  await picker.option("flag: Wales").click();

  // In a skin tone, which is remembered.
  await picker.open(3);
  await picker.tone.selectOption({ label: "👋🏽 Medium" });
  await picker.tab("People and body").click();
  await picker.option("thumbs up, medium skin tone").click();
  await picker.open(4);
  await picker.search.fill("woman astronaut");
  await picker.option("woman astronaut, medium skin tone").click();

  // Two people in two tones.
  await picker.open(5);
  await picker.search.fill("handshake");
  await picker.option("handshake, medium skin tone, more skin tones").click();
  assert.equal(await picker.focused(), "handshake, medium skin tone");
  await picker.dialog.getByRole("button", { name: "Back" }).click();
  assert.equal(await picker.focused(), "handshake, medium skin tone, more skin tones");
  await page.keyboard.press("Enter");
  await picker.option("handshake, light and dark skin tones").click();

  const chosen = ["😼", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "👍🏽", "👩🏽‍🚀", "🫱🏻‍🫲🏿"];
  assert.deepEqual(await page.evaluate(() => globalThis.inputs), chosen, "each choice is told to the page");
  await page.getByRole("button", { name: "Publish" }).first().click();
  await page.getByText(/is published/).first().waitFor();
  assert.deepEqual(await cardEmoji(), chosen);
  await page.goto(`${demo.app}/wording`);
  for (const emoji of chosen) await page.locator("#preview").getByText(emoji).filter({ visible: true }).first().waitFor();

  // Reopened it shows what is there and what was used lately, and has kept nothing else.
  await picker.open(5);
  assert.equal(await picker.list.getByRole("option", { selected: true }).count(), 0, "the plain form is not what was chosen");
  await picker.tab("Recent").click();
  assert.deepEqual(await picker.list.getByRole("option").evaluateAll((options) => options.map(({ value }) => value)), chosen.toReversed());
  await picker.option("handshake, light and dark skin tones").and(picker.list.getByRole("option", { selected: true })).waitFor();
  const kept = await page.evaluate(() => ({ ...localStorage }));
  assert.deepEqual(kept, { "rerate.emoji-recent": JSON.stringify(chosen.toReversed()), "rerate.emoji-tone": "3" });
  assert.deepEqual(page.problems, []);
});

// cardEmoji asks for a card as Intercom does and answers the emoji of its choices.
async function cardEmoji() {
  const body = JSON.stringify({
    workspace_id: "a86dr8yl",
    card_creation_options: {},
    context: { conversation_id: 215472621202693, location: "conversation", locale: "en" },
  });
  const answer = await fetch(`${demo.app}/canvas/messenger/initialize`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Body-Signature": createHmac("sha256", "sandbox-secret").update(body).digest("hex") },
    body,
  });
  const { canvas } = await answer.json();
  const scale = canvas.content.components.find(({ type }) => type === "single-select");
  return scale.options.map(({ text }) => text.split(" ")[0]);
}

test("the keyboard alone", async () => {
  const picker = await openEditor();
  const { page } = picker;
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await picker.field(3).fill("😐");
  await picker.button(3).focus();
  await press("Enter");
  await picker.list.waitFor();
  assert.ok(await picker.search.evaluate((element) => element === document.activeElement), "the search has the focus");

  // Escape empties nothing and leads back to the button.
  await press("Escape");
  await picker.dialog.waitFor({ state: "detached" });
  assert.equal(await picker.focused(), "Choose an emoji for choice 3");

  // So it does where pressing a button gives it no focus, as in Safari.
  await picker.field(1).focus();
  await picker.button(3).evaluate((button) => button.click());
  await picker.list.waitFor();
  await press("Escape");
  await picker.dialog.waitFor({ state: "detached" });
  assert.equal(await picker.focused(), "Choose an emoji for choice 3");

  await press("Enter");
  await picker.list.waitFor();
  await press("Tab", "Tab");
  assert.equal(await picker.focused(), "😀Smileys and emotion");
  await press("ArrowUp");
  assert.equal(await picker.focused(), "🏁Flags");
  await press("ArrowDown", "ArrowRight");
  assert.equal(await picker.focused(), "👋People and body");
  await press("Tab");
  assert.equal(await picker.focused(), "waving hand");
  assert.equal(await picker.foot(), "👋\nwaving hand");
  await press("ArrowRight", "ArrowRight", "ArrowLeft");
  assert.equal(await picker.focused(), "raised back of hand");
  await press("ArrowDown", "ArrowUp", "ArrowUp");
  assert.equal(await picker.focused(), "raised back of hand", "down and up is where it was, and there is nothing above");
  await press("PageDown");
  const far = await picker.focused();
  await press("PageUp");
  assert.equal(await picker.focused(), "raised back of hand");
  assert.notEqual(far, "raised back of hand");
  await press("End");
  assert.equal(await picker.focused(), await picker.list.getByRole("option").last().getAttribute("aria-label"));
  await press("ArrowRight", "ArrowDown", "Home");
  assert.equal(await picker.focused(), "waving hand");

  // Only one emoji is a stop for Tab. Letters go to the search.
  assert.equal(await picker.list.locator('[tabindex="0"]').count(), 1);
  await page.keyboard.type("party pop");
  assert.equal(await picker.search.inputValue(), "party pop");
  await press("Enter");
  assert.equal(await picker.focused(), "party popper");
  await press("Space");
  await picker.dialog.waitFor({ state: "detached" });
  assert.equal(await picker.field(3).inputValue(), "🎉");
  assert.equal(await picker.focused(), "Choose an emoji for choice 3");
  assert.deepEqual(page.problems, []);
});

test("searching", async () => {
  const picker = await openEditor();
  await picker.open();
  const found = async (text) => {
    await picker.search.fill(text);
    return picker.list.getByRole("option").evaluateAll((options) => options.map(({ value }) => value));
  };
  assert.deepEqual(await found("flag germany"), ["🇩🇪"]);
  assert.equal((await found("pinata"))[0], "🪅", "accents do not matter");
  assert.equal((await found("thumbsup"))[0], "👍", "keywords");
  assert.deepEqual(await found("👍🏿"), ["👍"], "an emoji finds itself");
  assert.deepEqual(await found("❤"), ["❤️"], "without its variation selector too");
  assert.ok((await found("1")).includes("1️⃣"), "a digit finds its key");
  const many = (await found("s")).length;
  assert.ok(many > 100 && many <= 150, `${many} are shown`);
  await picker.dialog.getByText(/The first 150 of \d+/).waitFor();
  assert.deepEqual(await found("<b>xyzzy"), []);
  await picker.dialog.locator(".emoji-picker-none").getByText("No emoji is called “<b>xyzzy”.").waitFor();
  await picker.tab("Objects").click();
  assert.equal(await picker.search.inputValue(), "");
  await picker.option("glasses").waitFor();
  assert.deepEqual(picker.page.problems, []);
});

test("a choice that is added has its button", async () => {
  const picker = await openEditor();
  await picker.button(5).waitFor();
  await picker.page.getByRole("button", { name: "Add a choice" }).click();
  await picker.open(6);
  await picker.option("grinning face").click();
  assert.equal(await picker.field(6).inputValue(), "😀");
  assert.equal(await picker.focused(), "Choose an emoji for choice 6");
});

test("while it loads, and when it cannot", async () => {
  const picker = await openEditor();
  const { page } = picker;
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/static/emoji-picker.*.js", async (route) => {
    await held;
    await route.abort();
  });
  await picker.button(1).click();
  await picker.dialog.getByText("Loading the emoji…").waitFor();
  await assertAccessible(page);
  release();
  await picker.dialog.getByRole("alert").getByText("type or paste an emoji into the field").waitFor();
  await assertAccessible(page);
  await picker.dialog.getByRole("button", { name: "Close" }).click();
  await picker.field(1).fill("🛸");
  assert.equal(await picker.field(1).inputValue(), "🛸");
  await page.unroute("**/static/emoji-picker.*.js");
  await page.reload();
  await picker.open(1);
});

test("what the device cannot draw is left out, and shown on demand", async () => {
  const page = await openPage(browser);
  // A font that does not know astronauts, and one that has nothing of Unicode 15.
  await page.addInitScript(() => {
    const { measureText, fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.measureText = function (text) {
      return /🚀/u.test(text) && text.length > 2 ? { width: 2 * measureText.call(this, "😀").width } : measureText.call(this, text);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      return /^(🫨|🫷)/u.test(text) ? this.fillRect(2, 2, 10, 10) : fillText.call(this, text, ...place);
    };
  });
  await signIn(page, demo);
  await page.goto(`${demo.app}/wording`);
  const picker = new Picker(page);
  await picker.open();
  await picker.search.fill("astronaut");
  await picker.dialog.getByText("3 emoji left out that this device cannot draw.").waitFor();
  assert.equal(await picker.list.count(), 0);
  await picker.search.fill("shaking face");
  await picker.dialog.getByText("1 emoji left out").waitFor();
  await picker.dialog.getByRole("button", { name: "Show all" }).click();
  assert.equal(await picker.focused(), "shaking face, cannot be drawn here");
  assert.match(await picker.foot(), /your customers’ devices may/);
  await assertAccessible(page);
  await page.keyboard.press("Enter");
  assert.equal(await picker.field(1).inputValue(), "🫨");
});

test("nothing but the fields without scripts, and nothing at all for a viewer", async () => {
  const plain = await openPage(browser, { scripts: false });
  await signIn(plain, demo);
  await plain.goto(`${demo.app}/wording`);
  assert.ok(await plain.getByRole("textbox", { name: "Emoji of choice 1", exact: true }).isEditable());
  assert.equal(await plain.getByRole("button", { name: /Choose an emoji/ }).count(), 0);
  const viewer = await openPage(browser);
  await signIn(viewer, demo, "Tomáš Novák");
  await viewer.goto(`${demo.app}/wording`);
  assert.equal(await viewer.getByRole("button", { name: /Choose an emoji/ }).count(), 0);
});

for (const look of looks) {
  test(`looked at, ${look.theme}, ${look.width} wide`, async () => {
    const picker = await openEditor(look);
    const { page } = picker;
    await picker.open(1);
    const states = {
      group: () => {},
      people: () => picker.tab("People and body").click(),
      found: () => picker.search.fill("heart"),
      nothing: () => picker.search.fill("xyzzy"),
      forms: async () => {
        await picker.search.fill("holding hands");
        await picker.option("people holding hands, more skin tones").click();
      },
    };
    for (const [name, reach] of Object.entries(states)) {
      await reach();
      await assertAccessible(page);
      await assertFits(page);
      const small = await picker.dialog.locator("button, input, select").evaluateAll((controls) =>
        controls
          .map((control) => [control.getAttribute("aria-label") ?? control.textContent, control.getBoundingClientRect()])
          .filter(([, { width, height }]) => width < 24 || height < 24)
          .map(([name]) => name),
      );
      assert.deepEqual(small, [], "targets are at least 24 pixels wide and high");
    }
    assert.deepEqual(page.problems, []);
  });
}
