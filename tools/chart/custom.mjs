// Validates custom resources by the checks that npm's @kubernetes-models carry, made from their definitions.
// Reads a JSON list of {file, model, module, data}; prints one line for each fault.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";

const [folder, list] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const { version } = require("typescript"); // the folder is the right one, or this fails
if (!version) process.exit(2);

for (const { file, model, module, data } of JSON.parse(readFileSync(list, "utf8"))) {
  const found = await import(pathToFileURL(`${folder}/node_modules/${module}.js`).href);
  try {
    const { apiVersion, kind, ...rest } = data;
    const made = new found[model](rest);
    if (made.apiVersion !== apiVersion || made.kind !== kind) throw new Error(`is ${made.apiVersion} ${made.kind}`);
    made.validate();
  } catch (error) {
    console.log(`${file}: ${model}/${data.metadata?.name}: ${error.message}`);
  }
}
