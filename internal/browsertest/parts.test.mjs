// What pages share: dialogs, menus, the navigation, unsaved changes, paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, openBrowser, openPage, startDemo } from "./harness.mjs";

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

async function admin(options, path = "/settings") {
  const page = await openPage(browser, options);
  await page.goto(`${demo.app}/auth/intercom`);
  await page.getByRole("button", { name: "Continue as Jane Agent" }).click();
  await page.goto(demo.app + path);
  return page;
}

async function makeKey(page, name) {
  await page.getByRole("textbox", { name: "Name of the new key" }).fill(name);
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByText("Your new key").waitFor();
}

const openerOf = (page, name) => page.locator(`summary[aria-label="Revoke the key ${name}"]`);

test("a confirmation: Escape and Cancel change nothing and give the focus back, the red button does it", async () => {
  const page = await admin();
  await makeKey(page, "first");
  const opener = openerOf(page, "first");
  const dialog = page.getByRole("dialog", { name: "Revoke “first”?" });

  await opener.focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  assert.ok(await dialog.evaluate((element) => element.matches(":modal")), "the page behind the dialog can be used");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Cancel");
  await assertAccessible(page);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await opener.evaluate((element) => element === document.activeElement), "the focus is lost");

  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await opener.evaluate((element) => element === document.activeElement), "the focus is lost");

  await opener.click();
  await page.mouse.click(5, 5);
  await dialog.waitFor({ state: "hidden" });

  await opener.click();
  await dialog.getByRole("button", { name: "Revoke the key" }).click();
  await page.getByText("The key is revoked").waitFor();
  assert.deepEqual(page.problems, []);
});

test("a confirmation without scripts opens in place", async () => {
  const page = await admin({ scripts: false });
  await makeKey(page, "second");
  const opener = openerOf(page, "second");
  await opener.click();
  await page.getByRole("heading", { name: "Revoke “second”?" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Cancel" }).count(), 0, "a button that does nothing is shown");
  await page.getByRole("button", { name: "Revoke the key" }).click();
  await page.getByText("The key is revoked").waitFor();
});

test("unsaved changes: the form says so, leaving asks, saving does not", async () => {
  const page = await admin();
  const asked = [];
  page.on("dialog", async (dialog) => {
    asked.push(dialog.type());
    await dialog.dismiss();
  });
  const note = page.locator("[data-unsaved-note]");
  const target = page.getByRole("spinbutton", { name: "Target" });

  await target.fill("85");
  assert.equal(await note.textContent(), "Unsaved changes");
  await target.fill("90");
  assert.equal(await note.textContent(), "", "a change that was taken back is no change");
  await target.fill("85");

  const click = page.getByRole("link", { name: "Overview" }).click();
  await page.waitForEvent("dialog");
  await click;
  assert.deepEqual(asked, ["beforeunload"]);
  assert.match(page.url(), /\/settings$/);
  assert.equal(await target.inputValue(), "85");

  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText("The settings are saved").waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  assert.deepEqual(asked, ["beforeunload"]);
  assert.deepEqual(page.problems, []);
});

test("what was refused is unsaved, and its summary takes the focus and leads to the field", async () => {
  const page = await admin();
  await page.getByRole("textbox", { name: "Time zone" }).fill("Mars/Olympus");
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText("is not a time zone").first().waitFor();
  assert.equal(await page.locator("[data-unsaved-note]").textContent(), "Unsaved changes");
  const summary = page.getByRole("alert");
  assert.ok(await summary.evaluate((element) => element === document.activeElement), "the summary has no focus");
  await summary.getByRole("link", { name: "Time zone" }).click();
  assert.ok(await page.locator("#time_zone").evaluate((element) => element === document.activeElement), "the link leads elsewhere");
});

test("what a setting switches off is grey and says why, before anything is saved", async () => {
  const page = await admin({ scripts: false });
  const rest = page.getByText("The rest of this section rests while this is off.");
  assert.ok(await rest.isHidden());
  await page.getByRole("checkbox", { name: "Ask by itself" }).uncheck();
  assert.ok(await rest.isVisible());
  await assertFits(page);
});

test("a dialog opens by its button, keeps the focus and gives it back", async () => {
  const page = await admin({}, "/parts");
  const opener = page.getByRole("button", { name: "Open a dialog" });
  const dialog = page.getByRole("dialog", { name: "A dialog" });
  await opener.press("Enter");
  await dialog.waitFor();
  for (let stop = 0; stop < 5; stop++) {
    await page.keyboard.press("Tab");
    const inside = await dialog.evaluate((element) => element.contains(document.activeElement) || document.activeElement === document.body);
    assert.ok(inside, "Tab leaves the dialog");
  }
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.ok(await opener.evaluate((element) => element === document.activeElement), "the focus is lost");
});

test("a counter counts characters as people do", async () => {
  const page = await admin({}, "/parts");
  const field = page.getByRole("textbox", { name: "With a counter" });
  await field.fill("👍🏽 ok");
  assert.equal(await page.locator("#counted-count [data-count]").textContent(), "5/80");
});

test("eight entries fit a phone: four and the rest behind the last", async () => {
  const page = await admin({ width: 390, height: 844 }, "/parts");
  const navigation = page.getByRole("navigation", { name: "Sample", exact: true });
  assert.equal(await navigation.getByRole("link").count(), 4);
  const more = navigation.locator("summary");
  await more.focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await navigation.getByRole("link").allInnerTexts(), [
    "Overview", "Ratings", "Teammates", "Requests", "Wording", "Segments", "Calls", "Settings",
  ]);
  await assertFits(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  assert.equal(await navigation.getByRole("link").count(), 4, "Escape does not close the menu");
  assert.ok(await more.evaluate((element) => element === document.activeElement), "the focus is lost");
});

test("paper is white in the dark theme too, and has nothing to press", async () => {
  const page = await admin({ theme: "dark" }, "/");
  await page.locator("summary", { hasText: "Jane Agent" }).click();
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await page.emulateMedia({ media: "print" });
  await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)");
  assert.equal(await page.locator(".btn:visible, .main-nav:visible, summary:visible, form[method=get]:visible").count(), 0);
  await page.getByText(/Fernweg Outdoor · printed/).waitFor();
});
