// The main job from end to end, as people do it: a customer rates, rates again, the team reads it, the figures move.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, openBrowser, openPage, startDemo } from "./harness.mjs";
import { Sandbox } from "./sandbox.mjs";

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

// figures reads the overview's numbers for the last seven days: conversations rated, of them with a negative first
// rating and recovered, and by the links that lead to their rows those that became better or worse.
async function figures(page) {
  await page.goto(`${demo.app}/?days=7`);
  const number = async (outcome) => {
    const link = page.locator(`main a[href="/ratings?days=7&outcome=${outcome}"]`).first();
    return (await link.count()) ? Number((await link.innerText()).replace(/\D/g, "")) : 0;
  };
  const text = await page.locator("main").innerText();
  const [, rated] = /([\d,]+) conversations? rated/.exec(text);
  const [, recovered, negative] = /([\d,]+)\s+of ([\d,]+) low/.exec(text);
  const value = (words) => Number(words.replace(/,/g, ""));
  return {
    rated: value(rated),
    recovered: value(recovered),
    negative: value(negative),
    better: await number("better"),
    worse: await number("worse"),
  };
}

// written waits until nothing of a rating's page waits to be written to Intercom, and answers what was written.
async function written(page) {
  const steps = page.getByRole("listitem").filter({ hasText: /^\s*Written to Intercom/ });
  for (const end = Date.now() + 20_000; ; await page.reload()) {
    const found = [];
    for (const step of await steps.all()) {
      const [, of = ""] = /Written to Intercom( for \S+ .+)?/.exec((await step.locator("p").first().innerText()).replace(/\s+/g, " "));
      for (const item of await step.locator("li").allInnerTexts()) found.push(item.replace(/\s+/g, " ").trim() + of);
    }
    if (!found.some((row) => row.includes("Waiting"))) return found;
    assert.ok(Date.now() < end, `still waiting: ${found.join("\n")}`);
  }
}

test("a customer rates again, the team reads it, the figures move, and new words are asked with", async (t) => {
  const dashboard = await openPage(browser);
  await signIn(dashboard, "Jane Agent");
  await dashboard.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  const start = await figures(dashboard);

  const page = await openPage(browser);
  const sandbox = new Sandbox(page, demo.sandbox);
  await sandbox.open();
  await sandbox.ask();
  await sandbox.tap("😕 Unhappy");
  await sandbox.note("Unhappy", "(2 of 5)", "same as the first");
  await assertAccessible(page);

  // The second question is solved, and the customer is asked again.
  await sandbox.write("It came today, and the courier even called!");
  await sandbox.inbox.getByText("reopened the conversation").last().waitFor();
  await sandbox.inbox.getByRole("textbox", { name: "Message or note" }).fill("Wonderful, enjoy the hike!");
  await sandbox.press(sandbox.inbox.getByRole("button", { name: "Send reply" }));
  await sandbox.press(sandbox.inbox.getByRole("button", { name: "Close conversation" }));
  await sandbox.ask();
  await sandbox.tap("😍 Very happy");
  await sandbox.remark("What should we know?", "Jane fixed it in a day 👏🏽 «merci»");
  await sandbox.note("😍 Very happy (5 of 5)", "better", "🙁 Bad (2 of 5)");
  await sandbox.note("“Jane fixed it in a day 👏🏽 «merci»”");
  await sandbox.attributes("First rating 2", "Latest rating 5", "Counted rating 5", "Rating change better");

  assert.match(await sandbox.sidebar(), /Very happy/);

  assert.deepEqual(await figures(dashboard), {
    rated: start.rated + 1,
    recovered: start.recovered + 1,
    negative: start.negative + 1,
    better: start.better + 1,
    worse: start.worse,
  });
  const newest = dashboard.getByRole("row", { name: /Jane fixed it in a day/ }).first();
  assert.match(await newest.innerText(), /Bad[\s\S]*Very happy/);
  await newest.getByRole("link", { name: /Details/ }).click();
  await dashboard.getByRole("heading", { level: 1, name: "Ratings of one conversation" }).waitFor();
  const story = await dashboard.getByRole("region", { name: "What happened" }).innerText();
  for (const want of ["Intercom's own rating", "Messenger card", "Jane fixed it in a day", "Asked again by Messenger card"]) {
    assert.ok(story.includes(want), `the story does not say ${want}: ${story}`);
  }
  const writes = await written(dashboard);
  // Whether the remark came in time for the note or got one of its own is the jobs' matter; that it was told is seen above.
  for (const of of ["😕 Unhappy", "😍 Very happy"]) {
    const told = writes.some((row) => row.includes("Private note") && row.includes(`for ${of}`));
    assert.ok(told, `no private note for ${of} is among what was written: ${writes.join("\n")}`);
  }
  assert.deepEqual(writes.filter((row) => !row.includes("✓ Done")), []);
  await assertAccessible(dashboard);

  // Other words and another emoji: the next card has them, the cards before keep theirs.
  await dashboard.goto(`${demo.app}/wording`);
  await dashboard.getByRole("textbox", { name: "Question", exact: true }).fill("And now, how is it? مرحبا");
  await dashboard.getByRole("textbox", { name: /Emoji.*5/ }).fill("👨‍👩‍👧‍👦");
  await dashboard.getByRole("button", { name: "Publish" }).first().click();
  await dashboard.getByRole("region", { name: "Versions" }).getByText("And now, how is it? مرحبا").waitFor();
  await page.reload();
  await sandbox.ask();
  await sandbox.messenger.getByText("And now, how is it? مرحبا").waitFor();
  await sandbox.messenger.getByRole("button", { name: "👨‍👩‍👧‍👦 Very happy", exact: true }).waitFor();
  const kept = await sandbox.messenger.getByText("How happy are you with our help?").count();
  assert.equal(kept, 2, "the cards sent before keep their question");
  assert.deepEqual([...dashboard.problems, ...page.problems], []);

  await t.test("a viewer sees all this and cannot change it", async () => {
    const viewer = await openPage(browser);
    await signIn(viewer, "Tomáš Novák");
    await viewer.getByRole("row", { name: /Jane fixed it in a day/ }).first().waitFor();
    for (const path of ["/wording", "/settings"]) {
      await viewer.goto(`${demo.app}${path}`);
      await viewer.getByText("An admin may change").waitFor();
      assert.equal(await viewer.getByRole("button", { name: /Publish|Save|Make a key|Remove/ }).count(), 0, path);
      const answer = await viewer.context().request.post(`${demo.app}${path}`, {
        form: { do: "publish", question: "Mine" },
        headers: { Origin: demo.app, "Sec-Fetch-Site": "same-origin" },
      });
      assert.equal(answer.status(), 403, path);
    }
    await viewer.goto(`${demo.app}/wording`);
    const question = viewer.getByRole("textbox", { name: "Question", exact: true });
    assert.equal(await question.inputValue(), "And now, how is it? مرحبا");
    assert.ok(await question.isDisabled());
    assert.deepEqual(viewer.problems, []);
  });
});

