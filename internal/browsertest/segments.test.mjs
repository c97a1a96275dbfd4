// The segment's editor as a person uses it: with scripts what is typed shows at once who is in it and what they get;
// without them every button does the same by a whole page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, startDemo } from "./harness.mjs";
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

test("what is typed shows who is in it and what they get", async () => {
  const page = await openPage(browser);
  await signIn(page, demo);
  await page.goto(`${demo.app}/segments/new`);
  const who = page.getByRole("region", { name: "Who gets it" });
  await page.getByLabel("What condition 1 is about").selectOption("company");
  await page.locator("input[name='conditions.0.value']").fill("Larkspur Tours"); // once it has taken the place of the choice before
  await who.getByText("Sam Customer").waitFor();
  await page.getByLabel("How condition 1 compares").selectOption("known");
  await page.getByLabel("Value of condition 1").waitFor({ state: "detached" });
  await page.getByRole("textbox", { name: "Text" }).pressSequentially("How was the tent?");
  await page.getByRole("region", { name: "What they get" }).getByText("How was the tent?").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Text" }).inputValue(), "How was the tent?");
  await page.getByRole("textbox", { name: "Name" }).fill("Campers");
  await page.getByRole("button", { name: "Make the segment" }).click();
  await page.getByRole("heading", { level: 1, name: "Campers" }).waitFor();
  assert.deepEqual(page.problems, []);
});

test("without scripts every button does the same", async () => {
  const page = await openPage(browser, { scripts: false });
  await signIn(page, demo);
  await page.goto(`${demo.app}/segments/new`);
  await page.getByRole("textbox", { name: "Name" }).fill("Plain");
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByLabel("What condition 2 is about").selectOption("last_seen");
  await page.getByRole("button", { name: "Update", exact: true }).click();
  await page.getByLabel("Days of condition 2").fill("400");
  await page.getByRole("button", { name: "Remove condition 1" }).click();
  assert.equal(await page.getByLabel("Days of condition 1").inputValue(), "400");
  await page.getByRole("button", { name: "Make the segment" }).click();
  await page.getByRole("alert").getByText("must not be empty").waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Name" }).inputValue(), "Plain");
  await page.getByRole("textbox", { name: "Text" }).fill("Hello");
  await page.getByRole("button", { name: "Make the segment" }).click();
  await page.getByRole("heading", { level: 1, name: "Plain" }).waitFor();
});
