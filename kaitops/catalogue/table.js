const make = (tag, given = {}, ...inside) => {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(given))
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  made.append(...inside);
  return made;
};
const say = (node, text) => node.textContent !== text && (node.textContent = text);
// The same for a text with names of machines, which are cut behind their dashes where a line ends.
const sayParted = (node, text) => node.textContent !== text &&
  node.replaceChildren(...text.split(/(?<=_)/).flatMap((part, at) => (at ? [make("wbr"), part] : [part])));

// The filters.
const fields = {};
const field = (key, label, input, kind = "change") => {
  input.addEventListener(kind, () => set({ [key]: input.type === "checkbox" ? (input.checked ? "1" : "") : input.value,
    ...(key === "cloud" ? { region: "", gpu: "" } : {}) }, kind === "input"));
  fields[key] = input;
  const told = make("span", {}, label);
  input.told = told;
  return input.type === "checkbox" ? make("label", { class: "tick" }, input, told) : make("label", { class: key === "q" ? "search" : key }, told, input);
};
const option = (value, text) => make("option", { value }, text);
const pick = (...options) => make("select", {}, ...options);
const tick = () => make("input", { type: "checkbox" });
const licences = [...new Set(D.models.map((model) => model[fact.licence]))].sort();
$("filters").append(
  field("q", "Model", make("input", { type: "search", autocomplete: "off", spellcheck: "false" }), "input"),
  field("ctx", "Context, tokens", pick(...D.contexts.map((one) => option(one, one)))),
  field("cloud", "Cloud", pick(...Object.keys(D.clouds).map((one) => option(one, one)))),
  field("region", "Prices in", pick()), field("gpu", "Machine", pick()),
  field("usd", "USD an hour at most", make("input", { type: "number", min: "0", step: "0.01" }), "input"),
  field("nodes", "Machines at most", make("input", { type: "number", min: "1", step: "1" }), "input"),
  field("lic", "Licence", pick(option("", "any"), ...licences.map((one) => option(one, one)))),
  ...FLAGS.map(([key, label]) => field(key, label, tick())), field("fits", "Only what fits", tick()),
  make("button", { type: "button", onclick: () => set({ ...START }) }, "Clear all"),
  make("p", { class: "hint" }, make("kbd", {}, "/"), " to search, ", make("kbd", {}, "\u2191"), " ", make("kbd", {}, "\u2193"),
    " between models, ", make("kbd", {}, "Enter"), " for all machines, ", make("kbd", {}, "c"), " to compare, ", make("kbd", {}, "Esc"), " back"),
);
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("filters").hidden = false;

// The rows: those of the page as it was made get a button, a mark for comparison, and new cells when something changes.
const table = $("models");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const SORTS = ["name", ...D.shown.map((one) => D.facts[one][0]), "machine", "nodes", "most", "usd"];
heads.forEach((head, column) => {
  const label = head.textContent;
  head.replaceChildren(make("button", { type: "button", onclick: () => {
    const key = SORTS[column];
    set({ sort: S.sort === key ? "-" + key : S.sort === "-" + key ? "" : key });
  } }, label));
});
const lines = [...body.rows].map((row, model) => {
  const title = D.models[model][0];
  const button = make("button", { type: "button", "aria-expanded": "false", "aria-label": title, onclick: () => set({ m: S.m === title ? "" : title }) },
    ...row.cells[0].childNodes);
  const mark = make("input", { type: "checkbox", "aria-label": `Compare ${title}`, onchange: () => compare(title) });
  row.cells[0].replaceChildren(make("div", { class: "row" }, mark, button));
  return { row, model, button, mark, cells: [...row.cells].slice(-4) };
});
for (const row of table.rows) [...row.cells].forEach((cell, column) =>
  column && column <= D.shown.length ? cell.classList.add("mid", ...(column < 6 ? ["late"] : [])) : column > D.shown.length + 1 && column < heads.length - 1 && cell.classList.add("mid"));
function compare(title) {
  const now = compared();
  set({ cmp: (now.includes(title) ? now.filter((one) => one !== title) : [...now, title].slice(0, 4)).join(",") });
}

function value(line, key) {
  const best = line.best;
  if (key === "name") return D.models[line.model][0].toLowerCase();
  if (key === "weights") return parseFloat(D.models[line.model][fact.weights]);
  if (key in fact) return D.models[line.model][fact[key]];
  if (best.why) return null;
  return { machine: best.size.name, nodes: best.cell.nodes, most: best.cell.context, usd: best.cents }[key];
}
function sorted(list) {
  const key = S.sort.replace(/^-/, "");
  if (!SORTS.includes(key)) return list.sort((a, b) => (a.best.why !== "") - (b.best.why !== "") || a.model - b.model);
  const turn = S.sort[0] === "-" ? -1 : 1;
  return list.sort((a, b) => {
    const x = value(a, key), y = value(b, key);
    return (x === null) - (y === null) || (x < y ? -turn : x > y ? turn : a.model - b.model);
  });
}

