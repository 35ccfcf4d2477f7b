// A run: what it came to, its phase diagram, its curves, and its models to look into.
import { get } from "./api.js";
import { h, ago } from "./dom.js";
import { stateOf } from "./list.js";
import { phaseSection } from "./phase.js";
import { curvesSection } from "./curves.js";
import { explorerSection } from "./explorer.js";

export function runPage(store, id) {
  const head = h("div"), body = h("div", {}, h("p", {}, "Reading the run ..."));
  const element = h("div", {}, h("p", {}, h("a", { href: "#/" }, "All runs")), h("h1", {}, id), head, body);
  let seen = null, sections = [], left = false;

  function facts(run) {
    if (!run) { head.replaceChildren(h("p", { class: "bad" }, "This run is not in the folder.")); return; }
    const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
    head.replaceChildren(h("dl", { class: "facts" },
      fact("state", stateOf(run)), fact("data", run.data), fact("latents, z1 first", run.latents), fact("models", `${run.models}`),
      fact("epochs", [`${run.epochs} of ${run.ofEpochs} `, run.state === "training" ? h("progress", { max: run.ofEpochs, value: run.epochs, "aria-label": "epochs" }) : ""]),
      fact("last write", ago(run.changed))));
  }

  async function load(run) {
    try {
      const document = await get("run", { id });
      if (left) return;
      const models = JSON.stringify([document.state, document.models.length, document.hasWeights]);
      if (models === seen?.models) { for (const section of sections) section.update?.(document); return; }
      seen = { models };
      for (const section of sections) section.leave?.();
      const chosen = { model: 0, listeners: new Set() };
      sections = [phaseSection(document, chosen), curvesSection(document), explorerSection(document, chosen)].filter(section => section);
      body.replaceChildren(
        ...[document.findings.length ? h("section", { "aria-label": "Findings" }, h("h2", {}, "What it shows"), h("ul", {}, document.findings.map(line => h("li", {}, line)))) : "",
          document.warnings.length ? h("section", {}, h("h2", {}, "What may mislead"), h("ul", {}, document.warnings.map(line => h("li", {}, line)))) : ""],
        ...sections.map(section => section.element),
        h("details", {}, h("summary", {}, "The command that trains these models"), h("p", {}, h("code", {}, document.command))));
    } catch (error) {
      if (!left && (!seen || error.constructor.name === "Refused")) body.replaceChildren(h("p", { class: "bad", role: "alert" }, error.message));
    }
  }

  let last = null;
  function update() {
    const run = store.runs.get(id);
    facts(run);
    const stamp = JSON.stringify(run ?? null);
    if (stamp !== last) { last = stamp; load(run); }
  }

  update();
  return { element, title: id, update, isLive: true, leave() { left = true; for (const section of sections) section.leave?.(); } };
}
