// How training goes: a number per epoch, a line for each model. Live while it trains.
import { get } from "./api.js";
import { h, put } from "./dom.js";
import { chart, colour } from "./chart.js";

const names = {
  "validation-objective": "objective, validation data", objective: "objective, training batches", "validation-elbo": "ELBO of the unsmoothed model, validation data",
};

const nameOf = key => names[key] ?? key.replace(/^validation-kl-z(\d+)$/, "KL of z$1, validation data").replace(/^kl-z(\d+)$/, "KL of z$1, training batches");

export function curvesSection(run, chosen) {
  // Models whose stack is not in the folder have no round, and no epochs.
  const rounds = [...new Set(run.models.map(model => model.round).filter(each => each !== null))].sort((a, b) => a - b);
  const quantity = h("select", { onchange: choose }), round = h("select", { onchange: choose }, rounds.map(each => h("option", { value: each }, each === 0 ? "first models" : `round ${each}`)));
  const from = h("input", { type: "number", min: 1, value: 1, size: 6, onchange: choose });
  const curves = chart("A line for each model, from low rho (blue) to high (orange). Nats per datum."), note = h("p", { class: "quiet" });
  const element = h("section", { "aria-label": "Training" }, h("h2", {}, "Training"),
    h("div", { class: "row" }, h("label", {}, "Quantity", quantity), rounds.length > 1 ? h("label", {}, "Models", round) : "", h("label", {}, "From epoch", from)), note, curves.element);
  // What was chosen before the run had more to show stays chosen.
  const before = chosen.curves;
  if (before) { from.value = before.from; if (rounds.includes(Number(before.round))) round.value = before.round; }
  let wanted = before?.quantity ?? null, data = null, timer = null, left = false, isTraining = run.state === "training", turn = 0;

  function choose() {
    wanted = null;
    load();
  }

  async function load() {
    clearTimeout(timer);
    const mine = ++turn, asked = { round: Number(round.value || 0), key: wanted ?? quantity.value, from: Math.max(1, Math.ceil(Number(from.value)) || 1) };
    chosen.curves = { quantity: asked.key, from: from.value, round: round.value };
    try {
      const next = await get("epochs", { id: run.id, ...asked });
      if (left || mine !== turn) return; // something else was asked for meanwhile
      wanted = null;
      if (data?.keys.join() !== next.keys.join()) quantity.replaceChildren(...next.keys.map(key => h("option", { value: key }, nameOf(key))));
      if (next.key) quantity.value = next.key;
      data = { ...next, ...asked, key: next.key };
      put(note, told());
      draw();
    } catch (error) {
      if (left || mine !== turn) return;
      put(note, error.message);
    }
    if (isTraining) timer = setTimeout(load, 1500);
  }

  function told() {
    const { of, epochs, imagesPerSecond } = data;
    if (of === 0) return "No epoch has ended yet.";
    if (epochs.length === 0) return `There is nothing from epoch ${data.from} on: ${of} of ${run.ofEpochs} epochs have ended.`;
    const every = epochs.length > 2 ? epochs[1] - epochs[0] : 1;
    return `${of} of ${run.ofEpochs} epochs${every > 1 ? `, one in ${every} drawn` : ""}${isTraining && imagesPerSecond ? `, ${Math.round(imagesPerSecond).toLocaleString("en")} images a second` : ""}`;
  }

  function draw() {
    const { epochs, values } = data;
    curves.element.hidden = epochs.length === 0;
    if (epochs.length === 0) return;
    // A run's models come by rho, those that were trained together by their place.
    const byRho = run.models.filter(model => model.round === data.round), models = [...byRho].sort((a, b) => a.place - b.place);
    const labels = [...new Set(byRho.map(model => model.label))], several = new Set(models.map(model => model.remedy)).size > 1;
    const build = () => ({
      x: epochs, xLabel: "epoch", yLabel: "nats", again: build,
      series: values.map((line, i) => {
        const model = models[i] ?? { label: `${i}`, seed: 0 };
        return { label: `rho ${model.label}${several ? `, ${model.remedy ?? "none"}` : ""}, seed ${model.seed}`, colour: colour(labels.indexOf(model.label), labels.length), values: line };
      }),
    });
    curves.update(build());
  }

  load();
  return {
    element,
    update(document) { const was = isTraining; isTraining = document.state === "training"; if (was !== isTraining) load(); },
    leave() { left = true; clearTimeout(timer); curves.leave(); },
  };
}
