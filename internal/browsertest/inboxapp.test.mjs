// The app beside a conversation and the card on Messenger Home in the sandbox, by click and by keyboard, and where what
// was written lands in the dashboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, openBrowser, openPage, startDemo } from "./harness.mjs";
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

async function sandboxOf(scripts = true) {
  const page = await openPage(browser, { scripts });
  const sandbox = new Sandbox(page, demo.sandbox, { scripts });
  await sandbox.open();
  sandbox.app = sandbox.inbox.getByRole("region", { name: "App in the sidebar" });
  return sandbox;
}

const button = (sandbox, name) => sandbox.app.getByRole("button", { name, exact: true });

test("a teammate records feedback beside a conversation, and it lands in the list", async () => {
  const sandbox = await sandboxOf();
  const { app, page } = sandbox;
  await sandbox.press(button(sandbox, "Record feedback"));
  await sandbox.press(button(sandbox, "Back"));
  await button(sandbox, "Ask again").waitFor();
  await sandbox.press(button(sandbox, "Record feedback"));
  await app.getByLabel("What they said").fill("The poles bend in a storm");
  await sandbox.press(button(sandbox, "Save feedback"));
  await app.getByText("Choose a category.").waitFor();
  assert.equal(await app.getByLabel("What they said").inputValue(), "The poles bend in a storm", "what was typed is lost");
  await assertAccessible(page);
  await assertFits(page);

  // The rest by keyboard.
  await app.getByLabel("Category").focus();
  await page.keyboard.type("Some");
  await button(sandbox, "Save feedback").focus();
  await sandbox.key("Enter");
  await app.getByText("The feedback is saved in the").waitFor();
  assert.deepEqual(page.problems, []);

  const dashboard = await openPage(browser);
  await signIn(dashboard, demo);
  await dashboard.goto(`${demo.app}/ratings`);
  await dashboard.getByRole("navigation", { name: "Ratings", exact: true }).getByRole("link", { name: "Feedback" }).click();
  const row = dashboard.getByRole("row", { name: /The poles bend in a storm/ });
  await row.waitFor();
  assert.match(await row.innerText(), /Something is broken/);
  await row.getByRole("button", { name: /^Mark as handled/ }).focus();
  await dashboard.keyboard.press("Enter");
  await dashboard.getByText("The feedback is marked as handled.").waitFor();
  assert.match(await row.innerText(), /by Jane Agent/);
  await dashboard.getByRole("searchbox", { name: "Text" }).fill("no such words");
  await dashboard.getByRole("button", { name: "Apply the filter" }).click();
  await dashboard.getByRole("heading", { name: "No feedback matches this filter" }).waitFor();
  assert.deepEqual(dashboard.problems, []);
});

test("a teammate keeps a conversation from being asked, and takes it back, without scripts", async () => {
  const sandbox = await sandboxOf(false);
  await sandbox.press(button(sandbox, "Don't ask by itself"));
  await sandbox.app.getByText("Rerate does not ask here by itself: a teammate said so.").waitFor();
  await sandbox.press(button(sandbox, "Ask by itself again"));
  await button(sandbox, "Don't ask by itself").waitFor();
});

test("a teammate sends a link from the sidebar", async () => {
  const sandbox = await sandboxOf();
  await button(sandbox, "Send link").focus();
  await sandbox.key("Enter");
  await sandbox.app.getByText("The link goes out in a moment.", { exact: false }).waitFor();
  for (const end = Date.now() + 20_000; ; await sandbox.page.reload()) {
    if (await sandbox.messenger.getByRole("link", { name: /Very happy|Amazing|😍/ }).count()) break;
    assert.ok(Date.now() < end, "the link did not come");
  }
  assert.match(await sandbox.sidebar(), /by link, by Jane Agent\. There is no answer yet/);
});

test("Messenger Home takes the words of somebody with nothing to rate, by keyboard", async () => {
  const page = await openPage(browser);
  const sandbox = new Sandbox(page, demo.sandbox);
  await page.goto(demo.sandbox);
  await sandbox.messenger.locator(".who summary").click();
  await sandbox.go(sandbox.messenger.getByRole("link", { name: /Ben Fischer/ }));
  const home = sandbox.messenger.getByRole("region", { name: "Card on Home" });
  await home.getByText("Sagen Sie uns Ihre Meinung").waitFor();
  await home.getByLabel("Ihre Worte an das Team").focus();
  await page.keyboard.type("Mehr Zelte, bitte");
  await assertAccessible(page);
  await home.getByRole("button", { name: "Absenden" }).focus();
  await sandbox.key("Enter");
  await home.getByText("Vielen Dank").waitFor();
  assert.deepEqual(page.problems, []);
});
