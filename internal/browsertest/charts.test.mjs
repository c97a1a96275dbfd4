// The charts of the overview in a real browser: values by pointer, keyboard and touch, without scripts, on paper, in
// high contrast, with large text, and in the order in which a screen reader meets them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, openBrowser, openPage, startDemo } from "./harness.mjs";

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

async function overview(days, options) {
  const page = await openPage(browser, options);
  await page.goto(`${demo.app}/auth/intercom`);
  await page.getByRole("button", { name: "Continue as Jane Agent" }).click();
  await page.goto(`${demo.app}/?days=${days}`);
  const figure = page.locator("figure:has(trend-plot)").first();
  return {
    page,
    figure,
    plot: figure.locator("trend-plot"),
    strips: figure.locator(".strip"),
    slider: figure.getByRole("slider"),
    panel: figure.locator(".trend-panel"),
    rows: figure.locator("tbody tr"),
  };
}

// pointAt answers the middle of a bucket's strip.
async function pointAt(plot, at, n) {
  await plot.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await plot.boundingBox();
  return [x + ((at + 0.5) / n) * width, y + height / 3];
}

// heading is the title of a bucket, as its row in the table has it.
const heading = async (row) => (await row.locator("th").textContent()).trim().replace(/\s+/g, " ");

// overlapping names the labels of the drawing that touch each other.
const overlapping = (plot) =>
  plot.evaluate((element) => {
    const texts = [...element.querySelectorAll(".tier text, .chart-label")].filter((text) => text.checkVisibility());
    const boxes = [...new Set(texts)].map((text) => [text.textContent, text.getBoundingClientRect()]);
    return boxes.flatMap(([a, p], i) =>
      boxes.slice(i + 1).flatMap(([b, q]) => (p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom ? [`${a} and ${b}`] : [])),
    );
  });

test("the pointer shows a bucket's values and a click its ratings", async () => {
  const { page, plot, strips, panel, rows } = await overview(90);
  const n = await strips.count();
  assert.equal(await rows.count(), n, "the table has a row for each bucket");
  assert.ok(await panel.isHidden());

  for (const at of [0, 5, n - 1]) {
    await page.mouse.move(...(await pointAt(plot, at, n)));
    await panel.getByText(await heading(rows.nth(at)), { exact: true }).waitFor();
    assert.match(await panel.textContent(), new RegExp(`Counted${await rows.nth(at).locator("td").first().textContent()}`));
    assert.equal(await plot.locator(".strip-at").count(), 1);
    assert.ok(await strips.nth(at).locator("circle").last().isVisible(), "the dot of the bucket is marked");
    const [inner, outer] = [await panel.boundingBox(), await plot.boundingBox()];
    assert.ok(inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width + 1, "the panel stays beside its plot");
  }
  await assertAccessible(page);
  const href = await strips.nth(5).getAttribute("href");
  if (href) {
    await page.mouse.click(...(await pointAt(plot, 5, n)));
    await page.waitForURL(demo.app + href);
    await page.goBack();
  }
  await page.mouse.move(1, 1);
  assert.ok(await panel.isHidden(), "away from the plot nothing is shown");
  assert.deepEqual(page.problems, [], "placing the panel keeps the content policy");
});

