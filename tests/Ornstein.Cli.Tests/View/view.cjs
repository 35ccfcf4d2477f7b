// What a person does with the page of `ornstein view`, in Chromium. Arguments: folder of playwright-core, browser, scenario, address, folder for marks, number of runs.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const [modules, browserPath, scenario, address, marks, runs = "1000"] = process.argv.slice(2);
const { chromium } = require(join(modules, "playwright-core"));
const problems = [], done = [];

const check = (name, holds) => { if (!holds) throw new Error(`not so: ${name}`); done.push(name); };
const pixels = (page, selector) => page.$eval(selector, canvas => canvas.toDataURL());
const mark = name => writeFileSync(join(marks, name), "");

async function changed(page, selector, before) {
  await page.waitForFunction(([selector, before]) => document.querySelector(selector).toDataURL() !== before, [selector, before]);
}

// The slider moves through the models.
async function moveSlider(page) {
  await page.waitForSelector("[data-model]");
  const samples = "section[aria-label='Phase diagram'] canvas.strip", at = await pixels(page, samples);
  await page.focus("#rho");
  await page.keyboard.press("ArrowRight");
  await changed(page, samples, at);
  check("the slider of rho changes the pictures, by keys", await page.textContent("output[for=rho]") === "1");
  check("the layers are those of that rho", (await page.textContent("section[aria-label='Phase diagram'] caption")).includes("rho 1:"));
}

// The folder that is shown is itself a run.
async function slider(page) {
  await page.click("tbody a");
  await moveSlider(page);
}

