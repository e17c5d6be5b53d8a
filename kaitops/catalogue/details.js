const retires = (size) => size.retires[region()] || size.retires[""] || "";
const dated = (size) => size.dates[size.date[cloud().regions.indexOf(region())]] || "";
function details(model) {
  const found = choices(model, at(), "");
  const best = bestOf(model);
  const taken = best.why ? null : best.size.name;
  const [entry, line] = D.declared[model];
  const filled = (text) => text.replace("SIZE", taken).replace("TOKENS", S.ctx);
  const machines = make("table", { class: "sizes" }, make("caption", {}, `${D.models[model][0]} at ${S.ctx} tokens on every size of ${S.cloud}`),
    make("thead", {}, make("tr", {}, ...["Size", "GPUs", "Nodes", "Max context", "USD an hour", "Price of", "Retires"].map((one) => make("th", { scope: "col" }, one)))),
    make("tbody", {}, ...found.map((one) => make("tr", {}, make("th", { scope: "row" }, one.size.name), make("td", {}, `${one.size.gpus[0]} x ${one.size.gpus[1]}`),
      ...(one.why ? [make("td", { colspan: 4, class: "no" }, one.why)] : [one.cell.nodes, one.cell.context, money(one.cents), dated(one.size) || "-"].map((told) => make("td", {}, String(told)))),
      make("td", {}, retires(one.size) ? `${retires(one.size)}; ${one.size.successor}` : "-")))));
  return make("div", {}, make("dl", { class: "facts" }, ...D.facts.map(([key, label]) => make("div", {}, make("dt", {}, label), make("dd", {}, shown(D.models[model][fact[key]]))))),
    ...(taken ? [make("h3", {}, "In fleet.yaml"), copied(filled(entry), "entry"), make("h3", {}, "Or by command"), copied(filled(line), "command")] : []),
    make("h3", {}, "Machines"), make("div", { class: "wide", role: "region", tabindex: "0", "aria-label": `Machines for ${D.models[model][0]}` }, machines));
}
function copied(text, what) {
  const told = make("pre", {}, text);
  const button = make("button", { type: "button", "aria-label": `Copy the ${what}`, onclick: async () => {
    try { await navigator.clipboard.writeText(text); say(button, "Copied"); }
    catch { getSelection().selectAllChildren(told); say(button, "Selected"); }
  } }, "Copy");
  return make("div", { class: "copy" }, told, button);
}
function comparison() {
  const models = compared().map((title) => D.models.findIndex((model) => model[0] === title));
  $("compared").hidden = !models.length;
  const line = (label, tell) => make("tr", {}, make("th", { scope: "row" }, label), ...models.map((model) => make("td", {}, ...[tell(model)].flat())));
  const sized = (number) => (model) => {
    const one = choices(model, at(), cloud().sizes[number].name)[0];
    return one.why ? make("span", { class: "no" }, one.why) : `${one.cell.nodes} node${one.cell.nodes > 1 ? "s" : ""}, ${one.cell.context} tokens, ${money(one.cents)}`;
  };
  $("compared").replaceChildren(...(models.length ? [make("h2", { id: "compare-title" }, "Comparison"),
    make("button", { type: "button", onclick: () => set({ cmp: "" }) }, "Clear the comparison"),
    make("div", { class: "wide", role: "region", tabindex: "0", "aria-labelledby": "compare-title" }, make("table", {},
      make("thead", {}, make("tr", {}, make("td", {}), ...models.map((model) => make("th", { scope: "col" }, D.models[model][0])))),
      make("tbody", {}, ...D.facts.map(([key, label]) => line(label, (model) => shown(D.models[model][fact[key]]))),
        ...cloud().sizes.map((size, number) => line(size.name, sized(number))))))] : []));
}
