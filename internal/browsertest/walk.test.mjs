// The main job from end to end, as people do it: a customer rates, rates again, the team reads it, the figures move.
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

// signIn goes through the sandbox's own consent page as one of its teammates.
async function signIn(page, name) {
  await page.goto(`${demo.app}/signin`);
  await page.getByRole("link", { name: "Sign in with Intercom" }).click();
  await page.getByRole("button", { name: `Continue as ${name}` }).click();
}

// figure reads a number of the overview by the link that leads to its rows.
async function figures(page) {
  await page.goto(`${demo.app}/?days=7`);
  const number = async (outcome) => {
    const link = page.locator(`main a[href="/ratings?days=7&outcome=${outcome}"]`).first();
    return (await link.count()) ? Number((await link.innerText()).replace(/\D/g, "")) : 0;
  };
  const rated = /([\d,]+) rated/.exec(await page.locator("main").innerText());
  return { rated: Number(rated[1].replace(/,/g, "")), better: await number("better"), worse: await number("worse") };
}

// Both sides of the sandbox in one window, on Sam's conversation.
class Sandbox {
  constructor(page) {
    this.page = page;
    this.messenger = page.getByRole("region", { name: "Messenger" });
    this.inbox = page.getByRole("region", { name: "Inbox", exact: true });
  }

  async open() {
    await this.page.goto(demo.sandbox);
    await this.inbox.getByRole("link", { name: /Sam Customer/ }).click();
    await this.messenger.getByRole("link", { name: /I have booked a new delivery/ }).click();
    await this.messenger.getByRole("textbox", { name: "Your reply" }).waitFor();
    await this.inbox.getByRole("button", { name: "Insert the app's card" }).waitFor();
  }

  async ask() {
    await this.inbox.getByRole("button", { name: "Insert the app's card" }).click();
    await this.inbox.getByRole("region", { name: "Card in the composer" }).waitFor();
    await this.inbox.getByRole("button", { name: "Send reply" }).click();
    await this.inbox.getByRole("region", { name: "Card in the composer" }).waitFor({ state: "detached" });
    await this.page.reload(); // without scripts the other side does not see it by itself
  }

  async tap(option) {
    await this.messenger.getByRole("button", { name: option, exact: true }).last().click();
    await this.messenger.getByText("Your answer is saved.").last().waitFor();
  }

  async remark(label, text) {
    await this.messenger.getByRole("textbox", { name: label }).last().fill(text);
    await this.messenger.getByRole("button", { name: "Send", exact: true }).last().click();
    await this.messenger.getByText("✅").last().waitFor();
  }

  // note waits until a private note says what is wanted, looking again as often as it takes.
  async note(...wanted) {
    for (const end = Date.now() + 20_000; ; await this.page.reload()) {
      const notes = await this.inbox.getByRole("article", { name: /Private note/ }).allInnerTexts();
      const found = notes.find((note) => wanted.every((want) => note.includes(want)));
      if (found) return found;
      assert.ok(Date.now() < end, `no note says ${wanted.join(" and ")}: ${notes.join("\n---\n")}`);
    }
  }

  async attributes() {
    const rows = await this.inbox.getByRole("table", { name: "Conversation attributes" }).getByRole("row").allInnerTexts();
    return rows.map((row) => row.replace(/\s+/g, " ").trim());
  }
}

test("a customer rates again, the team reads it, the figures move, and new words are asked with", async () => {
  const dashboard = await openPage(browser);
  await signIn(dashboard, "Jane Agent");
  await dashboard.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const start = await figures(dashboard);

  const page = await openPage(browser);
  const sandbox = new Sandbox(page);
  await sandbox.open();
  await sandbox.ask();
  await sandbox.tap("🙁 Bad");
  await sandbox.note("Bad", "(2 of 5)", "same as the first");

  // The second question is solved, and the customer is asked again.
  await sandbox.messenger.getByRole("textbox", { name: "Your reply" }).fill("It came today, and the courier even called!");
  await sandbox.messenger.getByRole("button", { name: "Send message" }).click();
  await sandbox.inbox.getByRole("textbox", { name: "Message or note" }).fill("Wonderful, enjoy the hike!");
  await sandbox.inbox.getByRole("button", { name: "Send reply" }).click();
  await sandbox.inbox.getByRole("button", { name: "Close conversation" }).click();
  await sandbox.ask();
  await sandbox.tap("😍 Amazing");
  await sandbox.remark("Anything to add?", "Jane fixed it in a day 👏🏽 «merci»");
  await sandbox.note("😍 Amazing (5 of 5)", "better", "🙁 Bad (2 of 5)");
  await sandbox.note("“Jane fixed it in a day 👏🏽 «merci»”");
  for (const want of ["First rating 2", "Latest rating 5", "Counted rating 5", "Rating change better"]) {
    assert.ok((await sandbox.attributes()).includes(want), `${want}: ${await sandbox.attributes()}`);
  }

  const end = await figures(dashboard);
  assert.deepEqual(end, { rated: start.rated + 1, better: start.better + 1, worse: start.worse });
  const newest = dashboard.getByRole("row", { name: /Jane fixed it in a day/ }).first();
  assert.match(await newest.innerText(), /Bad[\s\S]*Amazing/);
  await newest.getByRole("link", { name: /Details/ }).click();
  await dashboard.getByRole("heading", { level: 1, name: "Ratings of one conversation" }).waitFor();
  const story = await dashboard.locator("main").innerText();
  for (const want of ["Intercom's own rating", "Messenger card", "Jane fixed it in a day", "Private note"]) {
    assert.ok(story.includes(want), `the story does not say ${want}: ${story}`);
  }
  assert.doesNotMatch(story, /Failed|Waiting/);

  // Other words and another emoji: the next card has them, the cards before keep theirs.
  await dashboard.goto(`${demo.app}/wording`);
  await dashboard.getByRole("textbox", { name: "Question" }).fill("And now, how is it? مرحبا");
  await dashboard.getByRole("textbox", { name: /Emoji.*5/ }).fill("👨‍👩‍👧‍👦");
  await dashboard.getByRole("button", { name: "Publish" }).first().click();
  await dashboard.getByText("Version 2").first().waitFor();
  await page.reload();
  await sandbox.ask();
  await sandbox.messenger.getByText("And now, how is it? مرحبا").waitFor();
  await sandbox.messenger.getByRole("button", { name: "👨‍👩‍👧‍👦 Amazing", exact: true }).waitFor();
  assert.equal(await sandbox.messenger.getByText("Rate your conversation again").count() > 0, true, "the old cards keep their question");
  assert.deepEqual([...dashboard.problems, ...page.problems], []);
});

