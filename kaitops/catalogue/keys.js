document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const buttons = [...body.querySelectorAll("tr:not(.more):not([hidden]) > th button")];
  const here = buttons.findIndex((one) => one.closest("tr").contains(event.target));
  if (event.key === "/" && !typing) fields.q.focus();
  else if (event.key === "Escape" && event.target === fields.q && S.q) set({ q: "" });
  else if (event.key === "Escape" && S.m) {
    const back = lines.find((one) => D.models[one.model][0] === S.m);
    set({ m: "" });
    back.button.focus();
  } else if (event.key === "c" && here >= 0 && !typing) compare(buttons[here].textContent);
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (!typing || event.target === fields.q)) {
    const next = buttons[event.key === "ArrowUp" ? here - 1 : here + 1];
    if (next) next.focus();
    else if (event.key === "ArrowUp" && here === 0) fields.q.focus();
    else return;
  } else return;
  event.preventDefault();
});
const again = () => { read(); draw(); };
addEventListener("popstate", again);
addEventListener("hashchange", again);
again();