test("an unverified address and a denial are refused in plain words", async () => {
  const page = await openPage(browser);
  await signIn(page, "Max Unverified");
  await page.getByRole("alert").getByText("Intercom has not verified your e-mail address.").waitFor();
  await page.getByRole("link", { name: "Sign in with Intercom" }).click();
  await page.getByRole("button", { name: "Deny access" }).click();
  await page.getByRole("alert").getByText("You did not allow Rerate to see your workspace.").waitFor();
  assert.equal(new URL(page.url()).pathname, "/signin");
  await page.goto(`${demo.app}/`);
  assert.equal(new URL(page.url()).pathname, "/signin", "neither of them is signed in");
});

test("rating, reading and publishing work without scripts", async () => {
  const page = await openPage(browser, { scripts: false });
  const sandbox = new Sandbox(page, demo.sandbox, { scripts: false });
  await page.goto(demo.sandbox);
  await sandbox.messenger.getByRole("textbox", { name: "Your message" }).fill("Where is my invoice?");
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "Start a conversation" }));
  await page.reload();
  await sandbox.go(sandbox.inbox.getByRole("link", { name: /Where is my invoice/ }));
  await sandbox.ask();
  await sandbox.tap("😕 Unhappy");
  await sandbox.remark("What should have gone differently?", "Nobody answered");
  await sandbox.note("Unhappy", "no earlier rating");
  await sandbox.note("“Nobody answered”");

  await signIn(page, "Jane Agent");
  await page.getByRole("row", { name: /Nobody answered/ }).first().getByRole("link", { name: /Details/ }).click();
  await page.getByRole("region", { name: "What happened" }).getByText("Nobody answered").waitFor();
  await page.getByRole("link", { name: "Wording" }).click();
  await page.getByRole("textbox", { name: "Question", exact: true }).fill("Without scripts: how was it?");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await page.getByRole("region", { name: "Preview" }).getByText("Without scripts: how was it?").first().waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("region", { name: "Versions" }).getByText("Without scripts: how was it?").waitFor();
});

// reach presses Tab until the element has the focus.
async function reach(page, locator) {
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press("Tab");
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`the keyboard does not reach ${locator}`);
}

test("the keyboard alone publishes", async () => {
  const dashboard = await openPage(browser);
  await signIn(dashboard, "Jane Agent");
  await dashboard.goto(`${demo.app}/wording`);
  await reach(dashboard, dashboard.getByRole("textbox", { name: "Question", exact: true }));
  await dashboard.keyboard.press("Control+A");
  await dashboard.keyboard.type("By keyboard: how was it?");
  await reach(dashboard, dashboard.getByRole("button", { name: "Publish" }).first());
  await dashboard.keyboard.press("Enter");
  await dashboard.getByRole("region", { name: "Versions" }).getByText("By keyboard: how was it?").waitFor();
});
