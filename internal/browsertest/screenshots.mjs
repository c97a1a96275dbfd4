// Takes a picture of every state of every page, both themes and both widths, into shots/ (for eyes; git ignores it), and
// makes those that the documents show, in docs/images. Run it by `make screenshots`.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser, openPage, startDemo } from "./harness.mjs";
import { dashboard, empty, looks, removeExampleData, sandbox, show, signIn } from "./states.mjs";

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

async function documentImages() {
  const page = await openPage(browser, { width: 1280, height: 870 });
  await signIn(page, demo);
  await page.goto(`${demo.app}/?days=90`);
  await page.screenshot({ path: join(images, "overview.png") });
  await page.context().close();
}
