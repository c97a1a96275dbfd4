// Every state of every page on a light desk and a dark phone, so in both themes and both widths: nothing for axe to find,
// nothing that sticks out, nothing broken unseen. With LOOKS=all also on a dark desk and a light phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, openBrowser, openPage, startDemo } from "./harness.mjs";
import { dashboard, empty, looks, removeExampleData, sandbox, show, signIn, silenceIntercom, silent } from "./states.mjs";

const judged = process.env.LOOKS === "all" ? looks : looks.filter(({ theme, width }) => (theme === "light") === (width > 1000));

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

// judge lets the machines judge each state; visitor answers the page of the person who looks at it.
async function judge(t, states, base, visitor) {
  for (const [name, state] of Object.entries(states)) {
    const page = await visitor(state);
    await t.test(name, async () => {
      await show(page, base, state);
      await assertAccessible(page);
      await assertFits(page);
      assert.deepEqual(said(page.problems.splice(0)), []);
    });
  }
}

// said filters what the browser notes about pages that tell a refusal by their status.
const said = (problems) => problems.filter((problem) => !/status of (403|404|422)/.test(problem));

// visitors answers one page for each person: nobody, Jane, another teammate.
function visitors(look) {
  const pages = new Map();
  return async ({ signedOut, as = "Jane Agent" }) => {
    const who = signedOut ? "" : as;
    if (!pages.has(who)) {
      const page = await openPage(browser, look);
      if (who) await signIn(page, demo, who);
      pages.set(who, page);
    }
    return pages.get(who);
  };
}

for (const look of judged) {
  const named = `${look.theme}, ${look.width} wide`;
  test(`dashboard, ${named}`, (t) => judge(t, dashboard, demo.app, visitors(look)));
  test(`sandbox, ${named}`, async (t) => {
    const page = await openPage(browser, look);
    await judge(t, sandbox, demo.sandbox, async () => page);
  });
}

for (const [when, prepare, states] of [
  ["before the first rating", removeExampleData, empty],
  ["while Intercom answers nothing", silenceIntercom, silent],
]) {
  test(when, async (t) => {
    const fresh = await startDemo();
    t.after(() => fresh.stop());
    const page = await openPage(browser);
    await signIn(page, fresh);
    await prepare(page, fresh);
    for (const look of judged) {
      await t.test(`${look.theme}, ${look.width} wide`, async (t) => {
        await page.emulateMedia({ colorScheme: look.theme });
        await page.setViewportSize(look);
        await judge(t, states, fresh.app, async () => page);
      });
    }
  });
}
