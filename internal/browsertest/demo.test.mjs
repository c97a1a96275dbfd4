import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, startDemo } from "./harness.mjs";

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

test("the demo is alive, and a browser reaches both its addresses", async () => {
  assert.equal((await fetch(`${demo.app}/livez`)).status, 200);
  const page = await openPage(browser);
  for (const address of [demo.app, demo.sandbox]) {
    const answer = await page.goto(address);
    assert.ok(answer.ok(), `${address} answered ${answer.status()}`);
  }
  assert.deepEqual(page.problems, []);
});

test("the printed address and one click lead to a year of ratings", async () => {
  const page = await openPage(browser);
  await page.goto(`${demo.app}/auth/intercom`);
  assert.equal(new URL(page.url()).origin, demo.sandbox, "it does not lead to the consent page");
  await page.getByRole("button", { name: "Continue as Jane Agent" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  assert.equal(page.url(), `${demo.app}/`);
  await page.getByRole("complementary", { name: "Example data" }).waitFor();
  assert.ok((await page.locator("main").innerText()).match(/\d+(\.\d)? ?%/), "the overview shows no share");
  assert.deepEqual(page.problems, []);
});

test("who opens the bare address finds the way in", async () => {
  const page = await openPage(browser, { scripts: false });
  await page.goto(demo.app);
  await page.getByRole("link", { name: "Sign in with Intercom" }).click();
  await page.getByRole("button", { name: "Continue as Jane Agent" }).click();
  assert.equal(page.url(), `${demo.app}/`);
});

test("the demo ends on SIGTERM and leaves nothing listening", async () => {
  const short = await startDemo();
  assert.equal(await short.stop(), 0);
  for (const address of [short.app, short.sandbox]) {
    await assert.rejects(fetch(address), `${address} still answers`);
  }
});
