// Makes the pictures that the documents show, from the demo: run it by `make pictures`.
import { join } from "node:path";
import { openBrowser, openPage, startDemo } from "./harness.mjs";

const folder = join(import.meta.dirname, "../../docs/images");
const demo = await startDemo();
const browser = await openBrowser();
try {
  const page = await openPage(browser, { width: 1280, height: 870 });
  await page.goto(`${demo.app}/auth/intercom`);
  await page.getByRole("button", { name: "Continue as Jane Agent" }).click();
  await page.goto(`${demo.app}/?days=90`);
  await page.screenshot({ path: join(folder, "overview.png") });
} finally {
  await browser.close();
  await demo.stop();
}
