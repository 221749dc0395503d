// Times a module in turns: the cost of a URL relative to its compressions. Run it with `node --no-liftoff run.mjs
// MODULE ROUNDS`: without the flag, code from the engine's first, slower compiler would be measured too.
import { readFile } from "node:fs/promises";

const [module, rounds] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(await readFile(module));
const { sign, compressions, compress } = instance.exports;
const TURN = 1000; // compressions, or the URLs that need as many: some tenths of a millisecond

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const milliseconds = (run) => {
  const start = performance.now();
  run();
  return performance.now() - start;
};

console.log("| | W1 | W2 | W3 | W4 |\n|---|---:|---:|---:|---:|");
const [ratios, nanoseconds] = [[], []];
for (const item of [1, 2, 3, 4]) {
  const needed = compressions(item);
  const urls = Math.ceil(TURN / needed);
  sign(item, urls);
  const turns = Array.from({ length: Number(rounds) }, () => {
    const limit = milliseconds(() => compress(TURN)) / TURN * needed;
    const url = milliseconds(() => sign(item, urls)) / urls;
    return { ratio: url / limit, url };
  });
  ratios.push(median(turns.map(({ ratio }) => ratio)).toFixed(2));
  nanoseconds.push((median(turns.map(({ url }) => url)) * 1e6).toFixed(0));
}
console.log(`| times its compressions | ${ratios.join(" | ")} |`);
console.log(`| ns | ${nanoseconds.join(" | ")} |`);
console.log(`\nNode.js ${process.versions.node}, medians of ${rounds} rounds.`);
