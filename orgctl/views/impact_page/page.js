
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const rows = document.getElementById("rows");
const search = document.getElementById("search");
const more = document.getElementById("more");
const step = 200;
const state = { kinds: new Set(), sort: "count", down: true, limit: step };

const cause = (by) => {
  if (!by.policy) return `nothing allows it in the ${by.layer.toUpperCase()}s on ${by.level}`;
  return `${by.policy}#${by.statement}` + (by.file ? ` (${by.file}:${by.line})` : "");
};

const groups = data.groups.map((group) => {
  const causes = group.causes.map(cause).join(" and ");
  const hangs = group.keys.length ? `hangs on ${group.keys.join(", ")}` : group.reason || "";
  const account = group.account_name || group.account || "(no account)";
  const found = [group.verdict, causes, hangs, group.principal, group.action, account, group.account, group.ou, ...group.samples];
  return { ...group, causes, hangs, account, id: group.account, cause: `${hangs} ${causes}`, text: found.join("\n").toLowerCase() };
});

const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

const minute = (time) => (time ? time.slice(0, 16).replace("T", " ") : "");

const row = (group) => {
  const made = element("tr");
  made.append(element("td", group.verdict.replace("_", " "), `verdict ${group.verdict}`));
  made.append(element("td", group.count.toLocaleString("en"), "number"));
  const by = element("td", group.hangs || group.causes);
  if (group.hangs && group.causes) by.append(element("small", group.causes));
  const caller = element("td", group.principal);
  const where = element("td", group.account, "where");
  if (group.ou) where.append(element("small", group.ou));
  const seen = element("td", minute(group.last), "seen");
  if (group.first !== group.last) seen.append(element("small", `since ${minute(group.first)}`));
  const samples = element("details");
  samples.append(element("summary", "event ids"));
  for (const id of group.samples) samples.append(element("code", id));
  seen.append(samples);
  made.append(by, caller, element("td", group.action), where, seen);
  return made;
};

const compared = (one, other) => {
  const [a, b] = [one[state.sort] ?? "", other[state.sort] ?? ""];
  const order = typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en");
  return state.down ? -order : order;
};

const show = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const [ou, account] = ["ou", "account"].map((id) => document.getElementById(id).value);
  const fitting = groups.filter(
    (group) =>
      (!state.kinds.size || state.kinds.has(group.verdict)) &&
      (!ou || group.ou === ou || (group.ou || "").startsWith(ou === "ou:/" ? ou : `${ou}/`)) &&
      (!account || group.account === account) &&
      words.every((word) => group.text.includes(word)),
  );
  fitting.sort(compared);
  rows.replaceChildren(...fitting.slice(0, state.limit).map(row));
  more.hidden = fitting.length <= state.limit;
  const events = fitting.reduce((sum, group) => sum + group.count, 0);
  const noun = (count, name) => `${count.toLocaleString("en")} ${name}${count === 1 ? "" : "s"}`;
  document.getElementById("shown").textContent = `${noun(events, "event")} in ${noun(fitting.length, "group")}`;
};

const again = () => {
  state.limit = step;
  show();
};

for (const name of ["ou", "account"]) {
  const select = document.getElementById(name);
  for (const value of [...new Set(groups.map((group) => group[name]).filter(Boolean))].sort()) {
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
  if (["newly_denied", "depends"].includes(button.dataset.kind) && data.totals[button.dataset.kind]) toggle(button);
  button.addEventListener("click", () => {
    toggle(button);
    again();
  });
}

for (const button of document.querySelectorAll("[data-sort]")) {
  button.addEventListener("click", () => {
    const name = button.dataset.sort;
    state.down = state.sort === name ? !state.down : name === "count" || name === "last";
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
