// Asking by itself, as customer, teammate and admin see it: a close is asked, rated low, opened again, answered, closed,
// asked again and rated high; the note says better and the ledger has a row for each close. With buttons the answer opens
// the conversation, which is closed again and not asked once more.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, startDemo } from "./harness.mjs";
import { Sandbox } from "./sandbox.mjs";
import { removeExampleData, signIn } from "./states.mjs";

let demo;
let browser;
let desk;
let sandbox;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  desk = await openPage(browser);
  sandbox = new Sandbox(desk, demo.sandbox);
  await signIn(desk, demo);
  await removeExampleData(desk, demo);
});

after(async () => {
  assert.deepEqual(desk?.problems, []);
  await browser?.close();
  await demo?.stop();
});

const long = "The tent leaks at every seam, on both sides, since the very first night out. ".repeat(4);

// chat begins a conversation as a new message of the customer, opens it on both sides and answers the way back to it.
async function chat(subject) {
  await desk.goto(demo.sandbox);
  await sandbox.messenger.getByRole("textbox", { name: "Your message" }).fill(`${subject}. ${long}`);
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "Start a conversation" }));
  await sandbox.messenger.getByRole("log").getByText(subject).first().waitFor();
  await desk.reload();
  await sandbox.go(sandbox.inbox.getByRole("link", { name: new RegExp(subject) }).first());
  await sandbox.composer.waitFor();
  return desk.url();
}

async function replyAndClose(text) {
  await sandbox.composer.getByRole("textbox").fill(text);
  await sandbox.press(sandbox.composer.getByRole("button", { name: "Send reply" }));
  await sandbox.press(sandbox.inbox.getByRole("button", { name: "Close conversation" }));
}

// until looks again until there is what is wanted.
async function until(what, fact) {
  for (const end = Date.now() + 20_000; !(await fact()); await desk.reload()) assert.ok(Date.now() < end, `waited in vain for ${what}`);
}

const asks = () => sandbox.messenger.getByRole("link", { name: "😍 Amazing", exact: true }).count();
const buttons = () => sandbox.messenger.getByRole("form", { name: "Quick replies" }).getByRole("button", { name: "😍 Amazing" }).count();
const closed = () => sandbox.inbox.getByRole("button", { name: "Reopen" }).count();

// ledger are the rows of a conversation, newest first.
async function ledger(address) {
  const conversation = new URL(address).searchParams.get("conversation") ?? address.match(/\d{10,}/)?.[0];
  await desk.goto(`${demo.app}/requests?days=7&conversation=${conversation}`);
  return desk.locator("table tbody tr").allInnerTexts();
}

test("the story in chat with links: asked, 🙁, reopened, answered, asked again, 😍, better, two episodes", async () => {
  const talk = await chat("A leaking tent");
  await replyAndClose("A new one is on its way to you.");
  await until("the ask", async () => (await asks()) === 1);
  await sandbox.rateByLink("🙁 Bad");
  await sandbox.note("🙁 Bad (2 of 5)");
  await sandbox.write("The new one leaks as well!");
  await desk.reload();
  await replyAndClose("So sorry. We have sealed it by hand and tried it in the rain.");
  await until("the second ask", async () => (await asks()) === 2);
  await sandbox.rateByLink("😍 Amazing");
  await sandbox.note("😍 Amazing (5 of 5)", "better", "🙁 Bad (2 of 5)");

  const rows = await ledger(talk);
  assert.equal(rows.length, 2, rows.join("\n---\n"));
  for (const row of rows) assert.match(row, /[Rr]ated|[Aa]nswered/);
});

test("the story with buttons: the answer opens the conversation, which is closed again and not asked once more", async () => {
  await desk.goto(`${demo.app}/settings`);
  await desk.locator('[name="ask.chat_method"]').selectOption("quick_reply");
  await desk.getByRole("button", { name: /^Save/ }).first().click();
  await desk.waitForLoadState();

  const talk = await chat("A broken pole");
  await replyAndClose("A new pole is on its way to you.");
  await until("the buttons", async () => (await buttons()) === 1);
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "🙁 Bad", exact: true }).last());
  await sandbox.note("🙁 Bad (2 of 5)");
  await until("the close", closed);
  assert.equal(await buttons(), 0, "the customer is asked once more");

  await sandbox.write("The new pole is broken as well!");
  await desk.reload();
  await replyAndClose("So sorry. Here is one of steel.");
  await until("the buttons of the second ask", async () => (await buttons()) === 1);
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "😍 Amazing", exact: true }).last());
  await sandbox.note("😍 Amazing (5 of 5)", "better", "🙁 Bad (2 of 5)");
  await until("the second close", closed);

  const rows = await ledger(talk);
  assert.equal(rows.length, 2, rows.join("\n---\n"));
  for (const row of rows) assert.match(row, /[Rr]ated|[Aa]nswered/);
});
