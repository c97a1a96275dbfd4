// The single-key shortcuts of the list of ratings, and that nobody who does not want them stumbles over them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, openBrowser, openPage, startDemo } from "./harness.mjs";
import { signIn } from "./states.mjs";

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

async function open(path, options) {
  const page = await openPage(browser, options);
  await signIn(page, demo);
  await page.goto(demo.app + path);
  return page;
}

// at is the place of the row that has the focus, from 0; -1 is none.
const at = (page) =>
  page.evaluate(() => [...document.querySelectorAll("[data-row]")].indexOf(document.activeElement.closest("[data-row]")));

test("j and k walk through the rows, o opens the one", async () => {
  const page = await open("/ratings?days=365");
  const count = await page.locator("[data-row]").count();
  for (const [key, row] of [["k", 0], ["j", 1], ["j", 2], ["k", 1], ["k", 0], ["k", 0]]) {
    await page.keyboard.press(key);
    assert.equal(await at(page), row, `after ${key}`);
  }
  for (let i = 0; i <= count; i++) await page.keyboard.press("j");
  assert.equal(await at(page), count - 1);
  const path = await page.locator("[data-row-link]").last().getAttribute("href");
  await page.keyboard.press("o");
  await page.waitForURL(demo.app + path);
  assert.deepEqual(page.problems, []);
});

test("the first key goes to the first row", async () => {
  const page = await open("/ratings?days=365");
  await page.keyboard.press("j");
  assert.equal(await at(page), 0);
});

test("keys do nothing in a field, with a modifier, and under a dialog", async () => {
  const page = await open("/ratings?days=365");
  for (const key of ["Control+j", "Alt+j", "Meta+j", "Shift+J"]) await page.keyboard.press(key);
  assert.equal(await at(page), -1);
  await page.locator("#pick-filter").click();
  await page.getByLabel("Contact id").fill("");
  await page.keyboard.type("jo?");
  assert.equal(await page.getByLabel("Contact id").inputValue(), "jo?");
  assert.equal(await page.locator("dialog:modal").count(), 0);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("dialog#keys:modal").waitFor();
  await page.keyboard.press("j");
  assert.equal(await at(page), -1);
  await assertAccessible(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  assert.equal(await at(page), 0);
  assert.deepEqual(page.problems, []);
});

test("the switch in the help turns every key off, for this browser, and on again", async () => {
  const page = await open("/ratings?days=365");
  const toggle = page.getByLabel("Single-key shortcuts");
  await page.keyboard.press("?");
  assert.equal(await toggle.isChecked(), true);
  await toggle.uncheck();
  await page.keyboard.press("Escape");
  for (const key of ["j", "?"]) await page.keyboard.press(key);
  assert.equal(await at(page), -1);
  assert.equal(await page.locator("dialog:modal").count(), 0);
  await page.reload();
  await page.keyboard.press("j");
  assert.equal(await at(page), -1);
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  assert.equal(await toggle.isChecked(), false);
  await toggle.check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  assert.equal(await at(page), 0);
  assert.deepEqual(page.problems, []);
});

test("a slash goes to the search, h marks the row and keeps the focus there", async () => {
  const page = await open("/ratings?days=365");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.type("refund");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${demo.app}/ratings?days=365&q=refund`);
  await page.locator("mark").first().waitFor();
  await page.locator("h1").click();
  await page.keyboard.press("j");
  await page.keyboard.press("h");
  await page.getByRole("button", { name: /^Take back the mark/ }).waitFor();
  assert.equal(page.url(), `${demo.app}/ratings?days=365&q=refund`);
  assert.equal(await at(page), 0);
  await page.keyboard.press("h");
  await page.getByRole("button", { name: /^Take back the mark/ }).waitFor({ state: "detached" });
  await assertAccessible(page);
  assert.deepEqual(page.problems, []);
});
