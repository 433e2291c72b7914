// Pages of single things: finding, package, repository, workflow, secret.

const PAGES = {};
const SHOWN = 100;
const HOPS = 20;

function page(section, trail, title, ...parts) {
  section.replaceChildren(
    h("nav", { class: "trail", "aria-label": "Breadcrumb" }, trail.map(([text, href], place) => [place ? h("span", { "aria-hidden": "true" }, "/") : null, inside(href, text)])),
    h("h1", { tabindex: "-1" }, title),
    ...parts.flat(Infinity).filter(Boolean),
  );
}

const block = (title, ...children) => h("section", { class: "block" }, h("h2", null, title), children);

function small(caption, heads, rows) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "list small" }, h("caption", { class: "sr" }, caption),
      h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", null, rows.map((cells) => h("tr", null, cells.map((cell) => h("td", null, cell)))))));
}

// Findings and unknowns of a thing, with a link to all of them in the list.
function findingsOf(rows, pin) {
  const t = table("finding");
  if (!rows.length) return null;
  const lines = rows.slice(0, SHOWN).map((row) => [
    t.text("verdict", row) === "fail" ? severity(t.text("severity", row)) : verdict("unknown"),
    h("span", { class: "code" }, t.text("rule", row)),
    inside(link.finding(t.text("fingerprint", row)), t.text("reason", row)),
    empty(t.text("evidence_level", row) || spoken(t.text("reason_code", row)))]);
  const all = `#/findings?verdict=any&${pin}`;
  return block(`Findings and unknowns (${number(rows.length)})`, small("Findings and unknowns", ["Severity", "Rule", "What", "Evidence"], lines),
    pin && h("p", null, inside(all, "Open in the list")));
}

PAGES.f = (section, fingerprint) => {
  const t = table("finding");
  const row = t.rowOf("fingerprint", placeOf(fingerprint));
  if (row < 0) return false;
  const text = (column) => t.text(column, row);
  const [title, remediation, why] = DATA.rules[text("rule")] || [text("rule"), "", ""];
  // A remedy that was tried and would make another finding is not offered; the decision stands in its place.
  const [instead, tried] = DATA.advice[row] || [0, []];
  page(section, [["Findings", "#/findings"], [text("rule"), `#/findings?rule=${text("rule")}`]], text("reason"),
    h("p", { class: "badges" }, verdict(text("verdict")), text("severity") && severity(text("severity")),
      pill(text("evidence_level") && `evidence: ${text("evidence_level")}`), pill(spoken(text("reason_code"))),
      t.raw("waived", row) ? pill("waived", "quiet") : null, t.raw("new", row) ? pill("new", "new") : null),
    path(t, row), frame(t, row),
    why && block("Why it matters", h("p", null, why)),
    (remediation || tried.length) && block(text("verdict") === "fail" ? "What to do" : "What a finding would ask for",
      tried.map((line) => h("p", { class: "prose" }, line)),
      instead ? null : h("p", { class: "prose" }, remediation), settings(text("package"))),
    block("What it speaks of", facts([
      ["Rule", inside(link.rule(text("rule")), `${text("rule")} ${title === text("rule") ? "" : title}`)],
      ["Subject", h("code", null, text("subject"))],
      ["Package", text("package") && inside(link.package(text("package")), text("package"))],
      ["Repository", text("repository") && inside(link.repository(text("repository")), text("repository"))],
      ["Visibility", text("visibility")],
      ["Workflow", text("path") && inside(link.workflow(text("repository"), text("path")), text("path") + (t.raw("line", row) ? `:${t.raw("line", row)}` : ""))],
      ["Owner", text("owner")], ["Registry", text("registry")], ["Credential", spoken(text("credential"))],
      ["Secret", text("secret") && inside(link.secret(text("secret")), text("secret"))],
      ["First seen", text("first_seen")], ["Fingerprint", h("code", null, text("fingerprint"))]])),
    h("p", { class: "buttons" }, copyButton("Copy link", location.href), copyButton("Copy fingerprint", text("fingerprint"))));
  return text("reason");
};

