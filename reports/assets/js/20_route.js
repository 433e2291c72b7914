// Every view has a fragment: #/name/rest?filters. It can be sent to a colleague and opened offline.

const keep = (text) => encodeURIComponent(text).replace(/%2F/g, "/").replace(/%3A/g, ":").replace(/%40/g, "@");

const link = {
  finding: (fingerprint) => `#/f/${keep(fingerprint)}`,
  package: (subject) => `#/p/${keep(subject)}`,
  repository: (name) => `#/r/${keep(name)}`,
  workflow: (repository, path) => `#/w/${keep(repository + "/" + path)}`,
  secret: (subject) => `#/s/${keep(subject)}`,
  rule: (id) => `#/rule/${keep(id)}`,
};

function readRoute() {
  const hash = location.hash.slice(1) || "/";
  const cut = hash.indexOf("?");
  const path = cut < 0 ? hash : hash.slice(0, cut);
  const slash = path.indexOf("/", 1);
  const name = slash < 0 ? path.slice(1) : path.slice(1, slash);
  let rest = slash < 0 ? "" : path.slice(slash + 1);
  try {
    rest = decodeURIComponent(rest);
  } catch {
    return { name: "?", rest, query: new URLSearchParams() };
  }
  return { name, rest, query: new URLSearchParams(cut < 0 ? "" : hash.slice(cut + 1)) };
}

// Filters change the address without filling the history.
function writeQuery(name, query) {
  const text = query.toString();
  history.replaceState(null, "", `#/${name}${text ? "?" + text : ""}`);
}
