// The data of the file: columns of places in one sorted pool of strings.

let DATA = null;

class Table {
  constructor(columns, strings) {
    this.columns = columns;
    this.strings = strings;
    this.length = Object.values(columns)[0].length;
    this.indexes = new Map();
  }

  text(column, row) {
    const place = this.columns[column][row];
    return place < 0 ? "" : this.strings[place];
  }

  raw(column, row) {
    return this.columns[column][row];
  }

  // Rows by the place of a column's string, made once and kept.
  rowsOf(column, place) {
    if (!this.indexes.has(column)) {
      const index = new Map();
      const values = this.columns[column];
      for (let row = 0; row < values.length; row++) {
        const found = index.get(values[row]);
        if (found) found.push(row);
        else index.set(values[row], [row]);
      }
      this.indexes.set(column, index);
    }
    return (place >= 0 && this.indexes.get(column).get(place)) || [];
  }

  rowOf(column, place) {
    const found = this.rowsOf(column, place);
    return found.length ? found[0] : -1;
  }
}

async function unpack(element) {
  if (!element.hasAttribute("data-packed")) return JSON.parse(element.textContent);
  if (typeof DecompressionStream === "undefined") throw new Error("no DecompressionStream");
  const binary = atob(element.textContent.trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

async function readData() {
  const element = $("data");
  const island = await unpack(element);
  element.remove();
  DATA = island;
  for (const [name, columns] of Object.entries(island.tables)) {
    island.tables[name] = new Table(columns, island.strings);
  }
}

const table = (name) => DATA.tables[name];

let PLACES = null;

// Where a string stands in the pool; -1 if nowhere.
function placeOf(text) {
  if (!PLACES) {
    PLACES = new Map();
    DATA.strings.forEach((string, place) => PLACES.has(string) || PLACES.set(string, place));
  }
  const place = PLACES.get(text);
  return place === undefined ? -1 : place;
}
