// Every state of every page that is worth a look, by the name of its picture: one list for the checks of
// pages.test.mjs and the pictures of screenshots.mjs. A state says where it is (path) and what has to be done before it
// is looked at (then). Nothing in the first lists changes what another state sees; those that do start a demo of
// their own.

export const looks = ["light", "dark"].flatMap((theme) => [
  { theme, width: 1280, height: 800 },
  { theme, width: 390, height: 844 },
]);

// The dashboard, signed in as Jane, who is an admin, unless "signedOut" or "as" says otherwise.
export const dashboard = {
  signin: { path: "/signin?reason=denied", signedOut: true },
  overview: { path: "/?days=365" },
  "overview-table": { path: "/?days=90", then: (page) => page.getByText("Show as a table").first().click() },
  "overview-week": { path: "/?days=7&compare=weekdays" },
  "overview-filtered": { path: "/?days=30&channel=chat&compare=off", then: (page) => page.locator("#pick-filter").click() },
  "overview-range": { path: "/", then: (page) => page.locator("#pick-range").click() },
  "overview-policy": { path: "/?policy=average", then: (page) => page.locator("#pick-policy").click() },
  "overview-how": { path: "/", then: (page) => page.locator(".explain > summary").first().click() },
  "overview-account": { path: "/", then: (page) => page.locator("summary", { hasText: "Jane Agent" }).click() },
  "overview-nothing": { path: "/?from=2020-01-01&to=2020-01-31" },
  ratings: { path: "/ratings?days=30" },
  "ratings-filtered": { path: "/ratings?outcome=not_asked&channel=email", then: (page) => page.locator("#pick-filter").click() },
  "ratings-nothing": { path: "/ratings?days=7&contact=nobody" },
  "ratings-ignored": { path: "/ratings?score=eleven&valid=no" },
  rating: { path: "/ratings?change=worse&days=365", then: (page) => page.getByRole("link", { name: /Details/ }).first().click() },
  wording: { path: "/wording" },
  "wording-refused": { path: "/wording", then: publishNothing },
  "wording-language": { path: "/wording", then: addItalian },
  "wording-template": { path: "/wording", then: askForStars },
  "wording-unfinished": { path: "/wording", then: leaveUnfinished },
  "wording-right-to-left": { path: "/wording?preview.locale=ar&preview.step=remark&preview.score=1" },
  "wording-version": { path: "/wording/versions/2" },
  "viewer-wording-version": { path: "/wording/versions/1", as: "Tomáš Novák" },
  "wording-emoji": { path: "/wording", then: chooseEmoji },
  "wording-emoji-tones": { path: "/wording", then: chooseTones },
  settings: { path: "/settings" },
  "settings-key": { path: "/settings", then: makeKey },
  "settings-refused": { path: "/settings", then: saveMars },
  "not-found": { path: "/ratings/none" },
  unknown: { path: "/nowhere" },
  parts: { path: "/parts" },
  "parts-dialog": { path: "/parts", then: (page) => page.getByRole("button", { name: "Open a dialog" }).click() },
  "viewer-wording": { path: "/wording", as: "Tomáš Novák" },
  "viewer-settings": { path: "/settings", as: "Tomáš Novák" },
  forbidden: { path: "/wording", as: "Tomáš Novák", then: publishAnyway },
};

// The sandbox Intercom.
export const sandbox = {
  sandbox: { path: "/" },
  "sandbox-messenger": { path: "/messenger" },
  "sandbox-inbox": { path: "/inbox" },
  "sandbox-calls": { path: "/calls" },
  "sandbox-appstore": { path: "/appstore" },
  "sandbox-oauth": { path: "/oauth?client_id=sandbox-client&state=x" },
  "sandbox-conversation": { path: "/inbox", then: openSam },
  "sandbox-both-open": { path: "/", then: openBoth },
  "sandbox-apps": { path: "/inbox", then: openApps },
  "sandbox-note": { path: "/inbox", then: writeNote },
  "sandbox-chat": { path: "/messenger", then: (page) => page.getByRole("link", { name: /I have booked/ }).click() },
  "sandbox-launcher": { path: "/messenger?launcher=closed" },
  "sandbox-steps": { path: "/", then: (page) => page.locator("#guide summary").click() },
  "sandbox-nothing": { path: "/inbox?state=snoozed" },
  "sandbox-unknown": { path: "/inbox?conversation=1" },
};

