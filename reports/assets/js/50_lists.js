// The lists of the report and what their columns show.

const SEVERITIES = ["critical", "high", "medium", "low"];
const LEVELS = ["proven", "declared", "implied", "suggested"];
const VISIBILITIES = ["public", "internal", "private"];

const LISTS = {};

const rankOf = (source, column, order) => () => {
  const ranks = new Map(order.map((name, rank) => [placeOf(name), order.length - rank]));
  return source.columns[column].map((place) => ranks.get(place) || 0);
};

// How many findings and unknowns speak of each row, by a shared string.
function tally(source, column, verdictName, findingColumn) {
  const findings = table("finding");
  const wanted = placeOf(verdictName);
  const counts = new Map();
  findings.columns[findingColumn].forEach((place, row) => {
    if (place >= 0 && findings.columns.verdict[row] === wanted) counts.set(place, (counts.get(place) || 0) + 1);
  });
  return source.columns[column].map((place) => counts.get(place) || 0);
}

const counted = (source, key, label) => ({
  key, label, numeric: true, column: key,
  draw: (row) => (source.columns[key][row] ? number(source.columns[key][row]) : empty("")),
});

const textual = (source, key, label, draw) => ({ key, label, draw: draw || ((row) => empty(source.text(key, row))) });

const pinTo = (key, label) => ({ key, label, column: key, read: placeOf });

// A rule is shown with its title; its id alone says little.
const ruleName = (id) => (DATA.rules[id] && DATA.rules[id][0] !== id ? `${id} ${DATA.rules[id][0]}` : id);

LISTS.findings = () => {
  const t = table("finding");
  const rules = Object.fromEntries(Object.keys(DATA.rules).map((id) => [id, ruleName(id)]));
  return new List({
    name: "findings", title: "Findings and unknowns", noun: "finding", source: t, head: 2, total: verdictTotal,
    blank: "No rule found anything to say.", order: (list) => (onlyVerdict(list) === placeOf("unknown") ? ", in the order in which to ask" : ", most severe and oldest first"),
    searched: ["rule", "subject", "reason", "repository", "package", "path", "secret", "reason_code", "owner"],
    facets: [
      facetOf(t, "verdict", "Verdict", { order: ["fail", "unknown"], initial: "fail" }),
      facetOf(t, "severity", "Severity", { order: SEVERITIES }),
      facetOf(t, "evidence", "Evidence", { column: "evidence_level", order: LEVELS }),
      facetOf(t, "visibility", "Visibility", { order: VISIBILITIES }),
      facetOf(t, "rule", "Rule", { labels: rules, many: true }),
      facetOf(t, "owner", "Owner", { many: true }),
      facetOf(t, "reason", "Why unknown", { column: "reason_code", many: true }),
      { key: "waived", label: "Waiver", column: "waived", values: flags(t, "waived", "not waived", "waived") },
      ...(DATA.baseline ? [{ key: "new", label: "Baseline", column: "new", values: flags(t, "new", "seen before", "new") }] : []),
    ],
    pins: [
      { key: "action", label: "Action", column: "action", read: Number, name: (shown) => DATA.actions[shown] || shown },
      pinTo("package", "Package"), pinTo("repository", "Repository"), pinTo("path", "Workflow"), pinTo("secret", "Secret"),
    ],
    csv: ["fingerprint", "rule", "verdict", "reason_code", "severity", "evidence_level", "subject", "reason",
      "repository", "package", "path", "line", "registry", "credential", "secret", "owner", "first_seen", "waived", "new"],
    columns: [
      { key: "severity", label: "Severity", initial: "descending", order: rankOf(t, "severity", SEVERITIES), numeric: false,
        draw: (row) => (t.text("verdict", row) === "fail" ? severity(t.text("severity", row)) : verdict("unknown")) },
      { key: "rule", label: "Rule", draw: (row) => h("span", { class: "code", title: ruleName(t.text("rule", row)) }, t.text("rule", row)) },
      { key: "reason", label: "What", class: "what", draw: (row) => [
        inside(link.finding(t.text("fingerprint", row)), t.text("reason", row)),
        h("span", { class: "sub" }, t.text("subject", row)),
        t.raw("waived", row) ? pill("waived", "quiet") : null,
        t.raw("new", row) ? pill("new", "new") : null] },
      { key: "evidence_level", label: "Evidence", order: rankOf(t, "evidence_level", LEVELS),
        draw: (row) => empty(t.text("evidence_level", row) || spoken(t.text("reason_code", row))) },
      { key: "visibility", label: "Visibility", draw: (row) => empty(t.text("visibility", row)) },
      { key: "first_seen", label: "First seen", class: "date", draw: (row) => day(t.text("first_seen", row)) },
    ],
  });
};

