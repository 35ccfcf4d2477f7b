// How training goes: a number per epoch, a line for each model. Live while it trains.
import { get } from "./api.js";
import { h } from "./dom.js";
import { chart, colour } from "./chart.js";

const names = {
  "validation-objective": "objective, validation data", objective: "objective, training batches", "validation-elbo": "ELBO of the unsmoothed model, validation data",
};

const nameOf = key => names[key] ?? key.replace(/^validation-kl-z(\d+)$/, "KL of z$1, validation data").replace(/^kl-z(\d+)$/, "KL of z$1, training batches");

export function curvesSection(run, chosen) {
  const rounds = [...new Set(run.models.map(model => model.round))].sort((a, b) => a - b);
  const quantity = h("select", { onchange() { load(); } }), round = h("select", { onchange() { load(); } }, rounds.map(each => h("option", { value: each }, each === 0 ? "first models" : `round ${each}`)));
  const from = h("input", { type: "number", min: 1, value: 1, size: 6, onchange() { if (chosen.curves) chosen.curves.from = this.value; draw(); } });
  const curves = chart("A line for each model, from low rho (blue) to high (orange). Nats per datum."), note = h("p", { class: "quiet", role: "status" });
  const element = h("section", { "aria-label": "Training" }, h("h2", {}, "Training"),
    h("div", { class: "row" }, h("label", {}, "Quantity", quantity), rounds.length > 1 ? h("label", {}, "Models", round) : "", h("label", {}, "From epoch", from)), note, curves.element);
  // What was chosen before the run had more to show stays chosen.
  const before = chosen.curves;
  if (before) { from.value = before.from; if (rounds.includes(Number(before.round))) round.value = before.round; }
  let wanted = before?.quantity ?? null, data = null, timer = null, left = false, isTraining = run.state === "training", several = false;

  async function load() {
    clearTimeout(timer);
    try {
      const next = await get("epochs", { id: run.id, round: round.value || 0, key: wanted ?? quantity.value });
      wanted = null;
      if (left) return;
      if (!data || data.keys.join() !== next.keys.join()) quantity.replaceChildren(...next.keys.map(key => h("option", { value: key }, nameOf(key))));
      if (next.key) quantity.value = next.key;
      chosen.curves = { quantity: quantity.value, from: from.value, round: round.value };
      data = next;
      note.textContent = data.of === 0 ? "No epoch has ended yet." : `${data.of} of ${run.ofEpochs} epochs${data.epochs.length < data.of ? `, every ${Math.round(data.of / data.epochs.length)}th drawn` : ""}`
        + (isTraining && data.imagesPerSecond ? `, ${Math.round(data.imagesPerSecond).toLocaleString("en")} images a second` : "");
      draw();
    } catch (error) { note.textContent = error.message; }
    if (isTraining && !left) timer = setTimeout(load, 1500);
  }

  function draw() {
    if (!data || data.of === 0) return;
    const models = run.models.filter(model => model.round === Number(round.value || 0)).sort((a, b) => a.place - b.place), series = data.values;
    const first = data.epochs.findIndex(epoch => epoch >= Number(from.value)), start = first < 0 ? 0 : first;
    const labels = [...new Set(models.map(model => model.label))];
    several = new Set(models.map(model => model.remedy)).size > 1;
    const build = () => ({
      x: data.epochs.slice(start), xLabel: "epoch", yLabel: "nats", again: build,
      series: series.map((values, i) => {
        const model = models[i] ?? { label: `${i}`, seed: 0 };
        return { label: `rho ${model.label}${several ? `, ${model.remedy ?? "none"}` : ""}, seed ${model.seed}`, colour: colour(labels.indexOf(model.label), labels.length), values: values.slice(start) };
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
