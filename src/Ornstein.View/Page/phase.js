// The phase diagram: a number of every layer against rho, and a slider that moves through the models.
import { post } from "./api.js";
import { h, number, put, wide } from "./dom.js";
import { chart, colour } from "./chart.js";
import { levels, strip } from "./pictures.js";

const quantities = {
  information: { name: "information", of: model => model.information, label: "information (nats)" },
  inMeans: { name: "information in means", of: model => model.inMeans, label: "information in means (nats)" },
  inWidths: { name: "information in widths", of: model => model.inWidths, label: "information in widths (nats)" },
  kl: { name: "KL", of: model => model.kl, label: "KL (nats)" },
};

const mean = values => values.length ? values.reduce((a, b) => a + b, 0) / values.length : null;

/** The section; null where no model has numbers yet. */
export function phaseSection(run, chosen) {
  const measured = run.models.filter(model => model.status === "ok" && model.kl);
  if (measured.length === 0) return null;
  const labels = [...new Set(measured.map(model => model.label))], remedies = [...new Set(measured.map(model => model.remedy ?? "none"))];
  const has = key => measured.some(model => quantities[key].of(model));
  const keys = Object.keys(quantities).filter(has);
  const quantity = h("select", { onchange: draw }, keys.map(key => h("option", { value: key }, quantities[key].name)));
  const remedy = h("select", { onchange: move }, remedies.map(each => h("option", { value: each }, each)));
  const layers = h("select", { onchange: draw }, h("option", { value: "upper" }, run.layers > 1 ? "z2 and above" : "z1"), h("option", { value: "all" }, "all layers"));
  const slider = h("input", { type: "range", min: 0, max: labels.length - 1, step: 1, value: 0, id: "rho", oninput: move }), output = h("output", { for: "rho" });
  const diagram = chart("A line for each layer, mean over seeds; dots are single seeds. The vertical line stands at the chosen rho."), table = h("div");
  const trouble = h("p", { class: "bad", role: "alert" }), lack = h("p", { class: "quiet", role: "status" });
  const samples = strip("Samples of the smoothed model, the same noise at every rho"), originals = strip("Test data"), made = strip("What the model makes of them");
  const pictures = h("div", { hidden: true }, samples.element, originals.element, made.element);
  let form = null, timer = null, busy = false, wanted = null;

  const isAt = label => model => model.label === label && (model.remedy ?? "none") === remedy.value;

  function data() {
    const { of, label } = quantities[quantity.value], rhos = [...new Set(measured.map(model => model.rho))].sort((a, b) => a - b);
    const shown = Array.from({ length: run.layers }, (_, i) => i).filter(i => layers.value === "all" || run.layers === 1 || i > 0);
    const here = measured.filter(model => (model.remedy ?? "none") === remedy.value && of(model));
    const seeds = [...new Set(here.map(model => model.seed))];
    const single = rho => layer => seed => here.find(model => model.rho === rho && model.seed === seed)?.[quantity.value]?.[layer] ?? null;
    return {
      x: rhos, xLabel: "rho", yLabel: label, marker: measured.find(model => model.label === labels[slider.value])?.rho,
      series: shown.flatMap((layer, i) => [
        { label: `z${layer + 1}`, colour: colour(i, shown.length), values: rhos.map(rho => mean(here.filter(model => model.rho === rho).map(model => of(model)[layer]).filter(value => value !== null))) },
        ...(seeds.length > 1 ? seeds.map(seed => ({ label: `z${layer + 1}, seed ${seed}`, colour: colour(i, shown.length), points: true, values: rhos.map(rho => single(rho)(layer)(seed)) })) : []),
      ]),
      again: data,
    };
  }

  // Links with rhos of their own, such as 0.5:0.8, have no single axis.
  const isLine = measured.every(model => !model.label.includes(":"));
  function draw() { if (isLine) diagram.update(data()); }

  // By its event where somebody moved it: what is drawn by itself leaves the explorer where it is.
  function move(event) {
    const models = measured.filter(isAt(labels[slider.value])), model = models.find(each => each.hasWeights);
    output.textContent = labels[slider.value];
    slider.setAttribute("aria-valuetext", `rho ${labels[slider.value]}`);
    draw();
    table.replaceChildren(wide(`Layers at rho ${labels[slider.value]}`, h("table", {},
      h("caption", {}, `rho ${labels[slider.value]}: mean over ${models.length} ${models.length === 1 ? "seed" : "seeds"}`),
      h("thead", {}, h("tr", {}, ["layer", ...keys.map(key => quantities[key].name), "active units", "verdict"].map(text => h("th", { scope: "col", class: text === "layer" || text === "verdict" ? "left" : null }, text)))),
      h("tbody", {}, Array.from({ length: run.layers }, (_, layer) => h("tr", {}, h("th", { scope: "row", class: "left" }, `z${layer + 1}`),
        keys.map(key => h("td", {}, number(mean(models.map(each => quantities[key].of(each)?.[layer] ?? null).filter(value => value !== null))))),
        h("td", {}, models.map(each => each.activeUnits?.[layer] ?? "–").join(", ")),
        h("td", { class: "left" }, [...new Set(models.map(each => each.verdicts?.[layer]).filter(word => word))].join(", ") || "–")))))));
    if (event && model) for (const listener of chosen.listeners) listener(model);
    want(model ?? null, models);
  }

  // The pictures of a model; of none, a line in their place.
  function want(model, models) {
    clearTimeout(timer);
    wanted = model;
    put(lack, model ? "" : `${reason(labels[slider.value], models)}, so there are no pictures.`);
    if (model) { timer = setTimeout(look, 60); return; }
    pictures.hidden = true;
    put(trouble, "");
  }

  function reason(label, models) {
    if (models.length) return `The weights of the ${models.length === 1 ? "model" : "models"} at rho ${label} are not in the folder`;
    const states = [...new Set(run.models.filter(isAt(label)).map(model => model.status ?? "not measured"))];
    return states.length ? `No model at rho ${label} has numbers (${states.join(", ")})` : `No model was trained at rho ${label} with this remedy`;
  }

  async function look() {
    if (busy || wanted === null) return;
    const model = wanted, { round, place } = model;
    busy = true;
    try {
      form ??= (await post("model", { run: run.id, round, place })).pictures;
      const answer = await post("pictures", { run: run.id, round, place, seed: 0, count: 12 });
      if (wanted === model) show(answer, `${round}/${place}`);
    } catch (error) {
      if (wanted === model) { pictures.hidden = true; put(trouble, error.message); }
    }
    busy = false;
    if (wanted !== model) look(); // another was chosen meanwhile
  }

  function show(answer, model) {
    samples.show(levels(answer.samples), form);
    originals.show(levels(answer.originals), form);
    made.show(levels(answer.pictures), form);
    pictures.hidden = false;
    pictures.dataset.model = model;
    put(trouble, "");
  }

  const element = h("section", { "aria-label": "Phase diagram" }, h("h2", {}, labels.length > 1 ? "Layers against rho" : "Layers"),
    h("div", { class: "row" }, isLine ? [h("label", {}, "Quantity", quantity), h("label", {}, "Layers", layers)] : "", remedies.length > 1 ? h("label", {}, "Remedy", remedy) : ""),
    isLine ? diagram.element : h("p", { class: "quiet" }, "The links of these models have rhos of their own, so that there is no single rho to draw them against."),
    h("div", { class: "slider", hidden: labels.length < 2 }, h("label", { for: "rho" }, "rho"), slider, output),
    table, trouble, lack, pictures);
  setTimeout(move);
  return { element, leave() { clearTimeout(timer); wanted = null; diagram.leave(); } };
}