test("the keyboard walks through the buckets", async () => {
  const { page, plot, strips, slider, panel, rows } = await overview(90);
  const n = await strips.count();
  await slider.focus();
  const at = async (place, what) => {
    assert.equal(await slider.getAttribute("aria-valuenow"), String(place + 1), what);
    const title = (await heading(rows.nth(place))).replace(" (not over yet)", "");
    assert.ok((await slider.getAttribute("aria-valuetext")).startsWith(`${title}: counted `), what);
    await panel.getByText(title).waitFor();
    assert.equal(await plot.locator(".strip-at").count(), 1);
  };
  await at(n - 1, "it begins at the newest");
  for (const [key, place] of [["ArrowLeft", n - 2], ["ArrowDown", n - 3], ["ArrowRight", n - 2], ["ArrowUp", n - 1], ["ArrowRight", n - 1], ["Home", 0], ["ArrowLeft", 0], ["PageUp", 2], ["PageDown", 0], ["End", n - 1]]) {
    await page.keyboard.press(key);
    await at(place, key);
  }
  await assertAccessible(page);

  await page.keyboard.press("Escape");
  assert.ok(await panel.isHidden(), "Escape hides the values");
  await page.keyboard.press("ArrowLeft");
  await at(n - 2, "and an arrow shows them again");
  const href = await strips.nth(n - 2).getAttribute("href");
  if (href) {
    await page.keyboard.press("Enter");
    await page.waitForURL(demo.app + href);
  }
  assert.deepEqual(page.problems, []);
});

test("a finger on a phone points first and follows the panel's link", async () => {
  const { page, plot, strips, panel, rows } = await overview(90, { width: 390, height: 844 });
  const n = await strips.count();
  const [x, y] = await pointAt(plot, 3, n);
  // What a touch screen sends; the mouse's own click would be one of a mouse.
  await strips.nth(3).evaluate(
    (strip, { x, y }) => {
      const event = { bubbles: true, cancelable: true, clientX: x, clientY: y, pointerType: "touch" };
      for (const kind of ["pointerdown", "pointerup", "pointerleave"]) strip.dispatchEvent(new PointerEvent(kind, event));
      strip.dispatchEvent(new MouseEvent("click", event));
    },
    { x, y },
  );
  await panel.getByText(await heading(rows.nth(3)), { exact: true }).waitFor();
  assert.ok(page.url().endsWith("days=90"), "a tap does not leave the page");
  const box = await panel.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390, "the panel is on the screen");
  assert.ok(box.y + box.height <= y, "and not under the finger");
  await assertFits(page);
  await assertAccessible(page);

  await page.getByRole("heading", { level: 1 }).dispatchEvent("pointerdown", { pointerType: "touch" });
  assert.ok(await panel.isHidden(), "a tap beside it ends it");
  assert.deepEqual(page.problems, []);
});

for (const [name, options] of Object.entries({ "1280 wide": {}, "390 wide": { width: 390, height: 844 } })) {
  test(`labels never touch, ${name}`, async () => {
    for (const days of [7, 30, 90, 365]) {
      const { page, plot } = await overview(days, options);
      assert.deepEqual(await overlapping(plot), [], `${days} days`);
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      assert.deepEqual(await overlapping(plot), [], `${days} days, text twice as large`);
      await page.context().close();
    }
  });
}

test("without scripts the table has every value and the strips have titles", async () => {
  const { figure, strips, slider, rows, plot } = await overview(90, { scripts: false });
  assert.equal(await slider.count(), 0);
  const n = await strips.count();
  assert.equal(await figure.locator(".strip > title").count(), n);
  await strips.nth(2).hover();
  await strips.nth(2).locator("circle").last().waitFor(); // the dot of what is pointed at is marked
  assert.ok(await strips.nth(3).locator("circle").last().isHidden());
  await figure.getByText("Show as a table").click();
  assert.ok(await rows.last().isVisible());
  assert.ok((await strips.nth(2).locator("title").textContent()).startsWith(`${await heading(rows.nth(2))}: counted `));
  assert.deepEqual(await overlapping(plot), []);
});

test("on paper there is nothing to point at", async () => {
  const { page, slider, panel, plot, figure } = await overview(90, { theme: "dark" });
  await slider.focus();
  await panel.waitFor();
  await page.emulateMedia({ media: "print" });
  assert.ok(await panel.isHidden());
  assert.ok(await plot.locator(".strip-at > circle").last().isHidden());
  assert.ok(await figure.getByText("Show as a table").isHidden(), "a folded table leaves no trace");
});

