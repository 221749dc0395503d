// node test.mjs presign_wasm.wasm [small]: compares what the module signs with what the crate signs on this machine,
// which stands on the standard input. A small module is built without features.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { load } from "../presign.mjs";

const module = readFileSync(process.argv[2]);
assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(module)), []);
const presign = await load(module);
const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url)));
const expected = JSON.parse(readFileSync(0, "utf8"));
const at = new Date("2013-05-24T00:00:00.999Z");
const answers = cases.map((options) => {
  try {
    return presign({ ...options, at });
  } catch (error) {
    return error.message;
  }
});
const small = (answer, { endpoint }) => {
  if (endpoint) return "this module is built without the feature `endpoint`";
  return answer.startsWith("https://") ? answer : "refused; the feature `messages` says why";
};
assert.deepEqual(answers, process.argv[3] === "small" ? expected.map((answer, i) => small(answer, cases[i])) : expected);

const [first] = cases;
assert.throws(() => presign({ ...first, key: undefined }), TypeError);
assert.throws(() => presign({ ...first, key: "\ud800" }), TypeError);
assert.throws(() => presign({ ...first, key: "k".repeat(20_000) }), RangeError);
assert.throws(() => presign({ ...first, expiresIn: 1.5 }), RangeError);
const now = presign({ ...first, at: undefined });
assert.ok(Math.abs(Date.parse(now.replace(/.*X-Amz-Date=(....)(..)(..)T(..)(..)(..)Z.*/, "$1-$2-$3T$4:$5:$6Z")) - Date.now()) < 60_000, now);

const { instance } = await WebAssembly.instantiate(module);
assert.ok(instance.exports.sign(0n, 900) < 0, "an empty buffer was signed");
const links = answers.filter((answer) => answer.includes("X-Amz-Signature="));
console.log(`${links.length} links and ${answers.length - links.length} errors are those of this machine`);
