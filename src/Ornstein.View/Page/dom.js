// Elements in one line each.

/** An element with properties, attributes and children; `on...` are listeners. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name in element && name !== "list" && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** Writes a text where it is another one: what is written again, screen readers read out again. */
export function put(element, text) { if (element.textContent !== text) element.textContent = text; }

/** A number for eyes; a dash for none. */
export function number(value, decimals = 3) {
  return value === null || value === undefined ? "–" : value.toFixed(decimals);
}

/** Seconds since a run was written to, by the server's clock: that of this machine may be another. */
export const silence = run => run.age + (Date.now() - run.told) / 1000;

/** The same in words. */
export function ago(run) {
  const seconds = silence(run);
  if (seconds < 60) return "now";
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}

/** A table that may be wider than the page: it scrolls by itself, also by keys. */
export function wide(label, table) { return h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": label }, table); }

/**
 * A table whose columns sort it. Columns: { title, left, cell(row) -> text or node, value(row) -> what to sort by }.
 * Returns { element, show(rows) }; the order and the focus stay as they are when rows are shown anew.
 */
export function sortable({ label, columns, key, most = 200, initial = null, mark = () => "" }) {
  let rows = [], order = initial, all = false;
  const body = h("tbody"), more = h("button", { type: "button", hidden: true, onclick() { all = true; draw(); } });
  const heads = columns.map((column, i) => h("th", { scope: "col", class: column.left ? "left" : null },
    column.value ? h("button", { type: "button", onclick() { order = { column: i, down: order?.column === i ? !order.down : !column.left }; draw(); } }, column.title) : column.title));
  const element = h("div", {}, wide(label, h("table", {}, h("thead", {}, h("tr", {}, heads)), body)), more);
  function draw() {
    heads.forEach((head, i) => {
      if (order?.column === i) head.setAttribute("aria-sort", order.down ? "descending" : "ascending"); else head.removeAttribute("aria-sort");
    });
    const sorted = [...rows];
    if (order) {
      const value = columns[order.column].value, sign = order.down ? -1 : 1;
      // What has no value stands at the end, whichever way.
      sorted.sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        if (x === null || x === undefined) return y === null || y === undefined ? 0 : 1;
        if (y === null || y === undefined) return -1;
        return sign * (typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x - y);
      });
    }
    const shown = all ? sorted : sorted.slice(0, most);
    const focused = document.activeElement?.closest?.("tr")?.dataset.key, place = focused && body.contains(document.activeElement) ? document.activeElement.dataset.part : null;
    body.replaceChildren(...shown.map(row => h("tr", { "data-key": key(row), class: mark(row) },
      columns.map(column => h("td", { class: [column.left ? "left" : "", column.long ? "long" : ""].join(" ").trim() || null }, column.cell(row))))));
    if (place) [...body.rows].find(row => row.dataset.key === focused)?.querySelector(`[data-part="${place}"]`)?.focus();
    more.hidden = shown.length === sorted.length;
    more.textContent = `Show all ${sorted.length}`;
  }
  return { element, show(next) { rows = next; draw(); } };
}
