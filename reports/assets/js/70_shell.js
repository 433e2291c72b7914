// The shell: which section is shown, theme, print, keyboard.

const opened = {};
let returnTo = "";
let last = "";

const sections = () => [...document.querySelectorAll("main > section[data-page]")];

const STATIC = new Set(["", "unknown", "rules", "rule", "coverage", "evidence"]);

function show(route) {
  const { name, rest, query } = route;
  if (name in LISTS) {
    const list = (opened[name] = opened[name] || LISTS[name]());
    list.open($("view"), query);
    return ["view", list.title];
  }
  if (name in PAGES) {
    const title = PAGES[name]($("view"), rest);
    if (title) return ["view", title];
  } else if (STATIC.has(name)) {
    const id = name === "rule" ? `/rule/${rest}` : `/${name}`;
    const section = $(id);
    if (section) return [name === "rule" ? "/rules" : id, section.querySelector("h1,h2,h3").textContent, id];
  }
  page($("view"), [["Summary", "#/"]], "Not in this report",
    h("p", null, "Nothing in this report has this address. It may have been of another run, or it is gone."),
    h("p", null, h("code", null, location.hash)));
  return ["view", "Not in this report"];
}

function route(event) {
  if (location.hash === "#main") return;
  const current = readRoute();
  const [id, title, anchor] = show(current);
  for (const section of sections()) section.hidden = section.id !== id;
  document.title = `${title} · ${DATA.run.org} · ${DATA.run.run_id}`;
  mark(current);
  if (!event) return;
  const target = anchor && anchor !== id ? $(anchor) : null;
  const back = returnTo && current.name in LISTS && [...$("view").querySelectorAll("a")].find((one) => one.getAttribute("href") === returnTo);
  if (back) back.focus();
  else {
    const heading = (target || $(id)).querySelector("h1,h2,h3");
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    if (target) target.scrollIntoView();
    else scrollTo(0, 0);
  }
  returnTo = current.name in PAGES ? location.hash : "";
  last = current.name in LISTS ? location.hash : last;
}

const FAMILY = { f: "findings", p: "packages", r: "repositories", w: "workflows", s: "secrets", rule: "rules" };

function mark({ name }) {
  const current = FAMILY[name] || name;
  for (const anchor of document.querySelectorAll(".sections a")) {
    if (anchor.getAttribute("href") === `#/${current}`) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  $("theme").textContent = theme === "dark" ? "Light" : "Dark";
}

function theme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  setTheme(dark.matches ? "dark" : "light");
  dark.addEventListener("change", () => setTheme(dark.matches ? "dark" : "light"));
  $("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
}

function keyboard() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const field = $("view").hidden ? $("search") : $("view").querySelector("input[type=search]") || $("search");
      field.focus();
    }
    if (event.key === "Escape" && readRoute().name in PAGES) location.hash = last || "#/findings";
  });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    const heading = [...document.querySelectorAll("main > section")].find((one) => !one.hidden).querySelector("h1");
    heading.setAttribute("tabindex", "-1");
    heading.focus();
  });
  $("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = $("search").value.trim();
    location.hash = `#/findings?verdict=any&q=${encodeURIComponent(words)}`;
  });
}

// Paper gets the summary and the list as it is filtered now; the page of one thing prints alone.
function printing() {
  let shown = null;
  addEventListener("beforeprint", () => {
    const { name, query } = readRoute();
    if (!(name in LISTS) && name !== "") return;
    shown = sections().filter((section) => !section.hidden);
    const list = (opened[name || "findings"] = opened[name || "findings"] || LISTS[name || "findings"]());
    if (name === "") list.open($("view"), query);
    list.print();
    for (const section of sections()) if (["/", "view"].includes(section.id)) section.hidden = false;
  });
  addEventListener("afterprint", () => {
    if (!shown) return;
    const { name } = readRoute();
    for (const section of sections()) section.hidden = !shown.includes(section);
    if (name in LISTS) opened[name].printed();
    else $("view").replaceChildren();
    shown = null;
  });
  $("print").addEventListener("click", () => print());
}

async function start() {
  try {
    await readData();
  } catch {
    $("old").hidden = false;
    return;
  }
  document.documentElement.classList.add("js");
  for (const row of [...document.querySelectorAll("#worst tbody tr")].slice(10)) row.remove();
  theme();
  keyboard();
  printing();
  addEventListener("hashchange", route);
  route();
  document.documentElement.dataset.ready = "yes";
}

start();