// As many as the style leaves: a row that spans more would make columns of its own.
const narrow = [matchMedia("(max-width:40rem)"), matchMedia("(max-width:62rem)")];
const columns = () => table.tHead.rows[0].querySelectorAll(narrow[0].matches ? "th:not(.mid)" : narrow[1].matches ? "th:not(.late)" : "th").length;
for (const one of narrow) one.addEventListener("change", () => draw());
let openRow = null;
function draw() {
  controls();
  const seen = [];
  for (const line of lines) {
    const model = D.models[line.model];
    const is = wanted(model);
    line.best = bestOf(line.model);
    line.row.hidden = !is || (S.fits !== "" && line.best.why !== "");
    line.mark.checked = compared().includes(model[0]);
    line.mark.disabled = !line.mark.checked && compared().length > 3;
    line.button.setAttribute("aria-expanded", String(S.m === model[0]));
    if (!line.row.hidden) seen.push(line);
    const best = line.best;
    const told = best.why ? [best.cell.nodes ? `${best.size.name} ${best.why}` : best.why, "", "", ""]
      : [best.size.name, String(best.cell.nodes), String(best.cell.context), money(best.cents)];
    line.cells.forEach((cell, number) => (number ? say : sayParted)(cell, told[number]));
    line.cells[0].classList.toggle("no", best.why !== "");
  }
  const wish = sorted(seen);
  if (openRow) openRow.remove();
  const now = lines.map((line) => line.row).filter((row) => !row.hidden).sort((a, b) => a.rowIndex - b.rowIndex);
  if (wish.some((line, number) => line.row !== now[number])) body.append(...wish.map((line) => line.row));
  heads.forEach((head, column) => head.setAttribute("aria-sort",
    S.sort === SORTS[column] ? "ascending" : S.sort === "-" + SORTS[column] ? "descending" : "none"));
  const open = wish.find((line) => D.models[line.model][0] === S.m);
  openRow = open ? make("tr", { class: "more" }, make("td", { colspan: columns() }, details(open.model))) : null;
  if (openRow) open.row.after(openRow);
  comparison();
  const good = seen.filter((line) => !line.best.why).length;
  say($("count"), `${good} of ${lines.length} models fit what is asked; ${seen.length - good} more do not, with the reason`);
  say($("asked"), `${S.ctx} tokens of context on ${S.cloud}${region() ? ` in ${region()}` : ""}`);
}
function controls() {
  if (fields.region.of !== S.cloud) {
    fields.region.of = S.cloud;
    fields.region.replaceChildren(...cloud().regions.map((one, number) => option(number === cloud().usual ? "" : one, one)));
    if (!cloud().regions.length) fields.region.append(option("", "no prices known"));
    fields.gpu.replaceChildren(option("", "any"), ...cloud().sizes.map((one) => option(one.name, one.name)));
  }
  for (const key in fields)
    if (fields[key].type === "checkbox") fields[key].checked = S[key] !== "";
    else if (fields[key].value !== S[key]) fields[key].value = S[key];
  // How many models an option would leave, with all that is asked besides.
  const of = (skipped, test) => D.models.reduce((sum, model, number) => sum + (wanted(model, skipped) && test(model, number) ? 1 : 0), 0);
  const fitting = D.models.map((_, number) => anyFits(number, at(), S.gpu));
  FLAGS.forEach(([key, label]) => say(fields[key].told, `${label} (${of(key, (model, number) => flag(model, key) && fitting[number])})`));
  say(fields.fits.told, `Only what fits (${of("", (_, number) => fitting[number])})`);
  for (const one of fields.lic.options) if (one.value) say(one, `${one.value} (${of("lic", (model, number) => model[fact.licence] === one.value && fitting[number])})`);
  for (const one of fields.ctx.options) say(one, `${one.value} (${of("", (_, number) => anyFits(number, D.contexts.indexOf(+one.value), S.gpu))})`);
  for (const one of fields.gpu.options) if (one.value) {
    const size = cloud().sizes.find((some) => some.name === one.value);
    say(one, `${one.value}, ${size.gpus[0]} x ${size.gpus[1]} (${of("", (_, number) => anyFits(number, at(), one.value))})`);
  }
}
