// The filter of the overview and of the ratings, as a person uses it: with scripts and without, by keyboard, back and
// forth; and that every link of the overview leads to as many rows as its number says.
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

async function open(path, options) {
  const page = await openPage(browser, options);
  await page.goto(`${demo.app}/auth/intercom`);
  await page.getByRole("button", { name: "Continue as Jane Agent" }).click();
  await page.goto(demo.app + path);
  return page;
}

const at = (page) => page.url().slice(demo.app.length);
const focused = (page) => page.evaluate(() => document.activeElement.id);
const said = (page) => page.locator("#said");
const within = (page, path) => page.waitForURL(demo.app + path);

test("a preset loads the report alone, keeps the focus and says what came", async () => {
  const page = await open("/");
  await page.evaluate(() => (globalThis.samePage = true));
  const before = await page.locator(".tiles").innerText();
  await page.locator("#preset-30").focus();
  await page.keyboard.press("Enter");
  await within(page, "/?days=30");
  await said(page).filter({ hasText: /^Results updated: [\d,]+ conversations? rated from .+, compared with .+\.$/ }).waitFor({ state: "attached" });
  assert.equal(await focused(page), "preset-30");
  assert.equal(await page.locator("#preset-30").getAttribute("aria-current"), "true");
  assert.equal(await page.locator("#preset-90").getAttribute("aria-current"), null);
  assert.notEqual(await page.locator(".tiles").innerText(), before);
  assert.equal(await page.evaluate(() => globalThis.samePage), true, "the whole page was loaded");

  await page.goBack();
  await page.locator("#preset-90[aria-current]").waitFor();
  assert.equal(at(page), "/");
  assert.equal(await page.locator(".tiles").innerText(), before);
  await page.goForward();
  await page.locator("#preset-30[aria-current]").waitFor();
  assert.equal(at(page), "/?days=30");
  assert.deepEqual(page.problems, []);
});

test("a menu opens, chooses and closes by keyboard, and hands the focus back", async () => {
  const page = await open("/");
  await page.locator("#pick-policy").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "policy-first");
  await page.keyboard.press("Escape");
  assert.equal(await focused(page), "pick-policy");
  assert.equal(await page.locator("#report details.menu-box[open]").count(), 0);
  await page.keyboard.press("Enter");
  await page.locator("#policy-best").focus();
  await page.keyboard.press("Enter");
  await within(page, "/?policy=best");
  await page.locator("#pick-policy", { hasText: "best rating" }).waitFor();
  await page.waitForFunction(() => document.activeElement.id === "pick-policy");
  assert.equal(await page.locator("#report details.menu-box[open]").count(), 0);
  await page.getByRole("heading", { name: "CSAT, best rating" }).waitFor();
  assert.deepEqual(page.problems, []);
});

test("a filter becomes a pill in a short address, and goes with it", async () => {
  const page = await open("/ratings?days=365");
  await page.locator("#pick-filter").click();
  await page.getByLabel("Channel", { exact: true }).selectOption("email");
  await page.getByLabel("Remark", { exact: true }).selectOption("yes");
  await page.locator("#apply-filter").click();
  await within(page, "/ratings?days=365&channel=email&remark=yes");
  await said(page).filter({ hasText: /^Results updated: [\d,]+ ratings?\.$/ }).waitFor({ state: "attached" });
  assert.equal(await focused(page), "pick-filter");
  assert.deepEqual(await page.locator(".pill > span").allInnerTexts(), ["Channel: E-mail", "With remark"]);
  await page.getByRole("link", { name: "Remove the filter “Channel: E-mail”" }).click();
  await within(page, "/ratings?days=365&remark=yes");
  await page.getByRole("link", { name: "Remove the filter “With remark”" }).waitFor();
  await page.waitForFunction(() => document.activeElement !== document.body);
  assert.deepEqual(page.problems, []);
});

test("a range of one's own; one that does not hold stays typed and says why", async () => {
  const page = await open("/");
  await page.locator("#pick-range").click();
  await page.getByLabel("From", { exact: true }).fill("2026-05-05");
  await page.getByLabel("To", { exact: true }).fill("2026-05-01");
  await page.locator("#apply-range").click();
  await page.getByText("to “2026-05-01” was ignored: it is before 2026-05-05.").waitFor();
  await page.locator("#pick-range").click();
  assert.equal(await page.getByLabel("From", { exact: true }).inputValue(), "2026-05-05");
  await page.getByLabel("To", { exact: true }).fill("2026-05-09");
  await page.locator("#apply-range").click();
  await within(page, "/?from=2026-05-05&to=2026-05-09");
  await page.getByText("5 to 9 May 2026").first().waitFor();
  await page.locator("#earlier").click();
  await within(page, "/?from=2026-04-30&to=2026-05-04");
  assert.deepEqual(page.problems, []);
});

