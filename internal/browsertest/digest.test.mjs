// The weekly digest from the page to the mailbox, with a real browser and the demo's own mail server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
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

test("the digest is looked at, sent, and found in the team's mail", async () => {
  const page = await openPage(browser);
  await signIn(page, demo);
  await page.goto(`${demo.app}/settings/digest`);
  const subject = await page.getByText("Subject:").locator("..").innerText();
  const frame = page.frameLocator("iframe");
  await frame.getByRole("heading", { name: /^The week of/ }).waitFor();
  assert.match(subject, /CSAT \d+ % of \d+ rated/);

  await page.getByRole("button", { name: "Send it to me now" }).click();
  await page.getByText("is on its way to you").waitFor();
  await page.goto(`${demo.sandbox}/team-mail`);
  assert.ok(subject.endsWith(await page.locator(".team-mail summary").first().evaluate((s) => s.firstChild.textContent.trim())));
  const mail = page.frameLocator("iframe");
  await mail.getByRole("heading", { name: /^The week of/ }).waitFor();

  // The mail's looks are let through, and nothing else is.
  const title = mail.getByRole("heading", { level: 1 });
  assert.equal(await title.evaluate((h) => getComputedStyle(h).fontSize), "22px");
  assert.deepEqual(page.problems, []);
});

test("a link in the shown mail opens the dashboard beside it", async () => {
  const page = await openPage(browser);
  await signIn(page, demo);
  await page.goto(`${demo.app}/settings/digest`);
  const [opened] = await Promise.all([
    page.context().waitForEvent("page"),
    page.frameLocator("iframe").getByRole("link", { name: "Overview of the week" }).click(),
  ]);
  await opened.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  assert.match(opened.url(), /\?from=\d{4}-\d\d-\d\d&to=/);
});

// Where it is shown nothing in the mail may run, the judges neither, so they look at a copy.
test("the mail itself is fit to be read by everybody", async () => {
  const jane = await openPage(browser);
  await signIn(jane, demo);
  const preview = await jane.request.get(`${demo.app}/settings/digest/preview`);
  assert.match(preview.headers()["content-security-policy"], /sandbox allow-popups/);
  const html = await preview.text();
  for (const look of looks) {
    const page = await openPage(browser, look);
    await page.setContent(html);
    await assertAccessible(page);
    await assertFits(page);
    assert.deepEqual(page.problems, []);
  }
});
