// The wording editor as admins use it: by keyboard alone, with pointer, without scripts, beside another admin; and what
// customers of two languages then see.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, loads, openBrowser, openPage, startDemo } from "./harness.mjs";
import { Sandbox } from "./sandbox.mjs";
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

async function openEditor(t, options) {
  const page = await openPage(browser, options);
  t.after(() => page.context().close());
  page.on("dialog", (dialog) => dialog.accept());
  await signIn(page, demo, options?.as);
  await page.goto(`${demo.app}/wording`);
  return page;
}

const question = (page) => page.getByRole("textbox", { name: "Question", exact: true }).first();
const preview = (page) => page.getByRole("group", { name: "Preview of the card" });
const labels = (page) => page.locator('[name^="option."][name$=".label"]').evaluateAll((all) => all.map(({ value }) => value));
const focused = (page) => page.evaluate(() => document.activeElement.id);

// publish waits for the page that follows and answers the number of the version in use.
async function publish(page) {
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByText("Your wording is published.").waitFor();
  return inUse(page);
}

async function inUse(page) {
  const text = await page.getByRole("region", { name: "Versions" }).getByRole("listitem").first().innerText();
  return Number(/Version (\d+)/.exec(text)[1]);
}

// reach presses Tab, or Shift+Tab, until the element has the focus.
async function reach(page, locator, key = "Tab") {
  for (let i = 0; i < 200; i++) {
    if (await locator.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`the keyboard does not reach ${locator}`);
}

test("the keyboard alone changes, saves, publishes and rolls back", async (t) => {
  const page = await openEditor(t);
  const before = await inUse(page);
  const [first] = await labels(page);
  await reach(page, question(page));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("By keyboard: how was it?");
  await preview(page).getByText("By keyboard: how was it?").waitFor();
  assert.equal(await focused(page), "question", "the preview keeps the focus");
  assert.deepEqual(await page.evaluate(() => [document.activeElement.selectionStart, document.activeElement.selectionEnd]), [24, 24]);
  await page.getByRole("status").getByText("Unsaved changes").waitFor();

  await reach(page, page.getByRole("textbox", { name: "Emoji of choice 1" }));
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText("🏴󠁧󠁢󠁳󠁣󠁴󠁿");
  await preview(page).getByText("🏴󠁧󠁢󠁳󠁣󠁴󠁿").first().waitFor();

  // Reorder: the focus goes along with the row, and a live region says where it is.
  await reach(page, page.getByRole("button", { name: `Move ${first} down` }));
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText(`${first} moved to place 2 of 5.`).waitFor();
  await page.waitForFunction(() => document.activeElement.id === "down-1");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText(`${first} moved to place 3 of 5.`).waitFor();
  await page.waitForFunction(() => document.activeElement.id === "down-2");
  assert.equal((await labels(page))[2], first);
  await reach(page, page.getByRole("button", { name: `Move ${first} up` }), "Shift+Tab");
  for (const place of [2, 1]) {
    await page.keyboard.press("Space");
    await page.getByRole("status").getByText(`${first} moved to place ${place} of 5.`).waitFor();
    await page.waitForFunction((id) => document.activeElement.id === id, `up-${place - 1}`); // drawn anew after it is said
  }
  await page.keyboard.press("Space");
  await page.getByRole("status").getByText(`${first} is at place 1 of 5 already.`).waitFor();

  // A language by its code; the focus goes to its first field, and the preview follows.
  await reach(page, page.getByRole("textbox", { name: "or its code" }));
  await page.keyboard.type("he");
  await page.keyboard.press("Enter");
  const hebrew = page.getByRole("textbox", { name: "Question", exact: true }).and(page.locator("[lang=he]"));
  await hebrew.waitFor();
  await reach(page, hebrew);
  assert.equal(await hebrew.getAttribute("dir"), "rtl");
  await page.keyboard.type("איך היה?");
  await preview(page).getByText("איך היה?").waitFor();
  assert.equal(await page.locator(".phone-card").getAttribute("dir"), "rtl");

  await reach(page, page.locator("#step-ask"));
  for (const [step, text] of [["saved", "Send"], ["remark", "What changed?"], ["thanks", "✅"], ["too_late", "too late"]]) {
    await page.keyboard.press("ArrowRight");
    await preview(page).getByText(text).first().waitFor();
    assert.equal(await focused(page), `step-${step}`);
  }

  await reach(page, page.getByRole("button", { name: "Save draft" }));
  await page.keyboard.press("Enter");
  await page.getByText("The draft is saved.").waitFor();
  assert.equal(await question(page).inputValue(), "By keyboard: how was it?");
  await reach(page, page.getByRole("button", { name: "Publish", exact: true }));
  await page.keyboard.press("Enter");
  await page.getByText("Your wording is published.").waitFor();
  assert.equal(await inUse(page), before + 1);

  const version = page.getByRole("region", { name: "Versions" }).getByRole("link", { name: `Version ${before}`, exact: true });
  await reach(page, version);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: `Version ${before}` }).waitFor();
  await page.getByRole("row", { name: /Question.*By keyboard: how was it\?/ }).waitFor();
  await reach(page, page.getByText("Roll back to this version"));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await reach(page, page.getByRole("button", { name: "Roll back", exact: true }));
  await page.keyboard.press("Enter");
  await page.getByText(`is version ${before} again`).first().waitFor();
  assert.equal(await inUse(page), before + 2);
  assert.deepEqual(page.problems, []);
});

