// Drives the page in Chromium: node test.mjs PAGE, which the example `demo` serves.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [page_url] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "share-service-"));
const large = join(folder, "large file.bin");
writeFileSync(large, randomBytes((21 << 20) + 123));
const small = join(folder, "Grüße.txt");
writeFileSync(small, "small");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

/** Opens the page and keeps an account of what it sends, complains of, and tells a screen reader. */
async function open(options = {}) {
  const context = await browser.newContext({ locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const [parts, complaints, told] = [[], [], []];
  context.on("request", (request) => {
    if (request.method() === "PUT") parts.push(Number(new URL(request.url()).searchParams.get("partNumber")));
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.exposeFunction("tell", (text) => told.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`));
    document.addEventListener("DOMContentLoaded", () => {
      const status = document.getElementById("status");
      new MutationObserver(() => globalThis.tell(status.textContent)).observe(status, { childList: true });
    });
  });
  await page.goto(page_url);
  await page.getByText("Up to 10.0 GiB.").waitFor();
  return { context, page, parts, complaints, told };
}

const link = (page) => page.locator("#link").getAttribute("href");
const sum = (bytes) => createHash("sha256").update(bytes).digest("hex");
const store = (url) => url.searchParams.has("X-Amz-Signature");

/** The link gives the file, under its name. */
async function assert_download(url, file, name) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  assert.ok(answer.headers.get("content-disposition").includes(name), answer.headers.get("content-disposition"));
  assert.equal(sum(Buffer.from(await answer.arrayBuffer())), sum(readFileSync(file)));
}

const tests = {
  async "a large file in parts, by the keyboard"() {
    const { context, page, parts, complaints, told } = await open();
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "file");
    await page.locator("#file").setInputFiles(large);
    await page.getByRole("heading", { name: "large file.bin" }).waitFor();
    await page.getByRole("button", { name: "Copy link" }).waitFor();
    assert.deepEqual(parts.toSorted(), [1, 2, 3, 4, 5]);
    assert.equal(await page.locator("#progress").evaluate((progress) => progress.value), 1);
    assert.ok(told.includes("100 % sent"), told.join("; "));
    assert.ok(told.length < 20, "a screen reader is told too much");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "large file.bin");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "link");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("status").textContent === "Copied");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await link(page));
    await assert_download(await link(page), large, "filename=\"large file.bin\"");
    await page.getByRole("button", { name: "Another file" }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "file");
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "a small file, dropped"() {
    const { context, page, parts, complaints } = await open();
    const transfer = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["small"], "Grüße.txt", { type: "text/plain" }));
      return transfer;
    });
    await page.dispatchEvent("#drop", "drop", { dataTransfer: transfer });
    await page.getByRole("button", { name: "Copy link" }).waitFor();
    assert.deepEqual(parts, [0]); // a PUT that is no part
    await assert_download(await link(page), small, "filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt");
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "an HTML file is stored as an attachment"() {
    const { context, page, complaints } = await open();
    const put = page.waitForRequest((request) => request.method() === "PUT");
    await page.locator("#file").setInputFiles({ name: "a.html", mimeType: "text/html", buffer: Buffer.from("<p>") });
    assert.equal((await put).headers()["content-disposition"], "attachment");
    await page.getByRole("button", { name: "Copy link" }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "a part that fails is sent again by a new link"() {
    const { context, page, parts } = await open();
    const urls = [];
    await page.route(store, (route, request) => {
      if (request.method() !== "PUT" || !request.url().includes("partNumber=2&")) return route.continue();
      urls.push(request.url());
      if (urls.length === 1) return route.abort();
      if (urls.length === 2) return route.fulfill({ status: 503, headers: { "Access-Control-Allow-Origin": "*" } });
      return route.continue();
    });
    await page.locator("#file").setInputFiles(large);
    await page.getByRole("button", { name: "Copy link" }).waitFor();
    assert.equal(urls.length, 3);
    assert.deepEqual(parts.toSorted(), [1, 2, 2, 2, 3, 4, 5]);
    await assert_download(await link(page), large, "large file.bin");
    await context.close();
  },

  async "a cancelled upload is aborted"() {
    const { context, page } = await open();
    let sent = 0;
    let first = null;
    await page.route(store, (route, request) => {
      if (request.method() !== "PUT") return route.continue();
      first ??= request.url();
      if (sent++ === 0) return route.continue();
    }); // the others are held
    await page.locator("#file").setInputFiles(large);
    await page.waitForFunction(() => document.getElementById("progress").value > 0.2);
    const aborted = page.waitForResponse((response) => response.url().endsWith("/multipart/abort"));
    await page.keyboard.press("Enter"); // Cancel has the focus
    assert.equal((await aborted).status(), 204);
    await page.getByText("Choose a file").waitFor();
    assert.equal(await page.locator("#failure").isVisible(), false);
    await page.waitForFunction(() => document.getElementById("status").textContent.startsWith("Cancelled"));
    // The store knows it no more.
    const upload_id = new URL(first).searchParams.get("uploadId");
    const [, key] = decodeURIComponent(new URL(first).pathname).split("/share/");
    const headers = { "Content-Type": "application/json" };
    const again = await fetch(`${page_url}multipart/abort`, { method: "POST", headers, body: JSON.stringify({ key, upload_id }) });
    assert.ok([404, 502].includes(again.status), `it could be aborted again: ${again.status}`);
    await context.close();
  },

  async "the access token goes to the service only"() {
    const { context, page } = await open();
    const sent = [];
    context.on("request", (request) => sent.push([request.method(), request.url(), request.headers().authorization]));
    await page.route("**/limits", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...await response.json(), token_needed: true } });
    });
    await page.reload();
    await page.getByLabel("Access token").fill("the token");
    await page.locator("#file").setInputFiles(small);
    await page.getByRole("button", { name: "Copy link" }).waitFor();
    const put = sent.find(([method]) => method === "PUT");
    assert.equal(put[2], undefined);
    const asked = sent.filter(([method]) => method === "POST");
    assert.equal(asked.length, 2);
    for (const [, url, authorization] of asked) {
      assert.ok(url.startsWith(page_url), url);
      assert.equal(authorization, "Bearer the token");
    }
    await context.close();
  },

  async "what the service refuses is told, and the upload aborted"() {
    const { context, page } = await open();
    await page.route("**/multipart/complete", (route) => route.fulfill({
      status: 400, json: { error: { code: "invalid_part", message: "the store does not take these parts" } },
    }));
    const aborted = page.waitForResponse((response) => response.url().endsWith("/multipart/abort"));
    await page.locator("#file").setInputFiles(large);
    assert.equal((await aborted).status(), 204);
    await page.getByRole("alert").filter({ hasText: "the store does not take these parts" }).waitFor();
    await context.close();
  },
};

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 375]) {
    tests[`accessible: ${colorScheme}, ${width} px`] = async () => {
      // axe's own script would be against the policy.
      const { context, page } = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      const look = async (name) => {
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name} scrolls sideways`);
        if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}-${width}-${colorScheme}.png`) });
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]), [], name);
        assert.ok(passes.length > 10);
      };
      await look("choose");
      await page.route(store, () => {}); // held
      await page.locator("#file").setInputFiles(large);
      await page.getByRole("button", { name: "Cancel" }).waitFor();
      await look("sending");
      await page.unroute(store);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("Choose a file").waitFor();
      await page.locator("#file").setInputFiles(small);
      await page.getByRole("button", { name: "Copy link" }).waitFor();
      await look("done");
      await page.getByRole("button", { name: "Another file" }).click();
      await page.route("**/uploads", (route) => route.fulfill({ status: 403, json: { error: { code: "x", message: "not allowed" } } }));
      await page.locator("#file").setInputFiles(small);
      await page.getByRole("alert").waitFor();
      await look("failure");
      await context.close();
    };
  }
}

let failed = 0;
try {
  for (const [name, test] of Object.entries(tests)) {
    if (!name.includes(process.env.ONLY ?? "")) continue;
    try {
      await test();
      console.log(`ok  ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack}`);
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;
