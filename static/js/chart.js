// Values of a trend by pointer, touch and keyboard. The drawing, its links and its table come from the server; this
// lays a slider over the plot, which walks through the buckets, and a panel with the values of the one that is pointed
// at. Without scripts a strip has the browser's own tooltip, and the table under the chart says everything.

const gap = 12; // pixels between the crosshair and the panel
const narrow = 480; // a plot this narrow has the panel over it, where no finger is

class TrendPlot extends HTMLElement {
  #at = -1; // the bucket whose values are shown, -1 is none
  #last; // the bucket that the keyboard stands on
  #strips;
  #cursor;
  #panel;
  #touched = false;

  // A part of the page that is loaded anew may come as another plot, or as other children of this one.
  #replaced = new MutationObserver(() => this.contains(this.#cursor) || this.#furnish());

  #tappedBeside = (event) => this.contains(event.target) || this.#hide();

  connectedCallback() {
    this.#furnish();
    this.#replaced.observe(this, { childList: true });
    document.addEventListener("pointerdown", this.#tappedBeside);
    this.addEventListener("pointerdown", this.#down);
    this.addEventListener("pointermove", this.#move);
    this.addEventListener("pointerleave", this.#leave);
    this.addEventListener("click", this.#click);
  }

  disconnectedCallback() {
    this.#replaced.disconnect();
    document.removeEventListener("pointerdown", this.#tappedBeside);
  }

  #furnish() {
    this.querySelectorAll(".trend-cursor, .trend-panel").forEach((element) => element.remove());
    this.#strips = [...this.querySelectorAll(".strip")].map((element) => {
      const title = element.querySelector("title");
      if (title) {
        element.dataset.text = title.textContent;
        title.remove(); // the panel says it, the browser need not say it twice
      }
      return { element, text: element.dataset.text, href: element.getAttribute("href") };
    });
    this.#at = -1;
    this.#last = this.#strips.length - 1;
    this.#cursor = this.#slider();
    this.#panel = make("div", "trend-panel");
    this.#panel.hidden = true;
    this.#panel.setAttribute("aria-hidden", "true"); // the slider says the same
    this.append(this.#cursor, this.#panel);
  }

  // slider is what the keyboard stands on. The panel is for eyes; what a screen reader says is its value's text.
  #slider() {
    const slider = make("div", "trend-cursor");
    slider.tabIndex = 0;
    const attributes = {
      role: "slider",
      "aria-label": this.dataset.label,
      "aria-description": "Arrow keys, Home and End move, Enter shows the ratings, Escape hides the values.",
      "aria-orientation": "horizontal",
      "aria-valuemin": 1,
      "aria-valuemax": this.#strips.length,
    };
    for (const [name, value] of Object.entries(attributes)) slider.setAttribute(name, value);
    this.#say(slider);
    slider.addEventListener("focus", () => this.#show(this.#last, "keyboard"));
    slider.addEventListener("blur", () => this.#hide());
    slider.addEventListener("keydown", (event) => this.#key(event));
    return slider;
  }

  #say(slider) {
    slider.setAttribute("aria-valuenow", this.#last + 1);
    slider.setAttribute("aria-valuetext", this.#strips[this.#last].text);
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const end = this.#strips.length - 1;
    const page = Math.max(Math.round(end / 10), 2);
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page, Home: -end, End: end };
    if (event.key in steps) {
      this.#last = Math.min(Math.max(this.#last + steps[event.key], 0), end);
      this.#say(this.#cursor);
      this.#show(this.#last, "keyboard");
    } else if (event.key === "Enter" && this.#strips[this.#last].href) {
      location.assign(this.#strips[this.#last].href);
    } else if (event.key === "Escape" && this.#at >= 0) {
      this.#hide();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #down = (event) => {
    this.#touched = event.pointerType !== "mouse";
    this.#move(event);
  };

  #move = (event) => {
    if (this.#panel.contains(event.target)) return;
    const { left, width } = this.getBoundingClientRect();
    const place = Math.floor(((event.clientX - left) / width) * this.#strips.length);
    this.#show(Math.min(Math.max(place, 0), this.#strips.length - 1), event.pointerType === "mouse" ? "mouse" : "touch");
  };

  // A finger leaves when it is lifted; what it has pointed at stays until it taps elsewhere.
  #leave = (event) => {
    if (event.pointerType !== "mouse") return;
    if (document.activeElement === this.#cursor) this.#show(this.#last, "keyboard");
    else this.#hide();
  };

  // A finger points first; the panel has the link to go on.
  #click = (event) => {
    if (this.#touched && event.target.closest(".strip")) event.preventDefault();
  };

  #hide() {
    this.#strips[this.#at]?.element.classList.remove("strip-at");
    this.#at = -1;
    this.#panel.hidden = true;
  }

  #show(at, by) {
    if (at === this.#at && by === this.#panel.dataset.by) return;
    this.#strips[this.#at]?.element.classList.remove("strip-at");
    this.#strips[at].element.classList.add("strip-at");
    this.#at = at;
    this.#panel.dataset.by = by;
    this.#panel.replaceChildren(...this.#values(at), ...this.#act(this.#strips[at].href, by));
    this.#panel.hidden = false;
    this.#place((at + 0.5) / this.#strips.length);
  }

  // values are the table's row of a bucket, by the series that its headings name.
  #values(at) {
    const figure = this.closest("figure");
    const table = figure.querySelector("table");
    const row = table.tBodies[0].rows[at];
    const cells = (series) => [...table.tHead.rows[0].cells].flatMap((head, i) => (head.dataset.series === series ? [row.cells[i]] : []));
    const values = make("div", "panel-values");
    for (const legend of figure.querySelectorAll(".chart-legend [data-series]")) {
      const [share, interval, rated] = cells(legend.dataset.series).map((cell) => cell.textContent.trim());
      if (legend.dataset.series === "previous" && rated === "0") continue;
      const name = make("span", "panel-name");
      name.append(...[...legend.childNodes].map((node) => node.cloneNode(true)));
      values.append(name, make("span", "panel-share", share), make("span", "panel-basis", rated === "0" ? "" : interval), make("span", "panel-basis", rated === "0" ? "no ratings" : `${rated} rated`));
    }
    const parts = [make("p", "panel-title", row.cells[0].textContent.trim().replace(/\s+/g, " ")), values];
    for (const changed of cells("changed")[0]?.children ?? []) parts.push(make("p", "panel-changed", changed.textContent));
    return parts;
  }

  #act(href, by) {
    if (!href) return [];
    const line = make("p", "panel-act", { mouse: "Click shows the ratings", keyboard: "Enter shows the ratings" }[by] ?? "");
    if (by === "touch") {
      const link = make("a", "", "Show the ratings");
      link.href = href;
      link.tabIndex = -1; // inside what assistive technology does not see; the table has the same link
      line.append(link);
    }
    return [line];
  }

  // place puts the panel beside the crosshair, on the side that has room; over a narrow plot, above it.
  #place(middle) {
    const { clientWidth: width } = this;
    const { offsetWidth: wide, offsetHeight: high } = this.#panel;
    const x = middle * width;
    const above = width < narrow;
    let left = x + gap;
    if (above) left = x - wide / 2;
    else if (left + wide > width) left = x - gap - wide;
    const room = above ? parseFloat(getComputedStyle(this).marginLeft) : 0; // over the labels of the axis nothing stands
    this.#panel.style.left = `${Math.max(Math.min(left, width - wide), -room)}px`;
    this.#panel.style.top = `${above ? -high - 4 : 0}px`;
  }
}

function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

customElements.define("trend-plot", TrendPlot);