test("without scripts the same links and the same form do it", async () => {
  const page = await open("/", { scripts: false });
  await page.locator("#preset-30").click();
  assert.equal(at(page), "/?days=30");
  await page.locator("#pick-compare").click();
  await page.locator("#compare-off").click();
  assert.equal(at(page), "/?days=30&compare=off");
  assert.equal(await page.locator(".change").count(), 0);
  await page.locator("#pick-filter").click();
  await page.getByLabel("Channel", { exact: true }).selectOption("chat");
  await page.locator("#apply-filter").click();
  assert.equal(at(page), "/?days=30&compare=off&channel=chat");
  await page.getByRole("link", { name: "Remove the filter “Channel: Chat”" }).click();
  assert.equal(at(page), "/?days=30&compare=off");
});

test("who has signed out meanwhile is led to the sign-in, not shown a part of it", async () => {
  const page = await open("/");
  await page.context().clearCookies();
  await page.locator("#preset-30").click();
  await page.waitForURL(/\/signin/);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.locator("#report").count(), 0);
});

test("what one opens the page for stands on a phone's first screen, the trend begins on a desk's", async () => {
  const phone = await open("/", { width: 390, height: 844 });
  const todo = await phone.locator(".answers strong").last().boundingBox();
  assert.ok(todo.y + todo.height <= 844, `what to do today ends at ${todo.y + todo.height}`);
  const desk = await open("/");
  const trend = await desk.locator("#trend").boundingBox();
  assert.ok(trend.y + trend.height <= 800, `the trend's head ends at ${trend.y + trend.height}`);
});

test("paper shows range and filters, and no controls", async () => {
  const page = await open("/?days=30&channel=chat");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".filter-row").isVisible(), false);
  assert.equal(await page.getByText("Channel: Chat").isVisible(), true);
  assert.equal(await page.locator("#report").getByText(/Fernweg Outdoor/).isVisible(), true);
});

test("every menu and every explanation fits and is accessible", async () => {
  for (const width of [1280, 390]) {
    const page = await open("/?channel=chat&days=30", { width, height: 844 });
    for (const id of ["pick-range", "pick-compare", "pick-filter", "pick-policy"]) {
      await page.locator(`#${id}`).click();
      await assertFits(page);
      await assertAccessible(page);
    }
    await page.keyboard.press("Escape");
    for (const how of await page.locator(".explain > summary").all()) await how.click();
    await assertFits(page);
    await assertAccessible(page);
    assert.deepEqual(page.problems, []);
  }
});

test("every link of the overview answers, with as many rows as its number says", async () => {
  const page = await open("/?days=30");
  const links = await page.locator("#report a").evaluateAll((all) =>
    all.map((a) => ({
      href: a.getAttribute("href"),
      text: a.getAttribute("aria-label") ?? a.textContent.trim(),
      trend: a.closest("section")?.getAttribute("aria-labelledby") === "trend",
      note: a.closest(".tile")?.querySelector(".tile-note")?.textContent ?? "",
    })),
  );
  assert.ok(links.length > 40, `only ${links.length} links`);
  let counted = 0;
  for (const href of new Set(links.map((link) => link.href))) {
    if (!href.startsWith("/")) continue;
    const answer = await page.request.get(demo.app + href);
    assert.equal(answer.status(), 200, href);
    const rows = /id="list"[^>]*>\s*([\d,]+) rating/.exec(await answer.text())?.[1];
    for (const { text, note, trend } of links.filter((link) => link.href === href)) {
      if (!/^\/ratings\?/.test(href) || !/\d/.test(text) || /^Response/.test(text) || trend) continue;
      const want = /%/.test(text) && note ? note : text;
      const numbers = /(\d[\d,]*) of \d/.exec(want)?.slice(1) ?? want.match(/\d[\d,]*\d|\d/g); // "46 %, 16 of 35" are 16
      assert.equal(rows ?? "0", numbers[0], `${text} leads to ${href}`);
      counted++;
    }
  }
  assert.ok(counted > 15, `only ${counted} numbers were counted`);
});
