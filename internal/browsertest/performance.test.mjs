// What a first visit to each page costs: requests, bytes on the wire and the time until something is seen, with an
// empty cache. The sizes have limits. The times are only told: they are the machine's as much as ours.
//
// `make performance` runs it with --write, which puts the table into docs/performance.md.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser, openPage, startDemo } from "./harness.mjs";
import * as states from "./states.mjs";

const mostBytes = 100_000;
const mostBytesOfParts = 120_000; // the demo's page of all parts, which is for developers
const mostRequests = 8;

const document = join(import.meta.dirname, "../../docs/performance.md");
const write = process.argv.includes("--write");
const visits = write ? 5 : 1; // of which the middle one is told

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

// addresses are those of all states that an address alone leads to, each once, and some that no state is at.
async function addresses() {
  const page = await openPage(browser);
  await states.signIn(page, demo);
  const { cookies } = await page.context().storageState();
  await page.goto(`${demo.app}/ratings?change=better&days=365`);
  const rating = await page.getByRole("link", { name: /^Details/ }).first().getAttribute("href");
  await page.context().close();

  const found = new Map();
  for (const [base, list] of [
    [demo.app, [{ path: "/" }, ...Object.values(states.dashboard), { path: rating }, { path: "/wording/versions/2" }]],
    [demo.sandbox, Object.values(states.sandbox)],
  ]) {
    for (const { path, then, as, signedOut } of list) {
      if (then || as) continue;
      const url = base + path;
      found.set(url, { name: nameOf(url), url, cookies: signedOut ? [] : cookies });
    }
  }
  return [...found.values()];
}

// nameOf is an address as the table shows it: without host, and without ids, which are different each time.
function nameOf(url) {
  const { origin, pathname, search } = new URL(url);
  const path = pathname.replace(/example-.*|\d{6,}/, "…") + (/\d{6,}/.test(search) ? "?…" : search);
  return `${origin === demo.sandbox ? "sandbox " : ""}${path}`;
}

// visit opens an address in a browser that has seen nothing of it, and tells what came over the wire and when what was seen.
async function visit({ url, cookies }, scripts) {
  const page = await openPage(browser, { scripts });
  await page.context().addCookies(cookies);
  const wire = await page.context().newCDPSession(page);
  const answers = new Map();
  let open = 0;
  wire.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    if (request.url.startsWith("data:") || answers.has(requestId)) return;
    // The preview of a mail is a page in a frame, and a process, of its own: its end is never told here, and it is not counted.
    if (type === "Document" && answers.size > 0) return;
    answers.set(requestId, { url: request.url, bytes: 0 });
    open++;
  });
  wire.on("Network.responseReceived", ({ requestId, type }) => Object.assign(answers.get(requestId) ?? {}, { type }));
  let settled = () => {};
  const ended = ({ requestId, encodedDataLength = 0 }) => {
    const answer = answers.get(requestId);
    if (!answer) return;
    answer.bytes = encodedDataLength;
    if (--open === 0) settled();
  };
  wire.on("Network.loadingFinished", ended);
  wire.on("Network.loadingFailed", ended);
  await wire.send("Network.enable");
  await page.goto(url, { waitUntil: "load" });
  if (open > 0) await new Promise((resolve) => (settled = resolve));
  await page.screenshot(); // so that the page has been drawn in any case

  const seen = await page.evaluate(() => ({
    paint: performance.getEntriesByName("first-paint")[0]?.startTime,
    content: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    heading: document.querySelector("h1")?.checkVisibility() ?? false,
    blocking: performance
      .getEntriesByType("resource")
      .filter((entry) => entry.renderBlockingStatus === "blocking" && entry.initiatorType === "script")
      .map(({ name }) => name),
  }));
  await page.context().close();
  // What a page names twice is taken from memory the second time.
  return { ...seen, answers: [...answers.values()].filter(({ bytes }) => bytes > 0) };
}

const kinds = { Document: "HTML", Stylesheet: "CSS", Script: "scripts", Font: "font" };
const columns = ["HTML", "CSS", "scripts", "font", "other"];

const bytesOf = (answers, column) =>
  answers.filter(({ type }) => !column || (kinds[type] ?? "other") === column).reduce((sum, { bytes }) => sum + bytes, 0);

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function measure(address) {
  const row = { ...address };
  for (const scripts of [true, false]) {
    const all = [];
    for (let i = 0; i < visits; i++) all.push(await visit(address, scripts));
    const [first] = all;
    row[scripts ? "with" : "without"] = {
      ...first,
      paint: middle(all.map(({ paint }) => paint)),
      content: middle(all.map(({ content }) => content)),
    };
  }
  return row;
}

const kb = (bytes) => (bytes / 1000).toFixed(1);
const ms = (time) => time.toFixed(0);

function table(rows) {
  const head = ["page", "requests", ...columns.map((column) => `${column} KB`), "total KB", "paint ms", "content ms", "without scripts ms"];
  const body = rows.map(({ name, with: { answers, paint, content }, without }) => [
    name,
    answers.length,
    ...columns.map((column) => kb(bytesOf(answers, column))),
    kb(bytesOf(answers)),
    ms(paint),
    ms(content),
    ms(without.content),
  ]);
  return [head, head.map((_, i) => (i === 0 ? "---" : "--:")), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

test("a first visit is light, and something is seen without scripts", async (t) => {
  const rows = [];
  for (const address of await addresses()) {
    await t.test(address.name, async () => {
      const row = await measure(address);
      rows.push(row);
      const { answers, blocking } = row.with;
      const list = answers.map(({ url, bytes }) => `${bytes} ${url}`).join("\n");
      const most = address.name === "/parts" ? mostBytesOfParts : mostBytes;
      assert.ok(bytesOf(answers) <= most, `${row.url} takes ${bytesOf(answers)} bytes, more than ${most}:\n${list}`);
      assert.ok(answers.length <= mostRequests, `${row.url} takes ${answers.length} requests, more than ${mostRequests}:\n${list}`);
      assert.deepEqual(blocking, [], `${row.url} waits for scripts before it shows anything`);
      assert.ok(row.without.heading && row.without.content > 0, `${row.url} shows nothing without scripts`);
    });
  }
  console.log(table(rows));
  if (!write) return;
  const text = await readFile(document, "utf8");
  const heading = "## The table\n";
  assert.ok(text.includes(heading), `${document} has no "${heading.trim()}"`);
  await writeFile(document, `${text.slice(0, text.indexOf(heading))}${heading}\n${table(rows)}\n`);
});
