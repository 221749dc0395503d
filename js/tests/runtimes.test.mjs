// The package in each runtime, and the examples of the README.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { presign, verify } from "presign";
import { browser, patience, start } from "../../.ci/chromium.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const run = promisify(execFile);
const credentials = { accessKeyId: "links", secretAccessKey: "a secret of our own" };

/** The code of the README that is marked so. */
const example = (mark) => {
  const code = readFileSync(`${here}../README.md`, "utf8").split(`\`\`\`js ${mark}\n`)[1];
  return code.split("```")[0];
};
const bundle = async (contents, conditions, loader = {}) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here, loader: "js" }, bundle: true, format: "esm", write: false, conditions, external: ["*.wasm"], loader,
  });
  return outputFiles[0].text;
};

const worker = async (contents, name, options = {}) => new Miniflare({
  compatibilityDate: "2026-01-01",
  modules: [
    { type: "ESModule", path: "worker.js", contents: await bundle(contents, ["workerd"]) },
    { type: "CompiledWasm", path: `${name}.wasm`, contents: readFileSync(`${here}../dist/${name}.wasm`) },
  ],
  ...options,
});

for (const [entry, name] of [["presign", "presign"], ["presign/sign", "sign"]]) {
  test(`workerd: ${entry}`, async () => {
    const runtime = await worker(`import * as presign from "${entry}"; import { check } from "./check.js";
      export default { fetch: () => new Response(check(presign)) };`, name);
    try {
      assert.equal(await (await runtime.dispatchFetch("http://localhost/")).text(), "signed");
    } finally {
      await runtime.dispose();
    }
  });
}

test("workerd: the example that redirects to R2", async () => {
  const bindings = { R2_ACCESS_KEY_ID: "id", R2_SECRET_ACCESS_KEY: "secret", ACCOUNT_ID: "account" };
  const runtime = await worker(example("worker"), "presign", { bindings });
  try {
    const response = await runtime.dispatchFetch("http://localhost/a%20b/%C3%A4.txt", { redirect: "manual" });
    assert.equal(response.status, 302);
    const url = response.headers.get("location");
    assert.ok(url.startsWith("https://account.r2.cloudflarestorage.com/media/a%20b/%C3%A4.txt?X-Amz-Algorithm="), url);
    verify({ method: "GET", url, headers: {} }, { credentials: { accessKeyId: "id", secretAccessKey: "secret" }, regions: ["auto"] });
  } finally {
    await runtime.dispose();
  }
});

test("workerd: the example that serves files to valid links", async () => {
  const bindings = { LINK_SECRET: credentials.secretAccessKey };
  const runtime = await worker(example("serving-worker"), "verify", { bindings, r2Buckets: ["MEDIA"] });
  try {
    await (await runtime.getR2Bucket("MEDIA")).put("a b/ä.txt", "content");
    const { url } = presign({ credentials, bucket: { name: "files", region: "auto", endpoint: "https://example.com" }, key: "a b/ä.txt" });
    assert.ok(url.startsWith("https://files.example.com/a%20b/"), url);
    const served = await runtime.dispatchFetch(url);
    assert.deepEqual([served.status, await served.text()], [200, "content"]);
    const refused = await runtime.dispatchFetch(url.replace(".txt?", ".md?"));
    assert.deepEqual([refused.status, await refused.text()], [403, "signature does not match"]);
    const bare = await runtime.dispatchFetch(url.split("?")[0]);
    assert.deepEqual([bare.status, await bare.text()], [403, "query parameter X-Amz-Algorithm is missing"]);
  } finally {
    await runtime.dispose();
  }
});

test("Chromium, under a strict policy: the package and the upload", async () => {
  const page = await bundle(`import * as presign from "presign"; import * as small from "presign/sign"; import { verify } from "presign/verify";
  import { check } from "./check.js";
    const upload = async (file) => {${example("upload")}};
    Promise.resolve().then(() => check(presign) + check({ ...small, verify })).then(async (result) => {
      await upload(new Blob(["from a browser"]));
      return result;
    }).then((result) => { document.title = result; }, (error) => { document.title = String(error); });`, ["browser"]);
  let received;
  const files = { "/": ["text/html", '<!DOCTYPE html><title></title><script type="module" src="page.js"></script>'], "/page.js": ["text/javascript", page] };
  const store = createServer(async (request, response) => {
    const { method, headers } = request;
    const url = `http://${headers.host}${request.url}`;
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Methods", "PUT");
    response.setHeader("Access-Control-Allow-Headers", "content-type");
    if (method === "OPTIONS") return response.end();
    let body = "";
    for await (const chunk of request) body += chunk;
    try {
      verify({ method, url, headers }, { credentials });
      received = { method, url: url.split("?")[0], body };
    } catch (error) {
      response.statusCode = 403;
      received = error;
    }
    response.end();
  });
  const site = createServer((request, response) => {
    if (request.url === "/upload") {
      const endpoint = `http://127.0.0.1:${store.address().port}`;
      const bucket = { name: "media", region: "us-east-1", endpoint };
      return response.end(JSON.stringify(presign({ credentials, bucket, key: "in/ä.png", method: "PUT", contentType: "image/png" })));
    }
    const [type, content] = files[request.url] ?? ["text/plain", ""];
    response.setHeader("Content-Type", type);
    response.setHeader("Content-Security-Policy",
      `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http://127.0.0.1:${store.address().port}; require-trusted-types-for 'script'`);
    response.end(content);
  });
  try {
    for (const server of [store, site]) await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    await start(chromium);
    const tab = await browser.newPage();
    tab.setDefaultTimeout(patience);
    const violations = [];
    tab.on("console", (message) => violations.push(message.text()));
    await tab.goto(`http://127.0.0.1:${site.address().port}/`);
    await tab.waitForFunction(() => document.title !== "");
    assert.deepEqual([await tab.title(), violations.filter((text) => /Security/.test(text))], ["signedsigned", []]);
    assert.deepEqual(received, { method: "PUT", url: `http://127.0.0.1:${store.address().port}/media/in/%C3%A4.png`, body: "from a browser" });
  } finally {
    await browser?.close();
    for (const server of [store, site]) server.close();
  }
});

const elsewhere = `import * as presign from "presign"; import * as small from "presign/sign"; import { verify } from "presign/verify";
  import { check } from "./check.js";
  console.log(check(presign) + check({ ...small, verify }));`;
for (const [name, program] of [["Node.js", process.execPath], ["Deno", "deno"], ["Bun", "bun"]]) {
  test(name, async () => {
    const given = { "Node.js": ["--input-type=module", "--disallow-code-generation-from-strings", "--eval"], Deno: ["eval"], Bun: ["--eval"] }[name];
    const { stdout } = await run(program, [...given, elsewhere], { cwd: here });
    assert.equal(stdout, "signedsigned\n");
  });
}

test("Node.js: the example", async () => {
  const env = { ...process.env, AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "t" };
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", example("node")], { cwd: here, env });
  assert.match(stdout, /^https:.*filename%3D%22A%20duck\.jpg%22\S*\nexpires at 2\S*Z\n(https:\S*\n){3}$/);
});
