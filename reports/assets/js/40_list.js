// A list: search, facets, a table that sorts, and pages of fifty rows.

const PAGE = 50;
const PRINTED = 500;

class List {
  // name, title, noun, source, columns, facets, searched, pins, csv, note: see 50_lists.js.
  constructor(config) {
    Object.assign(this, config);
    this.filter = new Filter(this.source, this.facets, this.searched);
    this.rows = [];
    this.parts = {};
  }

  open(section, query) {
    this.read(query);
    this.parts.body = h("tbody");
    this.parts.head = h("tr");
    this.parts.status = h("p", { class: "count", role: "status" });
    this.parts.pager = h("nav", { class: "pager", "aria-label": `Pages of ${this.noun}s` });
    this.parts.facets = h("div", { class: "facets" });
    this.parts.caption = h("caption", { class: "sr" }, this.title);
    section.replaceChildren(
      h("h1", { tabindex: "-1" }, this.title),
      this.note ? h("p", { class: "lede" }, this.note) : "",
      this.toolbar(),
      this.parts.facets,
      this.parts.status,
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": this.title },
        h("table", { class: `list list-${this.name}` }, this.parts.caption,
          h("thead", null, this.printHead(), this.parts.head), this.parts.body)),
      h("p", { class: "cut", hidden: true }),
      this.parts.pager,
    );
    this.parts.cut = section.querySelector(".cut");
    this.drawHead();
    this.update();
  }

  read(query) {
    this.search = query.get("q") || "";
    this.sort = this.columns.some((column) => column.key === query.get("sort")) ? query.get("sort") : "";
    this.descending = query.get("dir") === "desc";
    this.page = Math.max(1, parseInt(query.get("page"), 10) || 1);
    this.chosen = new Map();
    for (const facet of this.facets) {
      const named = query.get(facet.key) ?? facet.initial ?? null;
      if (named === null || named === "any") continue;
      const names = new Set(named.split(","));
      const values = facet.values.filter((value) => names.has(value.name));
      if (values.length) this.chosen.set(facet.key, new Set(values.map((value) => value.value)));
    }
    this.pinned = (this.pins || [])
      .filter((pin) => query.has(pin.key))
      .map((pin) => ({ ...pin, shown: query.get(pin.key), value: pin.read(query.get(pin.key)) }));
  }

  write() {
    const query = new URLSearchParams();
    for (const pin of this.pinned) query.set(pin.key, pin.shown);
    for (const facet of this.facets) {
      const chosen = this.chosen.get(facet.key);
      const names = chosen ? facet.values.filter((v) => chosen.has(v.value)).map((v) => v.name).join(",") : "any";
      if (names !== (facet.initial ?? "any")) query.set(facet.key, names);
    }
    if (this.search) query.set("q", this.search);
    if (this.sort) query.set("sort", this.sort);
    if (this.sort && this.descending) query.set("dir", "desc");
    if (this.page > 1) query.set("page", this.page);
    writeQuery(this.name, query);
  }

  change(act) {
    act();
    this.page = 1;
    this.update();
    this.write();
  }

  clear() {
    this.change(() => {
      this.search = "";
      this.pinned = [];
      this.read(new URLSearchParams());
      this.parts.search.value = "";
    });
    this.parts.search.focus();
  }

  toolbar() {
    let timer = 0;
    this.parts.search = h("input", {
      type: "search", id: `q-${this.name}`, autocomplete: "off", spellcheck: "false", value: this.search,
      placeholder: "words, names, paths",
      on: { input: () => {
        clearTimeout(timer);
        timer = setTimeout(() => this.change(() => (this.search = this.parts.search.value.trim())), 90);
      } },
    });
    return h("div", { class: "toolbar" },
      h("label", { for: `q-${this.name}` }, "Search"), this.parts.search,
      h("button", { type: "button", class: "button", on: { click: () => this.clear() } }, "Clear"),
      this.csv && h("button", { type: "button", class: "button", on: { click: () => this.save() } }, "CSV"));
  }

  update() {
    const pins = this.pinned.map((pin) => [pin.column, pin.value]);
    const result = this.filter.run(this.search, this.chosen, pins);
    this.rows = result.rows;
    const column = this.columns.find((one) => one.key === this.sort);
    if (column) sortRows(this.rows, this.keys(column), this.descending);
    this.drawFacets(result.counts);
    this.draw();
  }

  keys(column) {
    if (!column.keys) column.keys = column.order ? column.order() : this.source.columns[column.column || column.key];
    return column.keys;
  }

  drawHead() {
    this.parts.head.replaceChildren(...this.columns.map((column) => {
      const active = this.sort ? column.key === this.sort : column.initial;
      const down = this.sort ? this.descending : column.initial === "descending";
      const button = h("button", { type: "button", on: { click: () => this.sortBy(column) } }, column.label,
        h("span", { class: "arrow", "aria-hidden": "true" }, active ? (down ? "↓" : "↑") : ""));
      return h("th", { scope: "col", class: column.numeric ? "num" : null,
        "aria-sort": active ? (down ? "descending" : "ascending") : null },
        button, h("span", { class: "on-paper" }, column.label));
    }));
  }

  sortBy(column) {
    const again = this.sort === column.key;
    this.change(() => {
      this.descending = again ? !this.descending : Boolean(column.numeric);
      this.sort = column.key;
    });
    this.drawHead();
    const place = this.columns.indexOf(column);
    this.parts.head.children[place].firstChild.focus();
  }

  draw() {
    const pages = Math.max(1, Math.ceil(this.rows.length / PAGE));
    this.page = Math.min(this.page, pages);
    const start = (this.page - 1) * PAGE;
    this.fill(this.rows.slice(start, start + PAGE));
    const all = this.total ? this.total(this) : plural(this.source.length, this.noun, this.nouns);
    const text = `${number(this.rows.length)} of ${all}`;
    this.parts.status.textContent = text + (this.sort || !this.order ? "" : this.order(this));
    this.drawPager(pages);
  }

  fill(rows) {
    const lines = rows.map((row) => h("tr", null, this.columns.map((column, place) =>
      h(place === this.head ? "th" : "td", { scope: place === this.head ? "row" : null,
        class: column.numeric ? "num" : column.class }, column.draw(row)))));
    if (!lines.length) lines.push(h("tr", null, h("td", { colspan: this.columns.length, class: "nothing" },
      this.source.length ? `No ${this.noun} fits these filters.` : this.blank)));
    this.parts.body.replaceChildren(...lines);
  }

  drawPager(pages) {
    const go = (page) => {
      this.page = page;
      this.draw();
      this.write();
      this.parts.status.scrollIntoView({ block: "start" });
      const next = this.parts.pager.querySelector(page === 1 ? "button:last-of-type" : "button:first-of-type");
      if (next) next.focus({ preventScroll: true });
    };
    const button = (label, page) => h("button", { type: "button", class: "button", disabled: page < 1 || page > pages,
      on: { click: () => go(page) } }, label);
    this.parts.pager.hidden = pages < 2;
    this.parts.pager.replaceChildren(button("Previous", this.page - 1),
      h("span", null, `Page ${number(this.page)} of ${number(pages)}`), button("Next", this.page + 1));
  }

  save() {
    const lines = this.rows.map((row) => this.csv.map((column) => this.cell(column, row)));
    download(`${this.name}-${DATA.run.org}.csv`, this.csv, lines);
  }

  cell(column, row) {
    const value = this.source.raw(column, row);
    if (["waived", "new"].includes(column)) return value ? "true" : "false";
    return ["line"].includes(column) ? value ?? "" : this.source.text(column, row);
  }

  printHead() {
    return h("tr", { class: "print-only" }, h("th", { colspan: this.columns.length },
      `${DATA.run.org} · run ${DATA.run.run_id} · ${this.title}`));
  }

  // Paper can't page: it gets the first rows of the current filter, and says where the rest is.
  print() {
    this.fill(this.rows.slice(0, PRINTED));
    const more = this.rows.length > PRINTED;
    this.parts.cut.hidden = !more;
    this.parts.cut.textContent = more
      ? `${number(PRINTED)} of ${number(this.rows.length)}; the rest is in findings.jsonl and verdicts.jsonl.` : "";
  }

  printed() {
    this.parts.cut.hidden = true;
    this.draw();
  }
}