// The dashboard without example data. It needs a demo of its own: who has looked into the sandbox's Inbox has told
// Rerate of Intercom's own rating.
export const empty = {
  "overview-empty": { path: "/" },
  "ratings-empty": { path: "/ratings" },
};

// signIn goes through the sandbox's consent page as one of its teammates.
export async function signIn(page, demo, name = "Jane Agent") {
  await page.goto(`${demo.app}/auth/intercom`);
  await page.getByRole("button", { name: `Continue as ${name}` }).click();
}

// show brings a page to a state of the dashboard or the sandbox; base is the address of either.
export async function show(page, base, { path, then }) {
  await page.goto(base + path);
  if (!then) return;
  await then(page);
  await page.waitForLoadState();
}

// removeExampleData leaves the workspace without a rating.
export async function removeExampleData(page, demo) {
  await page.goto(demo.app);
  await page.getByRole("button", { name: "Remove example data" }).click();
  await page.getByRole("heading", { name: "No ratings yet" }).waitFor();
}

async function saveMars(page) {
  await page.getByRole("textbox", { name: "Time zone" }).fill("Mars/Olympus");
  await page.getByRole("button", { name: "Save settings" }).click();
}

async function addItalian(page) {
  await page.getByRole("combobox", { name: "Add a language" }).selectOption("it");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.locator("details[data-language=it][open]").waitFor();
}

async function askForStars(page) {
  await page.getByText("Start from a template").click();
  await page.getByRole("button", { name: "Five stars" }).click();
  await page.getByRole("button", { name: "Replace them" }).waitFor();
}

async function leaveUnfinished(page) {
  await page.getByRole("textbox", { name: "Label of choice 1" }).fill("");
  await page.getByText("Before you can publish").waitFor();
}

async function publishNothing(page) {
  await page.getByRole("textbox", { name: "Question" }).fill(" ");
  await page.getByRole("button", { name: "Publish" }).first().click();
}

async function chooseEmoji(page) {
  await page.getByRole("button", { name: "Choose an emoji for choice 1", exact: true }).click();
  await page.getByRole("listbox").waitFor();
}

async function chooseTones(page) {
  await chooseEmoji(page);
  await page.getByRole("searchbox").fill("handshake");
  await page.getByRole("option", { name: /^handshake/ }).click();
}

// publishAnyway sends what the page has no button for.
async function publishAnyway(page) {
  await page.evaluate(() => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/wording" });
    document.body.append(form);
    form.submit();
  });
  await page.getByRole("heading", { name: "You may not do this" }).waitFor();
}

async function makeKey(page) {
  await page.getByRole("textbox", { name: "Name of the new key" }).fill("looked at");
  await page.getByRole("button", { name: "Make a key" }).click();
}

// openBoth brings Sam's conversation to both sides, as the first thing to try does.
async function openBoth(page) {
  await page.locator("#guide ol a").first().evaluate((link) => link.click());
  await page.getByRole("textbox", { name: "Your reply" }).waitFor();
}

async function openApps(page) {
  await openSam(page);
  await page.locator(".apps summary").click();
}

async function writeNote(page) {
  await openSam(page);
  await page.getByRole("radio", { name: "Note" }).check();
}

async function openSam(page) {
  await page.getByRole("link", { name: /Sam Customer/ }).click();
  await page.getByRole("button", { name: "Send reply" }).waitFor();
}
