// The hosted page behind the links of an ask, as people and machines use it: by e-mail, with scripts and without, by the
// keyboard, and by scanners that run scripts and press what they find.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, openBrowser, openPage, startDemo } from "./harness.mjs";
import { Sandbox } from "./sandbox.mjs";
import { looks, removeExampleData, signIn } from "./states.mjs";

let demo;
let browser;
let desk; // where the sandbox's both sides and the dashboard are seen
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

// mailAndClose is a customer's e-mail that Jane answers and closes.
async function mailAndClose(subject, who) {
  await desk.goto(demo.sandbox);
  if (who) {
    await desk.locator(".who summary").first().click();
    await sandbox.go(desk.getByRole("link", { name: who }).first());
  }
  await sandbox.go(sandbox.messenger.getByRole("link", { name: "E-mail" }));
  await sandbox.messenger.getByText("Write to Fernweg Outdoor").click();
  const mail = sandbox.messenger.getByRole("form", { name: "New e-mail" });
  await mail.getByRole("textbox", { name: "Subject" }).fill(subject);
  await mail.getByRole("textbox", { name: "Text" }).fill(`${subject}. ${long}`);
  await sandbox.press(mail.getByRole("button", { name: "Send e-mail" }));
  await sandbox.messenger.getByRole("heading", { name: subject }).waitFor();
  await desk.reload();
  await sandbox.go(sandbox.inbox.getByRole("link", { name: new RegExp(subject) }).first());
  await replyAndClose("A new one is on its way to you.");
}

async function replyAndClose(text) {
  await sandbox.composer.getByRole("textbox").fill(text);
  await sandbox.press(sandbox.composer.getByRole("button", { name: "Send reply" }));
  await sandbox.press(sandbox.inbox.getByRole("button", { name: "Close conversation" }));
}

// links waits for the nth ask in the customer's mailbox and answers its links by their text.
async function links(nth = 1) {
  const asks = sandbox.messenger.getByRole("article").filter({ has: desk.getByRole("link", { name: "😍 Amazing" }) });
  for (const end = Date.now() + 20_000; (await asks.count()) < nth; await desk.reload()) assert.ok(Date.now() < end, "no ask came");
  const found = {};
  for (const link of await asks.nth(nth - 1).getByRole("link").all()) found[(await link.innerText()).replace(/\s+/g, " ").trim()] = await link.getAttribute("href");
  return found;
}

// asked is a new ask by e-mail.
async function asked(subject, who) {
  await mailAndClose(subject, who);
  return links();
}

// customer opens an address in a browser of their own.
async function customer(address, options) {
  const page = await openPage(browser, { width: 390, height: 844, ...options });
  await page.goto(address);
  return page;
}

const send = (page) => page.getByRole("button", { name: "Send my rating" });
const says = (page, text) => page.getByText(text).first().waitFor();

// stored are the rows of the list of ratings.
async function stored(filter = "") {
  await desk.goto(`${demo.app}/ratings?days=7${filter}`);
  return desk.locator("table.rows tbody tr").count();
}

test("the story by e-mail: asked, 🙁, reopened, answered, asked again, 😍, and the note says better", async () => {
  const first = await asked("A leaking tent");
  assert.deepEqual(Object.keys(first), ["😠 Terrible", "🙁 Bad", "😐 OK", "😃 Good", "😍 Amazing"]);
  const unhappy = await customer(first["🙁 Bad"]);
  assert.ok(await unhappy.getByRole("radio", { name: "Bad" }).isChecked());
  await unhappy.getByRole("textbox", { name: "What went wrong?" }).fill("It still leaks.");
  await send(unhappy).click();
  await says(unhappy, "Your remark is saved too.");
  assert.deepEqual(unhappy.problems, []);

  await sandbox.messenger.getByRole("textbox", { name: "Your e-mail" }).fill("The new one leaks as well!");
  await sandbox.press(sandbox.messenger.getByRole("button", { name: "Send e-mail" }));
  await desk.reload();
  await sandbox.note("🙁 Bad (2 of 5)", "It still leaks.");
  await replyAndClose("So sorry. We have sealed it by hand and tried it in the rain.");
  const second = await links(2);
  const happy = await customer(second["😍 Amazing"]);
  await send(happy).click();
  await says(happy, "We are glad");
  await sandbox.note("😍 Amazing (5 of 5)", "better", "🙁 Bad (2 of 5)");

  await desk.goto(`${demo.app}/requests?days=7`);
  const rows = desk.locator("table tbody tr");
  assert.equal(await rows.count(), 2);
  for (const row of await rows.allInnerTexts()) assert.match(row, /Rated|rated|Answered/);
  // The links of the first ask lead to the second one.
  const late = await customer(first["😃 Good"]);
  await says(late, "There is a newer question");
  await late.getByRole("link", { name: "Answer the newer question" }).click();
  assert.ok(await late.getByRole("radio", { name: "Good" }).isChecked());
});

