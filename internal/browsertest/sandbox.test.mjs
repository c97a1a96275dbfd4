// The sandbox Intercom as people use it: the list of things to try from its first step to the last, the keyboard alone, what goes
// wrong, and what a page keeps while it is brought up to date.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, openBrowser, openPage, startDemo } from "./harness.mjs";
import { Sandbox } from "./sandbox.mjs";
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

// done waits until the list of things to try says how many steps have been done.
async function done(page, count) {
  await page.getByRole("region", { name: "Try this" }).getByText(`${count} of 10`, { exact: true }).waitFor();
}

// judge looks at a state in every theme and width, and comes back to the wide and light one.
async function judge(page) {
  for (const look of looks) {
    await page.emulateMedia({ colorScheme: look.theme });
    await page.setViewportSize(look);
    await assertAccessible(page);
    await assertFits(page);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

test("the list of things to try ticks itself off, step by step", async (t) => {
  const fresh = await startDemo();
  t.after(() => fresh.stop());
  const page = await openPage(browser);
  const sandbox = new Sandbox(page, fresh.sandbox);
  const guide = page.getByRole("region", { name: "Try this" });
  const next = guide.locator("p.next + a").filter({ visible: true }).or(guide.locator("p.next ~ a").filter({ visible: true }));

  await page.goto(fresh.sandbox);
  await done(page, 0);
  await judge(page);
  await guide.getByText("Try this", { exact: true }).first().click();
  await judge(page);
  await guide.getByRole("link", { name: "Messenger →" }).filter({ visible: true }).first().click(); // looking at a step is not doing it
  await page.locator("main:not([aria-busy])").waitFor();
  await page.goto(fresh.sandbox);
  await page.waitForLoadState();

  await sandbox.go(next);
  await done(page, 1);
  await judge(page);

  // Closed: the customer is asked by itself, and rates on the page that a link opens.
  await sandbox.press(sandbox.inbox.getByRole("button", { name: "Close conversation" }));
  await done(page, 2);
  await judge(page);
  await sandbox.rateByLink("😕 Unhappy");
  await guide.getByText("4 of 10", { exact: true }).waitFor(); // the note has come as well
  await sandbox.inbox.getByRole("article", { name: /Private note/ }).first().waitFor();
  await judge(page);

  await sandbox.write("It broke again");
  await done(page, 5);
  await sandbox.composer.getByRole("textbox").fill("A new one is on its way.");
  await sandbox.press(sandbox.composer.getByRole("button", { name: "Send reply" }));
  await sandbox.press(sandbox.inbox.getByRole("button", { name: "Close conversation" }));
  await done(page, 6);
  await sandbox.rateByLink("😍 Very happy");
  await done(page, 7);
  await sandbox.inbox.getByRole("article", { name: /Private note/ }).getByText("better").first().waitFor();
  await judge(page);

  await sandbox.press(sandbox.inbox.getByRole("button", { name: "Ask again" }));
  await sandbox.draft.waitFor();
  await judge(page);
  await sandbox.press(sandbox.composer.getByRole("button", { name: "Send reply" }));
  await done(page, 8);

  const dashboard = await openPage(browser);
  await signIn(dashboard, fresh);
  await dashboard.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await done(page, 9);
  await dashboard.goto(`${fresh.app}/wording`);
  await dashboard.getByRole("textbox", { name: "Question", exact: true }).first().fill("How are we doing now?");
  await dashboard.getByRole("button", { name: "Publish" }).first().click();
  await dashboard.waitForLoadState();
  await sandbox.insert();
  await done(page, 10);
  await guide.getByText("You have seen all of it.").waitFor();
  await judge(page);
  assert.deepEqual([...page.problems, ...dashboard.problems], []);
});

// reach presses Tab until the element has the focus.
async function reach(page, locator) {
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press("Tab");
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`the keyboard does not reach ${locator}`);
}

for (const scripts of [true, false]) {
  test(`the keyboard alone asks and rates, ${scripts ? "with" : "without"} scripts`, async () => {
    const page = await openPage(browser, { scripts });
    const sandbox = new Sandbox(page, demo.sandbox, { scripts });
    const question = `Can I pay by invoice? ${scripts}`;
    await page.goto(demo.sandbox);
    await reach(page, sandbox.messenger.getByRole("textbox", { name: "Your message" }));
    await page.keyboard.type(question);
    await reach(page, sandbox.messenger.getByRole("button", { name: "Start a conversation" }));
    await sandbox.key("Enter");
    await page.reload();
    const inList = sandbox.inbox.getByRole("link", { name: new RegExp(`invoice. ${scripts}`) });
    await reach(page, inList);
    await sandbox.key("Enter");
    await sandbox.composer.waitFor();

    await reach(page, sandbox.composer.getByRole("textbox", { name: "Message or note" }));
    await page.keyboard.type("You can. How was it?");
    await reach(page, sandbox.composer.getByText("Apps", { exact: true }));
    await page.keyboard.press("Enter");
    await reach(page, sandbox.composer.getByRole("button", { name: "Insert the app's card" }));
    await sandbox.key("Enter");
    await sandbox.draft.waitFor();
    assert.equal(await sandbox.composer.getByRole("textbox").inputValue(), "You can. How was it?");
    await reach(page, sandbox.composer.getByRole("button", { name: "Send reply" }));
    await sandbox.key("Enter");
    await page.reload();

    await reach(page, sandbox.messenger.getByRole("button", { name: "😐 So-so", exact: true }));
    await sandbox.key("Space");
    await sandbox.messenger.getByText("Your answer is saved.").waitFor();
    const remark = sandbox.messenger.getByRole("textbox", { name: "What should we know?" });
    if (scripts) {
      // The focus stays within the card, so that the remark is a few keys away and not a whole page.
      for (let i = 0; i < 3 && !(await remark.evaluate((field) => field === document.activeElement)); i++) await page.keyboard.press("Tab");
      assert.ok(await remark.evaluate((field) => field === document.activeElement), "the remark is not near the tapped face");
    } else await reach(page, remark);
    await page.keyboard.type("Slow");
    await reach(page, sandbox.messenger.getByRole("button", { name: "Send", exact: true }));
    await sandbox.key("Enter");
    await sandbox.messenger.getByText("✅").waitFor();
    await sandbox.note("So-so", "no earlier rating");
    assert.deepEqual(page.problems, []);
  });
}

test("a note is written under its own tab, with Ctrl and Enter", async () => {
  const page = await openPage(browser);
  const sandbox = new Sandbox(page, demo.sandbox);
  await sandbox.open();
  await sandbox.composer.getByRole("radio", { name: "Note" }).check();
  await judge(page);
  assert.equal(await sandbox.composer.getByRole("button", { name: "Send reply" }).count(), 0, "a note cannot be sent to the customer");
  await sandbox.composer.getByRole("textbox").fill("Only for us");
  await sandbox.key("Control+Enter");
  await sandbox.inbox.getByRole("article", { name: "Private note by Jane Agent" }).getByText("Only for us").waitFor();
  assert.equal(await sandbox.messenger.getByText("Only for us").count(), 0);
  assert.equal(await sandbox.composer.getByRole("textbox").inputValue(), "");
});

test("what one types and where one reads stays while the other side changes", async () => {
  const page = await openPage(browser);
  const sandbox = new Sandbox(page, demo.sandbox);
  await sandbox.open();
  const note = sandbox.composer.getByRole("textbox");
  await note.fill("half a sent");
  const thread = sandbox.inbox.getByRole("log");
  await thread.evaluate((element) => (element.parentElement.scrollTop = -10_000));
  const top = await thread.evaluate((element) => element.getBoundingClientRect().top);

  await sandbox.messenger.getByRole("textbox", { name: "Your reply" }).fill("Is anybody there?");
  await sandbox.key("Enter");
  await thread.getByText("Is anybody there?").waitFor({ state: "attached" });
  assert.equal(await note.inputValue(), "half a sent");
  assert.equal(await sandbox.messenger.getByRole("textbox", { name: "Your reply" }).inputValue(), "");
  assert.ok(await sandbox.messenger.getByRole("textbox", { name: "Your reply" }).evaluate((field) => field === document.activeElement));
  const moved = (await thread.evaluate((element) => element.getBoundingClientRect().top)) - top;
  assert.ok(Math.abs(moved) < 2, `the Inbox has scrolled by ${moved}`);

  // Somebody else's message comes by itself, into the middle of a word.
  const other = new Sandbox(await openPage(browser), demo.sandbox);
  await other.open();
  await note.focus();
  await other.write("Hello?");
  await sandbox.messenger.getByText("Hello?").first().waitFor();
  await page.keyboard.type("ence");
  assert.equal(await note.inputValue(), "half a sentence");
});

// The app is broken on purpose, one way after the other; each is told in words with a way on.
test("a broken or slow app is told in words, with another try", async () => {
  const page = await openPage(browser);
  const sandbox = new Sandbox(page, demo.sandbox);
  await sandbox.open();
  await sandbox.ask();
  const cards = async (kind, seconds = "3") => {
    const other = await openPage(browser);
    await other.goto(`${demo.sandbox}/calls`);
    const form = other.getByRole("form", { name: "Cards misbehave" });
    await other.locator("#detail-cards > summary").click();
    await form.getByRole("combobox").selectOption(kind);
    await form.getByRole("textbox", { name: "Seconds" }).fill(seconds);
    await form.getByRole("button", { name: "Break cards" }).click();
    await other.getByText("The next call for a card is answered").waitFor();
    await judge(other);
    await other.context().close();
  };

  await cards("fail");
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "🙂 Happy", exact: true }).last());
  await sandbox.messenger.getByText("Something went wrong.").waitFor();
  await judge(page);
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "Try again" }));
  await sandbox.messenger.getByText("Your answer is saved.").waitFor();

  // A tap shows that it is being saved, and a second one is not sent.
  await cards("slow");
  await sandbox.messenger.getByRole("button", { name: "Change my rating" }).last().click();
  await page.locator(".customer form[aria-busy=true] [data-pressed]").waitFor();
  await judge(page);
  await page.locator("main:not([aria-busy])").waitFor();
  await sandbox.messenger.getByRole("button", { name: "😍 Very happy", exact: true }).last().waitFor();

  // The sidebar comes when it comes; the page does not wait for it.
  await cards("slow");
  await page.goto(`${demo.sandbox}/inbox`);
  await sandbox.inbox.getByRole("link", { name: /Sam Customer/ }).first().click();
  const panel = page.getByRole("region", { name: "App in the sidebar" });
  await panel.getByText("Waiting for Rerate…").waitFor();
  await judge(page);
  await panel.getByRole("button", { name: "Ask again" }).waitFor();
  assert.deepEqual(page.problems, []);
});

