// Every state of every page that is worth a look, by the name of its picture: one list for the checks of
// pages.test.mjs and the pictures of screenshots.mjs. A state says where it is (path) and what has to be done before it
// is looked at (then). Nothing in the first lists changes what another state sees; those that do start a demo of
// their own.
import assert from "node:assert/strict";

export const looks = ["light", "dark"].flatMap((theme) => [
  { theme, width: 1280, height: 800 },
  { theme, width: 390, height: 844 },
]);

// The dashboard, signed in as Jane, who is an admin, unless "signedOut" or "as" says otherwise.
export const dashboard = {
  signin: { path: "/signin?reason=denied", signedOut: true },
  overview: { path: "/?days=365" },
  "overview-table": { path: "/?days=90", then: (page) => page.getByText("Show as a table").first().click() },
  "overview-unfolded": {
    path: "/?policy=best",
    then: (page) => page.locator("#report details:not(.menu-box)").evaluateAll((all) => all.forEach((details) => (details.open = true))),
  },
  "overview-week": { path: "/?days=7&compare=weekdays" },
  "overview-filtered": { path: "/?days=30&channel=chat&compare=off", then: (page) => page.locator("#pick-filter").click() },
  "overview-answers": { path: "/?days=365&change=better&remark=yes&tag=vip&company=nobody" },
  "overview-answers-only": { path: "/?days=last_month&score=5&compare=year" },
  "overview-range": { path: "/", then: (page) => page.locator("#pick-range").click() },
  "overview-policy": { path: "/?policy=average", then: (page) => page.locator("#pick-policy").click() },
  "overview-how": { path: "/", then: (page) => page.locator(".explain > summary").first().click() },
  "overview-account": { path: "/", then: (page) => page.locator("summary", { hasText: "Jane Agent" }).click() },
  "overview-nothing": { path: "/?from=2020-01-01&to=2020-01-31" },
  ratings: { path: "/ratings?days=30" },
  "ratings-filtered": { path: "/ratings?outcome=not_asked&channel=email", then: (page) => page.locator("#pick-filter").click() },
  "ratings-nothing": { path: "/ratings?days=7&contact=nobody" },
  "ratings-ignored": { path: "/ratings?score=eleven&valid=no" },
  "ratings-found": { path: "/ratings?days=365&q=refund" },
  "ratings-not-found": { path: "/ratings?days=365&q=nosuchword" },
  "ratings-keys": { path: "/ratings?days=30", then: (page) => page.keyboard.press("?") },
  "viewer-ratings": { path: "/ratings?days=30&handled=no", as: "Tomáš Novák" },
  rating: { path: "/ratings?change=worse&days=365", then: (page) => page.getByRole("link", { name: /Details/ }).first().click() },
  waiting: { path: "/ratings/waiting?days=30" },
  "waiting-nothing": { path: "/ratings/waiting?from=2020-01-01&to=2020-01-31" },
  feedback: { path: "/ratings/feedback" },
  "feedback-filtered": { path: "/ratings/feedback?handled=no&source=home", then: (page) => page.locator("#pick-filter").click() },
  "feedback-nothing": { path: "/ratings/feedback?text=no+such+words&category=idea" },
  "viewer-feedback": { path: "/ratings/feedback?handled=yes", as: "Tomáš Novák" },
  teammates: { path: "/teammates" },
  "teammates-few": { path: "/teammates?days=7&compare=weekdays" },
  "teammates-sorted": { path: "/teammates?days=365&policy=average&sort=recovered", then: openHow },
  "teammates-nothing": { path: "/teammates?from=2020-01-01&to=2020-01-31" },
  "viewer-teammates": { path: "/teammates?days=30&channel=email&sort=name", as: "Tomáš Novák" },
  teammate: { path: "/teammates", then: openFirstTeammate },
  "teammate-nothing": { path: "/teammates?from=2020-01-01&to=2020-01-31", then: openMyPage },
  ledger: { path: "/requests?days=30" },
  "ledger-filtered": { path: "/requests?status=not_asked&rule=min_characters", then: (page) => page.locator("#pick-filter").click() },
  "ledger-nothing": { path: "/requests?days=7&conversation=1" },
  "ledger-row": { path: "/requests?rule=min_characters", then: (page) => page.getByRole("link", { name: /Details/ }).first().click() },
  "ledger-row-asked": { path: "/requests?status=answered", then: (page) => page.getByRole("link", { name: /Details/ }).first().click() },
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
  companies: { path: "/companies" },
  "companies-unhappy": { path: "/companies?days=30&sort=unhappy&policy=average", then: (page) => page.locator("#pick-sort").click() },
  "companies-found": { path: "/companies?q=alpen&days=365", then: openHow },
  "companies-not-found": { path: "/companies?q=nosuchname" },
  "companies-nothing": { path: "/companies?from=2020-01-01&to=2020-01-31" },
  company: { path: "/companies?days=365", then: (page) => page.getByRole("link", { name: "Wayfarers' Alliance", exact: true }).click() },
  "company-nothing": { path: "/companies/example-company-01?from=2020-01-01&to=2020-01-31" },
  "viewer-company": { path: "/companies", as: "Tomáš Novák", then: (page) => page.locator(".companies a").filter({ hasText: "Scouts" }).click() },
  "rating-customer": { path: "/companies/example-company-13?days=365", then: openCustomer },
  "rating-erase": { path: "/companies/example-company-13?days=365", then: askToErase },
  segments: { path: "/segments" },
  segment: { path: "/segments", then: (page) => page.getByRole("link", { name: "Unhappy, not asked lately" }).click() },
  "segment-new": { path: "/segments/new" },
  "segment-added": { path: "/segments/new", then: addConditions },
  "segment-refused": { path: "/segments/new", then: (page) => page.getByRole("button", { name: "Make the segment" }).click() },
  "segment-send": { path: "/segments", then: openSend },
  "viewer-segments": { path: "/segments", as: "Tomáš Novák" },
  "viewer-segment": {
    path: "/segments",
    as: "Tomáš Novák",
    then: (page) => page.getByRole("link", { name: "Customers with a company" }).click(),
  },
  calls: { path: "/calls" },
  "calls-invalid": { path: "/calls?tab=invalid" },
  "calls-test": { path: "/calls?tab=test" },
  "calls-nothing": { path: "/calls?direction=out&kind=POST+close" },
  "calls-ignored": { path: "/calls?tab=all&conversation=none" },
  settings: { path: "/settings" },
  "settings-erase": { path: "/settings", then: keepForLess },
  "settings-retention": { path: "/settings", then: keepForNegative },
  imports: { path: "/settings/import" },
  "import-columns": { path: "/settings/import", then: uploadFile },
  "import-refused": { path: "/settings/import", then: (page) => uploadFile(page, "PK\u0003\u0004") },
  digest: { path: "/settings/digest" },
  "digest-text": { path: "/settings/digest", then: (page) => page.getByText("The same as text").click() },
  "digest-refused": { path: "/settings/digest", then: addNobody },
  "digest-sent": { path: "/settings/digest", then: sendDigest },
  "viewer-digest": { path: "/settings/digest", as: "Tomáš Novák" },
  backfill: { path: "/settings/backfill" },
  "viewer-import": { path: "/settings/import", as: "Tomáš Novák" },
  endpoints: { path: "/settings/webhooks" },
  "endpoint-slack": { path: "/settings/webhooks", then: (page) => page.getByRole("link", { name: "Support leads in Slack" }).click() },
  "endpoint-webhook": { path: "/settings/webhooks", then: (page) => page.getByRole("link", { name: "Data warehouse" }).click() },
  "endpoint-new": { path: "/settings/webhooks/new?kind=slack" },
  "endpoint-refused": { path: "/settings/webhooks/new?kind=events", then: addNothing },
  "endpoint-delete": { path: "/settings/webhooks", then: openDelete },
  "viewer-endpoints": { path: "/settings/webhooks", as: "Tomáš Novák" },
  "viewer-endpoint": {
    path: "/settings/webhooks",
    as: "Tomáš Novák",
    then: (page) => page.getByRole("link", { name: "Data warehouse" }).click(),
  },
  "settings-key": { path: "/settings", then: makeKey },
  setup: { path: "/setup" },
  "settings-dry-run": { path: "/settings", then: tryRules },
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
  "sandbox-receiver": { path: "/receiver", then: (page) => page.getByText("Body", { exact: true }).first().click() },
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
  "sandbox-mail": { path: "/messenger?view=mail", then: (page) => page.getByText("Write to Fernweg Outdoor").click() },
  "sandbox-mails": { path: "/inbox?state=closed", then: openZoesMails },
  "sandbox-workflow": { path: "/workflow" },
  "sandbox-team-mail": { path: "/team-mail" },
  "sandbox-misbehaviour": { path: "/calls", then: openSwitches },
  "sandbox-unknown": { path: "/inbox?conversation=1" },
};

