// A line chart with a legend that names the values under the pointer, and below it the same numbers as a table for those who cannot see it.
import { h, number, wide } from "./dom.js";

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// From blue by violet to orange: told apart without red and green, in light and dark.
export function colour(i, count) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches, share = count > 1 ? i / (count - 1) : 0;
  return `hsl(${225 + share * 165} 70% ${dark ? 68 : 42}%)`;
}

/**
 * Draws { title, xLabel, yLabel, x: [...], series: [{ label, values, colour, dash, points }], marker } and returns { element, update(data), leave() }.
 * The marker is a vertical line at a value of x.
 */
export function chart(title) {
  const place = h("div", { class: "chart" }), head = h("tr"), body = h("tbody");
  // It stays while its rows are replaced, with its focus and where it was scrolled to.
  const table = h("details", {}, h("summary", {}, "Numbers"), wide(title, h("table", {}, h("thead", {}, head), body)));
  const element = h("figure", {}, place, h("figcaption", {}, title), table);
  let plot = null, shape = "", last = null;

  function draw(data) {
    last = data;
    const next = JSON.stringify([data.series.map(each => [each.label, each.colour, each.dash, each.points]), data.xLabel, data.yLabel, data.xSet ?? null, css("--ink")]);
    const values = [data.x, ...data.series.map(each => each.values)];
    if (plot && shape === next) {
      plot.marker = data.marker;
      plot.setData(values);
    } else {
      plot?.destroy();
      shape = next;
      const axis = label => ({ label, stroke: css("--quiet"), grid: { stroke: css("--line") }, ticks: { stroke: css("--line") }, labelSize: 22 });
      plot = new uPlot({
        width: Math.max(280, place.clientWidth), height: 300,
        scales: { x: { time: false } },
        axes: [axis(data.xLabel), { ...axis(data.yLabel), size: 62 }],
        legend: { live: true },
        series: [{ label: data.xLabel }, ...data.series.map(each => ({
          label: each.label, stroke: each.colour, width: each.points ? 0 : 2, dash: each.dash, spanGaps: true,
          points: { show: each.points || each.values.length < 3, size: 7, fill: css("--page") }, value: (_, value) => number(value),
        }))],
        hooks: { draw: [mark] },
      }, values, place);
      plot.marker = data.marker;
      plot.root.querySelector("canvas").setAttribute("role", "img");
    }
    plot.root.querySelector("canvas").setAttribute("aria-label", `${title}. The numbers are in the table below.`);
    if (table.open) fill();
  }

  function mark(u) {
    if (u.marker === null || u.marker === undefined) return;
    const at = u.valToPos(u.marker, "x", true);
    u.ctx.save();
    u.ctx.strokeStyle = css("--accent");
    u.ctx.lineWidth = 2 * devicePixelRatio;
    u.ctx.beginPath();
    u.ctx.moveTo(at, u.bbox.top);
    u.ctx.lineTo(at, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.restore();
  }

  function fill() {
    const { x, series, xLabel } = last;
    // Of a long curve every n-th point: who wants all has `ornstein export`.
    const every = Math.max(1, Math.ceil(x.length / 60)), rows = x.map((_, i) => i).filter(i => i % every === 0 || i === x.length - 1);
    head.replaceChildren(...[xLabel, ...series.map(each => each.label)].map(text => h("th", { scope: "col" }, text)));
    body.replaceChildren(...rows.map(i => h("tr", {}, h("th", { scope: "row" }, `${x[i]}`), series.map(each => h("td", {}, number(each.values[i]))))));
  }

  table.addEventListener("toggle", () => { if (table.open && last) fill(); });
  const sizes = new ResizeObserver(() => { if (plot && place.clientWidth > 0) plot.setSize({ width: Math.max(280, place.clientWidth), height: 300 }); });
  const scheme = matchMedia("(prefers-color-scheme: dark)"), again = () => { if (last?.again) draw(last.again()); };
  sizes.observe(place);
  scheme.addEventListener("change", again);
  return { element, update: draw, leave() { sizes.disconnect(); scheme.removeEventListener("change", again); plot?.destroy(); plot = null; } };
}