// The way from the thing to who can reach it, each step with how well it is known.
function path(t, row) {
  const hops = t.raw("hops", row);
  if (!hops) return null;
  const uses = hops.every((place) => DATA.hops[place][0] === "use");
  const draw = uses ? (place) => h("li", null, DATA.hops[place][1]) : hop;
  const list = h("ol", { class: uses ? "uses" : "path" }, hops.slice(0, HOPS).map(draw));
  const more = hops.length > HOPS && h("button", { type: "button", class: "button", on: { click: (event) => {
    list.append(...hops.slice(HOPS).map(draw));
    event.currentTarget.remove();
  } } }, `Show all ${number(hops.length)}`);
  return block(uses ? `Where it is used (${number(hops.length)})` : "Path", list, more);
}

function hop(place) {
  const [kind, text, level, request] = DATA.hops[place];
  return h("li", { class: `hop ${LEVELS.includes(level) ? "hop-" + level : ""}`.trim() },
    h("span", { class: "hop-kind" }, spoken(kind)), h("span", { class: "hop-text" }, text),
    level || request ? h("span", { class: "hop-level" }, [level, request && `request ${request}`].filter(Boolean).join(" · ")) : null);
}

function frame(t, row) {
  const place = t.raw("frame", row);
  if (place < 0) return null;
  const [first, lines, blob] = DATA.frames[place];
  const line = t.raw("line", row);
  const repository = t.text("repository", row);
  const file = t.text("path", row);
  const url = `${DATA.run.web_url}/${repository}/blob/HEAD/${keep(file)}#L${line}`;
  return block("In the workflow",
    h("pre", { class: "frame", tabindex: "0", role: "region", "aria-label": `Lines around ${file}, line ${line}` },
      lines.map((text, i) => h("span", { class: first + i === line ? "line hit" : "line" },
        h("span", { class: "no" }, String(first + i)), h("span", { class: "src" }, text || " ")))),
    h("p", { class: "dim" }, outside(url, `${repository}/${file}, line ${line}`), ` · as read in blob ${blob.slice(0, 12)}`));
}

function settings(subject) {
  const t = table("package");
  const row = t.rowOf("subject", placeOf(subject));
  if (!subject || row < 0) return null;
  return h("p", null, outside(t.text("settings_url", row), "Package settings on GitHub"));
}

PAGES.p = (section, subject) => {
  const t = table("package");
  const place = placeOf(subject);
  const row = t.rowOf("subject", place);
  if (row < 0) return false;
  const text = (column) => t.text(column, row);
  const scoped = text("registry_kind") === "repository_scoped";
  page(section, [["Packages", "#/packages"]], subject,
    h("p", { class: "badges" }, pill(text("visibility"), `vis-${text("visibility")}`), pill(text("package_type")),
      pill(scoped ? "permissions of its repository" : "permissions of its own", "quiet")),
    facts([
      ["Connected repository", text("repository") ? inside(link.repository(text("repository")), text("repository"))
        : text("connection") === "unknown" ? `not known: ${spoken(text("connection_reason"))}` : "connected to none"],
      ["Its visibility", text("repository_visibility")], ["Its state", text("repository_state") === "listed" ? "" : spoken(text("repository_state"))],
      ["Versions", t.raw("version_count", row) && number(t.raw("version_count", row))],
      ["Created", text("created")], ["Last changed", text("updated")], ["Observed", text("observed")],
      ["On GitHub", text("html_url") && outside(text("html_url"), "package page")],
      ["Actions access", outside(text("settings_url"), "settings page")]]),
    verdictsOf(row), access(place), references(place), findingsOf(table("finding").rowsOf("package", place), `package=${encodeURIComponent(subject)}`));
  return subject;
};

const LETTERS = { p: "pass", f: "fail", u: "unknown", n: "not_applicable" };

function verdictsOf(row) {
  const judged = Object.entries(DATA.package_verdicts).filter(([, letters]) => letters[row] !== "-");
  return judged.length ? block("Verdicts", small("Verdicts of each rule", ["Rule", "Verdict"],
    judged.map(([rule, letters]) => [inside(link.rule(rule), ruleName(rule)), verdict(LETTERS[letters[row]])]))) : null;
}

