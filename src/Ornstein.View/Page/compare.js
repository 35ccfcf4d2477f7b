// Finished runs side by side.
import { send } from "./api.js";
import { h, sortable } from "./dom.js";

function idsOf(text) {
  try { return [JSON.parse(text)].flat(); } catch { return [text]; }
}

export function comparePage(store, id) {
  const ids = idsOf(id), body = h("div", {}, h("p", {}, "Reading the runs ..."));
  const element = h("div", {}, h("p", {}, h("a", { href: "#/" }, "All runs")), h("h1", {}, ids.length === 1 ? "One run" : `${ids.length} runs side by side`), body);
  let left = false;
  (async function load() {
    try {
      const { columns, rows, notes } = await send("compare", ids);
      const table = sortable({
        label: "Comparison", key: row => row.label, most: 500,
        columns: [{ title: "", left: true, long: true, cell: row => row.label, value: row => row.label },
          ...columns.map((title, i) => ({ title, cell: row => row.cells[i], value: row => row.values[i] ?? (row.cells[i] === "-" ? null : row.values[i] === null ? row.cells[i] : row.values[i]) }))],
      });
      table.show(rows);
      body.replaceChildren(table.element, h("ul", {}, notes.map(note => h("li", {}, note))), h("p", { class: "quiet" }, "Nats per datum; sorted by ELBO, best first, until you choose otherwise. 'ornstein compare' writes the same as files, with figures."));
    } catch (error) {
      if (body.textContent !== error.message) body.replaceChildren(h("p", { class: "bad", role: "alert" }, error.message));
      if (!left) setTimeout(load, 5000);
    }
  })();
  return { element, title: "Comparison", leave() { left = true; } };
}
