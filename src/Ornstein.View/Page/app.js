// The page: one of a few places, the folder's runs in memory, and a question to the server every second.
import { get, onReachable, Refused } from "./api.js";
import { h, put } from "./dom.js";
import { place } from "./links.js";
import { listPage } from "./list.js";
import { runPage } from "./run.js";
import { studyPage } from "./study.js";
import { comparePage } from "./compare.js";

const pages = { run: runPage, study: studyPage, compare: comparePage };
const main = document.getElementById("main"), state = document.getElementById("state");
const store = { runs: new Map(), studies: [], folder: "", unread: 0, isCut: false, index: null, version: 0 };
let shown = null, drawn = Date.now();

function show() {
  const { page, id, isWrong } = place();
  shown?.leave?.();
  shown = (pages[page] ?? listPage)(store, id);
  main.replaceChildren(...isWrong ? [h("p", { class: "bad", role: "alert" }, "The address is not one of this page, so here are all runs.")] : [], shown.element);
  document.title = `${shown.title} – Ornstein`;
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function say(text, lost) {
  put(state, text);
  state.className = lost ? "lost" : "";
}

async function refresh() {
  try {
    const answer = await get("runs", { index: store.index, version: store.version });
    if (answer.isWhole) store.runs.clear();
    for (const run of answer.runs) store.runs.set(run.id, { ...run, told: Date.now() });
    for (const id of answer.gone) store.runs.delete(id);
    const isNew = store.index === null;
    const changed = answer.version !== store.version || answer.index !== store.index || answer.studies.length !== store.studies.length || answer.unread !== store.unread;
    Object.assign(store, { index: answer.index, version: answer.version, studies: answer.studies, folder: answer.folder, unread: answer.unread, isCut: answer.isCut });
    document.getElementById("folder").textContent = store.folder;
    if (isNew) show();
    else if (changed || shown?.isLive || Date.now() - drawn > 20000) { drawn = Date.now(); shown?.update?.(); }
    say("", false);
  } catch (error) {
    if (error instanceof Refused) say(error.message, true);
    if (store.index === null && error instanceof Refused) main.replaceChildren(h("p", { class: "bad" }, error.message));
  }
  setTimeout(refresh, document.hidden ? 5000 : 1000);
}

onReachable((now, rests) => say(now ? "" : `The server does not answer. Start 'ornstein view' again for this folder${rests ? ", then click here or press a key." : ": this page goes on by itself."}`, !now));
addEventListener("hashchange", show);
// By the address it would lead away: what stands there after # is the place.
document.querySelector(".skip").addEventListener("click", event => { event.preventDefault(); main.focus(); });
refresh();
