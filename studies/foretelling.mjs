// What the early gradients of models were, and what became of those models in the study: docs/gradients-outcomes.csv, on which docs/gradients.md rests.
//     node studies/foretelling.mjs RUN=CELL [RUN=CELL ...]
// RUN is the folder of a short training with --gradient-noise, CELL that of the study's cell whose models it begins: --gradient-noise changes no bit of a training, so the KL of the
// passes that both have must be the same, bit for bit.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const passes = [1, 2, 5, 10, 15];
const networks = ["q3", "p2", "q2", "p1"];
const fail = (message) => {
  console.error(message);
  process.exit(2);
};
const lines = (folder) => readFileSync(join(folder, "metrics.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
// Models in the order of metrics.jsonl: all seeds of a rho, then the next.
const models = (folder) => {
  const settings = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
  return { settings, models: settings.rho.flatMap((rho) => settings.seeds.map((seed) => ({ rho: Number(rho), seed }))) };
};
const brief = (value) => Number(value.toPrecision(5));

const pairs = process.argv.slice(2).map((pair) => pair.split("="));
if (pairs.length === 0 || pairs.some((pair) => pair.length !== 2)) fail("give the folder of each run and, after '=', that of its cell");
console.log(["data", "draws", "rho", "seed", "told-means", "told-widths", "pass", "kl", ...networks.flatMap((name) => [`mean-${name}`, `variance-${name}`])].join(","));
for (const [run, cell] of pairs) {
  const early = models(run);
  const late = models(cell);
  const whole = lines(cell);
  const outcomes = JSON.parse(readFileSync(join(cell, "phase.json"), "utf8")).members;
  const measured = lines(run);
  early.models.forEach(({ rho, seed }, model) => {
    const same = late.models.findIndex((other) => other.rho === rho && other.seed === seed);
    if (same < 0) fail(`${cell} has no model of rho ${rho} and seed ${seed}`);
    const end = outcomes.find((member) => member.rho === rho && member.seed === seed);
    const told = [end.meanInformation.at(-1).value, end.widthInformation.at(-1).value].map(brief);
    for (const pass of passes.filter((pass) => pass <= measured.length)) {
      const line = measured[pass - 1];
      const kl = line.kl.at(-1)[model];
      if (kl !== whole[pass - 1].kl.at(-1)[same]) fail(`${run} is not the beginning of ${cell}: rho ${rho}, seed ${seed}, pass ${pass}`);
      const gradients = networks.flatMap((name) => {
        const of = line.gradients.find((one) => one.network === name);
        return [of.squaredMean[model], of.dataVariance[model] + of.noiseVariance[model]].map(brief);
      });
      console.log([early.settings.data, early.settings.draws, rho, seed, ...told, pass, brief(kl), ...gradients].join(","));
    }
  });
}
