// Drives the page in Chromium: node test.mjs DEMO SCREENSHOTS, with the program of the example `demo` and a folder.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { browser, patience, run, start as start_browser, until } from "../../../../.ci/chromium.mjs";

const [program, screenshots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "share-service-"));
const file = (name, bytes) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const large = file("large file.bin", randomBytes((21 << 20) + 123));
const small = file("Grüße.txt", "small");
mkdirSync(join(folder, "album", "2026"), { recursive: true });
const inner = file("album/2026/inner.txt", "inner");
const outer = file("album/outer.txt", "outer");

/** A port that is free, as is the next one. */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const listen = (port) => new Promise((resolve) => {
      const server = createServer().once("error", () => resolve(null)).listen(port, "127.0.0.1", () => resolve(server));
    });
    const both = [await listen(port), await listen(port + 1)];
    for (const server of both) server?.close();
    if (both.every(Boolean)) return port;
  }
}
const port = await freePort();
const page_url = `http://127.0.0.1:${port}/`;
let demo;
/** Starts the service and the store. What they had before, they still have. */
async function start() {
  const child = spawn(program, ["--port", port, "--folder", join(folder, "store")], { stdio: ["ignore", "pipe", "inherit"] });
  demo = child;
  await Promise.race([once(child.stdout, "data"), once(child, "exit").then(() => { throw new Error("the demo does not start"); })]);
}
async function kill() {
  const exited = once(demo, "exit");
  demo.kill("SIGKILL");
  await exited;
}
await start_browser(chromium);
await start();

