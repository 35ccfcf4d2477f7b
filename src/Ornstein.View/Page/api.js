// Asks the server. The token stands in the address of the page and goes with every request.
const token = new URLSearchParams(location.search).get("token") ?? "";
const listeners = new Set();
// So many failures in a row, and the page asks again only when it is used: whoever may serve at this port some day is not to be told the token.
const most = 300;
let reachable = true, rests = false, failures = 0;

export class Refused extends Error {}

/** Calls back whenever the server begins or ceases to answer, with whether it answers, and whether it is not asked any more until somebody uses the page. */
export function onReachable(listener) { listeners.add(listener); }

for (const use of ["pointerdown", "keydown", "focus"]) addEventListener(use, () => { failures = 0; });

async function ask(path, options) {
  if (failures >= most) throw new Error("the server does not answer");
  let response;
  try {
    response = await fetch(path, { ...options, headers: { Authorization: `Bearer ${token}`, ...options?.headers }, cache: "no-store" });
  } catch (error) {
    if (error.name !== "AbortError") tell(false, ++failures >= most);
    throw error;
  }
  failures = 0;
  tell(true, false);
  if (!response.ok) throw new Refused((await response.text()).trim() || `the server answered ${response.status}`);
  return response.json();
}

function tell(now, resting) {
  if (now === reachable && resting === rests) return;
  [reachable, rests] = [now, resting];
  for (const listener of listeners) listener(now, resting);
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
