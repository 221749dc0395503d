import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "node:test";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`));

test("npm pack contains what belongs, and nothing else", () => {
  const [{ files }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root, stdio: ["ignore", "pipe", "ignore"] }));
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    "LICENSE-APACHE", "LICENSE-MIT", "README.md", "dist/glue.js", "dist/index.d.ts", "dist/index.js", "dist/index.workerd.js",
    "dist/presign.wasm", "dist/presign.wasm.js", "dist/sign.d.ts", "dist/sign.js", "dist/sign.wasm", "dist/sign.wasm.js",
    "dist/sign.workerd.js", "dist/verify.d.ts", "dist/verify.js", "dist/verify.wasm", "dist/verify.wasm.js", "dist/verify.workerd.js",
    "package.json",
  ]);
  assert.equal(manifest.dependencies, undefined);
});

test("the version is the crate's", () => {
  const [, version] = readFileSync(`${root}../Cargo.toml`, "utf8").match(/^version = "(.*)"$/m);
  assert.equal(manifest.version, version);
});

test("the modules import nothing and name no path of the machine that built them", () => {
  for (const name of ["presign", "sign", "verify"]) {
    const bytes = readFileSync(`${root}dist/${name}.wasm`);
    const module = new WebAssembly.Module(bytes);
    assert.deepEqual(WebAssembly.Module.imports(module), []);
    assert.deepEqual(WebAssembly.Module.exports(module).map(({ name }) => name).sort(),
      ["__data_end", "__heap_base", "memory", "output", "room", "run", "start"]);
    for (const path of ["/home/", "/root/", "/Users/", root]) assert.equal(bytes.includes(path), false, path);
  }
});
