// Starts the real program and a real browser for the tests beside this file. Needs bin/rerate: run them by
// `make test-browser`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = dirname(dirname(import.meta.dirname));
const startLimit = 60_000;
const stopLimit = 15_000;

// startDemo runs `rerate demo` on free ports with a data directory of its own. It answers when the program says that
// it is ready: {app, sandbox} are addresses, log() is all that it wrote to standard error, stop() ends it as an
// operator would and answers its exit code. Always stop(), or the test run does not end.
export async function startDemo({ args = [], env = {} } = {}) {
  const binary = join(root, "bin/rerate");
  assert.ok(existsSync(binary), "bin/rerate is not there: run make build");
  const directory = await mkdtemp(join(tmpdir(), "rerate-browsertest-"));
  const [app, sandbox] = await freeAddresses(2);
  const child = spawn(binary, ["demo", "--json", "--sandbox-addr", sandbox, ...args], {
    cwd: directory,
    env: {
      ...process.env,
      RERATE_ADDR: app,
      RERATE_BASE_URL: `http://${app}`,
      RERATE_DATABASE_URL: `sqlite://${join(directory, "rerate.db")}`,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killed = () => child.kill("SIGKILL");
  process.on("exit", killed);
  const exited = once(child, "exit");
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));

  // A program that ends in the middle of a test says why; the browser only sees that nobody answers.
  const died = (code, signal) => console.error(`rerate demo ended by itself: ${signal ?? `exit code ${code}`}\n${log}`);
  child.on("exit", died);

  const stop = async () => {
    child.off("exit", died);
    child.kill("SIGTERM");
    const overdue = setTimeout(killed, stopLimit);
    const [code, signal] = await exited;
    clearTimeout(overdue);
    process.off("exit", killed);
    await rm(directory, { recursive: true, force: true });
    assert.notEqual(signal, "SIGKILL", `rerate demo did not end within ${stopLimit} ms of SIGTERM:\n${log}`);
    return code;
  };

  try {
    const ready = await within(startLimit, Promise.race([readyLine(child.stdout), exited.then(() => null)]));
    assert.ok(ready, "it did not say that it is ready");
    return { ...ready, log: () => log, stop };
  } catch (error) {
    await stop();
    throw new Error(`rerate demo did not start: ${error.message}\n${log}`);
  }
}

// readyLine waits for the one line of JSON and lets later output flow, so that the pipe never fills.
async function readyLine(stdout) {
  const lines = createInterface({ input: stdout });
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line));
    });
  });
}

async function within(limit, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function freeAddresses(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const addresses = servers.map((server) => `127.0.0.1:${server.address().port}`);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return addresses;
}

// The browsers of Debian. The headless shell is the same Chromium without the windows that nobody sees: it opens a page in half the time.
const browsers = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

// openBrowser starts the first of Debian's browsers that is there, or the one that an npm package carries where none is.
export async function openBrowser() {
  const flags = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  const executablePath = browsers.find((path) => existsSync(path));
  if (executablePath) return chromium.launch({ executablePath, args: flags });
  const { default: packed } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await packed.executablePath(), args: [...packed.args, ...flags] });
}

// openPage opens a page in a fresh session (no cookies). Width, theme ("light" or "dark") and scripts are the
// visitor's. page.problems collects what went wrong unseen: script errors, console errors (a broken
// Content-Security-Policy too) and answers of 500 and above, or 404 for assets.
export async function openPage(browser, { width = 1280, height = 800, theme = "light", scripts = true } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    javaScriptEnabled: scripts,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") page.problems.push(`console: ${message.text()}`);
  });
  page.on("response", (response) => {
    const missing = response.status() === 404 && new URL(response.url()).pathname.startsWith("/static/");
    if (response.status() >= 500 || missing) page.problems.push(`${response.status()}: ${response.url()}`);
  });
  return page;
}

// loads waits until the whole of the page is there to which a click leads.
export const loads = (page, click) => Promise.all([page.waitForEvent("load"), click]);

// assertAccessible runs axe on the page as it stands. Text on a background image, whose contrast axe cannot judge, is
// a finding too: an empty image of daisyUI once hid a real one. Gradients are left to tokens.test.mjs, which measures
// the colours that they are made of.
export async function assertAccessible(page) {
  await page.evaluate(await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8"));
  const { violations, incomplete } = await page.evaluate(async () => {
    // The bar that stays at the bottom hides fields in part, which scrolling shows whole. So it is judged where it rests.
    const bars = [...document.querySelectorAll(".save-bar")];
    for (const bar of bars) bar.style.position = "static";
    // Targets of 24 pixels are WCAG 2.2's; axe leaves that rule off unless it is asked for.
    const rules = { "target-size": { enabled: true } };
    const found = await globalThis.axe.run(document, { resultTypes: ["violations", "incomplete"], rules });
    for (const bar of bars) bar.style.position = "";
    return found;
  });
  const unjudged = incomplete.map((rule) => ({
    ...rule,
    nodes: rule.nodes.filter(({ any }) => any.some(({ data }) => data?.messageKey === "bgImage")),
  }));
  const findings = [...violations, ...unjudged].flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(" ")} ${any.map(({ message }) => message).join("; ")}`),
  );
  assert.deepEqual(findings, [], `axe found on ${page.url()}`);
}

// assertFits says which elements stick out, should the page scroll sideways.
export async function assertFits(page) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => element.outerHTML.slice(0, 120));
  });
  assert.deepEqual(wide, [], `${page.url()} is wider than the window`);
}