// cardFor asks a customer in a new conversation and answers what the card says.
async function cardFor(page, customer) {
  const sandbox = new Sandbox(page, demo.sandbox);
  await page.goto(demo.sandbox);
  await sandbox.messenger.locator("summary").first().click();
  await sandbox.go(sandbox.messenger.getByRole("link", { name: customer }).first());
  const words = `Hello, ${Math.random()}`;
  await sandbox.messenger.getByRole("textbox", { name: "Your message" }).fill(words);
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "Start a conversation" }));
  await sandbox.go(sandbox.inbox.getByRole("link", { name: words }));
  await sandbox.ask();
  return (await sandbox.messenger.getByRole("group", { name: /card/i }).last().innerText()).replace(/\s+/g, " ");
}

test("new words in two languages are on the next card by the customer's language; rolled back, the old ones are", async (t) => {
  const page = await openEditor(t);
  const old = await inUse(page);
  const oldQuestion = await question(page).inputValue();
  await question(page).fill("Two languages?");
  const french = page.locator("details[data-language=fr]");
  await french.locator("summary").click();
  await french.getByRole("textbox", { name: "Question", exact: true }).fill("Deux langues ?");
  await page.getByRole("textbox", { name: "Emoji of choice 5" }).fill("👨‍👩‍👧‍👦");
  const arabic = page.locator("details[data-language=ar]");
  await arabic.locator("summary").click();
  await arabic.getByRole("textbox", { name: "Question", exact: true }).fill("لغتان؟");
  await preview(page).getByText("لغتان؟").waitFor();
  await publish(page);

  const customer = await openPage(browser);
  t.after(() => customer.context().close());
  const card = await cardFor(customer, /Zoë/);
  assert.match(card, /Deux langues \?/);
  assert.match(card, /👨‍👩‍👧‍👦/u);
  assert.match(await cardFor(customer, /عمر/), /لغتان؟/);
  assert.match(await cardFor(customer, /Sam/), /Two languages\?/);

  await page.getByRole("region", { name: "Versions" }).getByRole("link", { name: `Version ${old}`, exact: true }).click();
  await page.getByText("Roll back to this version").click();
  await page.getByRole("button", { name: "Roll back", exact: true }).click();
  await page.getByText("in use again").first().waitFor();
  assert.ok((await cardFor(customer, /Sam/)).includes(oldQuestion));
  assert.ok(!(await cardFor(customer, /Zoë/)).includes("Deux langues"));
  assert.deepEqual([...page.problems, ...customer.problems], []);
});

test("the editor works without scripts", async (t) => {
  const page = await openEditor(t, { scripts: false });
  const before = await inUse(page);
  const [first, second] = await labels(page);
  await question(page).fill("Without scripts?");
  await loads(page, page.getByRole("button", { name: `Move ${second} up` }).click());
  assert.deepEqual((await labels(page)).slice(0, 2), [second, first]);
  await page.getByText("Start from a template").click();
  await page.getByRole("button", { name: "Thumbs" }).click();
  await page.getByText("Replace your choices").waitFor();
  await loads(page, page.getByRole("button", { name: "Replace them" }).click());
  assert.deepEqual(await labels(page), ["Bad", "Good"]);
  await page.getByRole("button", { name: "Add a choice" }).click();
  await page.getByRole("textbox", { name: "Label of choice 3" }).fill("Great");
  await page.getByRole("combobox", { name: "Add a language" }).selectOption("it");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.locator('[lang=it][name$=".question"]').fill("Senza script?");
  await page.getByRole("combobox", { name: "Language", exact: true }).selectOption("it");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await preview(page).getByText("Senza script?").waitFor();
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByText("The draft is saved.").waitFor();
  await page.getByRole("textbox", { name: "Label of choice 3" }).fill("");
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByRole("alert").getByRole("link", { name: "Label of choice 3" }).waitFor();
  await page.getByRole("textbox", { name: "Label of choice 3" }).fill("Great");
  assert.equal(await publish(page), before + 1);
  await page.getByRole("link", { name: `Version ${before}`, exact: true }).click();
  await page.getByText("Roll back to this version").click();
  await page.getByRole("button", { name: "Roll back", exact: true }).click();
  await page.getByText(`is version ${before} again`).first().waitFor();
  assert.deepEqual(await labels(page).then((all) => all.slice(0, 2)), [first, second]);
});

