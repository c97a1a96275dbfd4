// Takes a picture of every state of every page, both themes and both widths, into shots/ (for eyes; git ignores it), and
// makes those that the documents show, in docs/images. Run it by `make screenshots`.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser, openPage, startDemo } from "./harness.mjs";
import { Sandbox } from "./sandbox.mjs";
import { dashboard, empty, looks, removeExampleData, sandbox, show, signIn, silenceIntercom, silent } from "./states.mjs";

const shots = join(import.meta.dirname, "shots");
const images = join(import.meta.dirname, "../../docs/images");
await rm(shots, { recursive: true, force: true });
await mkdir(shots, { recursive: true });

const demo = await startDemo();
const browser = await openBrowser();
try {
  await documentImages();
  for (const look of looks) {
    await shootAll(demo.app, dashboard, look, demo);
    await shootAll(demo.sandbox, sandbox, look, demo);
  }
  const page = await openPage(browser);
  await signIn(page, demo);
  await removeExampleData(page, demo);
  for (const look of looks) await shootAll(demo.app, empty, look, demo);
  await silenceIntercom(page, demo);
  for (const look of looks) await shootSilent(page, look);
} finally {
  await browser.close();
  await demo.stop();
}

// shootAll shows every state to a visitor of its own, as somebody who has just come.
async function shootAll(base, states, look, at) {
  for (const [name, state] of Object.entries(states)) {
    const page = await openPage(browser, look);
    if (!state.signedOut && base === at.app) await signIn(page, at, state.as);
    await show(page, base, state);
    await page.screenshot({ path: join(shots, `${name}-${look.theme}-${look.width}.png`), fullPage: true });
    await page.context().close();
  }
}

// shootSilent shows to one who is signed in already: nobody can sign in while Intercom answers nothing.
async function shootSilent(page, look) {
  await page.emulateMedia({ colorScheme: look.theme });
  await page.setViewportSize(look);
  for (const [name, state] of Object.entries(silent)) {
    await show(page, demo.app, state);
    await page.screenshot({ path: join(shots, `${name}-${look.theme}-${look.width}.png`), fullPage: true });
  }
}

// documentImages makes what README and docs show. The story needs a conversation of its own, so it comes last.
async function documentImages() {
  await picture("wording", "/wording?preview.step=remark&preview.score=1", { height: 900 });
  for (const [page, path] of Object.entries({ overview: "/?days=90", teammates: "/teammates?days=365", feed: "/ratings?days=90" })) {
    for (const theme of ["light", "dark"]) {
      const name = theme === "dark" ? `${page}-dark` : page;
      await picture(name, path, { height: 1150, theme });
      await picture(`${name}-phone`, path, { width: 390, height: 844, theme });
    }
  }
  await story();
}

async function picture(name, path, look) {
  const page = await openPage(browser, look);
  await signIn(page, demo);
  await page.goto(demo.app + path);
  await page.screenshot({ path: join(images, `${name}.png`) });
  await page.context().close();
}

// story is the main job in the sandbox and what the dashboard tells of it.
async function story() {
  const told = await startDemo();
  const page = await openPage(browser, { width: 1440, height: 900 });
  const both = new Sandbox(page, told.sandbox);
  await both.open();
  await both.ask();
  await both.tap("😍 Very happy");
  await both.remark("What should we know?", "It arrived today. Jane fixed it in a day!");
  await both.note("Jane fixed it");
  await both.sidebar();
  await page.screenshot({ path: join(images, "story.png") });
  await page.setViewportSize({ width: 1280, height: 800 });
  await signIn(page, told);
  await page.getByRole("row", { name: /Jane fixed it/ }).first().getByRole("link", { name: /Details/ }).click();
  await page.getByRole("heading", { name: "Ratings of one conversation" }).waitFor();
  await page.screenshot({ path: join(images, "rating.png"), fullPage: true });
  await page.context().close();
  await told.stop();
}