function access(place) {
  const t = table("access");
  const rows = t.rowsOf("package", place);
  const note = h("p", { class: "dim" }, "No API lists a package's Actions access. This is what evidence shows; a repository that is not here may have access too.");
  if (!rows.length) return block("Who can use it", note);
  return block("Who can use it", note, small("Access by evidence", ["Repository", "Visibility", "Role", "Evidence", "How we know", "Against it"], rows.map((row) => [
    t.text("repository", row) ? inside(link.repository(t.text("repository", row)), t.text("repository", row)) : "every repository its visibility admits",
    empty(t.text("repository_visibility", row)), empty(t.text("role", row)), empty(t.text("level", row)),
    empty(spoken(t.text("kinds", row))), t.raw("contradicted", row) ? pill("contradicted") : empty(spoken(t.text("denied_by", row)))])));
}

const DOES = { push: "publishes it", pull: "uses it", delete: "deletes it", restore: "restores it" };

function references(place) {
  const t = table("reference");
  const rows = t.rowsOf("package", place);
  if (!rows.length) return null;
  return block(`Workflows that name it (${number(rows.length)})`, small("Workflows that name the package", ["Does", "Workflow", "Job", "Line", "As"], rows.slice(0, SHOWN).map((row) => [
    DOES[t.text("operation", row)] || t.text("operation", row),
    inside(link.workflow(t.text("repository", row), t.text("path", row)), `${t.text("repository", row)}/${t.text("path", row)}`),
    t.text("job", row), String(t.raw("line", row) ?? ""), empty([spoken(t.text("kind", row)), t.text("reference", row)].filter(Boolean).join(" "))])),
    rows.length > SHOWN && h("p", { class: "dim" }, `${SHOWN} of ${number(rows.length)}.`));
}

PAGES.r = (section, name) => {
  const t = table("repository");
  const place = placeOf(name);
  const row = t.rowOf("repository", place);
  const found = table("finding").rowsOf("repository", place);
  if (row < 0 && !found.length) return false;
  const text = (column) => (row < 0 ? "" : t.text(column, row));
  const from = (column) => text(column) && text(column) + (text(`${column}_source`) ? ` (${text(`${column}_source`)})` : "");
  const packages = table("package");
  const workflows = table("workflow");
  const owned = packages.rowsOf("repository", place);
  const files = workflows.rowsOf("repository", place);
  page(section, [["Repositories", "#/repositories"]], name,
    h("p", { class: "badges" }, pill(text("visibility"), `vis-${text("visibility")}`), row >= 0 && t.raw("archived", row) ? pill("archived") : null,
      row >= 0 && t.raw("fork", row) ? pill("fork") : null, row < 0 ? pill("not listed", "quiet") : null),
    row >= 0 && facts([["Owner", from("owner")], ["Default branch", text("default_branch")], ["Actions", from("actions")], ["Default token permissions", from("token_default")],
      ["Approval of fork pull requests", from("approval").replace(/_/g, " ")], ["Who may open pull requests", spoken(text("pull_requests"))],
      ["Forks", t.raw("forks", row) ? number(t.raw("forks", row)) : ""], ["Pushed", text("pushed")], ["On GitHub", outside(text("html_url"), "repository page")]]),
    owned.length && block(`Connected packages (${number(owned.length)})`, small("Connected packages", ["Package", "Visibility"],
      owned.slice(0, SHOWN).map((i) => [inside(link.package(packages.text("subject", i)), packages.text("subject", i)), packages.text("visibility", i)]))),
    files.length && block("Workflows that log in", small("Workflows", ["Workflow", "Status"],
      files.slice(0, SHOWN).map((i) => [inside(link.workflow(name, workflows.text("path", i)), workflows.text("path", i)), spoken(workflows.text("status", i))]))),
    findingsOf(found, `repository=${encodeURIComponent(name)}`));
  return name;
};

function loginsTable(rows) {
  const t = table("login");
  if (!rows.length) return null;
  return block(`Registry logins (${number(rows.length)})`, small("Registry logins", ["Workflow", "Job", "Line", "Registry", "Credential", "Name", "Operation"],
    rows.slice(0, SHOWN).map((row) => [inside(link.workflow(t.text("repository", row), t.text("path", row)), `${t.text("repository", row)}/${t.text("path", row)}`),
      t.text("job", row), h("span", { class: "num" }, String(t.raw("line", row) ?? "")), t.text("registry", row) + (t.text("host", row) ? ` (${t.text("host", row)})` : ""),
      spoken(t.text("credential", row)), t.text("credential_name", row) ? inside(link.secret(t.text("credential_name", row)), t.text("credential_name", row)) : empty(""),
      empty(t.text("operation", row))])),
    rows.length > SHOWN && h("p", { class: "dim" }, `${SHOWN} of ${number(rows.length)}.`));
}

