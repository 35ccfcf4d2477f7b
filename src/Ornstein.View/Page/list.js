// All runs and studies below the folder, live.
import { h, number, ago, put, silence, sortable } from "./dom.js";
import { link } from "./links.js";

const quietAfter = 600; // seconds without a sign of life

const isSilent = run => run.state === "training" && silence(run) > quietAfter;

export function stateOf(run) {
  if (run.state === "training") {
    const silent = isSilent(run);
    return h("span", { class: silent ? "bad" : "live", title: run.changed }, silent ? `silent, last write ${ago(run)}` : run.rounds ? `training, round ${run.rounds}` : "training");
  }
  if (run.state === "broken") return h("span", { class: "bad" }, `broken: ${run.trouble}`);
  return h("span", { class: run.state === "finished" ? "good" : "quiet" }, run.state);
}

export function listPage(store) {
  const chosen = new Set();
  const compare = h("button", { type: "button", disabled: true, onclick() { location.hash = link("compare", JSON.stringify([...chosen])); } }, "Compare");
  const filter = h("input", { type: "search", placeholder: "part of a name, data set or state", oninput: draw });
  const count = h("p", { class: "quiet", role: "status" }), studies = h("div");
  const choose = run => h("input", {
    type: "checkbox", checked: chosen.has(run.id), "aria-label": `choose ${run.id} for comparison`, "data-part": "choose", disabled: run.state !== "finished" || run.isOfBranches,
    onchange() {
      if (this.checked) chosen.add(run.id); else chosen.delete(run.id);
      name();
    },
  });
  const table = sortable({
    label: "Runs", key: run => run.id, initial: { column: 11, down: true },
    columns: [
      { title: h("span", { class: "quiet" }, "compare"), left: true, cell: choose },
      { title: "run", left: true, long: true, cell: run => h("a", { href: link("run", run.id), "data-part": "name" }, run.id), value: run => run.id },
      { title: "state", left: true, long: true, cell: stateOf, value: run => run.state },
      { title: "data", left: true, cell: run => run.data, value: run => run.data },
      { title: "latents", left: true, cell: run => run.latents, value: run => run.latents },
      { title: "models", cell: run => `${run.models}`, value: run => run.models },
      { title: "epochs", cell: run => run.isOfBranches ? "–" : run.epochs === run.ofEpochs ? `${run.epochs}` : `${run.epochs} of ${run.ofEpochs}`, value: run => run.epochs },
      { title: "ELBO", cell: run => number(run.elbo, 2), value: run => run.elbo },
      { title: "top KL", cell: run => number(run.topKl), value: run => run.topKl },
      { title: "top information", cell: run => number(run.topInformation), value: run => run.topInformation },
      { title: "critical rho", cell: run => number(run.criticalRho), value: run => run.criticalRho },
      { title: "changed", cell: ago, value: run => new Date(run.changed).getTime() },
    ],
  });
  const element = h("div", {},
    h("h1", {}, "Runs"), studies,
    h("div", { class: "row" }, h("label", {}, "Filter", filter), compare), count, table.element,
    h("p", { class: "quiet" }, "ELBO, KL and information are in nats per datum, the largest among the models of a run; of a run that trains, the KL is that of its last epoch. The top layer's information is what it tells about the data."));

  function name() {
    compare.disabled = chosen.size === 0;
    compare.textContent = chosen.size ? `Compare ${chosen.size} ${chosen.size === 1 ? "run" : "runs"}` : "Compare";
  }

  function draw() {
    // A run that has gone cannot be unticked.
    for (const id of chosen) if (store.runs.get(id)?.state !== "finished") chosen.delete(id);
    name();
    const words = filter.value.toLowerCase().split(/\s+/).filter(word => word);
    const runs = [...store.runs.values()], shown = runs.filter(run => words.every(word => `${run.id} ${run.data} ${run.state} ${run.rho}`.toLowerCase().includes(word)));
    const live = runs.filter(run => run.state === "training" && !isSilent(run)).length;
    put(count, runs.length === 0 ? "There are no runs in this folder yet. 'ornstein phase' makes one; it appears here by itself."
      : `${shown.length === runs.length ? runs.length : `${shown.length} of ${runs.length}`} ${runs.length === 1 ? "run" : "runs"}${live ? `, ${live} training` : ""}`
        + `${store.unread ? `, ${store.unread} still to be read` : ""}${store.isCut ? "; the folder holds more than is looked into" : ""}`);
    studies.replaceChildren(...store.studies.map(id => h("p", {}, "Study: ", h("a", { href: link("study", id) }, id === "." ? store.folder : id))));
    table.show(shown);
  }

  draw();
  return { element, title: "Runs", update: draw };
}
