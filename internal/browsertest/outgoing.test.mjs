// Alerts and webhooks as an admin sets them up, and the sandbox's receiver, which plays Slack and a program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loads, openBrowser, openPage, startDemo } from "./harness.mjs";
import { Sandbox } from "./sandbox.mjs";
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

// arrived waits for a message at the receiver, which its page shows by itself.
const arrived = (page, words) => page.getByRole("article").filter({ hasText: words }).first().waitFor({ timeout: 30_000 });

test("a bad rating alerts Slack and tells a program, which finds the signature right", async () => {
  const page = await openPage(browser);
  const sandbox = new Sandbox(page, demo.sandbox);
  await sandbox.open();
  await sandbox.ask();
  await sandbox.tap("😕 Unhappy");
  const receiver = await openPage(browser);
  await receiver.goto(`${demo.sandbox}/receiver`);
  await arrived(receiver, "Still a low rating: 🙁 Bad (2 of 5) → 😕 Unhappy (2 of 5)");
  const webhook = receiver.getByRole("article").filter({ hasText: "rating.created" }).first();
  await webhook.getByText("✓ Signature verified").waitFor({ timeout: 30_000 });
  await webhook.getByText("Body", { exact: true }).click();
  assert.match(await webhook.getByLabel("Body").textContent(), /"score": 2,/);
  await receiver.getByRole("link", { name: "See it in Rerate" }).first().click();
  await signIn(receiver, demo);
  assert.deepEqual(receiver.problems, []);
});

for (const scripts of [true, false]) {
  test(`a webhook is added, tested, fails, is tried again and deleted ${scripts ? "with" : "without"} scripts`, async () => {
    const page = await openPage(browser, { scripts });
    const look = async () => scripts || page.reload(); // with scripts the list keeps itself up to date
    await signIn(page, demo);
    await page.goto(`${demo.app}/settings/webhooks`);
    await page.getByRole("link", { name: "Add a webhook" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Warehouse two");
    await page.getByRole("button", { name: "Add the webhook" }).click();
    await page.getByRole("alert").getByText("Enter the address to send to.").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Name" }).inputValue(), "Warehouse two");
    await page.getByRole("textbox", { name: "Address" }).fill(`${demo.sandbox}/receiver/webhooks`);
    await page.getByRole("button", { name: "Add the webhook" }).click();
    const secret = await page.getByRole("status").locator("code").textContent();
    assert.match(secret, /^whsec_[A-Za-z0-9+/=]{44}$/);

    const receiver = await openPage(browser, { scripts });
    await receiver.goto(`${demo.sandbox}/receiver`);
    await receiver.getByLabel("Check signatures with another secret").fill(secret);
    await loads(receiver, receiver.getByRole("button", { name: "Use it" }).click());
    await loads(receiver, receiver.getByRole("button", { name: "Be down" }).click());
    await receiver.getByText("The receiver answers 503").waitFor();

    await page.goto(`${demo.app}/settings/webhooks`);
    await page.getByRole("link", { name: "Warehouse two" }).click();
    assert.equal((await page.content()).includes(secret), false);
    await page.getByRole("button", { name: "Send a test" }).click();
    const sent = page.getByRole("table", { name: "What was sent, newest first" });
    await until(look, sent.getByText("503 Service Unavailable"));
    await receiver.getByRole("button", { name: "Take everything again" }).click();
    await receiver.getByText("The receiver takes everything").waitFor();
    await until(look, sent.getByText("Arrived"));

    await page.getByText("Delete the webhook").click();
    await page.getByRole("button", { name: "Delete it" }).click();
    await page.getByText("Nothing is sent there any more.").waitFor();
    assert.equal(await page.getByRole("link", { name: "Warehouse two" }).count(), 0);
    assert.deepEqual(page.problems.filter((p) => !/status of 422/.test(p)), []);
  });
}

// until looks again until something is there. It looks a while later, not while a form is still on its way.
async function until(look, there) {
  for (let tries = 0; tries < 60; tries++) {
    const shown = await there.first().waitFor({ timeout: 1_000 }).then(() => true, () => false);
    if (shown) return;
    await look();
  }
  assert.fail("it never came");
}
