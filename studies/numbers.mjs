// The numbers that docs/study.md rests on, small enough to be committed, from the folder of a study that has been run and reported.
//     node studies/numbers.mjs report studies/paper > docs/study/paper.json                      what 'ornstein study report' writes, without what has not been run
//     node studies/numbers.mjs harmonics studies/paper MNIST Fashion-MNIST OMNIGLOT > docs/study/harmonics.json     after 'ornstein spectrum' of these data sets' L3/p
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const [what, study, ...names] = process.argv.slice(2);
const fail = (message) => {
  console.error(message);
  process.exit(2);
};
if (!["report", "harmonics"].includes(what) || !study) fail("say what of which study: node studies/numbers.mjs report|harmonics FOLDER [DATA ...]");

// Eight digits: seeds differ in far earlier ones. Folders are named as they lie in this repository, data beside the study file too.
const brief = (value, key) => {
  if (Array.isArray(value)) return value.map((one) => brief(one));
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, brief(one, name)]));
  if (typeof value === "number") return Number(value.toPrecision(8));
  if (key === "command") return value.replace(/ \/\S*\/(studies\/\S+)/g, " $1");
  return key === "folder" ? value.replace(/^.*?\/cells\//, `studies/${basename(study)}/cells/`) : value;
};
// About a hundred points of a curve are enough: of 1,700 passes every 17th, of 300 every third.
const thin = (curve) => {
  const step = Math.max(1, Math.floor(curve.epochs.length / 100));
  const kept = (list) => list.filter((_, i) => i % step === step - 1);
  return { ...curve, epochs: kept(curve.epochs), topKl: kept(curve.topKl) };
};
const read = (...path) => (existsSync(join(...path)) ? JSON.parse(readFileSync(join(...path), "utf8")) : fail(`there is no ${join(...path)}`));

if (what === "report") {
  const report = read(study, "report.json");
  const complete = report.experiments.filter((experiment) => experiment.missing.length === 0);
  for (const experiment of complete) for (const cell of experiment.cells) cell.training = cell.training.map(thin);
  console.log(JSON.stringify({ ...report, experiments: brief(complete) }));
} else {
  const spectra = names.map((data) => {
    const cells = join(study, "cells", data, "L3");
    if (!existsSync(cells)) fail(`there is no ${cells}`);
    const cell = readdirSync(cells).find((name) => name.startsWith("p-") && existsSync(join(cells, name, "spectrum.json"))) ?? fail(`no cell of ${cells} has a spectrum.json; 'ornstein spectrum CELL' writes it`);
    return [data, read(cells, cell, "spectrum.json").rhos.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)))];
  });
  console.log(JSON.stringify(brief(Object.fromEntries(spectra))));
}