/** Opens the page and records what it sends, logs, and announces. */
async function open(options = {}) {
  const context = await browser.newContext({ locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"], ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const [parts, complaints, told] = [[], [], []];
  context.on("request", (request) => {
    if (request.method() === "PUT") parts.push(part_of(request));
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
  await page.getByText("Up to 10.0 GiB for each file.").waitFor();
  return { context, page, parts, complaints, told };
}

const part_of = (request) => Number(new URL(request.url()).searchParams.get("partNumber"));
const sum = (bytes) => createHash("sha256").update(bytes).digest("hex");
const store = (url) => url.searchParams.has("X-Amz-Signature");
const row = (page, name) => page.locator("#files > li").filter({ has: page.getByRole("heading", { name, exact: true }) });
const note = (page, name) => row(page, name).locator(".note");
const button = (page, name, label) => row(page, name).getByRole("button", { name: label });
const done = (page, name) => button(page, name, "Copy link").waitFor();
const link = (page, name) => row(page, name).locator(".url").getAttribute("href");
/** Waits until the only upload in parts has so many of them. */
const recorded = (page, parts) => page.waitForFunction(
  (parts) => JSON.parse(Object.values(localStorage)[0] ?? "null")?.etags.length === parts, parts,
);
/** Changes what the page knows of the service. */
const limits = (page, change) => page.route("**/limits", async (route) => {
  const response = await route.fetch();
  await route.fulfill({ response, json: { ...await response.json(), ...change } });
});

/** The link gives the file, under its name. */
async function assert_download(url, path, name) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  assert.ok(answer.headers.get("content-disposition").includes(name), answer.headers.get("content-disposition"));
  assert.equal(sum(Buffer.from(await answer.arrayBuffer())), sum(readFileSync(path)));
}

/** Drops real files and folders. */
async function drop(page, ...files) {
  const session = await page.context().newCDPSession(page);
  const { x, y, width, height } = await page.locator("#drop").boundingBox();
  const at = { x: x + width / 2, y: y + height / 2, data: { items: [], files, dragOperationsMask: 1 } };
  for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, ...at });
}

const tests = {
  async "several files, by the keyboard"() {
    const { context, page, parts, complaints, told } = await open();
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
    for (const id of ["file", "folder", "lifetime"]) {
      await page.keyboard.press("Tab");
      assert.equal(await focused(), id);
    }
    await page.locator("#file").setInputFiles([large, small]);
    await page.getByRole("heading", { name: "2 files uploaded", exact: true }).waitFor();
    assert.deepEqual(parts.toSorted(), [0, 1, 2, 3, 4, 5]); // 0 is the small file
    assert.ok(["Uploaded Grüße.txt", "Uploaded large file.bin"].every((text) => told.includes(text)), told.join("; "));
    assert.ok(told.length < 20, "a screen reader is told too much");
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Copy all links");
    await page.keyboard.press("Enter");
    const links = [await link(page, "large file.bin"), await link(page, "Grüße.txt")];
    await page.getByText("Copied").first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), links.join("\n"));
    await assert_download(links[0], large, "filename=\"large file.bin\"");
    await assert_download(links[1], small, "filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt");
    await button(page, "Grüße.txt", "Remove from list").press("Enter");
    assert.equal(await page.locator("#files > li").count(), 1);
    assert.equal(await focused(), "Copy link"); // of the file that is left
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "files and folders, dropped while others are sent"() {
    const { context, page, complaints } = await open();
    let hold = true;
    const held = [];
    await page.route(store, (route) => hold ? void held.push(route) : route.continue());
    await drop(page, small);
    await note(page, "Grüße.txt").getByText("0 bytes of 5 bytes").waitFor();
    await drop(page, join(folder, "album"), large);
    await page.getByRole("heading", { name: "0 of 4 files uploaded, 0%" }).waitFor();
    hold = false;
    for (const route of held) await route.continue();
    await page.getByRole("heading", { name: "4 files uploaded", exact: true }).waitFor();
    await assert_download(await link(page, "album/2026/inner.txt"), inner, "filename=\"inner.txt\"");
    await assert_download(await link(page, "album/outer.txt"), outer, "filename=\"outer.txt\"");
    assert.ok((await link(page, "album/2026/inner.txt")).includes("/album/2026/inner.txt?"));
    await page.getByRole("button", { name: "Clear finished" }).click();
    assert.equal(await page.locator("#queue").isVisible(), false);

    await page.locator("#folder").setInputFiles(join(folder, "album"));
    await page.getByRole("heading", { name: "2 files uploaded", exact: true }).waitFor();
    const text = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.setData("text/plain", "text");
      return transfer;
    });
    await page.dispatchEvent("#drop", "drop", { dataTransfer: text });
    await page.getByRole("alert").getByText("Only files and folders can be dropped here.").waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "sizes and times are rounded before their unit is chosen"() {
    const { context, page } = await open();
    const words = await page.evaluate(async () => {
      const { bytes, left } = await import("/words.js");
      return [
        ...[0, 1023, 1023.7, 1024, 1_048_524, 1_048_525, 1_048_575, 1_048_576, 2 ** 50, 2 ** 60].map(bytes),
        ...[0, 59, 59.5, 60, 61, 3540, 3541, 3600, 3601, 7141, 7200].map(left),
      ];
    });
    assert.deepEqual(words, [
      "0 bytes", "1023 bytes", "1.0 KiB", "1.0 KiB", "1023.9 KiB", "1.0 MiB", "1.0 MiB", "1.0 MiB", "1024.0 TiB", "1048576.0 TiB",
      "1 s", "59 s", "1 min", "1 min", "2 min", "59 min", "1 h 0 min", "1 h 0 min", "1 h 1 min", "2 h 0 min", "2 h 0 min",
    ]);
    await context.close();
  },

  async "an HTML file is stored as an attachment"() {
    const { context, page, complaints } = await open();
    const put = page.waitForRequest((request) => request.method() === "PUT");
    await page.locator("#file").setInputFiles({ name: "a.html", mimeType: "text/html", buffer: Buffer.from("<p>") });
    assert.equal((await put).headers()["content-disposition"], "attachment");
    await done(page, "a.html");
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "200 MB, while the service and the store are killed"() {
    const { context, page, parts } = await open();
    const whole = [];
    context.on("requestfinished", async (request) => {
      if (request.method() === "PUT" && (await request.response()).status() === 200) whole.push(part_of(request));
    });
    const path = file("200 MB.bin", randomBytes(200_000_000));
    // Slowly, so that much is left when the services are killed.
    const network = await context.newCDPSession(page);
    const upload = (uploadThroughput) => network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
    await upload(10e6);
    await page.locator("#file").setInputFiles(path);
    await page.waitForFunction(() => document.querySelector("progress")?.value > 0.3);
    await kill();
    await upload(-1);
    await note(page, "200 MB.bin").getByText(/^Connection lost\. Retrying in \d+ s\.$/).waitFor();
    const [before, sent] = [[...whole], parts.length];
    assert.ok(before.length >= 5 && sent < 39, `${before.length} parts are complete, ${sent} were sent`);
    await start();
    await button(page, "200 MB.bin", "Retry now").click({ timeout: 5000 }).catch(() => {}); // unless it has just done so
    await done(page, "200 MB.bin");
    await assert_download(await link(page, "200 MB.bin"), path, "200 MB.bin");
    const again = parts.filter((part, index) => parts.indexOf(part) !== index);
    assert.deepEqual(again.filter((part) => before.includes(part)), []);
    assert.equal(new Set(parts).size, 39);
    assert.ok(again.length <= 4, `parts ${again} were sent again`);
    console.log(`    ${before.length} parts before, sent again: ${again.join(", ") || "none"}`);
    await context.close();
  },

  async "an upload continues after a reload and a restart"() {
    const { context, page, parts } = await open();
    let held = 0;
    await page.route(store, (route) => part_of(route.request()) > 2 ? void held++ : route.continue());
    await page.locator("#file").setInputFiles(large);
    await recorded(page, 2);
    page.on("dialog", (dialog) => dialog.accept()); // leave the page?
    await page.unroute(store);
    await kill();
    await start();
    await page.reload();
    await note(page, "large file.bin").getByText("Interrupted at 10.0 MiB of 21.0 MiB. Choose the file again to continue.").waitFor();
    const choose = async (path) => {
      const chooser = page.waitForEvent("filechooser");
      await button(page, "large file.bin", "Choose the file").click();
      await (await chooser).setFiles(path);
    };
    await choose(small);
    await note(page, "large file.bin").getByText("This is Grüße.txt. Choose large file.bin.").waitFor();
    mkdirSync(join(folder, "other"), { recursive: true });
    await choose(file("other/large file.bin", randomBytes((21 << 20) + 123)));
    await note(page, "large file.bin").getByText("This file has changed since the upload began.").waitFor();
    await choose(file("other/large file.bin", "short"));
    await note(page, "large file.bin").getByText("This file is 5 bytes. The upload began with one of 21.0 MiB.").waitFor();

    const before = parts.length;
    await page.locator("#file").setInputFiles(large); // the main field finds it, too
    await done(page, "large file.bin");
    assert.deepEqual(parts.slice(before).toSorted(), [3, 4, 5]);
    await assert_download(await link(page, "large file.bin"), large, "large file.bin");
    assert.equal(await page.evaluate(() => localStorage.length), 0);
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
    await done(page, "large file.bin");
    assert.equal(urls.length, 3);
    assert.deepEqual(parts.toSorted(), [1, 2, 2, 2, 3, 4, 5]);
    await assert_download(await link(page, "large file.bin"), large, "large file.bin");
    await context.close();
  },

  async "a store that refuses the page's origin"() {
    const { context, page } = await open();
    let tries = 0;
    await page.route(store, (route) => { tries++; return route.abort(); }); // as a browser does if there is no CORS rule
    await page.locator("#file").setInputFiles(small);
    const told = "The storage cannot be reached from this page. Its CORS rules may not allow this site.";
    await note(page, "Grüße.txt").getByText(told).waitFor();
    assert.equal(tries, 3);
    await page.unroute(store);
    await button(page, "Grüße.txt", "Retry").click();
    await done(page, "Grüße.txt");

    tries = 0; // the store has answered, so this is an outage
    await page.route(store, (route) => { tries++; return route.abort(); });
    await page.locator("#file").setInputFiles(inner);
    while (tries < 4) await button(page, "inner.txt", "Retry now").click({ timeout: 5000 }).catch(() => {});
    await page.unroute(store);
    await button(page, "inner.txt", "Retry now").click({ timeout: 5000 }).catch(() => {});
    await done(page, "inner.txt");
    await context.close();
  },

  async "pause, resume, and cancel"() {
    const { context, page, parts } = await open();
    let first = null;
    await page.route(store, (route, request) => {
      first ??= request.url();
      return part_of(request) > 1 ? undefined : route.continue();
    });
    await page.locator("#file").setInputFiles(large);
    await recorded(page, 1);
    await button(page, "large file.bin", "Pause").click();
    await note(page, "large file.bin").getByText("Paused at 5.0 MiB of 21.0 MiB").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.dataset.label), "Resume");
    const before = parts.length;
    await page.keyboard.press("Enter");
    await until(() => parts.length >= before + 4);
    assert.deepEqual(parts.slice(before).toSorted(), [2, 3, 4, 5]);

    const aborted = page.waitForResponse((response) => response.url().endsWith("/multipart/abort"));
    await button(page, "large file.bin", "Cancel").click();
    assert.equal((await aborted).status(), 204);
    await note(page, "large file.bin").getByText("Canceled", { exact: true }).waitFor();
    const upload_id = new URL(first).searchParams.get("uploadId");
    const [, key] = decodeURIComponent(new URL(first).pathname).split("/share/");
    const headers = { "Content-Type": "application/json" };
    const again = await fetch(`${page_url}multipart/abort`, { method: "POST", headers, body: JSON.stringify({ key, upload_id }) });
    assert.ok([404, 502].includes(again.status), `it could be aborted again: ${again.status}`);
    assert.equal(await page.evaluate(() => localStorage.length), 0);

    await page.unroute(store);
    await button(page, "large file.bin", "Upload again").click();
    await done(page, "large file.bin");
    await assert_download(await link(page, "large file.bin"), large, "large file.bin");
    await context.close();
  },

  async "a file whose bytes are all sent"() {
    const { context, page } = await open();
    const held = [];
    for (const request of ["**/multipart/complete", "**/links"]) await page.route(request, (route) => void held.push(route));
    await page.locator("#file").setInputFiles(large);
    for (const count of [1, 2]) { // the completion, then the link
      await until(() => held.length === count);
      await page.waitForTimeout(600); // the page shows progress twice a second
      await note(page, "large file.bin").getByText("Finishing", { exact: true }).waitFor();
      assert.equal(await row(page, "large file.bin").locator("progress").getAttribute("value"), "1");
      await held.at(-1).continue();
    }
    await done(page, "large file.bin");
    await context.close();
  },

  async "a completion whose answer is lost"() {
    const { context, page } = await open();
    let asked = 0;
    await page.route("**/multipart/complete", async (route) => {
      if (asked++) return route.continue(); // which the store refuses: there is no such upload any more
      await route.fetch();
      await route.abort();
    });
    await page.locator("#file").setInputFiles(large);
    await done(page, "large file.bin");
    assert.equal(asked, 2);
    await assert_download(await link(page, "large file.bin"), large, "large file.bin");
    await context.close();
  },

  async "a port in use"() {
    const service = await freePort();
    const taken = createServer().listen(service, "127.0.0.1");
    await once(taken, "listening");
    for (const [wanted, used] of [[port - 1, port], [service, service]]) { // the store's port, the service's port
      const child = spawn(program, ["--port", wanted], { stdio: ["ignore", "ignore", "pipe"] });
      const told = [];
      child.stderr.on("data", (text) => told.push(text));
      const [status] = await once(child, "close");
      assert.equal(told.join(""), `demo: cannot listen on 127.0.0.1:${used}: Address already in use (os error 98); --port 0 uses any two free ports\n`);
      assert.equal(status, 2);
    }
    taken.close();
  },

  async "the access token goes to the service only"() {
    const { context, page } = await open();
    const sent = [];
    context.on("request", (request) => sent.push([request.method(), request.url(), request.headers().authorization]));
    await limits(page, { token_needed: true });
    const about = [];
    page.on("console", (message) => about.push(message.text()));
    let valid = false;
    await page.route("**/uploads", (route) => valid ? route.continue() : route.fulfill({ status: 401, json: { error: { code: "unauthorized", message: "x" } } }));
    await page.reload();
    await page.locator("#file").setInputFiles(small);
    await page.getByText("Enter the access token.").waitFor();
    await note(page, "Grüße.txt").getByText("Waiting").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "token");
    await page.keyboard.type("a wrong token");
    await page.keyboard.press("Enter");
    await page.getByText("This access token is not valid.").waitFor();
    valid = true;
    await page.getByLabel("Access token").fill("the token");
    await page.keyboard.press("Enter");
    await done(page, "Grüße.txt");
    assert.equal(sent.find(([method]) => method === "PUT")[2], undefined);
    const asked = sent.filter(([method]) => method === "POST").map(([, url, authorization]) => [url.replace(page_url, ""), authorization]);
    assert.deepEqual(about.filter((text) => !text.startsWith("Failed to load resource")), []);
    assert.equal(page.url(), page_url);
    assert.deepEqual(asked, [["uploads", "Bearer a wrong token"], ["uploads", "Bearer the token"], ["links", "Bearer the token"]]);
    await context.close();
  },

  async "what cannot be uploaded is refused at once"() {
    const { context, page } = await open();
    const sent = [];
    await limits(page, { content_types: ["image/*", "application/pdf"], max_size: 1 << 20 });
    await page.reload();
    await page.getByText("Up to 1.0 MiB for each file. Images and PDF files only.").waitFor();
    context.on("request", (request) => sent.push(request.url()));
    const add = (name, mimeType, size = 5) => page.locator("#file").setInputFiles({ name, mimeType, buffer: Buffer.alloc(size) });
    await add("a.txt", "text/plain");
    await note(page, "a.txt").getByText("The file is text/plain. Only images and PDF files can be uploaded.").waitFor();
    await add("b.png", "image/png", (1 << 20) + (1 << 19));
    await note(page, "b.png").getByText("The file is 1.5 MiB. The limit is 1.0 MiB.").waitFor();
    const long = `${"é".repeat(60)}.png`; // 124 bytes, and 33 before them; the demo's store accepts 130
    await add(long, "image/png");
    await note(page, long).getByText("The name is too long by 27 bytes, counted with its folders. Accents and emoji count more than once. Rename the file.").waitFor();
    const ascii = `${"e".repeat(140)}.png`;
    await add(ascii, "image/png");
    await note(page, ascii).getByText("The name is too long by 47 bytes, counted with its folders. Rename the file.", { exact: true }).waitFor();
    assert.deepEqual(sent, []);
    const fits = `${"é".repeat(46)}.png`;
    await add(fits, "image/png");
    await done(page, fits);
    await context.close();
  },

  async "what the service and the store refuse is told in words"() {
    const { context, page } = await open();
    const refuse = { status: 502, json: { error: { code: "store_refused", message: "the store refused: 403 Forbidden AccessDenied" } } };
    await page.route("**/multipart", (route) => route.fulfill(refuse));
    await page.locator("#file").setInputFiles(large);
    await note(page, "large file.bin").getByText("The store refused the upload (the store refused: 403 Forbidden AccessDenied).").waitFor();
    await page.unroute("**/multipart");
    await page.route(store, (route) => route.fulfill({
      status: 501, headers: { "Access-Control-Allow-Origin": "*" }, body: "<Error><Code>NotImplemented</Code></Error>",
    }));
    await button(page, "large file.bin", "Retry").click();
    await note(page, "large file.bin").getByText("The store refused the upload (501 NotImplemented).").waitFor();
    await page.unroute(store);
    await button(page, "large file.bin", "Retry").click();
    await done(page, "large file.bin");
    const name = { status: 400, json: { error: { code: "invalid_key", message: "x" } } };
    await page.route("**/uploads", (route) => route.fulfill(name));
    await page.locator("#file").setInputFiles(small);
    await note(page, "Grüße.txt").getByText("The store does not accept this name. Rename the file.").waitFor();
    assert.deepEqual(await row(page, "Grüße.txt").getByRole("button").allTextContents(), ["Remove"]);
    await context.close();
  },

  async "the expiry of links, and a copy without the clipboard"() {
    const { context, page, told } = await open({ timezoneId: "Asia/Kolkata" });
    await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined }));
    await page.reload();
    const choices = await page.getByLabel("Links expire after").locator("option").allTextContents();
    assert.deepEqual(choices, ["15 minutes", "1 hour", "6 hours", "1 day", "3 days", "7 days"]);
    await page.getByLabel("Links expire after").selectOption("1 hour");
    await page.locator("#file").setInputFiles(small);
    await done(page, "Grüße.txt");
    const first = await link(page, "Grüße.txt");
    assert.equal(new URL(first).searchParams.get("X-Amz-Expires"), "3600");
    const [, stamp] = /^(\d{8}T\d{6}Z)$/.exec(new URL(first).searchParams.get("X-Amz-Date"));
    const signed = Date.parse(stamp.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"));
    const local = new Date(signed + 3_600_000).toLocaleTimeString("en-GB", { timeZone: "Asia/Kolkata", hour: "2-digit", minute: "2-digit" });
    assert.match(await note(page, "Grüße.txt").textContent(), new RegExp(`until \\d+ \\w+ \\d{4} at ${local.replace(/^0/, "0?")} (IST|GMT\\+5:30)\\.$`));
    await button(page, "Grüße.txt", "Copy link").dblclick(); // twice: the label must come back
    await until(() => told.filter((text) => text === "Copied").length === 2);
    assert.equal(told.filter((text) => text === "Copied").length, 2);
    await page.locator("button", { hasText: "Copy link" }).waitFor();
    await page.evaluate(() => document.body.append(document.createElement("textarea")));
    await page.locator("textarea").focus();
    await page.keyboard.press("Control+v");
    assert.equal(await page.locator("textarea").inputValue(), first);

    await page.clock.setFixedTime(Date.now() + 3_700_000);
    await note(page, "Grüße.txt").getByText(/^The link expired /).waitFor();
    assert.equal(await row(page, "Grüße.txt").locator(".url").isVisible(), false);
    await page.getByLabel("Links expire after").selectOption("7 days");
    await button(page, "Grüße.txt", "Renew link").click();
    await done(page, "Grüße.txt");
    assert.equal(new URL(await link(page, "Grüße.txt")).searchParams.get("X-Amz-Expires"), "604800");
    await context.close();
  },
};

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    tests[`accessible: ${colorScheme}, ${width} px`] = async () => {
      // axe's own script would be against the policy.
      const { context, page } = await open({ colorScheme, viewport: { width, height: 844 }, bypassCSP: true });
      const look = async (name) => {
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name} scrolls sideways`);
        await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        if ((width === 1280) !== (colorScheme === "light")) return; // axe is slow; each width and each scheme is checked once
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]), [], name);
        assert.ok(passes.length > 10);
      };
      await look("choose");
      await page.route(store, () => {}); // held
      await page.locator("#file").setInputFiles([large, inner]);
      await button(page, "large file.bin", "Cancel").waitFor();
      await look("sending");
      await button(page, "inner.txt", "Pause").click();
      await button(page, "large file.bin", "Cancel").click();
      await page.unroute(store);
      await page.locator("#file").setInputFiles(small);
      await page.locator("#file").setInputFiles({ name: `${"long name ".repeat(20)}.txt`, mimeType: "text/plain", buffer: Buffer.from("") });
      await done(page, "Grüße.txt");
      await look("paused-canceled-refused-done");
      let answer = (route) => route.abort();
      await page.route("**/uploads", (route) => answer(route));
      await button(page, "inner.txt", "Resume").click();
      await button(page, "inner.txt", "Retry now").waitFor();
      await look("retrying");
      answer = (route) => route.fulfill({ status: 500, json: { error: { code: "internal", message: "x" } } });
      await button(page, "inner.txt", "Retry now").click({ timeout: 5000 }).catch(() => {}); // unless it has just done so
      await note(page, "inner.txt").getByText("The service is not configured correctly. Contact its administrator.").waitFor();
      await page.clock.setFixedTime(Date.now() + 2 * 86_400_000);
      await note(page, "Grüße.txt").getByText(/^The link expired /).waitFor();
      await look("failed-expired");

      await page.route(store, (route) => part_of(route.request()) > 1 ? undefined : route.continue());
      await page.locator("#file").setInputFiles(large);
      await recorded(page, 1);
      page.on("dialog", (dialog) => dialog.accept());
      await limits(page, { token_needed: true });
      await page.reload();
      await button(page, "large file.bin", "Choose the file").waitFor();
      await page.locator("#file").setInputFiles(small);
      await page.getByText("Enter the access token.").waitFor();
      await look("interrupted-token");
      await page.route("**/limits", (route) => route.abort());
      await page.reload();
      await page.getByRole("alert").getByText(/^The service does not respond\. Retrying in \d+ s\.$/).waitFor();
      await look("no-service");
      await context.close();
    };
  }
}

try {
  await run(chromium, tests);
} finally {
  await kill();
  rmSync(folder, { recursive: true });
}