async function walk(page) {
  // A run that trains is there, and moves by itself.
  const epochs = () => page.$eval("tr[data-key=live] td:nth-child(7)", cell => parseInt(cell.textContent));
  await page.waitForSelector("tr[data-key=live] .live");
  const first = await epochs();
  await page.waitForFunction(first => parseInt(document.querySelector("tr[data-key=live] td:nth-child(7)").textContent) > first, first);
  check("a run that trains moves in the list", await epochs() > first);
  await page.click("tr[data-key=live] a");
  await page.waitForSelector(".uplot");
  const note = "section[aria-label=Training] p.quiet", lines = () => page.textContent(note);
  const before = await lines();
  await page.waitForFunction(([note, before]) => document.querySelector(note).textContent !== before, [note, before]);
  check("its curves move", /epochs/.test(await lines()));

  await page.goto(`${address}#/run/done`);
  await moveSlider(page);
  await page.focus(".skip");
  await page.keyboard.press("Enter");
  check("to skip to the content leaves the page where it is", page.url().endsWith("#/run/done") && await page.evaluate(() => document.activeElement.id) === "main" && await page.isVisible("#rho"));
  await curves(page, note);

  // The latent explorer.
  await page.click("text=Latent explorer");
  await page.waitForSelector(".units input");
  check("the explorer follows the slider", (await page.$eval("#model", select => select.selectedOptions[0].textContent)).includes("rho 1,"));
  const point = await pixels(page, "canvas.picture");
  await page.$eval(".units input", slider => { slider.value = 4; slider.dispatchEvent(new Event("input", { bubbles: true })); });
  await changed(page, "canvas.picture", point);
  check("a unit that moves changes the picture", true);
  const strips = "details.section canvas.strip", [below, way] = await page.$$eval(strips, all => all.map(canvas => canvas.toDataURL()));
  await page.click("#redraw");
  await changed(page, strips, below);
  check("layers below are redrawn", true);
  await page.fill("#other", "3");
  await page.click("#morph");
  await page.waitForFunction(([strips, way]) => document.querySelectorAll(strips)[1].toDataURL() !== way, [strips, way]);
  check("one image becomes another", true);
  await page.fill("#datum", "5");
  const seen = await pixels(page, "canvas.picture");
  await page.click("#encode");
  await changed(page, "canvas.picture", seen);
  check("a test image is encoded", true);
  await page.fill("#datum", "100000");
  await page.click("#encode");
  await page.waitForFunction(() => document.querySelector("details.section [role=alert]").textContent.includes("there is no 100000"));
  check("a test image that is not there is said to be", true);
  await page.fill("#datum", "1.5");
  await page.click("#encode");
  await page.waitForFunction(() => document.querySelector("details.section [role=alert]").textContent.includes("whole numbers"));
  check("there is no test image between two", true);
  await page.fill("#datum", "5");
  await noise(page, strips);
  await missing(page);
  await page.evaluate(() => { location.hash = "#/run/%"; });
  check("an address that is none is said to be, above the list", (await (await page.waitForSelector("main > [role=alert]")).textContent()).includes("not one of this page") && await page.isVisible("tr[data-key=done]"));

  // Two models side by side, sorted.
  await page.goto(`${address}#/`);
  await page.check("tr[data-key=done] input");
  await page.click("text=Compare 1 run");
  await page.waitForSelector("tbody tr");
  await page.click("th button >> nth=1");
  check("a comparison sorts", await page.$eval("th[aria-sort]", head => head.getAttribute("aria-sort") !== null));

  // A broken run is shown as such, and the others work.
  await page.goto(`${address}#/`);
  await page.waitForSelector("tr[data-key=broken] .bad");
  const broken = await page.textContent("tr[data-key=broken]");
  check("a broken run is said to be broken", broken.includes("broken/config.json"));
  await page.goto(`${address}#/run/broken`);
  const said = (await (await page.waitForSelector("main .bad:not(:empty)")).textContent());
  check(`its files are named below the folder that is shown: ${said}`, said.includes("broken/config.json") && !`${said}${broken}`.includes(marks));

  // A study, by its link in the list.
  await page.goto(`${address}#/`);
  await page.click("a:text-is('study')");
  const states = () => page.$$eval("[aria-label=Cells] tbody tr", rows => rows.map(row => [...row.cells].map(cell => cell.textContent)));
  await page.waitForFunction(() => document.querySelectorAll("[aria-label=Cells] tbody tr").length === 3);
  check("a study shows the states of its cells, and why one failed", JSON.stringify((await states()).map(row => [row[0], row[1]])) === JSON.stringify([["m0/s0", "done"], ["m1/s0", "failed"], ["m2/s0", "waiting"]])
    && (await states())[1][3].includes("no model is left"));
  check("its experiments are counted", await page.textContent("[aria-label=Experiments] tbody tr") === "all310110");
  await page.selectOption("select", "failed");
  check("its cells are chosen by their state", (await states()).length === 1 && (await page.textContent("p[role=status]")) === "1 of 3 cells");
  await page.selectOption("select", "all states");
  await page.click("[aria-label=Cells] a");
  await page.waitForSelector("[data-model]");
  check("a cell leads to its run", decodeURIComponent(page.url()).includes("#/run/study/cells/m0/s0-"));

  for (const [where, there] of [["#/", "tbody tr"], ["#/run/done", ".uplot"], ["#/study/study", "[aria-label=Cells] tbody tr"]]) {
    await page.goto(`${address}${where}`);
    await page.waitForSelector(there);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.waitForTimeout(300);
    check(`${where} fits 360 pixels`, await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
    await page.setViewportSize({ width: 1280, height: 900 });
    const nameless = await page.$$eval("input, select, button, canvas[role=img], .wide", all => all.filter(each => each.checkVisibility() && !each.labels?.length && !each.getAttribute("aria-label") && (each.matches(".wide") || !each.textContent.trim())).map(each => each.outerHTML));
    check(`${where} names whatever can be used: ${nameless}`, nameless.length === 0);
  }

  const light = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: "dark" });
  check("there is a dark page", await page.evaluate(() => getComputedStyle(document.body).backgroundColor) !== light);
}

// Of two questions the later one is answered on the page, whichever answer comes first.
async function curves(page, note) {
  const quantity = "section[aria-label=Training] select", from = "section[aria-label=Training] input", late = /epochs\?.*key=kl-z1&/;
  await page.route(late, async route => {
    await new Promise(then => setTimeout(then, 1000));
    await route.continue();
  });
  const answered = page.waitForResponse(late);
  await page.selectOption(quantity, "kl-z1");
  await page.selectOption(quantity, "kl-z2");
  await answered;
  await page.waitForTimeout(300);
  check("the curves are those that were asked for last", await page.$eval(quantity, select => select.value) === "kl-z2");
  await page.unroute(late);
  await page.fill(from, "100");
  await page.dispatchEvent(from, "change");
  await page.waitForFunction(note => document.querySelector(note).textContent.includes("nothing from epoch 100 on"), note);
  check("that there is no such epoch yet is said", !await page.isVisible("section[aria-label=Training] .uplot"));
  await page.fill(from, "5");
  await page.dispatchEvent(from, "change");
  await page.waitForSelector("section[aria-label=Training] .uplot");
}

