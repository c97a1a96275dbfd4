// Keeps the page up to date, and sends its forms and follows its links without leaving it, so that what somebody types on
// one side stays while the other side changes. Without this script everything works too: forms and links load a page,
// and one reloads by hand.

const pause = 1000;
const pages = ["/", "/messenger", "/inbox", "/calls", "/workflow"];
const main = document.querySelector("main[data-poll]");
let version = "";
let turn = 0; // counts what was sent, so that an answer from before it is not shown after it

// morph makes one tree of elements like another and keeps what is the reader's: focus, text that was typed, scroll
// positions and opened details. Children with an id are found by it.
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && name !== "open") old.setAttribute(name, value);
  }
  let next = old.firstChild;
  for (const child of fresh.childNodes) {
    const twin = twinOf(child, next, old);
    if (!twin) {
      old.insertBefore(document.importNode(child, true), next);
      continue;
    }
    if (twin !== next) old.insertBefore(twin, next);
    next = twin.nextSibling;
    if (twin.nodeType !== Node.ELEMENT_NODE) {
      if (twin.data !== child.data) twin.data = child.data;
    } else morph(twin, child);
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

function twinOf(child, next, old) {
  if (child.id) {
    const twin = document.getElementById(child.id);
    return twin?.parentNode === old && twin.nodeName === child.nodeName ? twin : null;
  }
  return next?.nodeName === child.nodeName && !next.id ? next : null;
}

// show brings a page, or only its live parts, to the screen. When the element with the focus has gone or cannot be used
// any more, the nearest thing around it that is still there takes the focus.
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const before = document.activeElement;
  const around = [];
  for (let place = before; place && place !== document.body; place = place.parentElement) around.push(place);
  if (fresh.querySelector("header.frame")) {
    document.title = fresh.title;
    morph(document.body, fresh.body);
  } else {
    for (const part of [...fresh.body.children]) morph(document.getElementById(part.id), part);
  }
  const lost = document.activeElement === document.body || document.activeElement?.disabled;
  if (!lost || around.length === 0) return;
  const place = around.find((element) => element.isConnected && !element.disabled && element.matches("[id], [role], section"));
  if (place && place !== before) {
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
}

// point leads the eye and the focus to the place that a link names.
function point(hash) {
  const place = hash && document.getElementById(hash.slice(1));
  if (!place) return;
  place.scrollIntoView({ block: "nearest" });
  const field = place.querySelector("textarea") ?? place;
  if (!field.matches("textarea") && !place.hasAttribute("tabindex")) place.tabIndex = -1;
  field.focus({ preventScroll: true });
  place.setAttribute("data-pointed", "");
  setTimeout(() => place.removeAttribute("data-pointed"), 1600);
}

// load fetches a page by a link or a form and shows it. It answers whether all went well.
async function load(url, options) {
  const mine = ++turn;
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, options);
    const html = await answer.text();
    if (mine !== turn) return false;
    if (!pages.includes(new URL(answer.url).pathname)) {
      if (answer.status >= 400) throw new Error(`the sandbox answered ${answer.status}`);
      location.href = answer.url;
      return false;
    }
    version = "";
    if (answer.redirected || !options) history[options ? "replaceState" : "pushState"](null, "", answer.url);
    show(html);
    if (!options) point(new URL(url, location.href).hash);
    return answer.ok;
  } finally {
    if (mine === turn) main.removeAttribute("aria-busy");
  }
}

async function send(form, button) {
  const url = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action"), location.href);
  const body = new URLSearchParams(new FormData(form, button));
  const controls = [...form.querySelectorAll("button:not([hidden])")];
  form.setAttribute("aria-busy", "true");
  for (const control of controls) control.setAttribute("aria-disabled", "true");
  button?.setAttribute("data-pressed", "");
  try {
    if (await load(url, { method: "POST", body })) form.reset();
  } catch {
    document.getElementById("problem").textContent = "The sandbox does not answer. Is it still running?";
  } finally {
    form.removeAttribute("aria-busy");
    for (const control of controls) control.removeAttribute("aria-disabled");
    button?.removeAttribute("data-pressed");
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

async function look() {
  const mine = turn;
  const url = new URL(main.dataset.poll, location.href);
  url.searchParams.set("version", version);
  const answer = await fetch(url);
  if (answer.status !== 200) return;
  const html = await answer.text();
  if (mine !== turn || main.hasAttribute("aria-busy")) return;
  version = answer.headers.get("X-Version");
  show(html);
}

async function watch() {
  if (!document.hidden && !main.hasAttribute("aria-busy")) {
    try {
      await look();
    } catch {
      // The sandbox was stopped or restarted: look again at the next turn.
    }
  }
  setTimeout(watch, pause);
}

function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post") return; // a field may be called "method" too
    event.preventDefault();
    if (main.hasAttribute("aria-busy")) return; // one thing at a time: a second tap is not sent
    closeMenus(null);
    send(form, event.submitter);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link) closeMenus(event.target);
    if (!link || link.target || link.getAttribute("href").startsWith("#") || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !pages.includes(url.pathname)) return;
    event.preventDefault();
    closeMenus(null);
    load(url).catch(() => { location.href = url; });
  });

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (key === "Escape") {
      const menu = target.closest?.("details.menu[open]");
      closeMenus(null);
      menu?.querySelector("summary").focus();
    }
    if (key !== "Enter" || event.isComposing || !target.matches("textarea")) return;
    const sends = "enter" in target.dataset ? !event.shiftKey : "sendKeys" in target.dataset && (event.ctrlKey || event.metaKey);
    if (!sends) return;
    event.preventDefault();
    const buttons = [...target.form.querySelectorAll("button")];
    target.form.requestSubmit(buttons.find((button) => button.checkVisibility()));
  });

  addEventListener("popstate", () => location.reload());
  watch();
}

if (main) start();