for (const scripts of [true, false]) {
  test(`a customer writes by e-mail and is answered, ${scripts ? "with" : "without"} scripts`, async () => {
    const page = await openPage(browser, { scripts });
    const sandbox = new Sandbox(page, demo.sandbox, { scripts });
    const subject = `A torn tent ${scripts}`;
    await page.goto(`${demo.sandbox}/`);
    await sandbox.go(sandbox.messenger.getByRole("link", { name: "E-mail" }));
    await sandbox.messenger.getByText("Write to Fernweg Outdoor").click();
    const mail = sandbox.messenger.getByRole("form", { name: "New e-mail" });
    await mail.getByRole("textbox", { name: "Subject" }).fill(subject);
    await mail.getByRole("textbox", { name: "Text" }).fill("It tore in the first night.");
    await sandbox.press(mail.getByRole("button", { name: "Send e-mail" }));
    await sandbox.messenger.getByRole("heading", { name: subject }).waitFor();
    if (scripts) await judge(page);

    await page.reload();
    await sandbox.go(sandbox.inbox.getByRole("link", { name: /It tore in the first night/ }).first());
    await sandbox.composer.getByRole("textbox").fill("We mend it for you.");
    await sandbox.press(sandbox.composer.getByRole("button", { name: "Send reply" }));
    await page.reload();
    const letter = sandbox.messenger.getByRole("article", { name: "E-mail from Jane Agent" });
    await letter.getByText("We mend it for you.").waitFor();
    await letter.getByText("Jane Agent <support@fernweg-outdoor.example>").waitFor();
    await sandbox.messenger.getByRole("textbox", { name: "Your e-mail" }).fill("Lovely!");
    await sandbox.press(sandbox.messenger.getByRole("button", { name: "Send e-mail" }));
    await sandbox.messenger.getByText("Lovely!").waitFor();
    assert.deepEqual(page.problems, []);
  });
}

