// Asks the server. The token stands in the address of the page and goes with every request.
const token = new URLSearchParams(location.search).get("token") ?? "";
const listeners = new Set();
let reachable = true;

export class Refused extends Error {}

/** Calls back with true or false whenever the server begins or ceases to answer. */
export function onReachable(listener) { listeners.add(listener); }

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { Authorization: `Bearer ${token}`, ...options?.headers }, cache: "no-store" });
  } catch (error) {
    if (error.name !== "AbortError") tell(false);
    throw error;
  }
  tell(true);
  if (!response.ok) throw new Refused((await response.text()).trim() || `the server answered ${response.status}`);
  return response.json();
}

function tell(now) {
  if (now === reachable) return;
  reachable = now;
  for (const listener of listeners) listener(now);
}

/** A document, by its path and the parts of its query; a list gives several of one name. */
export function get(path, query = {}, options = {}) {
  const parts = Object.entries(query).flatMap(([name, value]) => [value].flat().filter(each => each !== null && each !== undefined).map(each => [name, each]));
  return ask(`api/${path}?${new URLSearchParams(parts)}`, options);
}

/** What the server makes of a question about a model. */
export function post(path, question) { return send(`explore/${path}`, question); }

/** What the server answers to a document. */
export function send(path, question) {
  return ask(`api/${path}`, { method: "POST", body: JSON.stringify(question), headers: { "Content-Type": "application/json" } });
}

/** Sends questions one after another: while one is on its way, only the newest of those that come waits. */
export function latest(send, show) {
  let busy = false, waiting = null;
  async function next(question) {
    busy = true;
    try { show(await send(question), null, question); } catch (error) { show(null, error, question); }
    busy = false;
    if (waiting) { const then = waiting; waiting = null; next(then); }
  }
  return question => { if (busy) waiting = question; else next(question); };
}
