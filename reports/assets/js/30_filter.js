// Which rows pass: words to search, facets to choose from, pins to one value, in one pass over the rows.

class Filter {
  // facets: {key, column, values: [place or flag, ...]}; searched: names of text columns.
  constructor(source, facets, searched) {
    this.source = source;
    this.facets = facets;
    this.searched = searched;
    this.lower = null;
  }

  // For each word a mark a string: a string is looked at once, however many rows have it.
  marks(words) {
    if (!this.lower) this.lower = DATA.strings.map((string) => string.toLowerCase());
    return words.map((word) => {
      const mark = new Uint8Array(this.lower.length);
      for (let place = 0; place < mark.length; place++) if (this.lower[place].includes(word)) mark[place] = 1;
      return mark;
    });
  }

  // chosen: Map of facet key to a Set of values; pins: [[column, place], ...].
  run(search, chosen, pins) {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const marks = this.marks(words);
    const columns = this.searched.map((name) => this.source.columns[name]);
    const facets = this.facets.map((facet) => ({
      values: this.source.columns[facet.column],
      chosen: chosen.get(facet.key),
      counts: new Map(),
    }));
    const pinned = pins.map(([column, place]) => [this.source.columns[column], place]);
    const rows = [];
    for (let row = 0; row < this.source.length; row++) {
      if (!pinned.every(([values, place]) => values[row] === place)) continue;
      if (!marks.every((mark) => columns.some((values) => values[row] >= 0 && mark[values[row]]))) continue;
      this.count(facets, row, rows);
    }
    return { rows, counts: facets.map((facet) => facet.counts) };
  }

  // A facet's numbers say what choosing a value would show, so they leave its own choice out.
  count(facets, row, rows) {
    let failed = null;
    for (const facet of facets) {
      if (!facet.chosen || facet.chosen.has(facet.values[row])) continue;
      if (failed) return;
      failed = facet;
    }
    if (!failed) rows.push(row);
    for (const facet of failed ? [failed] : facets) {
      const value = facet.values[row];
      if (value < 0) continue;
      facet.counts.set(value, (facet.counts.get(value) || 0) + 1);
    }
  }
}

// Values of a column become the numbers they are ordered by; the natural order needs none.
function sortRows(rows, keys, descending) {
  const sign = descending ? -1 : 1;
  return rows.sort((a, b) => sign * (keys[a] - keys[b]) || a - b);
}

// A cell that a spreadsheet would run as a formula starts with an apostrophe instead.
function csvCell(value) {
  let text = String(value);
  if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function download(name, header, lines) {
  const text = "\ufeff" + [header, ...lines].map((cells) => cells.map(csvCell).join(",") + "\r\n").join("");
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
