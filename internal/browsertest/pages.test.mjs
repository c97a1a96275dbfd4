// Every page in both themes and both widths: nothing for axe to find, nothing that sticks out, nothing broken unseen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, openBrowser, openPage, screenshot, startDemo } from "./harness.mjs";

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

const widths = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];

// The pages by the name of their pictures: where each is, and what has to be done before it is looked at.
const pages = {
  signin: { path: "/signin?reason=denied", signedOut: true },
  overview: { path: "/?days=365" },
  "overview-table": { path: "/?days=90", then: (page) => page.getByText("Show as a table").click() },
  "overview-account": { path: "/", then: (page) => page.locator("summary", { hasText: "Jane Agent" }).click() },
  "overview-nothing": { path: "/?from=2020-01-01&to=2020-01-31" },
  ratings: { path: "/ratings?days=30" },
  "ratings-ignored": { path: "/ratings?score=eleven&valid=no" },
  rating: { path: "/ratings?change=worse&days=365", then: (page) => page.getByRole("link", { name: /Details/ }).first().click() },
  wording: { path: "/wording" },
  "wording-refused": { path: "/wording", then: publishNothing },
  "wording-language": { path: "/wording", then: (page) => page.getByRole("button", { name: "Add a language" }).click() },
  settings: { path: "/settings" },
  "settings-key": { path: "/settings", then: makeKey },
  "not-found": { path: "/ratings/none" },
};

async function publishNothing(page) {
  await page.getByRole("textbox", { name: "Question" }).fill(" ");
  await page.getByRole("button", { name: "Publish" }).first().click();
}

async function makeKey(page) {
  await page.getByRole("textbox", { name: "Name of the new key" }).fill("looked at");
  await page.getByRole("button", { name: "Make a key" }).click();
}

// look takes a picture for the eye and lets the machines judge the page.
async function look(page, name, { theme, width }) {
  await screenshot(page, `${name}-${theme}-${width}`);
  await assertAccessible(page);
  await assertFits(page);
}

async function signIn(page, name, at = demo) {
  await page.goto(`${at.app}/auth/intercom`);
  await page.getByRole("button", { name: `Continue as ${name}` }).click();
}

// said filters what the browser notes about pages that tell a refusal by their status.
const said = (problems) => problems.filter((problem) => !/status of (403|404|422)/.test(problem));

for (const theme of ["light", "dark"]) {
  for (const size of widths) {
    test(`dashboard, ${theme}, ${size.width} wide`, async (t) => {
      const page = await openPage(browser, { ...size, theme });
      let signedIn = false;
      for (const [name, { path, signedOut, then }] of Object.entries(pages)) {
        await t.test(name, async () => {
          if (!signedOut && !signedIn) {
            await signIn(page, "Jane Agent");
            signedIn = true;
          }
          await page.goto(demo.app + path);
          if (then) {
            await then(page);
            await page.waitForLoadState();
          }
          await look(page, name, { theme, ...size });
        });
      }
      assert.deepEqual(said(page.problems), []);
    });

    test(`what a viewer sees, ${theme}, ${size.width} wide`, async () => {
      const page = await openPage(browser, { ...size, theme });
      await signIn(page, "Tomáš Novák");
      for (const path of ["wording", "settings"]) {
        await page.goto(`${demo.app}/${path}`);
        await look(page, `viewer-${path}`, { theme, ...size });
      }
      await page.evaluate(() => {
        const form = Object.assign(document.createElement("form"), { method: "post", action: "/wording" });
        document.body.append(form);
        form.submit();
      });
      await page.getByRole("heading", { name: "You may not do this" }).waitFor();
      await look(page, "forbidden", { theme, ...size });
      assert.deepEqual(said(page.problems), []);
    });

    test(`sandbox, ${theme}, ${size.width} wide`, async (t) => {
      const page = await openPage(browser, { ...size, theme });
      for (const path of ["/", "/messenger", "/inbox", "/calls", "/appstore", "/oauth?client_id=sandbox-client&state=x"]) {
        await t.test(path, async () => {
          await page.goto(demo.sandbox + path);
          await look(page, `sandbox${path.split("?")[0].replaceAll("/", "-")}`, { theme, ...size });
        });
      }
      await t.test("a conversation", async () => {
        await page.goto(`${demo.sandbox}/inbox`);
        await page.getByRole("link", { name: /Sam Customer/ }).click();
        await page.getByRole("button", { name: "Insert the app's card" }).waitFor();
        await look(page, "sandbox-conversation", { theme, ...size });
      });
      assert.deepEqual(page.problems, []);
    });
  }
}

test("before the first rating", async (t) => {
  // A demo of its own: who has looked into the sandbox's Inbox has told Rerate of Intercom's own rating.
  const fresh = await startDemo();
  t.after(() => fresh.stop());
  const page = await openPage(browser);
  await signIn(page, "Jane Agent", fresh);
  await page.getByRole("button", { name: "Remove example data" }).click();
  await page.getByRole("heading", { name: "No ratings yet" }).waitFor();
  for (const theme of ["light", "dark"]) {
    for (const size of widths) {
      await t.test(`${theme}, ${size.width} wide`, async () => {
        await page.emulateMedia({ colorScheme: theme });
        await page.setViewportSize(size);
        for (const [name, path] of Object.entries({ "overview-empty": "/", "ratings-empty": "/ratings" })) {
          await page.goto(fresh.app + path);
          await look(page, name, { theme, ...size });
        }
      });
    }
  }
  assert.deepEqual(page.problems, []);
});
