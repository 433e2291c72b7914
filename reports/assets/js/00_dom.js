// Elements are built from text, never from markup: a name can be shown, not run.

function h(tag, attributes, ...children) {
  const svg = tag === "svg" || tag === "use" || tag === "rect";
  const node = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [type, act] of Object.entries(value)) node.addEventListener(type, act);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const $ = (id) => document.getElementById(id);

const number = (value) => value.toLocaleString("en-US");

// A code as people say it: not_found_404 is not found 404, no_api is no API.
const spoken = (code) => code.replace(/_/g, " ").replace(/\bapi\b/g, "API");

const plural = (value, one, many) => `${number(value)} ${value === 1 ? one : many || one + "s"}`;

const BARS = { critical: 4, high: 3, medium: 2, low: 1 };

function severity(name) {
  if (!name) return h("span", { class: "dim" }, "–");
  return h(
    "span",
    { class: `sev sev-${name}` },
    h("svg", { class: "bars", "aria-hidden": "true" }, h("use", { href: `#bars-${BARS[name] || 1}` })),
    name,
  );
}

const MARKS = { fail: "✕", pass: "✓", unknown: "?", not_applicable: "–" };
const WORDS = { not_applicable: "not applicable" };

function verdict(name) {
  return h(
    "span",
    { class: `verdict verdict-${name}` },
    h("span", { class: "mark", "aria-hidden": "true" }, MARKS[name] || "?"),
    WORDS[name] || name,
  );
}

const pill = (text, kind) => (text ? h("span", { class: `pill ${kind || ""}`.trim() }, text) : null);

const empty = (text) => text || h("span", { class: "dim" }, "–");

// Only the address that the run recorded is ever linked; anything else stays text.
function outside(url, text) {
  const base = DATA.run.web_url;
  if (!base.startsWith("https://") || !url || !url.startsWith(base + "/")) return h("span", null, text);
  return h("a", { href: url, rel: "noopener noreferrer", class: "outside" }, text);
}

const inside = (href, text, attributes) => h("a", { href, ...attributes }, text);

function facts(pairs) {
  return h(
    "dl",
    { class: "facts" },
    pairs
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
  );
}

async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Could not copy";
  }
  setTimeout(() => (button.textContent = before), 1500);
}

const copyButton = (label, text) =>
  h("button", { type: "button", class: "button", on: { click: (event) => copy(text, event.currentTarget) } }, label);
