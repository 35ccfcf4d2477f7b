// The latent explorer: a point of one model's layers, moved unit by unit, and the picture that it decodes to.
import { post, latest } from "./api.js";
import { h, number, put } from "./dom.js";
import { levels, picture, strip } from "./pictures.js";

const reach = 4, step = 16, redraws = 8, morphs = 9;

export function explorerSection(run, chosen) {
  if (!run.hasWeights) return null;
  const usable = each => each.models.filter(model => model.hasWeights), models = each => JSON.stringify(usable(each).map(model => [model.round, model.place]));
  const label = model => `rho ${model.label}${model.remedy ? `, ${model.remedy}` : ""}, seed ${model.seed}${model.status && model.status !== "ok" ? ` (${model.status})` : ""}`;
  const model = h("select", { id: "model", onchange: open }, usable(run).map(each => h("option", { value: `${each.round}/${each.place}` }, label(each))));
  const layer = h("select", { id: "layer", onchange() { clear(); units(); } });
  const datum = h("input", { type: "number", id: "datum", min: 0, value: 0, size: 6 }), other = h("input", { type: "number", id: "other", min: 0, value: 1, size: 6 });
  const now = picture("The point, decoded"), original = picture("The test image"), sliders = h("div", { class: "units" }), trouble = h("p", { class: "bad", role: "alert" });
  const more = h("button", { type: "button", hidden: true, onclick() { shownUnits += step; units(); } });
  const below = asked(strip("The layers below drawn anew, eight times"), async () => (await post("below", ask({ point, lowest: Number(layer.value), seed: ++redrawn, count: redraws }))).picture);
  const way = asked(strip("On the way"), morph), redraw = h("button", { type: "button", id: "redraw", onclick: below.draw }, "Redraw what lies below");
  original.element.hidden = true;
  // The prior is drawn by a seed of its own, so that models at other rhos are seen with the same noise.
  let soon = null, information = null, point = null, seed = 0, redrawn = 0, begun = 0, shownUnits = step, isOpen = false;

  const ask = query => { const [round, place] = model.value.split("/").map(Number); return { run: run.id, round, place, ...query }; };
  const fail = error => put(trouble, error?.message ?? "");
  const isChosen = question => `${question.round}/${question.place}` === model.value;

  // A strip of pictures of what is shown now: what comes after that has changed is left out.
  function asked(pictures, made) {
    let turn = 0;
    return {
      element: pictures.element,
      clear() { turn++; pictures.clear(); },
      async draw() {
        const mine = ++turn;
        try {
          const values = await made();
          if (mine !== turn) return;
          pictures.show(levels(values), information.pictures);
          fail(null);
        } catch (error) { if (mine === turn) fail(error); }
      },
    };
  }

  function clear() {
    below.clear();
    way.clear();
  }

  function numberOf(input) {
    const value = Number(input.value || NaN);
    if (!Number.isInteger(value)) throw new Error(`test images have whole numbers, from 0 to ${input.max}`);
    return value;
  }

  async function open() {
    if (!isOpen) return;
    clear();
    try {
      const question = ask(), next = await post("model", question);
      if (!isChosen(question)) return; // another was chosen meanwhile
      information = next;
      const before = layer.value;
      layer.replaceChildren(...information.layers.map((each, i) => h("option", { value: i }, `z${i + 1} (${each.shape})`)).reverse());
      layer.value = before && before < information.layers.length ? before : `${information.layers.length - 1}`;
      datum.max = other.max = information.data - 1;
      if (point && point.length === information.layers.length && original.element.hidden) await begin(() => ({ seed })); else await encode();
    } catch (error) { fail(error); }
  }

  const encode = () => begin(() => ({ datum: numberOf(datum) }));

  async function begin(query) {
    const mine = ++begun;
    try {
      const question = ask(query()), answer = await post("point", question);
      if (mine !== begun || !isChosen(question)) return;
      clear();
      point = answer.point;
      now.show(levels(answer.picture), information.pictures);
      original.element.hidden = !answer.original;
      if (answer.original) original.show(levels(answer.original), information.pictures);
      fail(null);
      units();
    } catch (error) { if (mine === begun) fail(error); }
  }

  // A map's units are its positions: they move together, channel by channel.
  function groups(index) {
    const { shape, mean } = information.layers[index], sizes = `${shape}`.split("x").map(Number), each = sizes.length > 1 ? mean.length / sizes[0] : 1;
    return Array.from({ length: mean.length / each }, (_, i) => Array.from({ length: each }, (_, j) => i * each + j));
  }

  const told = (index, units) => { const each = information.layers[index].information ?? information.layers[index].variance; return each ? units.reduce((sum, unit) => sum + (each[unit] ?? 0), 0) : 0; };

  function units() {
    if (!point || !information) return;
    const index = Number(layer.value), { mean, deviation, shape, information: known } = information.layers[index], isMap = `${shape}`.includes("x");
    const all = groups(index).map((units, i) => ({ units, i })).sort((a, b) => told(index, b.units) - told(index, a.units));
    const place = unit => (point[index][unit] - mean[unit]) / (deviation[unit] || 1), value = units => units.reduce((sum, unit) => sum + place(unit), 0) / units.length;
    sliders.replaceChildren(...all.slice(0, shownUnits).map(({ units, i }) => {
      const text = h("span", {}, `${isMap ? "channel" : "unit"} ${i + 1}${known ? `, ${number(told(index, units), 2)} nats` : ""}`);
      const slider = h("input", {
        type: "range", min: -reach, max: reach, step: 0.05, value: value(units), "data-unit": i,
        oninput() {
          const shift = Number(this.value) - value(units);
          for (const unit of units) point[index][unit] += shift * (deviation[unit] || 1);
          below.clear(); // of the point as it was
          send(ask({ point, lowest: index }));
        },
      });
      return h("label", {}, text, slider);
    }));
    more.hidden = all.length <= shownUnits;
    more.textContent = `Show ${Math.min(step, all.length - shownUnits)} more of ${all.length}`;
    redraw.disabled = index === 0;
    redraw.textContent = index === 0 ? "Nothing lies below z1" : `Fix z${index + 1} and above, redraw what lies below`;
  }

  const send = latest(query => post("below", query), (answer, error, query) => {
    if (query.point !== point || !isChosen(query)) return; // of a point, or a model, that is no longer shown
    if (error) { fail(error); return; }
    // What was moved meanwhile stays; the layers below follow.
    for (let i = 0; i < query.lowest; i++) point[i] = answer.point[i];
    now.show(levels(answer.picture), information.pictures);
    fail(null);
  });

  async function morph() {
    const [from, to] = [await post("point", ask({ datum: numberOf(datum) })), await post("point", ask({ datum: numberOf(other) }))];
    return (await post("morph", ask({ from: from.point, to: to.point, lowest: Number(layer.value), steps: morphs }))).pictures;
  }

  const content = h("div", {},
    h("div", { class: "row" }, h("label", {}, "Model", model), h("label", {}, "Layer", layer)),
    h("div", { class: "row" },
      h("label", {}, "Test image", datum), h("button", { type: "button", id: "encode", onclick: encode }, "Encode it"),
      h("button", { type: "button", id: "draw", onclick() { begin(() => ({ seed: ++seed })); } }, "Draw from the prior"),
      h("label", {}, "Morph to", other), h("button", { type: "button", id: "morph", onclick: way.draw }, "Morph"), redraw),
    trouble,
    h("div", { class: "explorer" }, h("div", {}, now.element, original.element), h("div", {}, h("p", { class: "quiet" },
      "Move a unit: the layers below follow as p's means. Positions are in standard deviations of the prior, -4 to 4; units that tell most about the data come first."), sliders, more)),
    below.element, way.element);
  const element = h("details", { class: "section", ontoggle() { if (this.open && !isOpen) { isOpen = true; open(); } } }, h("summary", {}, h("strong", {}, "Latent explorer"), ": move the units of a layer and see the image"), content);
  chosen.listeners.add(each => {
    const value = `${each.round}/${each.place}`;
    if (model.value === value) return;
    model.value = value;
    clear();
    clearTimeout(soon);
    soon = setTimeout(open, 80); // while the slider moves, none is opened
  });
  clear();
  return {
    element,
    // Of a run that has finished meanwhile, what each unit tells is known.
    update() {
      if (!isOpen || !information) return;
      const question = ask();
      post("model", question).then(next => { if (isChosen(question)) { information = next; units(); } }, fail);
    },
    isFor: next => models(next) === models(run),
  };
}
