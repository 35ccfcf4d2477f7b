// A study: its experiments and its cells with their states.
import { get } from "./api.js";
import { h, put, sortable, wide } from "./dom.js";
import { link } from "./links.js";

const stages = ["running", "done", "failed", "waiting", "lost"];

export function studyPage(store, id) {
  const experiments = h("tbody"), trouble = h("p", { class: "bad", role: "alert" }), count = h("p", { class: "quiet", role: "status" });
  const filter = h("input", { type: "search", placeholder: "part of a cell's name", oninput: draw }), stage = h("select", { onchange: draw }, ["all states", ...stages].map(each => h("option", {}, each)));
  const table = sortable({
    label: "Cells", key: cell => cell.run, most: 300,
    columns: [
      { title: "cell", left: true, long: true, cell: cell => store.runs.has(cell.run) ? h("a", { href: link("run", cell.run), "data-part": "name" }, cell.name) : cell.name, value: cell => cell.name },
      { title: "state", left: true, cell: cell => h("span", { class: cell.stage === "failed" || cell.stage === "lost" ? "bad" : cell.stage === "done" ? "good" : cell.stage === "running" ? "live" : "quiet" }, cell.stage), value: cell => stages.indexOf(cell.stage) },
      { title: "epochs", cell: cell => `${cell.epochs} of ${cell.ofEpochs}`, value: cell => cell.epochs / cell.ofEpochs },
      { title: "why", left: true, long: true, cell: cell => cell.reason ?? "", value: cell => cell.reason ?? null },
    ],
  });
  const head = wide("Experiments", h("table", {},
    h("thead", {}, h("tr", {}, ["experiment", "cells", "done", "running", "failed", "waiting", "lost"].map((text, i) => h("th", { scope: "col", class: i ? null : "left" }, text)))), experiments));
  const element = h("div", {}, h("p", {}, h("a", { href: "#/" }, "All runs")), h("h1", {}, id === "." ? "Study" : id), trouble, head,
    h("div", { class: "row" }, h("label", {}, "Filter", filter), h("label", {}, "State", stage)), count, table.element);
  let study = null, timer = null, left = false;

  function draw() {
    if (!study) return;
    const shown = study.cells.filter(cell => cell.name.toLowerCase().includes(filter.value.toLowerCase()) && (stage.value === "all states" || cell.stage === stage.value));
    put(count, `${shown.length} of ${study.cells.length} cells`);
    table.show(shown);
  }

  async function load() {
    const began = Date.now();
    try {
      study = await get("study", { id });
      if (left) return;
      put(trouble, study.trouble ?? "");
      experiments.replaceChildren(...study.experiments.map(each => h("tr", {}, h("th", { scope: "row", class: "left" }, each.name),
        [each.cells, each.done, each.running, each.failed, each.waiting, each.lost].map(value => h("td", {}, `${value}`)))));
      draw();
    } catch (error) { put(trouble, error.message); }
    // A study of many cells takes long to look through, and is asked for less often.
    if (!left) timer = setTimeout(load, Math.max(5000, 10 * (Date.now() - began)));
  }

  load();
  return { element, title: id, leave() { left = true; clearTimeout(timer); } };
}
