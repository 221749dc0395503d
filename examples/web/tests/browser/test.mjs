// Drives the page in Chromium: node test.mjs PAGE SCREENSHOTS, with the store of the example `store` on stdin.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { urlToHttpOptions } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import jsqr from "jsqr";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";
import { browser, options, patience, run, start, until } from "../../../../.ci/chromium.mjs";

const [page_url, screenshots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const told = Object.fromEntries(readFileSync(0, "utf8").split("\n").map((line) => line.split(/ {2,}/)));
const store = {
  access_key_id: told["access key ID"], secret_access_key: told["secret access key"], bucket: told.bucket.split(",")[0],
  region: told.region, endpoint: told.endpoint,
};
const documented = {
  access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  bucket: "examplebucket", region: "us-east-1",
};
const folder = mkdtempSync(join(tmpdir(), "presign-web-"));

await start(chromium);

/** Waits until the page has started and loaded what all links require, or everything. */
const started = (page, module = "links") => page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, module);

/** Opens the page and records its requests and its warnings. */
async function open(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin", reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"], ...options,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const [requests, complaints] = [[], []];
  context.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  context.on("console", (message) => {
    const theirs = message.location().url.startsWith(store.endpoint); // the store's answers are pages too
    if (!theirs && ["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  context.on("requestfailed", (request) => {
    if (request.failure().errorText === "csp") requests.splice(requests.indexOf(`${request.method()} ${request.url()}`), 1);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`));
  });
  await page.goto(page_url);
  await started(page);
  return { context, page, requests, complaints };
}

const fill = async (page, view, values) => {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`#${view}-${name}`);
    if (["content_type", "disposition", "file_name"].includes(name)) {
      await page.locator(".options").evaluate((details) => { details.open = true; });
    }
    if (["addressing", "disposition", "method", "unit"].includes(name)) await field.selectOption(value);
    else await field.fill(value);
  }
};
/** Opens another view, and waits for its module. */
const tab = async (page, name) => {
  await page.getByRole("tab", { name }).click();
  await page.waitForFunction(() => {
    const result = document.querySelector("[role=tabpanel]:not([hidden]) .result");
    return result.dataset.state !== "waiting" || result.querySelector(".waiting").textContent !== "Loading …";
  });
};
const show_qr = async (page) => {
  await page.getByRole("button", { name: "QR code" }).click();
  await page.locator("#qr").waitFor();
};
const url = (page) => page.locator("#share-url").textContent();
/** Waits until the clipboard has the link. */
const copied = async (page) => page.waitForFunction(async (link) => await navigator.clipboard.readText() === link, await url(page));
const state = (page, view) => page.locator(`#${view} .result`).getAttribute("data-state");
const own = (requests) => requests.every((request) => request.startsWith(`GET ${page_url}`));

const tests = {
  async "the link of the AWS documentation"() {
    const { context, page, requests, complaints } = await open();
    await page.clock.setFixedTime("2013-05-24T00:00:00Z");
    await fill(page, "store", { ...documented, addressing: "global" });
    await fill(page, "share", { key: "test.txt", expires: "86400", unit: "seconds" });
    assert.match(await url(page), /&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404$/);
    assert.equal(await page.locator("#share [data-out=until]").textContent(), "25 May 2013, 02:00:00 CEST");
    assert.equal(await page.locator("#share [data-out=left]").textContent(), "in 1 day");
    const copies = page.locator("#share .dock").getByRole("button", { name: "Copy link" });
    await copies.dblclick(); // the second time while it says "Copied"
    await copies.waitFor();
    await copied(page);

    // An expired link can only be renewed.
    await page.clock.setFixedTime("2013-05-25T00:00:01Z");
    await page.locator("#share .result.ended").waitFor();
    assert.match(await page.locator("#share .dock .until").textContent(), /^Expired 25 May 2013, 02:00:00 CEST/);
    const offered = () => page.locator("#share .dock").getByRole("button").allTextContents();
    const visible = await page.locator("#share .dock .actions > :visible").allTextContents();
    assert.deepEqual(visible, ["Renew"]);
    const green = await page.getByRole("button", { name: "Renew" }).evaluate((button) => getComputedStyle(button).backgroundColor);
    await page.getByRole("button", { name: "Renew" }).click();
    assert.match(await url(page), /&X-Amz-Date=20130525T000001Z&/);
    assert.equal(await copies.evaluate((button) => getComputedStyle(button).backgroundColor), green);
    assert.ok((await offered()).length > 2);

    // The list has the link that was copied; it has expired.
    const links = page.locator(".history li");
    assert.equal(await links.count(), 1);
    assert.match(await links.textContent(), /^GET test\.txtExpired/);
    assert.equal(await links.getByRole("button").count(), 0);
    await copies.click();
    assert.match(await links.first().textContent(), /^GET test\.txtExpires .*in 1 day/);
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await links.first().getByRole("button").click();
    await copied(page);

    // The page's own example is the same one.
    const fresh = await open();
    await fresh.page.clock.setFixedTime("2013-05-24T00:00:00Z");
    await fresh.page.getByRole("button", { name: "Fill in an example" }).click();
    assert.match(await url(fresh.page), /f604d404$/);
    await fresh.context.close();

    assert.ok(own(requests), requests.join("\n"));
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "an upload by the curl command, and a download by the link"() {
    const { context, page, requests, complaints } = await open();
    await fill(page, "store", { ...store, addressing: "path" });
    const key = "a folder/Grüße & 100%.txt";
    await fill(page, "share", { key });
    await page.getByRole("radio", { name: "Upload" }).check();
    await fill(page, "share", { content_type: "text/plain" });
    assert.equal(await page.locator("#share [data-out=headers]").textContent(), "content-type: text/plain");
    assert.ok(!await page.getByRole("button", { name: "QR code" }).isVisible());
    const place = async (selector) => (await page.locator(selector).boundingBox()).y;
    assert.ok(await place("#share .code") < await place("#share .dock"), "the command comes first");
    const curl = await page.locator("#share-curl").textContent();
    writeFileSync(join(folder, "Grüße & 100%.txt"), "it came through");
    execFileSync("sh", ["-c", curl], { cwd: folder, stdio: ["ignore", "ignore", "ignore"] });

    // A key that ends in a slash. The store cannot have one, so this only looks at what curl sends.
    const sent = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => { body += chunk; });
      request.on("end", () => { sent.push([request.method, request.url, request.headers["content-type"], body]); response.end(); });
    });
    await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });
    await fill(page, "store", { endpoint: `http://127.0.0.1:${server.address().port}` });
    await fill(page, "share", { key: "a folder/", content_type: "" });
    writeFileSync(join(folder, "a folder"), "marker");
    await promisify(execFile)("sh", ["-c", await page.locator("#share-curl").textContent()], { cwd: folder });
    server.close();
    const { pathname, search } = new URL(await url(page));
    assert.deepEqual(sent, [["PUT", pathname + search, undefined, "marker"]]);
    await fill(page, "store", { endpoint: store.endpoint });
    await page.getByRole("radio", { name: "Delete" }).check();
    assert.match(await page.locator("#share .use").textContent(), /can delete the object/);
    await page.getByRole("radio", { name: "Download" }).check();
    await fill(page, "share", { key });
    await fill(page, "share", { content_type: "", disposition: "attachment", file_name: "Grüße.txt" });
    assert.ok(own(requests), requests.join("\n"));
    const link = await url(page);
    const other = await context.newPage();
    const [download] = await Promise.all([other.waitForEvent("download"), other.goto(link).catch(() => {})]);
    assert.equal(download.suggestedFilename(), "Grüße.txt");
    assert.equal(readFileSync(await download.path(), "utf8"), "it came through");
    await fill(page, "share", { disposition: "stored" });
    await other.goto(await url(page));
    assert.equal(await other.locator("body").textContent(), "it came through");

    // A link for another method is refused, and the page says why.
    const answer = await fetch(link, { method: "DELETE" });
    assert.equal(answer.status, 403);
    await tab(page, "Explain");
    await fill(page, "explain", { url: link, method: "DELETE", answer: await answer.text() });
    assert.match(await page.locator("#explain .causes li").first().textContent(), /^certain.*signed for GET.*DELETE.*MethodDiffers$/);
    assert.match(await page.locator("#explain .comparison .differs").first().textContent(), /^methoddifferssentDELETEsignedGET$/);
    const report = await page.locator("#explain-report").textContent();
    for (const secret of [store.secret_access_key, store.access_key_id, link.slice(-64)]) assert.ok(!report.includes(secret));
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "an upload by the form"() {
    const { context, page, requests, complaints } = await open();
    await fill(page, "store", { ...store, addressing: "path" });
    await tab(page, "Upload");
    await fill(page, "upload", { key_prefix: "in/", content_type_prefix: "text/", min_bytes: "1", max_bytes: "100" });
    const file = join(folder, "note.txt");
    writeFileSync(file, "by a form");
    const frame = page.frameLocator("iframe");
    await frame.getByLabel("File").setInputFiles(file);
    assert.equal(await frame.getByLabel("Content-Type").inputValue(), "text/plain");
    await fill(page, "upload", { max_bytes: "1000" });
    await page.locator("#upload").getByRole("button", { name: "Renew" }).click();
    assert.equal(await frame.getByLabel("File").evaluate((input) => input.files[0]?.name), "note.txt", "the file stays chosen");
    assert.ok(own(requests), requests.join("\n"));
    const [answer] = await Promise.all([context.waitForEvent("page"), frame.getByRole("button", { name: "Upload" }).click()]);
    await answer.waitForLoadState();
    // S3 replaces the variable by the file's name; this store keeps it.
    assert.match(await answer.content(), /<Key>in\/\$\{filename\}<\/Key>/);
    const sent = requests.filter((request) => !request.startsWith(`GET ${page_url}`) && !/favicon/.test(request));
    assert.deepEqual(sent, [`POST ${store.endpoint}/${store.bucket}`]);

    await page.bringToFront();
    await tab(page, "Share");
    await fill(page, "share", { key: "in/${filename}" });
    assert.equal(await (await fetch(await url(page))).text(), "by a form");
    assert.deepEqual(complaints, []);

    // The document with the credentials may not send them.
    for (const attempt of [
      (url) => fetch(url), (url) => { document.forms[0].action = url; document.forms[0].submit(); },
      (url) => { const image = new Image(); image.src = url; },
      (url) => { const frame = document.createElement("iframe"); frame.src = url; document.body.append(frame); },
    ]) {
      await page.evaluate(attempt, `${store.endpoint}/leak`).catch(() => {});
    }
    const refused = () => [...new Set(complaints)].filter((text) => text.startsWith("policy: ")).map((text) => text.slice(8)).sort();
    await until(() => refused().length >= 4);
    assert.deepEqual(refused(), ["connect-src", "form-action", "frame-src", "img-src"]);
    assert.ok(!requests.some((request) => request.includes("leak")), requests.join("\n"));
    await context.close();
  },

  async "errors at their fields"() {
    const { context, page, complaints } = await open();
    assert.equal(await state(page, "share"), "waiting");
    assert.equal(await page.locator("#share .waiting").textContent(), "Enter the access key ID. The link appears here.");
    await fill(page, "store", documented);
    assert.equal(await page.locator("#share .waiting").textContent(), "Enter the object key. The link appears here.");
    const bad = async (view, name, value, text) => {
      const field = page.locator(`#${view}-${name}`);
      const before = await field.inputValue();
      await field.fill(value);
      assert.equal(await field.getAttribute("aria-invalid"), "true", name);
      const error = page.locator(`#${await field.getAttribute("aria-describedby")}`);
      assert.match(await error.textContent(), text);
      assert.equal(await page.locator("[aria-invalid]").count(), 1);
      await field.fill(before);
      assert.equal(await page.locator("[aria-invalid]").count(), 0, name);
    };
    await fill(page, "share", { key: "k" });
    await bad("store", "access_key_id", " AKIA", /Remove the space/);
    await bad("store", "bucket", "my bucket", /cannot contain a space/);
    await bad("store", "region", "eu_west", /^A region contains/);
    await bad("store", "endpoint", "minio:9000", /http:\/\//);
    await page.getByText("Temporary credentials").click();
    await bad("store", "expiration", "tomorrow", /like this/);
    await bad("share", "key", "a/../b", /resolve them/);
    await bad("share", "expires", "169", /7 days/);
    await page.locator(".options").evaluate((details) => { details.open = true; });
    await bad("share", "content_type", "a\u0007", /control character/);
    await tab(page, "Upload");
    await bad("upload", "key_prefix", "${user}/", /only variable/);
    await bad("upload", "max_bytes", "many", /whole number/);
    await bad("upload", "max_bytes", String(6 * 2 ** 30), /5 GiB/);
    await bad("upload", "redirect", "javascript:alert(1)", /whole address/);
    await fill(page, "upload", { key_prefix: "up/${filename}" });
    assert.match(await page.locator("#upload [data-out=policy]").textContent(), /"up\/"/);
    await tab(page, "Explain");
    assert.equal(await page.locator("#explain .waiting").textContent(), "Enter the link. The cause appears here.");
    await fill(page, "explain", { url: "https://example.com/" });
    await bad("explain", "headers", "nonsense", /^Line 1/);
    await page.waitForFunction(() => document.querySelector("#announcement").textContent.includes("not presigned"));
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "fixes at the fields"() {
    const { context, page, complaints } = await open();
    const value = (view, name) => page.locator(`#${view}-${name}`).inputValue();
    const fix = (id) => page.locator(`#${id}-error`).getByRole("button");
    await fill(page, "store", { ...documented, endpoint: "https://s3.eu-west-1.amazonaws.com" });
    await fill(page, "share", { key: "https://photos.s3.eu-west-1.amazonaws.com/my%20duck.jpg" });
    assert.equal(await state(page, "share"), "wrong");
    await fix("store-region").click();
    assert.equal(await state(page, "share"), "shown");
    assert.match(await page.locator("#share [data-out=cautions]").textContent(), /object's address/);
    await fix("share-key").click();
    assert.deepEqual([await value("store", "bucket"), await value("store", "region"), await value("share", "key")],
      ["photos", "eu-west-1", "my duck.jpg"]);
    assert.equal(await page.locator("#share [data-out=cautions]").textContent(), "");
    await fill(page, "store", { bucket: "My_Bucket", endpoint: "" });
    assert.match(await page.locator("#store-addressing-error").textContent(), /in the path/);
    await fix("store-addressing").click();
    assert.deepEqual([await value("store", "addressing"), await page.locator("#share [data-out=cautions]").textContent()], ["path", ""]);

    // Each button's text, and the field's value after a click.
    for (const [name, typed, label, fixed] of [
      ["access_key_id", `“${documented.access_key_id}”`, `Use ${documented.access_key_id}`, documented.access_key_id],
      ["secret_access_key", `'${documented.secret_access_key}'`, "Use the value alone", documented.secret_access_key],
      ["secret_access_key", ` ${documented.secret_access_key}`, "Use the value alone", documented.secret_access_key],
      ["bucket", " foo ", "Use foo", "foo"],
      ["region", "EU-WEST-1", "Use eu-west-1", "eu-west-1"],
      ["endpoint", "localhost:9000", "Use http://localhost:9000", "http://localhost:9000"],
    ]) {
      await fill(page, "store", { ...documented, endpoint: "", [name]: typed });
      assert.equal(await state(page, "share"), "wrong", typed);
      assert.equal(await fix(`store-${name}`).textContent(), label);
      await fix(`store-${name}`).click();
      assert.deepEqual([await value("store", name), await state(page, "share")], [fixed, "shown"]);
    }
    await fill(page, "store", { ...documented, bucket: "http://127.0.0.1:9000/foo/bar", endpoint: "" });
    await fix("store-bucket").click();
    assert.deepEqual([await value("store", "endpoint"), await value("store", "bucket"), await value("share", "key"), await value("store", "addressing")],
      ["http://127.0.0.1:9000", "foo", "bar", "path"]);
    await fill(page, "share", { key: "s3://foo" });
    await fix("share-key").click();
    assert.deepEqual([await value("share", "key"), await state(page, "share")], ["", "waiting"]);
    for (const [key, label] of [["/foo", "Use foo"], ["foo ", "Use foo"]]) {
      await fill(page, "share", { key });
      assert.equal(await fix("share-key").textContent(), label);
      await fix("share-key").click();
      assert.equal(await value("share", "key"), "foo");
    }

    // The example has the global address, which access points lack.
    await fill(page, "store", { access_key_id: "", secret_access_key: "", bucket: "", endpoint: "" });
    await page.getByRole("button", { name: "Fill in an example" }).click();
    await fill(page, "store", { bucket: "arn:aws:s3:us-east-1:123456789012:accesspoint/example" });
    assert.match(await page.locator("#store-addressing-error").textContent(), /no global address/);
    await fix("store-addressing").click();
    assert.deepEqual([await value("store", "addressing"), await state(page, "share")], ["host", "shown"]);

    await fill(page, "store", { bucket: "examplebucket" });
    await tab(page, "Upload");
    await fill(page, "upload", { key_prefix: "no slash" });
    await fix("upload-key_prefix").click();
    assert.deepEqual([await value("upload", "key_prefix"), await state(page, "upload")], ["no slash/", "shown"]);
    assert.equal(await page.locator("#upload [data-out=cautions]").textContent(), "");
    await fill(page, "upload", { key_prefix: "../x/" });
    assert.equal(await state(page, "upload"), "wrong");
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "a QR code that can be read"() {
    for (const [deviceScaleFactor, viewport] of [[1, { width: 1280, height: 720 }], [2, { width: 390, height: 844 }]]) {
      const { context, page } = await open({ deviceScaleFactor, viewport });
      await fill(page, "store", documented);
      for (const key of ["k", "k".repeat(640)]) {
        await fill(page, "share", { key });
        await show_qr(page);
        const { data, width, height } = PNG.sync.read(await page.screenshot());
        assert.equal(jsqr(new Uint8ClampedArray(data), width, height)?.data, await url(page), `${key.length} at ${deviceScaleFactor}`);
        const scale = await page.evaluate(() => {
          const code = document.querySelector("#qr svg");
          const { left, top, width } = code.getBoundingClientRect();
          return [width / code.viewBox.baseVal.width, left, top].map((length) => length * devicePixelRatio);
        });
        for (const length of scale) assert.ok(Math.abs(length - Math.round(length)) < 0.01, `${scale}`);
        await page.getByRole("button", { name: "Close" }).click();
      }
      await fill(page, "share", { key: "k".repeat(1000) });
      assert.ok(!await page.getByRole("button", { name: "QR code" }).isVisible());
      await context.close();
    }
  },

  async "the link is in the first screen"() {
    for (const viewport of [{ width: 1280, height: 720 }, { width: 390, height: 844 }, { width: 360, height: 800 }]) {
      const { context, page } = await open({ viewport });
      await fill(page, "store", documented);
      for (const values of [{ key: "photos/2026/Zürich at dusk.jpg" }, { key: "k".repeat(1024) }]) {
        await fill(page, "share", values);
        await page.evaluate(() => scrollTo(0, 0));
        for (const selector of ["#share-url", "#share .dock .until", "#share .dock [data-copy=share-url]"]) {
          const { y, height } = await page.locator(selector).boundingBox();
          assert.ok(y >= 0 && y + height <= viewport.height, `${selector} ends at ${y + height} of ${viewport.height}`);
        }
      }
      await page.getByText("Temporary credentials").click();
      await fill(page, "store", { session_token: "t".repeat(2000) });
      const { height } = await page.locator("#share-url").boundingBox();
      assert.ok(height < 120, `${height}`);
      await page.getByRole("button", { name: "Show all" }).click();
      assert.ok((await page.locator("#share-url").boundingBox()).height > 300);
      await fill(page, "share", { key: "l".repeat(1024) }); // a new link, which is all shown too
      await page.evaluate(() => new Promise((shown) => { requestAnimationFrame(() => requestAnimationFrame(shown)); }));
      await page.getByRole("button", { name: "Show less" }).click();
      assert.equal((await page.locator("#share-url").boundingBox()).height, height);
      assert.ok(await page.getByRole("button", { name: "Show all" }).isVisible());
      await context.close();
    }
  },

  async "credentials pasted at once"() {
    const { context, page, complaints } = await open();
    const value = (name) => page.locator(`#store-${name}`).inputValue();
    const paste = async (name, text) => {
      await page.evaluate((text) => navigator.clipboard.writeText(text), text);
      await page.locator(`#store-${name}`).focus();
      await page.keyboard.press("ControlOrMeta+V");
    };
    const three = async () => [await value("access_key_id"), await value("secret_access_key"), await value("session_token")];
    await paste("access_key_id",
      "export AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nexport AWS_SECRET_ACCESS_KEY=s3cret\nexport AWS_SESSION_TOKEN=t0ken\n");
    assert.deepEqual(await three(), ["ASIAEXAMPLE", "s3cret", "t0ken"]);
    assert.ok(await page.locator("#store-session_token").isVisible());
    await page.keyboard.press("ControlOrMeta+Z");
    assert.deepEqual(await three(), ["", "", ""]);
    await paste("secret_access_key", "[default]\naws_access_key_id=A\naws_secret_access_key=s\n[prod]\naws_access_key_id=B\naws_secret_access_key=t\n");
    await page.getByRole("button", { name: "prod" }).click();
    assert.deepEqual(await three(), ["B", "t", ""]);
    await page.getByRole("button", { name: "Undo" }).click();
    assert.deepEqual(await three(), ["", "", ""]);
    await paste("access_key_id", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    assert.equal(await value("access_key_id"), "");
    assert.match(await page.locator("#pasted").textContent(), /may contain a secret/);
    const { access_key_id: id, secret_access_key: secret } = documented;
    for (const text of ["mc alias set myminio http://127.0.0.1:9000 minioadmin minioadmin", "minioadmin:minioadmin", `${id}x:${secret}`]) {
      await paste("access_key_id", text);
      assert.equal(await value("access_key_id"), "", text);
      assert.match(await page.locator("#pasted").textContent(), /may contain a secret/);
    }
    for (const separator of [":", ",", " "]) {
      await paste("access_key_id", `${id}${separator}${secret}`);
      assert.deepEqual(await three(), [id, secret, ""]);
      await page.getByRole("button", { name: "Undo" }).click();
    }
    // One line after the other: none of them removes the others.
    await paste("access_key_id", `export AWS_ACCESS_KEY_ID=${id} # key`);
    await paste("access_key_id", "export AWS_SESSION_TOKEN=t0ken");
    await paste("secret_access_key", `export AWS_SECRET_ACCESS_KEY=${secret}`);
    assert.deepEqual(await three(), [id, secret, "t0ken"]);
    assert.ok(await page.locator("#store-session_token").isVisible());
    await fill(page, "store", { access_key_id: "", secret_access_key: "", session_token: "" });

    await paste("access_key_id", Object.entries(told).map((pair) => pair.join("   ")).join("\n"));
    assert.deepEqual([await value("access_key_id"), await value("bucket"), await value("endpoint")],
      [store.access_key_id, store.bucket, store.endpoint]);
    await fill(page, "store", { endpoint: "" });

    await paste("access_key_id", "export AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nexport AWS_SECRET_ACCESS_KEY=s3cret\nexport AWS_SESSION_TOKEN=t0ken\n");
    await page.locator("#store-bucket").fill("");
    await paste("bucket", "examplebucket");
    assert.equal(await value("bucket"), "examplebucket");
    await fill(page, "share", { key: "k" });
    assert.match(await url(page), /&X-Amz-Security-Token=t0ken&/);
    assert.match(await page.locator("#share [data-out=advisories]").textContent(), /temporary/);
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "tabs and lifetimes by the keyboard"() {
    const { context, page } = await open();
    const focus = () => page.evaluate(() => document.activeElement.id);
    await page.locator("#share-tab").focus();
    for (const [key, id] of [["ArrowRight", "upload"], ["ArrowRight", "explain"], ["ArrowRight", "share"],
      ["ArrowLeft", "explain"], ["Home", "share"], ["End", "explain"], ["ArrowLeft", "upload"]]) {
      await page.keyboard.press(key);
      assert.equal(await focus(), `${id}-tab`);
      assert.equal(await page.locator("[role=tabpanel]:visible").getAttribute("id"), id);
      assert.equal(await page.locator("[role=tab][aria-selected=true]").getAttribute("id"), `${id}-tab`);
    }
    await page.keyboard.press("Tab");
    assert.equal(await focus(), "store-access_key_id");
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Home");
    await fill(page, "store", documented);
    await fill(page, "share", { key: "k", expires: "90", unit: "minutes" });
    assert.match(await url(page), /&X-Amz-Expires=5400&/);
    await page.locator("#share").getByRole("button", { name: "7 days" }).click();
    assert.match(await url(page), /&X-Amz-Expires=604800&/);
    assert.deepEqual([await page.locator("#share-expires").inputValue(), await page.locator("#share-unit").inputValue()], ["7", "days"]);
    await context.close();
  },

  async "nothing is kept"() {
    const { context, page } = await open();
    await fill(page, "store", documented);
    await fill(page, "share", { key: "k" });
    await page.reload();
    await started(page);
    assert.equal(await page.locator("#store-secret_access_key").inputValue(), "");
    const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie,
      (await indexedDB.databases()).length, (await caches.keys()).length]);
    assert.deepEqual(kept, [0, 0, "", 0, 0]);
    assert.deepEqual(await context.cookies(), []);

    await context.close();
  },

  async "the Back button, where the browser keeps the page"() {
    // As most web servers send it, without no-store; and Playwright turns this cache off.
    const server = createServer(async ({ url }, response) => {
      const file = await fetch(new URL(url, page_url));
      response.writeHead(file.status, { "content-type": file.headers.get("content-type") ?? "text/plain" }).end(Buffer.from(await file.arrayBuffer()));
    });
    await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });
    const address = `http://127.0.0.1:${server.address().port}/`;
    const keeping = await chromium.launch({ ...options, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
    try {
      const page = await keeping.newPage();
      page.setDefaultTimeout(patience);
      await page.addInitScript(() => addEventListener("pageshow", ({ persisted }) => { globalThis.persisted = persisted; }));
      await page.goto(address);
      await started(page);
      await fill(page, "store", documented);
      await fill(page, "share", { key: "k" });
      const link = await url(page);
      await page.getByRole("button", { name: "Copy link" }).click();
      assert.ok(await page.locator(".history").isVisible());
      await show_qr(page);
      await page.goto(`${address}try.html`);
      await page.evaluate(() => history.back()).catch(() => {}); // Playwright's own function waits for a page that loads
      await until(() => page.url() === address);
      assert.equal(await page.evaluate(() => globalThis.persisted), true);
      assert.equal(await page.locator("#store-secret_access_key").inputValue(), "");
      assert.equal(await state(page, "share"), "waiting");
      assert.ok(!await page.locator("#qr").isVisible());
      const html = await page.content();
      for (const text of [link.slice(-64), documented.access_key_id]) assert.ok(!html.includes(text), text);
    } finally {
      await keeping.close();
      server.close();
    }
  },

  async "without a clipboard, or a part of the page"() {
    const { context, page } = await open({ permissions: [] });
    await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed")); });
    await fill(page, "store", documented);
    await fill(page, "share", { key: "k" });
    await page.getByRole("button", { name: "Copy link" }).click();
    assert.equal(await page.evaluate(() => String(getSelection())), await url(page));
    await page.waitForFunction(() => document.querySelector("#announcement").textContent.startsWith("Selected"));
    await context.close();

    const broken = async (pattern) => {
      const context = await browser.newContext();
      context.setDefaultTimeout(patience);
      const page = await context.newPage();
      await page.route(pattern, (route) => route.abort());
      await page.goto(page_url);
      return page;
    };
    const first = await broken("**/first.wasm");
    await first.getByText("The page cannot start").waitFor();
    const script = await broken("**/page.js");
    await script.getByText("could not load all of its files").waitFor();
    const second = await broken("**/links_bg.wasm");
    const failure = second.getByText("A part of the page could not be loaded");
    await failure.waitFor();
    await fill(second, "store", documented);
    await fill(second, "share", { key: "k" });
    assert.match(await url(second), /&X-Amz-Signature=/);
    assert.match(await second.locator("#share [data-out=advisories]").textContent(), /not checked/);
    await second.unroute("**/links_bg.wasm");
    await fill(second, "share", { key: "l" });
    await started(second);
    assert.equal(await second.locator("#share [data-out=advisories]").textContent(), "");
    assert.ok(!await failure.isVisible());
    for (const page of [first, script, second]) await page.context().close();
  },

  async "on paper and in forced colors"() {
    const { context, page } = await open();
    await fill(page, "store", documented);
    await fill(page, "share", { key: "k" });
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator("#share-url").isVisible());
    for (const selector of ["#store", "#share-tab", "#share-key", "#share .dock button"]) {
      assert.ok(!await page.locator(selector).first().isVisible(), selector);
    }
    await page.screenshot({ path: join(screenshots, "print.png"), fullPage: true });
    await page.emulateMedia({ media: "screen" });
    await show_qr(page);
    await page.emulateMedia({ media: "print" });
    for (const selector of ["#qr svg", "#qr-until", "#qr-url"]) assert.ok(await page.locator(selector).isVisible(), selector);
    assert.ok(!await page.locator("main").isVisible());
    await page.screenshot({ path: join(screenshots, "print-qr.png"), fullPage: true });
    await page.emulateMedia({ media: "screen", forcedColors: "active" });
    const border = (id) => page.locator(id).evaluate((tab) => getComputedStyle(tab).borderBottomColor);
    assert.notEqual(await border("#share-tab"), await border("#upload-tab"));
    await page.keyboard.press("Escape");
    await page.screenshot({ path: join(screenshots, "forced-colors.png"), fullPage: true });
    await context.close();
  },

  async "weight and time to the first link"() {
    const sdk = await build({
      stdin: {
        contents: `import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
          import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
          const client = new S3Client({ region: "us-east-1", credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" } });
          globalThis.link = await getSignedUrl(client, new GetObjectCommand({ Bucket: "examplebucket", Key: "k" }), { expiresIn: 3600 });
          performance.mark("link");`,
        resolveDir: import.meta.dirname,
      },
      bundle: true, minify: true, format: "esm", platform: "browser", write: false,
    });
    // In an empty page: the SDK as its documentation says, and the first module of this page.
    const fields = { ...documented, key: "k", method: "GET", disposition: "stored", expires: "1", unit: "hours" };
    const texts = {
      "/sdk": ["text/html", '<!doctype html><script type="module" src="sdk.js"></script>'],
      "/sdk.js": ["text/javascript", sdk.outputFiles[0].contents],
      "/module": ["text/html", `<!doctype html><link rel="preload" href="first.wasm" as="fetch" type="application/wasm" crossorigin>
        <script type="module">const { instance } = await WebAssembly.instantiateStreaming(fetch("first.wasm"));
          const { memory, fields, capacity, sign } = instance.exports;
          const text = ${JSON.stringify(Object.entries(fields).flat().join("\n"))};
          const { written } = new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, fields(), capacity()));
          const length = sign(written, Date.now() / 1000);
          const link = new TextDecoder().decode(new Uint8Array(memory.buffer, fields() + capacity(), length));
          if (link.includes("X-Amz-Signature=")) performance.mark("link");</script>`],
      "/first.wasm": ["application/wasm", new Uint8Array(await (await fetch(new URL("first.wasm", page_url))).arrayBuffer())],
    };
    const files = Object.fromEntries(Object.entries(texts).map(([path, [type, text]]) => [path, [type, gzipSync(text, { level: 9 })]]));
    const server = createServer(({ url }, response) => {
      const [type, body] = files[url] ?? ["text/plain", gzipSync("")];
      response.writeHead(200, { "content-type": type, "content-encoding": "gzip" }).end(body);
    });
    await new Promise((listening) => { server.listen(0, "127.0.0.1", listening); });

    // Both servers are on this machine, so the network's speed is the browser's setting.
    const measure = async (address, prepare) => {
      const context = await browser.newContext();
      context.setDefaultTimeout(patience);
      const page = await context.newPage();
      const network = await context.newCDPSession(page);
      await network.send("Network.enable");
      await network.send("Network.emulateNetworkConditions", { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 });
      if (prepare) await page.addInitScript(prepare, { ...documented, key: "k" });
      await page.goto(address);
      const time = await page.waitForFunction(() => performance.getEntriesByName("link")[0]?.startTime);
      const milliseconds = await time.jsonValue();
      await context.close();
      return milliseconds;
    };
    // Fills in the fields as soon as the page is ready.
    const filled = (values) => {
      const mark = performance.mark.bind(performance);
      performance.mark = (name) => {
        mark(name);
        if (name !== "ready") return;
        // `value` would lay out the page, to move the cursor.
        for (const [name, value] of Object.entries(values)) document.querySelector(`[name=${name}]`).defaultValue = value;
        document.dispatchEvent(new Event("input"));
        if (document.querySelector("#share-url").textContent.includes("X-Amz-Signature=")) mark("link");
      };
    };
    const runs = { page: [], module: [], sdk: [] };
    const address = `http://127.0.0.1:${server.address().port}`;
    for (let run = 0; run < 5; run += 1) {
      runs.page.push(await measure(page_url, filled));
      runs.module.push(await measure(`${address}/module`));
      runs.sdk.push(await measure(`${address}/sdk`));
    }
    server.close();
    const median = (numbers) => numbers.toSorted((a, b) => a - b)[2];
    const row = (name, bytes, all) => console.log(`      ${name}: ${bytes} bytes compressed, ${Math.round(median(all))} ms to the first link (median of 5)`);
    const sizes = async (...names) => {
      const all = await Promise.all(names.map(async (name) => {
        const response = await fetch(new URL(name, page_url), { headers: { "accept-encoding": "gzip" } });
        assert.equal(response.headers.get("content-encoding"), "gzip", name);
        return Number(response.headers.get("content-length"));
      }));
      return all.reduce((sum, size) => sum + size);
    };
    const whole = await sizes("", "page.css", "page.js", "views.js", "first.js", "first.wasm");
    console.log("      at 10 Mbit/s and 40 ms:");
    row("this page, with all its files until then", whole, runs.page);
    row("the module that signs, in an empty page", await sizes("first.wasm"), runs.module);
    row("the AWS SDK's presigner in an empty page", files["/sdk.js"][1].length, runs.sdk);
    for (const name of ["links", "all"]) console.log(`      the module ${name}: ${await sizes(`${name}.js`, `${name}_bg.wasm`)} bytes compressed`);
    assert.ok(whole <= 40_000, `${whole}`);
  },

  async "a module loads when it is needed"() {
    const { context, page, requests } = await open();
    const loaded = () => requests.some((request) => request.endsWith("/all_bg.wasm"));
    await fill(page, "store", documented);
    await fill(page, "share", { key: "k" });
    assert.match(await url(page), /&X-Amz-Signature=/);
    await page.getByText("How it was signed").click();
    await page.locator("#steps").getByText("UNSIGNED-PAYLOAD").first().waitFor();
    assert.ok(!loaded());
    // Links to a bucket in more than one region are signed in another way.
    await fill(page, "store", { bucket: "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap" });
    await started(page, "all");
    assert.ok(loaded());
    assert.match(await url(page), /X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&/);
    await context.close();
  },

  async "the server's headers"() {
    const answer = await fetch(page_url);
    const policy = answer.headers.get("content-security-policy");
    const html = await answer.text();
    assert.equal(policy, `${html.match(/Content-Security-Policy" content="([^"]*)"/)[1]}; frame-ancestors 'self'`);
    assert.match(policy, /default-src 'none'.*form-action 'none'/);
    assert.ok(!/<script(?![^>]* src=)|<style|style="| on[a-z]+="/.test(html));
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
    for (const path of ["/../Cargo.toml", "/..%2fCargo.toml", "/.", "//etc/passwd", "/nothing.html"]) {
      const status = await new Promise((resolve, reject) => {
        // Not `fetch`, which would resolve the dots itself.
        get({ ...urlToHttpOptions(new URL(page_url)), path }, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
      });
      assert.equal(status, 404, path);
    }
  },
};

// Each view at each width and in each scheme: accessible, and no wider than the window; with a screenshot.
for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    tests[`looks: ${colorScheme}, ${width} px`] = async () => {
      // axe's own script would be against the policy.
      const { context, page } = await open({ colorScheme, viewport: { width, height: width > 1000 ? 720 : 844 }, bypassCSP: true });
      const look = async (name) => {
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name} scrolls sideways`);
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        for (const frame of page.frames()) {
          if (frame !== page.mainFrame() && !await page.locator("iframe").isVisible()) continue; // not loaded yet
          await frame.evaluate(axe);
          const { violations, passes } = await frame.evaluate(() => globalThis.axe.run(document, { iframes: false }));
          assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]), [], name);
          assert.ok(passes.length > 10);
        }
      };
      await look("empty");
      await fill(page, "store", { ...documented, region: "eu-west-1" });
      await fill(page, "share", { key: "photos/2026/Zürich at dusk.jpg", expires: "1", unit: "days" });
      await page.locator("#share .dock [data-copy=share-url]").click();
      await copied(page);
      await look("share");
      await show_qr(page);
      await look("share-qr");
      await page.getByRole("button", { name: "Close" }).click();
      const link = await url(page);
      await page.getByText("How it was signed").click();
      await look("share-steps");
      await page.getByText("How it was signed").click();
      await page.getByRole("radio", { name: "Upload" }).check();
      await look("share-put");
      await page.getByRole("radio", { name: "Delete" }).check();
      await look("share-delete");
      await page.getByRole("radio", { name: "Download" }).check();
      await fill(page, "share", { key: "s3://photos/duck.jpg" });
      await look("share-caution");
      await fill(page, "share", { key: "photos/duck.jpg" });
      await page.clock.setFixedTime(Date.now() + 3 * 86_400_000);
      await page.locator("#share .result.ended").waitFor();
      await look("share-expired");
      await page.clock.setFixedTime(Date.now());
      await fill(page, "store", { bucket: "my bucket" });
      await look("share-error");
      await fill(page, "store", { bucket: "examplebucket" });
      await page.locator("#store-secret_access_key").focus();
      await page.evaluate(() => navigator.clipboard.writeText("[a]\naws_access_key_id=A\naws_secret_access_key=s\n[b]\naws_access_key_id=B\naws_secret_access_key=t"));
      await page.keyboard.press("ControlOrMeta+V");
      await look("paste");
      await page.keyboard.press("Escape");
      await tab(page, "Upload");
      await fill(page, "upload", { content_type_prefix: "image/", max_bytes: "10000000" });
      await page.getByText("Fields and policy").click();
      await look("upload");
      await tab(page, "Explain");
      await look("explain-empty");
      await fill(page, "explain", { url: link, method: "PUT" });
      await look("explain");
      await context.close();
    };
  }
}

await run(chromium, tests);
rmSync(folder, { recursive: true });