const onlyVerdict = (list) => {
  const chosen = list.chosen.get("verdict");
  return chosen && chosen.size === 1 ? [...chosen][0] : null;
};

// "n of m" speaks of findings while only findings are chosen, and of what else is chosen otherwise.
function verdictTotal(list) {
  const values = list.source.columns.verdict;
  const fail = placeOf("fail");
  const only = onlyVerdict(list);
  const total = only === null ? values.length : values.filter((place) => place === only).length;
  const noun = only === null ? ["finding or unknown", "findings and unknowns"] : only === fail ? ["finding", "findings"] : ["unknown", "unknowns"];
  return plural(total, ...noun);
}

// A time as its day; the whole time is in its title and on the finding's page.
const day = (text) => (text ? h("time", { datetime: text, title: `${text} (${new Date(text).toLocaleString()})` }, text.slice(0, 10)) : empty(""));

const flags = (source, column, no, yes) => {
  const held = new Set(source.columns[column]);
  return [{ value: 0, name: "0", label: no }, { value: 1, name: "1", label: yes }].filter((value) => held.has(value.value));
};

LISTS.packages = () => {
  const t = table("package");
  t.columns.findings = tally(t, "subject", "fail", "package");
  t.columns.unknowns = tally(t, "subject", "unknown", "package");
  return new List({
    name: "packages", title: "Packages", noun: "package", source: t, head: 0, blank: "No package was listed: the coverage page says which lists could be read.",
    searched: ["subject", "repository", "visibility"],
    facets: [
      facetOf(t, "type", "Type", { column: "package_type" }),
      facetOf(t, "visibility", "Visibility", { order: VISIBILITIES }),
      facetOf(t, "connection", "Repository", { order: ["connected", "none", "unknown"] }),
    ],
    csv: ["subject", "package_type", "visibility", "connection", "repository", "repository_visibility", "updated"],
    columns: [
      { key: "subject", label: "Package", initial: "ascending", class: "name",
        draw: (row) => inside(link.package(t.text("subject", row)), t.text("subject", row)) },
      textual(t, "visibility", "Visibility"),
      textual(t, "repository", "Repository", (row) => repositoryCell(t, row)),
      textual(t, "repository_visibility", "Its visibility"),
      counted(t, "findings", "Findings"), counted(t, "unknowns", "Unknown"), counted(t, "version_count", "Versions"),
      { key: "updated", label: "Updated", class: "date", draw: (row) => empty(t.text("updated", row)) },
    ],
  });
};

function repositoryCell(source, row) {
  const name = source.text("repository", row);
  if (name) return inside(link.repository(name), name);
  return source.text("connection", row) === "unknown" ? pill("not known", "quiet") : empty("");
}

LISTS.repositories = () => {
  const t = table("repository");
  t.columns.findings = tally(t, "repository", "fail", "repository");
  const packages = table("package");
  t.columns.packages = t.columns.repository.map((place) => packages.rowsOf("repository", place).length);
  return new List({
    name: "repositories", title: "Repositories", noun: "repository", nouns: "repositories", source: t, head: 0,
    blank: "The credential sees no repositories.", searched: ["repository", "visibility", "owner"],
    facets: [
      facetOf(t, "visibility", "Visibility", { order: VISIBILITIES }),
      facetOf(t, "actions", "Actions"), facetOf(t, "owner", "Owner", { many: true }),
      { key: "archived", label: "Archived", column: "archived", values: flags(t, "archived", "not archived", "archived") },
    ],
    csv: ["repository", "visibility", "owner", "actions", "token_default", "approval", "pushed"],
    columns: [
      { key: "repository", label: "Repository", initial: "ascending", class: "name",
        draw: (row) => inside(link.repository(t.text("repository", row)), t.text("repository", row)) },
      textual(t, "visibility", "Visibility"), textual(t, "actions", "Actions"), textual(t, "token_default", "Token default"),
      counted(t, "packages", "Packages"), counted(t, "workflows", "Workflows"), counted(t, "findings", "Findings"),
      counted(t, "forks", "Forks"),
      { key: "pushed", label: "Pushed", class: "date", draw: (row) => empty(t.text("pushed", row)) },
    ],
  });
};

