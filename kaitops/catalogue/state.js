"use strict";
const D = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const based = (text) => (text ? text.split(" ").map((one) => parseInt(one, 36)) : []);
const cells = D.cells.map((text) => {
  const [head, ...rest] = text.split(" ");
  if (head[0] !== "!") return { nodes: +head, context: +rest[0] };
  let gap = 0;
  return { nodes: 0, why: D.words[head.slice(1)].replace(/#/g, () => rest[gap++]) };
});
const rows = D.rows.map((text) => based(text).map((one) => cells[one]));
const costs = D.costs.map(based);
for (const cloud of Object.values(D.clouds))
  for (const size of cloud.sizes) {
    size.rows = based(size.rows).map((one) => rows[one]);
    size.counts = new Map(based(size.counts).map((one, at) => [one, at]));
  }
const fact = Object.fromEntries(D.facts.map(([key], at) => [key, at + 2]));
const FLAGS = [["tools", "Tool calls"], ["tunable", "Tunable"], ["open", "Not gated"]];
const flag = (model, key) => (key === "open" ? !model[fact.gated] : model[fact[key]]);
const shown = (value) => (value === true ? "yes" : value === false ? "no" : String(value));
const first = Object.keys(D.clouds)[0];
const START = { q: "", cloud: first, region: "", ctx: String(D.contexts[D.start]), gpu: "", usd: "", nodes: "", lic: "",
  tools: "", tunable: "", open: "", fits: "", sort: "", m: "", cmp: "" };
let S = { ...START };

// The address holds what differs from the start, so a link shows what its sender saw.
const cloud = () => D.clouds[S.cloud];
const region = () => S.region || cloud().regions[cloud().usual] || "";
const at = () => D.contexts.indexOf(+S.ctx);
const compared = () => (S.cmp ? S.cmp.split(",") : []);
function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const next = { ...START };
  for (const key in START) if (given.has(key)) next[key] = given.get(key);
  if (!Object.hasOwn(D.clouds, next.cloud)) next.cloud = first;
  if (!D.contexts.includes(+next.ctx)) next.ctx = START.ctx;
  const known = D.clouds[next.cloud];
  if (!known.regions.includes(next.region)) next.region = "";
  if (!known.sizes.some((one) => one.name === next.gpu)) next.gpu = "";
  next.cmp = next.cmp.split(",").filter((one) => D.models.some((model) => model[0] === one)).slice(0, 4).join(",");
  S = next;
}
function write(kept) {
  const told = new URLSearchParams(Object.entries(S).filter(([key, value]) => value !== START[key]));
  const hash = "#" + told;
  if (hash !== (location.hash || "#")) history[kept ? "replaceState" : "pushState"](null, "", hash);
}
function set(change, kept) {
  S = { ...S, ...change };
  write(kept);
  draw();
}

function cost(size, nodes) {
  const list = size.costs[cloud().regions.indexOf(region())];
  return nodes && list >= 0 ? costs[list][size.counts.get(nodes)] : null;
}
const money = (cents) => (cents === null ? "no price" : `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`);
function refusal(one) {
  if (!one.cell.nodes) return "does not fit: " + one.cell.why;
  if (S.nodes && one.cell.nodes > +S.nodes) return `takes ${one.cell.nodes} machines`;
  if (S.usd && one.cents === null) return region() ? `no price is known in ${region()}` : "no price is known";
  return S.usd && one.cents > +S.usd * 100 ? `costs ${money(one.cents)} USD an hour` : "";
}
// What does comes first, the cheapest of it; of what fits on no size, the biggest machine says best why.
const order = (a, b) =>
  (a.why !== "") - (b.why !== "") || (a.cell.nodes === 0) - (b.cell.nodes === 0) || (a.cents === null) - (b.cents === null) ||
  a.cents - b.cents || a.cell.nodes - b.cell.nodes || (a.cell.nodes ? a.size.gpus[0] - b.size.gpus[0] || (a.size.name < b.size.name ? -1 : 1) : b.rank - a.rank);
/** What each size of the cloud says of a model, the one to take first. */
function choices(model, context = at(), gpu = S.gpu) {
  const found = [];
  cloud().sizes.forEach((size, rank) => {
    if (gpu && size.name !== gpu) return;
    const one = { size, rank, cell: size.rows[model][context] };
    one.cents = cost(size, one.cell.nodes);
    one.why = refusal(one);
    found.push(one);
  });
  return found.sort(order);
}
// Typing a name asks the same of every model again, so answers are kept until what they follow from changes.
let kept = new Map();
let keptFor = "";
function keeping(key, answer) {
  const now = [S.cloud, S.region, S.usd, S.nodes].join();
  if (now !== keptFor) [kept, keptFor] = [new Map(), now];
  if (!kept.has(key)) kept.set(key, answer());
  return kept.get(key);
}
const bestOf = (model) => keeping(`${model} ${S.ctx} ${S.gpu}`, () => choices(model)[0]);
const anyFits = (model, context, gpu) => keeping(`${model},${context},${gpu}`, () =>
  cloud().sizes.some((size) => {
    if (gpu && size.name !== gpu) return false;
    const cell = size.rows[model][context];
    return cell.nodes && !refusal({ cell, cents: cost(size, cell.nodes) });
  }));
function wanted(model, skipped) {
  if (S.q && !S.q.toLowerCase().split(/\s+/).every((word) => `${model[0]} ${model[1]}`.toLowerCase().includes(word))) return false;
  if (S.lic && skipped !== "lic" && model[fact.licence] !== S.lic) return false;
  return FLAGS.every(([key]) => !S[key] || key === skipped || flag(model, key));
}