test("a viewer reads and cannot change", async () => {
  const page = await openPage(browser);
  await signIn(page, "Tomáš Novák");
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  for (const path of ["/wording", "/settings"]) {
    await page.goto(`${demo.app}${path}`);
    assert.equal(await page.getByRole("button", { name: /Publish|Save settings|Make a key/ }).count(), 0, path);
  }
  const answer = await page.context().request.post(`${demo.app}/wording`, {
    form: { do: "publish", question: "Mine" }, headers: { Origin: demo.app, "Sec-Fetch-Site": "same-origin" },
  });
  assert.equal(answer.status(), 403);
});

test("an unverified address and a denial are refused in plain words", async () => {
  const page = await openPage(browser);
  await signIn(page, "Max Unverified");
  await page.getByText(/verif/i).first().waitFor();
  await page.getByRole("link", { name: "Sign in with Intercom" }).click();
  await page.getByRole("button", { name: "Deny access" }).click();
  await page.getByRole("link", { name: "Sign in with Intercom" }).waitFor();
  assert.match(await page.locator("main").innerText(), /not allowed|denied|declined|did not/i);
  assert.equal(new URL(page.url()).pathname, "/signin");
});

test("rating works without scripts", async () => {
  const page = await openPage(browser, { scripts: false });
  const sandbox = new Sandbox(page);
  await page.goto(demo.sandbox);
  await sandbox.messenger.getByRole("textbox", { name: "Your message" }).fill("Where is my invoice?");
  await sandbox.messenger.getByRole("button", { name: "Start a conversation" }).click();
  await page.reload();
  await sandbox.inbox.getByRole("link", { name: /Where is my invoice/ }).click();
  await sandbox.ask();
  await sandbox.tap("😃 Good");
  await sandbox.note("Good", "no earlier rating");
});

// reach presses Tab until the element has the focus.
async function reach(page, locator) {
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press("Tab");
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`the keyboard does not reach ${locator}`);
}

test("the keyboard alone rates and publishes", async () => {
  const page = await openPage(browser);
  const sandbox = new Sandbox(page);
  await page.goto(demo.sandbox);
  await reach(page, sandbox.messenger.getByRole("textbox", { name: "Your message" }));
  await page.keyboard.type("Can I pay by invoice?");
  await reach(page, sandbox.messenger.getByRole("button", { name: "Start a conversation" }));
  await page.keyboard.press("Enter");
  const inList = sandbox.inbox.getByRole("link", { name: /Can I pay by invoice/ });
  await inList.waitFor();
  await reach(page, inList);
  await page.keyboard.press("Enter");
  const insert = sandbox.inbox.getByRole("button", { name: "Insert the app's card" });
  await insert.waitFor();
  await reach(page, insert);
  await page.keyboard.press("Enter");
  await sandbox.inbox.getByRole("region", { name: "Card in the composer" }).waitFor();
  await reach(page, sandbox.inbox.getByRole("button", { name: "Send reply" }));
  await page.keyboard.press("Enter");
  const face = sandbox.messenger.getByRole("button", { name: "😐 OK", exact: true });
  await face.waitFor();
  await reach(page, face);
  await page.keyboard.press("Space");
  await sandbox.messenger.getByText("Your answer is saved.").waitFor();

  const dashboard = await openPage(browser);
  await signIn(dashboard, "Jane Agent");
  await dashboard.goto(`${demo.app}/wording`);
  await reach(dashboard, dashboard.getByRole("textbox", { name: "Question" }));
  await dashboard.keyboard.press("Control+A");
  await dashboard.keyboard.type("By keyboard: how was it?");
  await reach(dashboard, dashboard.getByRole("button", { name: "Publish" }).first());
  await dashboard.keyboard.press("Enter");
  await dashboard.getByText(/Version 3/).first().waitFor();
});