const DECLARED = { job: "declared by the job", workflow: "declared by the workflow" };

// What GITHUB_TOKEN may do in each job: declared, or the default that holds where nothing is declared.
function jobs(rows) {
  const t = table("job");
  if (!rows.length) return null;
  return block("Jobs", small("Permissions of each job", ["Job", "Line", "Permissions", "Where from", "Packages", "Environment or call"], rows.slice(0, SHOWN).map((row) => [
    t.text("job", row), String(t.raw("line", row) ?? ""),
    t.text("permissions", row) || (t.text("declared_at", row) ? "none" : empty(t.text("token_default", row))),
    DECLARED[t.text("declared_at", row)] || "default of the repository or organization",
    t.text("packages_permission", row) || "not known", empty(t.text("environment", row) || t.text("calls", row))])));
}

PAGES.w = (section, name) => {
  const t = table("workflow");
  const place = name.split("/").slice(0, 2).join("/");
  const file = name.slice(place.length + 1);
  const repository = placeOf(place);
  const path_ = placeOf(file);
  const here = (source) => source.rowsOf("path", path_).filter((row) => source.raw("repository", row) === repository);
  const [row] = here(t);
  const found = here(table("finding"));
  if (row === undefined && !found.length) return false;
  page(section, [["Workflows", "#/workflows"], [place, link.repository(place)]], file,
    row !== undefined && h("p", { class: "badges" }, pill(t.text("kind", row)), pill(spoken(t.text("status", row))), pill(spoken(t.text("reason", row)))),
    facts([["Repository", inside(link.repository(place), place)],
      ["Parse error", row !== undefined && t.raw("error_line", row) ? `line ${t.raw("error_line", row)}` : ""],
      ["Blob", row !== undefined ? h("code", null, t.text("blob_sha", row)) : ""],
      ["On GitHub", outside(`${DATA.run.web_url}/${place}/blob/HEAD/${keep(file)}`, "workflow file")]]),
    row !== undefined && t.text("triggers", row) && block("Starts on", h("p", null, t.text("triggers", row)),
      t.raw("privileged", row) ? h("p", { class: "dim" }, "Outsiders can start one of these, and the run has the repository's own token and secrets.") : null),
    jobs(here(table("job"))), loginsTable(here(table("login"))),
    found.filter((i) => table("finding").raw("frame", i) >= 0).slice(0, 10).map((i) => frame(table("finding"), i)).filter((one, i, all) => all.findIndex((other) => other.textContent === one.textContent) === i),
    findingsOf(found, `repository=${encodeURIComponent(place)}&path=${encodeURIComponent(file)}`));
  return file;
};

PAGES.s = (section, subject) => {
  const t = table("secret");
  const place = placeOf(subject);
  const row = t.rowOf("subject", place);
  const name = row < 0 ? subject : t.text("name", row);
  const logins = table("login").rowsOf("credential_name", placeOf(name));
  const found = secretRows(place, placeOf(name));
  const kin = row < 0 ? t.rowsOf("name", place) : [];
  if (row < 0 && !logins.length && !found.length && !kin.length) return false;
  page(section, [["Secrets", "#/secrets"]], subject,
    row >= 0 ? facts([["Scope", t.text("scope", row)], ["Store", t.text("store", row)], ["Visibility", t.text("visibility", row)],
      ["Repositories reached", number(t.raw("reach", row))], ["Public repositories reached", number(t.raw("public_reach", row))], ["Updated", t.text("updated", row)]])
      : h("p", null, kin.length ? ["Stored as ", kin.map((i, n) => [n ? ", " : "", inside(link.secret(t.text("subject", i)), t.text("subject", i))]), "."]
        : "Where it is stored was not read, or it is stored nowhere."),
    h("p", { class: "dim" }, `${plural(logins.length, "reference")} in what was examined. Other branches and people's machines are not seen.`),
    loginsTable(logins), findingsOf(found, ""));
  return subject;
};
