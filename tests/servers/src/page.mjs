// Calls a function of the web page's module: node page.mjs DIST, with its name and arguments as JSON on standard input.
import { readFileSync } from "node:fs";

const dist = process.argv[2];
const script = readFileSync(`${dist}/all.js`).toString("base64");
const page = await import(`data:text/javascript;base64,${script}`); // a module, whatever the file's name
page.initSync({ module: readFileSync(`${dist}/all_bg.wasm`) });
const [name, store, fields] = JSON.parse(readFileSync(0));
console.log(page[name](store, fields, Date.now() / 1000));