for (const scripts of [true, false]) {
  test(`a person rates by the keyboard alone, ${scripts ? "with" : "without"} scripts`, async () => {
    const before = await stored("&valid=yes");
    const page = await customer((await asked(`Keyboard ${scripts}`))["😐 OK"], { scripts });
    await page.keyboard.press("Tab");
    await page.getByRole("radio", { name: "OK" }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("ArrowRight");
    assert.ok(await page.getByRole("radio", { name: "Good" }).isChecked());
    await page.keyboard.press("Tab");
    await page.keyboard.type("Typed");
    if (scripts) await page.locator(".main-button:enabled").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    if (!scripts) {
      await page.getByRole("heading", { name: "One more tap, please" }).waitFor();
      await lookedAt();
      const face = page.getByRole("button", { name: "Good" });
      while (!(await face.and(page.locator(":focus")).count())) await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
    }
    await says(page, "We are glad");
    await says(page, "Your remark is saved too.");
    assert.deepEqual(page.problems, []);
    assert.equal(await stored("&valid=yes"), before + 1);
  });
}

// lookedAt lets as much time pass as a person needs to see a page at all. Without scripts nothing on the page says when
// the server believes that, so another page looks at the clock.
async function lookedAt() {
  await desk.waitForFunction((since) => Date.now() - since > 1100, Date.now());
}

test("a scanner that runs the scripts and waits sends nothing", async () => {
  const all = await asked("Scanned");
  const before = await stored();
  const counted = await stored("&valid=yes");
  for (const address of Object.values(all)) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.clock.install();
    const sent = [];
    page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
    await page.goto(address);
    await page.clock.runFor(60_000);
    await page.evaluate(() => scrollTo(0, 9999));
    await page.clock.runFor(60_000);
    assert.deepEqual(sent, []);
    await context.close();
  }
  assert.equal(await stored(), before);
  const page = await customer(all["😃 Good"]);
  await send(page).click();
  await says(page, "We are glad");
  assert.equal(await stored("&valid=yes"), counted + 1);
});

test("a scanner whose scripts press every button counts for nothing, and a person afterwards does", async () => {
  const all = await asked("Pressed");
  const before = await stored("&valid=yes");
  for (const address of Object.values(all)) {
    const page = await customer(address);
    await page.locator(".main-button:enabled").waitFor();
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.evaluate(() => document.querySelectorAll("button").forEach((button) => button.click()));
    await answered;
    await page.getByRole("heading", { name: "One more tap, please" }).waitFor();
    const again = page.waitForResponse((response) => response.request().method() === "POST");
    await page.evaluate(() => document.querySelectorAll("button").forEach((button) => button.click()));
    await again;
  }
  assert.equal(await stored("&valid=yes"), before);
  assert.ok((await stored("&valid=no")) >= 5);
  const page = await customer(all["😍 Amazing"]);
  await send(page).click();
  await says(page, "We are glad");
  assert.equal(await stored("&valid=yes"), before + 1);
});

test("every face of the page is fit for eyes, ears and thumbs", async () => {
  const all = await asked("Looked at");
  const judge = async (page) => {
    for (const look of looks) {
      await page.emulateMedia({ colorScheme: look.theme });
      await page.setViewportSize(look);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/hosted-${++pictures}.png` });
      await assertAccessible(page);
      await assertFits(page);
    }
  };
  let pictures = 0;
  const page = await customer(all["🙁 Bad"]);
  await page.locator(".main-button:enabled").waitFor();
  await judge(page);
  await page.getByRole("radio", { name: "Amazing" }).check();
  await page.getByRole("textbox", { name: "Anything to add?" }).waitFor();
  await page.getByRole("radio", { name: "Bad" }).check();
  await page.getByRole("textbox", { name: "What went wrong?" }).waitFor();
  await send(page).click();
  await says(page, "Your answer is saved.");
  await judge(page);
  await page.getByRole("link", { name: "Change my rating" }).click();
  await page.getByRole("radio", { name: "Good" }).check();
  await send(page).click();
  await says(page, "What changed?");
  await page.locator(".main-button:enabled").waitFor();
  await judge(page);
  await page.getByRole("button", { name: "It is fixed now" }).click();
  await page.getByText("What changed?").waitFor({ state: "detached" });
  await page.goto(`${demo.app}/r/unknown`);
  await judge(page);

  const still = await openPage(browser, { scripts: false });
  await still.goto(`${all["😃 Good"]}?change`);
  await lookedAt();
  await send(still).click();
  await still.getByRole("heading", { name: "One more tap, please" }).waitFor();
  if (process.env.PICTURES) await still.screenshot({ path: `${process.env.PICTURES}/hosted-step.png` });
  const omars = await asked("Boots", /عمر حداد/); // Intercom knows his language
  const right = await customer(omars["😃 Good"]);
  assert.equal(await right.evaluate(() => document.documentElement.dir), "rtl");
  await assertFits(right);
  if (process.env.PICTURES) await right.screenshot({ path: `${process.env.PICTURES}/hosted-arabic.png` });
});
