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

test("the demo ends on SIGTERM and leaves nothing listening", async () => {
  const short = await startDemo();
  assert.equal(await short.stop(), 0);
  for (const address of [short.app, short.sandbox]) {
    await assert.rejects(fetch(address), `${address} still answers`);
  }
});
