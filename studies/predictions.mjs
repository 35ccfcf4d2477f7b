// What 'ornstein diagnose' has written into the cells of a study, as one JSON document: for every cell its predictions and what was measured.
//     node studies/predictions.mjs studies/prediction
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [study] = process.argv.slice(2);
if (!study || !existsSync(join(study, "cells"))) {
  console.error("give the folder of a study: node studies/predictions.mjs FOLDER");
  process.exit(2);
}

const folders = (...path) => readdirSync(join(...path), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
const read = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));
const cells = [];
for (const data of folders(study, "cells"))
  for (const model of folders(study, "cells", data))
    for (const cell of folders(study, "cells", data, model)) {
      const place = join(study, "cells", data, model, cell);
      if (!existsSync(join(place, "diagnosis.json"))) continue;
      const { rho, seeds, decoderVariance } = read(place, "config.json");
      const rhos = [...new Set(read(place, "phase.json").members.map((member) => member.rho))].sort((a, b) => a - b);
      cells.push({ data, model, cell, decoderVariance, rho, rhos, seeds, predictions: read(place, "diagnosis.json").predictions });
    }
console.log(JSON.stringify(cells, null, 1));