LISTS.workflows = () => {
  const t = table("workflow");
  const logins = table("login");
  const findings = table("finding");
  const same = (other, row) => other.rowsOf("repository", t.raw("repository", row)).filter((i) => other.raw("path", i) === t.raw("path", row));
  t.columns.logins = t.columns.path.map((_, row) => same(logins, row).length);
  const fail = placeOf("fail");
  t.columns.findings = t.columns.path.map((_, row) => same(findings, row).filter((i) => findings.raw("verdict", i) === fail).length);
  return new List({
    name: "workflows", title: "Workflows", noun: "workflow", source: t, head: 1,
    note: "Workflow files that log in at a registry or that a verdict speaks of.",
    blank: "No workflow file that was read logs in at a registry.", searched: ["repository", "path", "reason", "triggers"],
    facets: [facetOf(t, "status", "Status"), facetOf(t, "kind", "Kind"),
      { key: "privileged", label: "Started by", column: "privileged", values: flags(t, "privileged", "members", "outsiders too") }],
    csv: ["repository", "path", "kind", "status", "reason"],
    columns: [
      { key: "repository", label: "Repository", initial: "ascending", draw: (row) => inside(link.repository(t.text("repository", row)), t.text("repository", row)) },
      { key: "path", label: "Workflow", class: "name", draw: (row) => inside(link.workflow(t.text("repository", row), t.text("path", row)), t.text("path", row)) },
      { key: "triggers", label: "Starts on", class: "name", draw: (row) => [empty(t.text("triggers", row)), t.raw("privileged", row) ? pill("outsiders can start it", "bad") : null] },
      textual(t, "status", "Status", (row) => empty(spoken(t.text("status", row)))),
      counted(t, "logins", "Logins"), counted(t, "findings", "Findings"),
    ],
  });
};

LISTS.secrets = () => {
  const t = table("secret");
  t.columns.findings = t.columns.name.map((place, row) => secretRows(t.raw("subject", row), place).length);
  return new List({
    name: "secrets", title: "Secrets", noun: "secret", source: t, head: 0, blank: "No stored secret was listed: see the coverage of secrets.",
    note: "Names and places of stored secrets. No API gives a value, and none is kept here.",
    searched: ["subject", "visibility"],
    facets: [facetOf(t, "scope", "Scope"), facetOf(t, "store", "Store"), facetOf(t, "visibility", "Visibility")],
    csv: ["subject", "scope", "store", "visibility", "updated"],
    columns: [
      { key: "subject", label: "Secret", initial: "ascending", class: "name", draw: (row) => inside(link.secret(t.text("subject", row)), t.text("subject", row)) },
      textual(t, "visibility", "Visibility"), counted(t, "reach", "Repositories reached"),
      counted(t, "public_reach", "Public ones"), counted(t, "uses", "Registry logins"), counted(t, "findings", "Findings"),
      { key: "updated", label: "Updated", class: "date", draw: (row) => empty(t.text("updated", row)) },
    ],
  });
};

// Findings name a secret by its subject or by its bare name.
function secretRows(subject, name) {
  const t = table("finding");
  const fail = placeOf("fail");
  const found = new Set([...t.rowsOf("secret", subject), ...t.rowsOf("secret", name), ...t.rowsOf("subject", subject)]);
  return [...found].filter((row) => t.raw("verdict", row) === fail).sort((a, b) => a - b);
}
