// The ledger, the rules and what waits, by keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, startDemo } from "./harness.mjs";
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

// reach presses Tab until the focus is on what has this name.
async function reach(page, name, most = 120) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => document.activeElement?.getAttribute("aria-label") || document.activeElement?.textContent?.trim() || "");
    if (name.test(at)) return at;
  }
  assert.fail(`no Tab leads to ${name}`);
}

test("a number of the ledger leads to its rows, and a row to what the rules saw", async () => {
  const page = await openPage(browser);
  await signIn(page, demo);
  await page.goto(`${demo.app}/requests?days=30`);
  const number = await reach(page, /^[\d,]+ The conversation is too short\.$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/status=not_asked&rule=min_characters/);
  await page.getByRole("heading", { name: new RegExp(`^${number.split(" ")[0]} rows?, newest first$`) }).waitFor();
  await reach(page, /^Details of episode/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "What the rules saw" }).waitFor();
  assert.equal(await page.getByText("No: not asked").count(), 1);
  assert.deepEqual(page.problems, []);
});

test("rules are tried by keyboard, and nothing that was typed is lost", async () => {
  const page = await openPage(browser);
  await signIn(page, demo);
  await page.goto(`${demo.app}/settings`);
  await page.getByRole("spinbutton", { name: "Shortest conversation" }).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("20");
  await reach(page, /^See what this would have done$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "What these settings would have done" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "dry-run");
  assert.equal(await page.getByRole("spinbutton", { name: "Shortest conversation" }).inputValue(), "20");
  assert.match(await page.locator("#dry-run").innerText(), /\d more than the settings in force/);
});

test("without scripts the same is there", async () => {
  const page = await openPage(browser, { scripts: false });
  await signIn(page, demo);
  await page.goto(`${demo.app}/settings`);
  await page.getByRole("button", { name: "See what this would have done" }).click();
  await page.getByText("as many as the settings in force").waitFor();
  await page.goto(`${demo.app}/requests`);
  await page.getByRole("link", { name: /^[\d,]+ Not asked$/ }).click();
  await page.waitForURL(/status=not_asked/);
});
