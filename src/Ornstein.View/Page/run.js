// A run: what it came to, its phase diagram, its curves, and its models to look into.
import { get, Refused } from "./api.js";
import { h, ago } from "./dom.js";
import { link } from "./links.js";
import { stateOf } from "./list.js";
import { phaseSection } from "./phase.js";
import { curvesSection } from "./curves.js";
import { explorerSection } from "./explorer.js";

export function runPage(store, id) {
  const head = h("div"), body = h("div", {}, h("p", {}, "Reading the run ..."));
  const element = h("div", {}, h("p", {}, h("a", { href: "#/" }, "All runs")), h("h1", {}, id), head, body);
  const chosen = { listeners: new Set() };
  let seen = null, sections = [], left = false, turn = 0;

  function facts(run) {
    if (!run) { head.replaceChildren(h("p", { class: "bad" }, "This run is not in the folder.")); return; }
    const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));
    head.replaceChildren(h("dl", { class: "facts" },
      fact("state", stateOf(run)), fact("data", run.data), fact("latents, z1 first", run.latents), fact("models", `${run.models}`),
      run.isOfBranches ? "" : fact("epochs", [`${run.epochs} of ${run.ofEpochs}${run.rounds ? `, round ${run.rounds} of refinement` : ""} `, run.state === "training" ? h("progress", { max: run.ofEpochs, value: run.epochs, "aria-label": "epochs" }) : ""]),
      fact("last write", ago(run))));
  }

  async function load(run) {
    const mine = ++turn;
    try {
      const document = await get("run", { id });
      if (left || mine !== turn) return;
      const models = JSON.stringify([document.state, document.models.map(model => model.hasWeights), document.stacks]);
      if (models === seen) { for (const section of sections) if (!section.isFor) section.update?.(document); return; }
      seen = models;
      // Whoever plays with a model that is still the same goes on with it.
      const kept = sections.find(section => section.isFor?.(document));
      for (const section of sections) if (section !== kept) section.leave?.();
      if (!kept) chosen.listeners.clear();
      sections = [phaseSection(document, chosen), document.models.length ? curvesSection(document, chosen) : null, kept ?? explorerSection(document, chosen)].filter(section => section);
      body.replaceChildren(
        ...[document.findings.length ? h("section", { "aria-label": "Findings" }, h("h2", {}, "What it shows"), h("ul", {}, document.findings.map(line => h("li", {}, line)))) : "",
          document.stacks.length ? h("section", {}, h("h2", {}, "Its stacks"), h("ul", {}, document.stacks.map(stack => h("li", {}, h("a", { href: link("run", stack) }, stack))))) : "",
          document.warnings.length ? h("section", {}, h("h2", {}, "What may mislead"), h("ul", {}, document.warnings.map(line => h("li", {}, line)))) : ""],
        ...sections.map(section => section.element),
        h("details", {}, h("summary", {}, "The command that trains these models"), h("p", {}, h("code", {}, document.command))));
      kept?.update(document);
    } catch (error) {
      if (left || mine !== turn) return;
      if (!(error instanceof Refused)) { [seen, last] = [null, null]; return; } // tried again when the server is back
      for (const section of sections) section.leave?.();
      [sections, seen] = [[], null];
      chosen.listeners.clear();
      if (body.textContent !== error.message) body.replaceChildren(h("p", { class: "bad", role: "alert" }, error.message));
      setTimeout(() => { if (!left) last = null; }, 5000);
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