// A model at another rho is begun from the same draw of the prior, whatever was redrawn meanwhile.
async function noise(page, strips) {
  const points = [];
  page.on("request", request => { if (request.url().endsWith("/explore/point")) points.push(request.postDataJSON()); });
  await page.click("#draw");
  await page.waitForFunction(() => document.querySelectorAll("canvas.picture")[1].closest("figure").hidden);
  await page.click("#redraw");
  await page.waitForSelector(strips);
  await page.focus("#rho");
  await page.keyboard.press("ArrowLeft");
  while (points.length < 2) await page.waitForTimeout(50);
  check("another rho has the same noise", points[1].seed === points[0].seed && points[1].place !== points[0].place);
  await page.waitForTimeout(300);
  check("what was drawn of another model is cleared", await page.$$eval(strips, all => all.every(canvas => !canvas.checkVisibility())));
}

// Where no model has numbers there are no pictures, and it is said why.
async function missing(page) {
  const run = /api\/run\?/, section = "section[aria-label='Phase diagram']";
  await page.route(run, async route => {
    const response = await route.fetch(), document = await response.json();
    document.models = document.models.flatMap(model => [model, { ...model, remedy: "other", ...model.label === "1" ? { status: "diverged at step 7", kl: null } : {} }]);
    await route.fulfill({ response, json: document });
  });
  await page.goto(`${address}#/`);
  await page.goto(`${address}#/run/done`);
  await page.waitForSelector("[data-model]");
  await page.selectOption(`${section} label:has-text("Remedy") select`, "other");
  await page.waitForTimeout(300);
  const isShown = await page.isVisible("[data-model]");
  await page.focus("#rho");
  await page.keyboard.press("ArrowRight");
  check("pictures of another rho go", isShown && !await page.isVisible("[data-model]"));
  check("that a model diverged is said", await page.textContent(`${section} [role=status]`) === "No model at rho 1 has numbers (diverged at step 7), so there are no pictures.");
  await page.unroute(run);
}

async function empty(page) {
  await page.waitForSelector("p[role=status]");
  const text = await page.textContent("p[role=status]");
  check("a folder without runs is said to have none, with the command that makes one", text.includes("no runs in this folder yet") && text.includes("'ornstein phase' makes one"));
  mark("shown");
  await page.waitForSelector("tr[data-key=done]");
  check("the first run appears by itself", (await page.textContent("p[role=status]")).startsWith("1 run"));
}

async function killed(page) {
  await page.waitForSelector("tr[data-key=done]");
  mark("shown");
  await page.waitForSelector("#state.lost");
  check("a killed server is said to be gone", (await page.textContent("#state")).includes("does not answer"));
  mark("lost");
  await page.waitForFunction(() => !document.querySelector("#state.lost"), null, { timeout: 60000 });
  await page.click("tr[data-key=done] a");
  await page.waitForSelector("[data-model]");
  check("it goes on by itself when the server is back", true);
}

async function many(page) {
  await page.waitForSelector("tbody tr");
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
  await page.waitForFunction(() => !document.getElementById("main").textContent.includes("still to be read"));
  check("all runs are counted", (await page.textContent("p[role=status]")).startsWith(`${runs} runs`));
  const begin = Date.now();
  await page.fill("input[type=search]", `run-${`${runs - 1}`.padStart(3, "0")}`);
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
  console.log(`first paint ${Math.round(paint)} ms, filter ${Date.now() - begin} ms`);
}

(async () => {
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(60000);
    page.on("pageerror", error => problems.push(error.message));
    page.on("request", request => { if (!request.url().startsWith(new URL(address).origin) && !request.url().startsWith("data:")) problems.push(`asks ${request.url()}`); });
    page.on("console", message => { if (message.type() === "error" && !/Failed to load resource/.test(message.text())) problems.push(message.text()); });
    await page.goto(address);
    await { walk, slider, empty, killed, many }[scenario](page);
    if (problems.length) throw new Error(problems.join("\n"));
    for (const name of done) console.log(`ok ${name}`);
  } catch (error) {
    console.error(error.stack);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
})();
