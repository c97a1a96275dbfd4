// Both sides of the sandbox in one window, as a test uses them. It works with scripts and without.
import assert from "node:assert/strict";
import { loads } from "./harness.mjs";

export class Sandbox {
  constructor(page, address, { scripts = true } = {}) {
    this.page = page;
    this.address = address;
    this.scripts = scripts;
    this.messenger = page.getByRole("region", { name: "Messenger", exact: true });
    this.inbox = page.getByRole("region", { name: "Inbox", exact: true });
    this.composer = page.getByRole("form", { name: "Composer" });
    this.draft = this.inbox.getByRole("region", { name: "Card in the composer" });
  }

  // open brings Sam's conversation to both sides, by the address of the first thing to try.
  async open() {
    await this.page.goto(this.address);
    const first = this.page.getByRole("region", { name: "Try this" }).locator("ol a").first();
    await this.page.goto(new URL(await first.getAttribute("href"), this.address).href);
    await this.messenger.getByRole("textbox", { name: "Your reply" }).waitFor();
    await this.composer.waitFor();
  }

  // go follows a link and press uses a button. Both wait until the page that follows is there: a reload in between would
  // break it off.
  async go(link) {
    await this.#settled(() => link.click());
  }

  async press(button) {
    await this.#settled(() => button.click());
  }

  // key is press with the keyboard; the element has the focus.
  async key(key) {
    await this.#settled(() => this.page.keyboard.press(key));
  }

  // With the page's script main is busy from the click on until the answer is shown; without it a whole page loads.
  async #settled(act) {
    if (!this.scripts) {
      await loads(this.page, act());
      return;
    }
    await act();
    await this.page.locator("main:not([aria-busy])").waitFor();
  }

  // ask puts the app's card into the reply and sends it.
  async ask() {
    await this.insert();
    await this.press(this.composer.getByRole("button", { name: "Send reply" }));
    await this.draft.waitFor({ state: "detached" });
    await this.page.reload(); // without scripts the other side does not see it by itself
  }

  async insert() {
    await this.composer.getByText("Apps", { exact: true }).click();
    await this.press(this.composer.getByRole("button", { name: "Insert the app's card" }));
    await this.draft.waitFor();
  }

  // rateByLink rates as the customer on the page that the newest ask's link opens.
  async rateByLink(option) {
    const link = this.messenger.getByRole("link", { name: option, exact: true }).last();
    const [hosted] = await Promise.all([this.page.context().waitForEvent("page"), link.click()]);
    await hosted.waitForFunction(() => performance.now() > 1500); // who answers within a second is taken for a program
    await hosted.getByRole("button", { name: "Send my rating" }).click();
    await hosted.getByText("Your answer is saved.").waitFor();
    await hosted.close();
  }

  async tap(option) {
    await this.press(this.messenger.getByRole("button", { name: option, exact: true }).last());
    await this.messenger.getByText("Your answer is saved.").last().waitFor();
  }

  async remark(label, text) {
    await this.messenger.getByRole("textbox", { name: label }).last().fill(text);
    await this.press(this.messenger.getByRole("button", { name: "Send", exact: true }).last());
    await this.messenger.getByText("✅").last().waitFor();
  }

  // write sends a message as the customer.
  async write(text) {
    await this.messenger.getByRole("textbox", { name: "Your reply" }).fill(text);
    await this.press(this.messenger.getByRole("button", { name: "Send message" }));
  }

  // note waits until a private note says what is wanted.
  async note(...wanted) {
    const notes = this.inbox.getByRole("article", { name: /Private note/ });
    const says = (note) => wanted.every((want) => note.includes(want));
    return (await this.#until(wanted, notes, (all) => all.some(says))).find(says);
  }

  // attributes waits until the conversation's attributes have the values that are wanted: they are written after the note.
  async attributes(...wanted) {
    const rows = this.inbox.getByRole("table", { name: "Conversation attributes" }).getByRole("row");
    await this.#until(wanted, rows, (all) => {
      const values = all.map((row) => row.replace(/\s+/g, " ").trim());
      return wanted.every((want) => values.includes(want));
    });
  }

  // The jobs write when they come to it: it is looked again as often as it takes.
  async #until(wanted, places, enough) {
    for (const end = Date.now() + 20_000; ; await this.page.reload()) {
      const texts = await places.allInnerTexts();
      if (enough(texts)) return texts;
      assert.ok(Date.now() < end, `nothing says ${wanted.join(" and ")}: ${texts.join("\n---\n")}`);
    }
  }

  // sidebar is what our app beside the conversation says once it is loaded again.
  async sidebar() {
    await this.press(this.inbox.getByRole("button", { name: "Reload the app" }));
    return this.inbox.getByRole("region", { name: "App in the sidebar" }).innerText();
  }
}
