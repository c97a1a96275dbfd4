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
  "overview-nothing": { path: "/?from=2020-01-01&to=2020-01-31" },
  ratings: { path: "/ratings?days=30" },
  "ratings-ignored": { path: "/ratings?score=eleven&valid=no" },
  rating: { path: "/ratings?change=worse&days=365", then: (page) => page.getByRole("link", { name: /Details/ }).first().click() },
  wording: { path: "/wording" },
  "wording-refused": { path: "/wording", then: publishNothing },
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

for (const theme of ["light", "dark"]) {
  for (const size of widths) {
    test(`dashboard, ${theme}, ${size.width} wide`, async (t) => {
      const page = await openPage(browser, { ...size, theme });
      let signedIn = false;
      for (const [name, { path, signedOut, then }] of Object.entries(pages)) {
        await t.test(name, async () => {
          if (!signedOut && !signedIn) {
            await page.goto(`${demo.app}/auth/intercom`);
            await page.getByRole("button", { name: "Continue as Jane Agent" }).click();
            signedIn = true;
          }
          await page.goto(demo.app + path);
          if (then) {
            await then(page);
            await page.waitForLoadState();
          }
          await screenshot(page, `${name}-${theme}-${size.width}`);
          await assertAccessible(page);
          await assertFits(page);
        });
      }
      // A refused form and a page that is not there are told by their status, which the browser notes.
      assert.deepEqual(page.problems.filter((problem) => !/status of (404|422)/.test(problem)), []);
    });

    test(`sandbox, ${theme}, ${size.width} wide`, async (t) => {
      const page = await openPage(browser, { ...size, theme });
      for (const path of ["/", "/messenger", "/inbox", "/calls", "/oauth?client_id=sandbox-client&state=x"]) {
        await t.test(path, async () => {
          await page.goto(demo.sandbox + path);
          await screenshot(page, `sandbox${path.split("?")[0].replaceAll("/", "-")}-${theme}-${size.width}`);
          await assertAccessible(page);
          await assertFits(page);
        });
      }
      assert.deepEqual(page.problems, []);
    });
  }
}