test("high contrast keeps lines, bars and segments apart", async () => {
  const { page, plot } = await overview(90);
  await page.emulateMedia({ forcedColors: "active" });
  const strokes = await plot.evaluate((element) =>
    [".trend-drawing path.series-counted", ".trend-drawing path.series-first"].map((path) => {
      const { stroke, strokeDasharray } = getComputedStyle(element.querySelector(path));
      return `${stroke} ${strokeDasharray}`;
    }),
  );
  assert.notEqual(strokes[0], strokes[1]);
  assert.ok(strokes.every((stroke) => !stroke.startsWith("none")));
});

test("a screen reader meets title, sentence, slider and table in this order", async () => {
  const { page, figure } = await overview(90);
  await figure.getByText("Show as a table").click();
  const tree = await figure.ariaSnapshot();
  const places = ["figure \"Counted and first ratings over time.\"", /Counted CSAT went from \d+\s%/, "slider \"Values of ", "- table"].map((part) =>
    typeof part === "string" ? tree.indexOf(part) : tree.search(part),
  );
  assert.ok(places.every((place) => place >= 0), `${places} in\n${tree}`);
  assert.deepEqual(places, places.toSorted((a, b) => a - b), tree);
  assert.ok(!tree.includes("img"), "the drawing itself is silent");
  assert.match(tree, /table "Ratings over time"/);
  for (const head of ["Time", "Counted CSAT", "95 % interval", "Rated", "First CSAT", "What changed"]) {
    assert.ok(tree.includes(`columnheader "${head}"`), `${head} heads a column in\n${tree}`);
  }
  assert.match(tree, /rowheader "Week of \d+ \w+ \d{4}"/);
  assert.match(tree, /cell "\d+ %"/);
  assert.deepEqual(page.problems, []);
});

test("a screen reader meets the matrix and the distribution with a sentence, heads and full names", async () => {
  const { page } = await overview(90);
  const matrix = await page.getByRole("region", { name: "From first to latest rating", exact: true }).ariaSnapshot();
  assert.match(matrix, /Of \d+ conversations rated more than once, \d+ \(\d+ %\) got better/u);
  assert.match(matrix, /region "First to latest rating, by sentiment"/);
  assert.match(matrix, /caption: Each row is a first rating, each column a latest rating\.|table "Each row is a first rating/);
  for (const head of ["Low", "Neutral", "Positive"]) {
    assert.match(matrix, new RegExp(`columnheader "[^"]*${head}"`));
    assert.match(matrix, new RegExp(`rowheader "[^"]*${head}"`));
  }
  assert.match(matrix, /link "\d+ conversations? \(\d+ % of all\) went from Low to Positive, show ratings"/);
  const spread = page.locator("figure", { has: page.locator("#spread-chart-title") });
  await spread.getByText("Show as a table").click();
  const tree = await spread.ariaSnapshot();
  assert.match(tree, /figure "How often each score was given\."/);
  assert.match(tree, /Before: first rating – most often/);
  assert.match(tree, /link "[^"]+: \d+\s%, \d+ of \d+"/u);
  assert.match(tree, /table "Scores"/);
  assert.match(tree, /columnheader "After: latest rating"/);
  assert.deepEqual(page.problems, []);
});

test("a plot whose drawing was exchanged works again", async () => {
  const { page, plot, slider, panel, strips, rows } = await overview(90);
  await plot.evaluate((element) => {
    const drawing = element.querySelector("svg").cloneNode(true);
    element.replaceChildren(drawing); // as morphing leaves it: the same element with the server's children
  });
  await slider.focus();
  await page.keyboard.press("Home");
  await panel.getByText(await heading(rows.first())).waitFor();
  await page.mouse.move(...(await pointAt(plot, 2, await strips.count())));
  await panel.getByText(await heading(rows.nth(2)), { exact: true }).waitFor();
  assert.equal(await slider.count(), 1);
  assert.deepEqual(page.problems, []);
});