test("a choice is dragged to its place by mouse, and a language goes along", async (t) => {
  const page = await openEditor(t);
  const before = await labels(page);
  const handle = (i) => page.locator("[data-drag]").nth(i);
  await handle(0).scrollIntoViewIfNeeded();
  const from = await handle(0).boundingBox();
  const to = await handle(3).boundingBox();
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x, to.y, { steps: 5 });
  await page.mouse.move(from.x, to.y + to.height, { steps: 3 });
  await page.mouse.up();
  await page.getByRole("status").getByText(`${before[0]} moved to place 4 of 5.`).waitFor();
  assert.deepEqual(await labels(page), [before[1], before[2], before[3], before[0], before[4]]);

  // Escape leaves everything where it was.
  const again = await handle(4).boundingBox();
  await page.mouse.move(again.x + 5, again.y + 5);
  await page.mouse.down();
  await page.mouse.move(again.x + 5, again.y - 150, { steps: 5 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  assert.equal((await labels(page))[4], before[4]);
  assert.deepEqual(page.problems, []);
});

test("leaving with unsaved words asks; looking at another step does not count", async (t) => {
  const page = await openEditor(t);
  let asked = 0;
  page.removeAllListeners("dialog");
  page.on("dialog", (dialog) => {
    asked++;
    return dialog.accept();
  });
  await page.locator("#step-thanks").check({ force: true });
  await preview(page).getByText("✅").waitFor();
  await page.getByRole("link", { name: "Ratings", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: "Ratings" }).waitFor();
  assert.equal(asked, 0);
  await page.goto(`${demo.app}/wording`);
  await question(page).press("End");
  await question(page).pressSequentially(" Really?");
  await page.getByRole("button", { name: "Add a choice" }).click();
  await page.getByRole("textbox", { name: "Label of choice 6" }).waitFor();
  assert.match(await question(page).inputValue(), / Really\?$/);
  await page.getByRole("link", { name: "Ratings", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: "Ratings" }).waitFor();
  assert.equal(asked, 1);
  assert.deepEqual(page.problems, []);
});

test("too many characters are counted while typing and refused with a link to the field", async (t) => {
  const page = await openEditor(t);
  const label = page.getByRole("textbox", { name: "Label of choice 2" });
  await label.fill("é".repeat(41));
  await page.locator("[id='option.1.label-count'].counter-over").getByText("41/40").waitFor();
  await page.getByText("Before you can publish").waitFor();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const summary = page.locator("#refused");
  await summary.waitFor();
  assert.equal(await focused(page), "refused");
  await assertAccessible(page);
  await summary.getByRole("link", { name: "Label of choice 2" }).click();
  assert.equal(await focused(page), "option.1.label");
  assert.equal(await label.inputValue(), "é".repeat(41), "nothing typed is lost");
  assert.deepEqual(page.problems.filter((problem) => !/status of 422/.test(problem)), []);
});

test("two admins: a draft, and the choice between theirs and mine", async (t) => {
  const own = await startDemo();
  t.after(() => own.stop());
  const open = async (name) => {
    const page = await openPage(browser);
    t.after(() => page.context().close());
    await signIn(page, own, name);
    return page;
  };
  const jane = await open("Jane Agent");
  const tomas = await open("Tomáš Novák");
  await jane.goto(`${own.app}/settings`);
  await jane.getByRole("combobox", { name: /Tomáš/ }).selectOption("admin");
  await jane.getByRole("row", { name: /Tomáš/ }).getByRole("button").first().click();
  await jane.getByText("The role is changed.").waitFor();
  await signIn(tomas, own, "Tomáš Novák");
  await tomas.goto(`${own.app}/wording`);
  await jane.goto(`${own.app}/wording`);
  await question(jane).fill("Jane's draft?");
  await jane.getByRole("button", { name: "Save draft" }).click();
  await jane.getByText("The draft is saved.").waitFor();
  await question(tomas).fill("Tomáš was here?");
  await tomas.getByRole("button", { name: "Publish", exact: true }).click();
  await tomas.getByRole("heading", { name: "Somebody else was here meanwhile" }).waitFor();
  for (const [name, page] of Object.entries({ draft: jane, meanwhile: tomas })) {
    for (const look of looks) {
      await t.test(`${name}, ${look.theme}, ${look.width} wide`, async () => {
        await page.emulateMedia({ colorScheme: look.theme });
        await page.setViewportSize(look);
        await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
        await assertAccessible(page);
        await assertFits(page);
      });
    }
  }
  await tomas.getByRole("row", { name: /Jane's draft\?.*Tomáš was here\?/ }).waitFor();
  await tomas.getByRole("button", { name: "Keep what is in the form" }).click();
  await tomas.getByRole("button", { name: "Publish", exact: true }).click();
  await tomas.getByText("Your wording is published.").waitFor();
  await question(jane).fill("Jane's second?");
  await jane.getByRole("button", { name: "Save draft" }).click();
  await jane.getByText("Tomáš Novák published").waitFor();
  assert.equal(await question(jane).inputValue(), "Jane's second?");
});
