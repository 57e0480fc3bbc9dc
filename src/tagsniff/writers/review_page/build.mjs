// Builds review.js and review.css from source/ and vendor/: `make page`. With --check it compares, and writes nothing.
//
// Never: a result that depends on the machine: the same sources and the same esbuild give the same bytes.

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = dirname(fileURLToPath(import.meta.url));
const notice = `/* tagsniff review page. Contains preact and @tanstack/virtual-core (MIT): see NOTICE. */`;

const common = {
  absWorkingDir: folder,
  bundle: true,
  charset: "ascii",
  legalComments: "none",
  minify: true,
  target: ["chrome115", "firefox115", "safari16.4"],
  write: false,
};
const script = await build({
  ...common,
  alias: {
    preact: "./vendor/preact/preact.mjs",
    "preact/hooks": "./vendor/preact/hooks/hooks.mjs",
    "@tanstack/virtual-core": "./vendor/virtual-core/index.js",
  },
  banner: { js: notice },
  define: { "process.env.NODE_ENV": '"production"' },
  entryPoints: ["source/main.js"],
  format: "iife",
});
const style = await build({ ...common, banner: { css: notice }, entryPoints: ["source/review.css"] });

let differs = false;
for (const [name, { outputFiles }] of [
  ["review.js", script],
  ["review.css", style],
]) {
  const { text } = outputFiles[0];
  const path = join(folder, name);
  const before = await readFile(path, "utf8").catch(() => "");
  if (process.argv.includes("--check")) {
    if (before !== text) {
      console.error(`${name} is not what its sources give: run make page`);
      differs = true;
    }
  } else if (before !== text) {
    await writeFile(path, text);
    console.log(`wrote ${name}: ${text.length} characters`);
  }
}
process.exitCode = differs ? 1 : 0;