// The dashboard without example data. It needs a demo of its own: who has looked into the sandbox's Inbox has told
// Rerate of Intercom's own rating.
export const empty = {
  "overview-empty": { path: "/" },
  "ratings-empty": { path: "/ratings" },
  "ledger-empty": { path: "/requests" },
  "companies-empty": { path: "/companies" },
};

// The dashboard while Intercom answers nothing. It needs a demo of its own too, since calls pause for all that comes after.
export const silent = {
  "calls-paused": { path: "/calls" },
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

// silenceIntercom breaks Intercom and closes what is open in its Inbox, whose jobs then fail until calls pause.
export async function silenceIntercom(page, demo) {
  await page.goto(`${demo.sandbox}/calls`);
  await page.getByRole("button", { name: /^Intercom is down/ }).click();
  await page.getByText("Every REST call").first().waitFor();
  await page.goto(`${demo.sandbox}/inbox`);
  const open = await page.locator("a[href*='conversation='][href*='state=open']").evaluateAll((all) => all.map(({ href }) => href));
  for (const conversation of open) {
    await page.goto(conversation);
    await page.getByRole("button", { name: "Close conversation" }).click();
    await page.getByRole("button", { name: "Reopen" }).waitFor();
  }
  const paused = page.getByText("Intercom is not answering");
  for (const end = Date.now() + 60_000; ; await page.waitForTimeout(500)) {
    await page.goto(`${demo.app}/calls`);
    if (await paused.count()) return;
    assert.ok(Date.now() < end, "calls to Intercom do not pause");
  }
}

// openCustomer goes from a company to one of its ratings and unfolds what is known of who gave it.
async function openCustomer(page) {
  await page.getByRole("link", { name: /Details/ }).first().click();
  await page.locator("#customer").waitFor();
  await page.locator("#customer ~ details").evaluateAll((all) => all.forEach((details) => (details.open = true)));
}

async function askToErase(page) {
  await openCustomer(page);
  await page.locator('summary[aria-label="Erase this customer"]').click();
  await page.getByRole("dialog", { name: "Erase this customer?" }).waitFor();
}

async function openHow(page) {
  await page.locator(".explain > summary").click();
}

async function openFirstTeammate(page) {
  await page.locator(".mates .mates-name a").first().click();
  await page.getByRole("heading", { name: "Happy remarks" }).waitFor();
}

// openMyPage goes by the account menu to the page of who is signed in.
async function openMyPage(page) {
  await page.locator("summary", { hasText: "Jane Agent" }).click();
  await page.getByRole("link", { name: "My page" }).click();
  await page.getByRole("navigation", { name: "Where you are" }).waitFor();
}

async function openZoesMails(page) {
  await page.getByRole("link", { name: /Zoë/ }).first().click();
  await page.getByRole("link", { name: "See it as Zoë" }).click();
  await page.getByRole("log", { name: "E-mails" }).waitFor();
}

async function openSwitches(page) {
  for (const summary of await page.locator("aside details > summary").all()) await summary.click();
}

// addNobody types what is no address, past the browser's own check.
async function addNobody(page) {
  const address = page.getByLabel("Another address");
  await address.evaluate((field) => (field.form.noValidate = true));
  await address.fill("nobody");
  await page.getByRole("button", { name: "Add address" }).click();
  await page.getByText("This is no address").first().waitFor();
}

async function sendDigest(page) {
  await page.getByRole("button", { name: "Send it to me now" }).click();
  await page.getByText("is on its way to you").waitFor();
}

// uploadFile brings in a file with good, bad and equal rows, or another; it is not added.
async function uploadFile(page, text = oldRatings) {
  await page.getByLabel("File", { exact: true }).setInputFiles({ name: "old.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Look at the file" }).click();
  await page.waitForLoadState();
}

const oldRatings =
  "Conversation ID;Rating;Rated on;Comment;Agent\r\n" +
  '11;5;2026-01-05 10:00;"Great;\r\nthanks";Jane Agent\r\n' +
  "12;1;2026-01-06 10:00;;\r\n12;1;2026-01-06 10:00;the same;\r\n13;9;2026-01-06 10:00;off the scale;\r\n" +
  "14;3;04/05/2026;which day?;\r\n15;4;2026-01-07;فوق العادة;Tomáš Novák\r\n";

async function saveMars(page) {
  await page.getByRole("textbox", { name: "Time zone" }).fill("Mars/Olympus");
  await page.getByRole("button", { name: "Save settings" }).click();
}

async function addNothing(page) {
  await page.getByRole("textbox", { name: "Address" }).fill("hooks");
  for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
  await page.getByRole("button", { name: "Add the webhook" }).click();
}

async function openDelete(page) {
  await page.getByRole("link", { name: "Data warehouse" }).click();
  await page.getByText("Delete the webhook").click();
}

async function tryRules(page) {
  await page.getByRole("spinbutton", { name: "Shortest conversation" }).fill("20");
  await page.getByRole("button", { name: "See what this would have done" }).click();
  await page.getByRole("heading", { name: "What these settings would have done" }).waitFor();
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

async function keepForLess(page) {
  await page.getByLabel("Keep ratings for").fill("90");
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText(/older than 90 days now/).first().waitFor();
}

// keepForNegative types what is no number of days, past the browser's own check.
async function keepForNegative(page) {
  const days = page.getByLabel("Keep ratings for");
  await days.evaluate((field) => (field.form.noValidate = true));
  await days.fill("-5");
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.locator("[name=retention_days][aria-invalid=true]").waitFor();
}

async function publishNothing(page) {
  await page.getByRole("textbox", { name: "Question", exact: true }).fill(" ");
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

// addConditions brings one condition of each kind of value.
async function addConditions(page) {
  for (const [i, [field, operator]] of [
    ["last_seen", "before_days"],
    ["attribute", "more_than"],
    ["event_last", "after"],
  ].entries()) {
    await page.getByRole("button", { name: "Add a condition" }).click();
    await page.getByLabel(`What condition ${i + 2} is about`).selectOption(field);
    await page.locator(`[id="conditions.${i + 1}.operator"] option[value="${operator}"]`).waitFor({ state: "attached" });
    await page.getByLabel(`How condition ${i + 2} compares`).selectOption(operator);
    await page.locator(`[id="conditions.${i + 1}.value"]`).waitFor();
  }
}

async function openSend(page) {
  await page.getByRole("link", { name: "Customers with a company" }).click();
  await page.locator("summary", { hasText: "Send to all" }).click();
  await page.getByRole("heading", { name: /^Send to/ }).waitFor();
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