test("every way to misbehave is one click, and says what it does and until when", async () => {
  const page = await openPage(browser);
  await page.goto(`${demo.sandbox}/calls`);
  const buttons = page.getByRole("form", { name: "With one click" }).getByRole("button");
  const now = page.getByRole("region", { name: "Now" });
  const count = await buttons.count();
  for (let i = 0; i < count; i++) {
    await buttons.nth(i).click();
    await now.getByRole("listitem").nth(i).waitFor();
  }
  for (const sentence of await now.getByRole("listitem").allInnerTexts()) {
    assert.match(sentence, /^(Every .*, until you press Behave again|The next .*)\.$/);
  }
  await judge(page);
  await now.getByRole("button", { name: "Behave again" }).click();
  await now.getByText("Intercom behaves.").waitFor();
  assert.deepEqual(page.problems, []);
});

test("a workflow is switched on by click and sends the card when a teammate closes", async () => {
  const page = await openPage(browser);
  const sandbox = new Sandbox(page, demo.sandbox);
  await page.goto(`${demo.sandbox}/workflow`);
  await sandbox.press(page.getByRole("button", { name: "Switch on" }));
  await page.getByText("On", { exact: true }).waitFor();
  await judge(page);
  await page.goto(demo.sandbox);
  await sandbox.messenger.getByRole("textbox", { name: "Your message" }).fill("One question only");
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "Start a conversation" }));
  await sandbox.go(sandbox.inbox.getByRole("link", { name: /One question only/ }).first());
  await sandbox.press(sandbox.inbox.getByRole("button", { name: "Close conversation" }));
  await sandbox.messenger.getByRole("article", { name: "Message by Operator" }).getByRole("button").first().waitFor();
  await page.goto(`${demo.sandbox}/workflow`);
  await sandbox.press(page.getByRole("button", { name: "Switch off" }));
  await page.getByText("Off", { exact: true }).waitFor();
  assert.deepEqual(page.problems, []);
});

test("every list can be empty, and the Messenger can be closed", async () => {
  const page = await openPage(browser);
  await page.goto(`${demo.sandbox}/inbox?state=snoozed`);
  await page.getByText("No snoozed conversations.").waitFor();
  await judge(page);
  await page.goto(`${demo.sandbox}/messenger`);
  await page.getByRole("link", { name: "Close the Messenger" }).click();
  await page.getByRole("link", { name: "Open the Messenger" }).waitFor();
  await judge(page);
  await page.goto(`${demo.sandbox}/messenger`);
  await page.locator(".who summary").click();
  await judge(page);
  await page.getByRole("link", { name: /عمر حداد/ }).click();
  await page.getByRole("link", { name: /هل الحذاء/ }).click();
  await page.locator("#chat[dir=rtl]").waitFor();
  await page.getByText("Today").or(page.getByText("Yesterday")).first().waitFor();
  await judge(page);
  await page.goto(`${demo.sandbox}/inbox?conversation=1`);
  await page.getByRole("alert").getByText("nothing under this address").waitFor();
  await judge(page);
  assert.deepEqual(page.problems.filter((problem) => !/status of 404/.test(problem)), []);
});
