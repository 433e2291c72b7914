// The choices above a list: pills where there are few values, a select where there are many.

const FEW = 6;

List.prototype.drawFacets = function drawFacets(counts) {
  const focused = document.activeElement && document.activeElement.id;
  const drawn = this.facets.map((facet, place) => drawFacet(this, facet, counts[place]));
  this.parts.facets.replaceChildren(...this.pinned.map((pin) => drawPin(this, pin)), ...drawn.filter(Boolean));
  if (focused && !this.parts.facets.contains(document.activeElement)) {
    const again = $(focused);
    if (again && this.parts.facets.contains(again)) again.focus();
  }
};

function drawPin(list, pin) {
  const drop = () => {
    list.change(() => (list.pinned = list.pinned.filter((other) => other.key !== pin.key)));
    list.parts.search.focus();
  };
  return h("span", { class: "pin" }, `${pin.label}: ${pin.name ? pin.name(pin.shown) : pin.shown}`,
    h("button", { type: "button", "aria-label": `Remove filter ${pin.label}`, on: { click: drop } }, "✕"));
}

function drawFacet(list, facet, counts) {
  // A choice that would show nothing, whatever is chosen, is no choice.
  if ((facet.values.length < 2 && !facet.initial) || (!counts.size && !list.chosen.has(facet.key))) return null;
  return facet.many || facet.values.length > FEW ? drawSelect(list, facet, counts) : drawPills(list, facet, counts);
}

function choose(list, facet, values) {
  list.change(() => {
    if (values.size && values.size < facet.values.length) list.chosen.set(facet.key, values);
    else list.chosen.delete(facet.key);
  });
}

function drawPills(list, facet, counts) {
  const chosen = list.chosen.get(facet.key) || new Set();
  const pills = facet.values.map((value, place) => {
    const id = `f-${facet.key}-${place}`;
    const toggle = () => {
      const next = new Set(chosen);
      if (next.has(value.value)) next.delete(value.value);
      else next.add(value.value);
      choose(list, facet, next);
    };
    const box = h("input", { type: "checkbox", id, on: { change: toggle } });
    box.checked = chosen.has(value.value);
    return h("label", { class: "choice", for: id }, box, h("span", null, value.label || value.name),
      h("span", { class: "n" }, number(counts.get(value.value) || 0)));
  });
  return h("fieldset", { class: "facet" }, h("legend", null, facet.label), pills);
}

function drawSelect(list, facet, counts) {
  const chosen = list.chosen.get(facet.key);
  const id = `f-${facet.key}`;
  const select = h("select", { id, on: { change: () => {
    const value = facet.values[select.selectedIndex - 1];
    choose(list, facet, new Set(value ? [value.value] : []));
  } } }, h("option", null, "any"), facet.values.map((value) => {
    const option = h("option", null, `${value.label || value.name} (${number(counts.get(value.value) || 0)})`);
    option.selected = Boolean(chosen && chosen.has(value.value));
    return option;
  }));
  return h("div", { class: "facet" }, h("label", { for: id }, facet.label), select);
}

// A facet over a column: its values in the order given, then the rest by name.
function facetOf(source, key, label, { column = key, order = [], initial, labels = {}, many = false } = {}) {
  const places = new Set(source.columns[column]);
  const values = [...places].filter((place) => place >= 0).map((place) => ({ value: place, name: source.strings[place] }));
  const rank = (value) => (order.includes(value.name) ? order.indexOf(value.name) : order.length);
  values.sort((a, b) => rank(a) - rank(b) || a.value - b.value);
  for (const value of values) value.label = labels[value.name] || spoken(value.name);
  return { key, label, column, values, many, initial: values.some((v) => v.name === initial) ? initial : undefined };
}
