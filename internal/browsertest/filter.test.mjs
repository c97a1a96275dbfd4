// The overview by keyboard, and its filter: what is typed, what is refused, back and forth, and without scripts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, openBrowser, openPage, startDemo } from "./harness.mjs";
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

const at = (page) => page.url().slice(demo.app.length);
const within = (page, path) => page.waitForURL(typeof path === "string" ? demo.app + path : path);
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.localName);
const loaded = (page) => page.locator("#report:not([aria-busy])").waitFor();
const said = (page, pattern) => page.locator("#said").filter({ hasText: pattern }).waitFor({ state: "attached" });

// press presses a key and waits for the report of an address.
async function press(page, key, path) {
  await page.keyboard.press(key);
  await within(page, path);
  await loaded(page);
}

test("keys choose the range, step through time and compare or not; each has its address", async () => {
  const page = await open("/?channel=chat");
  await page.evaluate(() => (globalThis.samePage = true));
  await press(page, "w", "/?days=7&channel=chat");
  await said(page, /^Results updated: .* from .*, compared with .*\.$/);
  assert.equal(await focused(page), "body", "a key takes the focus away");
  await press(page, "t", "/?days=30&channel=chat");
  await press(page, "y", "/?days=365&channel=chat");
  await press(page, "n", "/?channel=chat");
  await press(page, "ArrowLeft", /from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d&channel=chat$/);
  await press(page, "ArrowRight", "/?channel=chat");
  await page.keyboard.press("ArrowRight"); // there is nothing after today
  await press(page, "x", "/?compare=off&channel=chat");
  await said(page, /^Results updated: [^,]*$|rated from [^,]*\.$/);
  await press(page, "x", "/?channel=chat");
  await press(page, "Escape", "/");
  assert.equal(await page.locator(".pill").count(), 0);
  await page.goBack();
  await page.locator(".pill", { hasText: "Channel: Chat" }).waitFor();
  assert.equal(at(page), "/?channel=chat");
  assert.equal(await page.evaluate(() => globalThis.samePage), true, "the whole page was loaded");
  assert.deepEqual(page.problems, []);
});

test("a key leaves the focus where it is", async () => {
  const page = await open("/");
  await page.locator("#pick-compare").focus();
  await press(page, "w", "/?days=7");
  assert.equal(await focused(page), "pick-compare");
});

test("Escape first closes what is open, and takes no filter away by that", async () => {
  const page = await open("/?channel=chat");
  await page.locator("#pick-range").click();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("details.menu-box[open]").count(), 0);
  assert.equal(at(page), "/?channel=chat");
  await page.keyboard.press("?");
  await page.locator("dialog#keys:modal").waitFor();
  await assertAccessible(page);
  await page.keyboard.press("w");
  await page.keyboard.press("Escape");
  assert.equal(at(page), "/?channel=chat");
  await press(page, "Escape", "/");
});

test("the switch turns the overview's keys off too, and typing is no shortcut", async () => {
  const page = await open("/");
  await page.locator("#pick-range").click();
  await page.getByLabel("From", { exact: true }).focus();
  await page.keyboard.type("wx");
  assert.equal(at(page), "/");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByLabel("Single-key shortcuts").uncheck();
  await page.keyboard.press("Escape");
  for (const key of ["w", "x", "ArrowLeft", "?"]) await page.keyboard.press(key);
  assert.equal(at(page), "/");
  assert.equal(await page.locator("dialog:modal").count(), 0);
});

test("/ leads to the search in remarks", async () => {
  const page = await open("/?days=30&channel=chat");
  await page.keyboard.press("/");
  await within(page, "/ratings?days=30&channel=chat#q");
});

test("a filter of answers says that requests cannot be counted, and a link takes it away", async () => {
  const page = await open("/?days=365&change=better&channel=chat");
  await page.getByText("cannot be counted").waitFor();
  await page.getByRole("link", { name: "Take these filters away" }).click();
  await within(page, "/?days=365&channel=chat");
  assert.equal(await page.getByText("cannot be counted").count(), 0);
  assert.deepEqual(page.problems, []);
});

test("the filter's fields become pills, and all go at once", async () => {
  const page = await open("/?days=365");
  await page.locator("#pick-filter").click();
  await page.getByLabel("Score", { exact: true }).selectOption("5");
  await page.getByLabel("Remark", { exact: true }).selectOption("yes");
  await page.locator("#apply-filter").click();
  await within(page, "/?days=365&score=5&remark=yes");
  await page.locator(".pill").nth(1).waitFor();
  assert.equal(await page.locator(".pill").count(), 2);
  await page.locator("#clear-filters").click();
  await within(page, "/?days=365");
  await loaded(page);
  assert.equal(await focused(page), "pick-filter");
});

test("a range by its name, without scripts and with", async () => {
  for (const scripts of [true, false]) {
    const page = await open("/", { scripts });
    await page.locator("#pick-range").click();
    await page.locator("#range-last_month").click();
    await within(page, "/?days=last_month");
    await page.locator("#pick-range", { hasText: "Last month" }).waitFor();
    await page.locator("#later").click();
    await within(page, "/?days=month");
    await page.locator("#pick-compare").click();
    await page.locator("#compare-year").click();
    await within(page, "/?days=month&compare=year");
    await page.locator("#pick-compare", { hasText: "A year before" }).waitFor();
  }
});

test("what a bookmark asks for and is not there is said, and does not narrow", async () => {
  const page = await open("/?segment=gone&wording=9999&company=Nobody+at+all");
  for (const sentence of ["there is no such segment", "there is no such version", "no company has this id"]) {
    await page.getByText(sentence).waitFor();
  }
  assert.equal(await page.locator(".pill").count(), 0);
});

test("the menus of range and filter fit on a phone and a desk", async () => {
  for (const width of [1280, 800, 390]) {
    const page = await open("/?tag=vip", { width, height: 844 });
    for (const id of ["pick-range", "pick-filter"]) {
      await page.locator(`#${id}`).click();
      await assertFits(page);
      await assertAccessible(page);
    }
  }
});
