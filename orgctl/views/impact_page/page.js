
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const rows = document.getElementById("rows");
const search = document.getElementById("search");
const more = document.getElementById("more");
const filters = ["cause", "ou", "account"];
const step = 200;
const state = { kinds: new Set(), sort: "", down: true, limit: step };
const ranks = Object.keys(data.totals);

const cause = (by) => {
  if (!by.policy) return { name: `nothing allows it in the ${by.layer.toUpperCase()}s on ${by.level}`, place: "" };
  return { name: `${by.policy}#${by.statement}`, place: by.file ? `${by.file}:${by.line}` : "" };
};

const groups = data.groups.map((group) => {
  const causes = group.causes.map(cause);
  const hangs = group.keys.length ? `hangs on ${group.keys.join(", ")}` : group.reason || "";
  const account = group.account_name || group.account || "(no account)";
  const by = [hangs, ...causes.flatMap(({ name, place }) => [name, place])];
  const found = [words(group.verdict), ...by, group.principal, group.action, account, group.account, group.ou, ...group.samples];
  const text = found.join("\n").toLowerCase();
  return { ...group, causes, hangs, account, rank: ranks.indexOf(group.verdict), by: by.join(" "), text };
});

function words(verdict) {
  return verdict.replace("_", " ");
}

const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.append(...breakable(text));
  if (className) made.className = className;
  return made;
};

// Long names are broken where their parts end.
function* breakable(text) {
  for (const part of text.split(/(?<=[:/#_,])/)) yield* [part, document.createElement("wbr")];
}

const cell = (label, text, className) => {
  const made = element("td", undefined, className);
  made.dataset.label = label;
  if (text !== undefined) made.append(element("div", text));
  return made;
};

const minute = (time) => (time ? time.slice(0, 16).replace("T", " ") : "");

const byCell = (group) => {
  const made = cell("By", group.hangs || undefined, "by");
  for (const { name, place } of group.causes) {
    const part = element("div", name);
    if (place) part.append(" ", element("small", place));
    made.append(part);
  }
  return made;
};

const row = (group) => {
  const made = element("tr");
  const where = cell("Account", group.account, "where");
  if (group.ou) where.firstChild.append(element("small", group.ou));
  const seen = cell("Seen", minute(group.last), "seen");
  if (group.first !== group.last) seen.firstChild.append(element("small", `since ${minute(group.first)}`));
  const samples = element("details");
  samples.append(element("summary", "event ids"));
  for (const id of group.samples) {
    const code = element("code");
    code.textContent = id;
    samples.append(code);
  }
  if (group.samples.length) seen.append(samples);
  made.append(
    cell("Verdict", words(group.verdict), `verdict ${group.verdict}`),
    cell("Events", group.count.toLocaleString("en"), "number"),
    byCell(group),
    cell("Caller", group.principal || "(not told apart)", group.principal ? "caller" : "caller quiet"),
    cell("Action", group.action || "(not told apart)", group.action ? "action" : "action quiet"),
    where,
    seen,
  );
  return made;
};

const nothing = () => {
  const made = element("tr");
  const chosen = [...state.kinds].map(words).join(" or ");
  const narrowed = search.value || filters.some((id) => document.getElementById(id).value);
  const hurts = data.totals.newly_denied + data.totals.depends;
  const text = narrowed ? "No group fits what is chosen above." : hurts ? `No event is ${chosen}.` : "Nothing is newly denied, and nothing depends.";
  const only = element("td", text, "nothing");
  only.colSpan = 7;
  made.append(only);
  return made;
};

// Without a chosen column it is the order in which the groups come: the most hurtful first.
const compared = (one, other) => {
  if (!state.sort) return 0;
  const [a, b] = [one[state.sort] ?? "", other[state.sort] ?? ""];
  const order = typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en");
  return state.down ? -order : order;
};

const show = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const [by, ou, account] = filters.map((id) => document.getElementById(id).value);
  const fitting = groups.filter(
    (group) =>
      (!by || group.causes.some(({ name }) => name === by)) &&
      (!state.kinds.size || state.kinds.has(group.verdict)) &&
      (!ou || group.ou === ou || (group.ou || "").startsWith(ou === "ou:/" ? ou : `${ou}/`)) &&
      (!account || group.account === account) &&
      words.every((word) => group.text.includes(word)),
  );
  fitting.sort(compared);
  rows.replaceChildren(...(fitting.length ? fitting.slice(0, state.limit).map(row) : [nothing()]));
  more.hidden = fitting.length <= state.limit;
  const events = fitting.reduce((sum, group) => sum + group.count, 0);
  const noun = (count, name) => `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
  document.getElementById("shown").textContent = `${noun(events, "event")} in ${noun(fitting.length, "group")}`;
};

const again = () => {
  state.limit = step;
  show();
};

const choices = {
  cause: groups.flatMap((group) => group.causes.map(({ name }) => name)),
  ou: groups.map((group) => group.ou),
  account: groups.map((group) => group.account),
};

for (const name of filters) {
  const select = document.getElementById(name);
  for (const value of [...new Set(choices[name].filter(Boolean))].sort()) {
    const option = element("option", value);
    option.value = value;
    select.append(option);
  }
  select.addEventListener("change", again);
}

const toggle = (button) => {
  const kind = button.dataset.kind;
  if (!state.kinds.delete(kind)) state.kinds.add(kind);
  button.setAttribute("aria-pressed", String(state.kinds.has(kind)));
};

for (const button of document.querySelectorAll("[data-kind]")) {
  const kind = button.dataset.kind;
  if (["newly_denied", "depends"].includes(kind) && data.totals[kind]) toggle(button);
  button.addEventListener("click", () => {
    toggle(button);
    again();
  });
}

for (const button of document.querySelectorAll("[data-sort]")) {
  button.addEventListener("click", () => {
    const name = button.dataset.sort;
    state.down = state.sort === name ? !state.down : ["count", "last"].includes(name);
    state.sort = name;
    for (const head of document.querySelectorAll("th")) head.setAttribute("aria-sort", "none");
    button.parentElement.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    again();
  });
}

search.addEventListener("input", again);
document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", () => {
  state.limit += step * 5;
  show();
});

show();
