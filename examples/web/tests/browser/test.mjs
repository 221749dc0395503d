// Drives the page in Chromium: node test.mjs PAGE SCREENSHOTS, with the store of the example `store` on stdin.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { urlToHttpOptions } from "node:url";
import { chromium } from "playwright-core";

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

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

/** Waits until the page has started, or says that it cannot. */
async function started(page) {
  await page.locator(".ticks li, #failure:not([hidden])").last().waitFor({ state: "attached" });
  assert.equal(await page.locator("#failure").textContent(), "");
}

/** Opens the page and keeps an account of what it asks for and complains of. */
async function open(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Berlin",
    permissions: ["clipboard-read", "clipboard-write"], ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
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
    if (name === "addressing" || name === "disposition" || name === "method") await field.selectOption(value);
    else await field.fill(value);
  }
};
const tab = (page, name) => page.getByRole("tab", { name }).click();
const url = (page) => page.locator("#share-url").textContent();
const state = (page, view) => page.locator(`#${view} .result`).getAttribute("data-state");
const own = (requests) => requests.every((request) => request.startsWith(`GET ${page_url}`));

const tests = {
  async "the link of the AWS documentation"() {
    const { context, page, requests, complaints } = await open();
    await page.clock.setFixedTime("2013-05-24T00:00:00Z");
    await fill(page, "store", { ...documented, addressing: "global" });
    await fill(page, "share", { key: "test.txt", expires: "86400" });
    assert.match(await url(page), /&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404$/);
    assert.equal(await page.locator("#share [data-out=until]").textContent(), "Saturday, 25 May 2013 at 02:00 (CEST)");
    assert.equal(await page.locator("#share [data-out=left]").textContent(), "1 day");
    await page.clock.setFixedTime("2013-05-25T00:00:01Z");
    await page.getByText("none: it has ended").waitFor();
    await page.getByRole("button", { name: "Sign again" }).click();
    assert.match(await url(page), /&X-Amz-Date=20130525T000001Z&/);

    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await url(page));

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
    const curl = await page.locator("#share-curl").textContent();
    writeFileSync(join(folder, "Grüße & 100%.txt"), "it came through");
    execFileSync("sh", ["-c", curl], { cwd: folder, stdio: ["ignore", "ignore", "ignore"] });

    await page.getByRole("radio", { name: "Download" }).check();
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
    assert.match(await page.locator("#explain .causes li").first().textContent(), /^certain.*signed for another method \(GET\).*MethodDiffers$/);
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
    assert.ok(own(requests), requests.join("\n"));
    const [answer] = await Promise.all([context.waitForEvent("page"), frame.getByRole("button", { name: "Upload" }).click()]);
    await answer.waitForLoadState();
    // S3 puts the file's name for the variable; this store keeps the variable.
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
    await page.waitForTimeout(300);
    assert.ok(!requests.some((request) => request.includes("leak")), requests.join("\n"));
    const refused = complaints.filter((text) => text.startsWith("policy: ")).map((text) => text.slice(8));
    assert.deepEqual([...new Set(refused)].sort(), ["connect-src", "form-action", "frame-src", "img-src"]);
    await context.close();
  },

  async "errors at their fields"() {
    const { context, page, complaints } = await open();
    assert.equal(await state(page, "share"), "waiting");
    assert.equal(await page.locator("#share .waiting").textContent(), "Next: Access key ID.");
    await fill(page, "store", documented);
    assert.equal(await page.locator("#share .waiting").textContent(), "Next: Object key.");
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
    await bad("store", "access_key_id", " AKIA", /white space/);
    await bad("store", "bucket", "my bucket", /^Bucket name contains the byte 0x20/);
    await bad("store", "region", "eu_west", /^Region holds/);
    await bad("store", "endpoint", "minio:9000", /http:\/\//);
    await page.getByText("Temporary credentials").click();
    await bad("store", "expiration", "tomorrow", /RFC 3339/);
    await bad("share", "key", "a/../b", /segment/);
    await bad("share", "expires", "604801", /7 days/);
    await bad("share", "content_type", "a\u0007", /control byte/);
    await tab(page, "Upload");
    await bad("upload", "key_prefix", "${user}/", /unknown variable/);
    await bad("upload", "max_bytes", "many", /whole number/);
    await tab(page, "Explain");
    assert.equal(await page.locator("#explain .waiting").textContent(), "Next: The link.");
    await fill(page, "explain", { url: "https://example.com/" });
    await bad("explain", "headers", "nonsense", /^Line 1/);
    await page.waitForFunction(() => document.querySelector("#announcement").textContent.includes("not presigned"));
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "credentials pasted at once"() {
    const { context, page, complaints } = await open();
    const value = (name) => page.locator(`#store-${name}`).inputValue();
    await page.evaluate(() => navigator.clipboard.writeText(
      "export AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nexport AWS_SECRET_ACCESS_KEY=s3cret\nexport AWS_SESSION_TOKEN=t0ken\n"));
    await page.locator("#store-access_key_id").focus();
    await page.keyboard.press("ControlOrMeta+V");
    assert.deepEqual([await value("access_key_id"), await value("secret_access_key"), await value("session_token")],
      ["ASIAEXAMPLE", "s3cret", "t0ken"]);
    assert.ok(await page.locator("#store-session_token").isVisible());
    await page.evaluate(() => navigator.clipboard.writeText("examplebucket"));
    await page.locator("#store-bucket").focus();
    await page.keyboard.press("ControlOrMeta+V");
    assert.equal(await value("bucket"), "examplebucket");
    await fill(page, "share", { key: "k" });
    assert.match(await url(page), /&X-Amz-Security-Token=t0ken&/);
    assert.match(await page.locator("#share .advisories").textContent(), /temporary/);
    assert.deepEqual(complaints, []);
    await context.close();
  },

  async "tabs and lifetimes by the keyboard"() {
    const { context, page } = await open();
    const focus = () => page.evaluate(() => document.activeElement.id);
    await page.locator("#store-addressing").focus();
    await page.keyboard.press("Tab");
    assert.equal(await focus(), "share-tab");
    for (const [key, id] of [["ArrowRight", "upload"], ["ArrowRight", "explain"], ["ArrowRight", "share"],
      ["ArrowLeft", "explain"], ["Home", "share"], ["End", "explain"], ["ArrowLeft", "upload"]]) {
      await page.keyboard.press(key);
      assert.equal(await focus(), `${id}-tab`);
      assert.equal(await page.locator("[role=tabpanel]:visible").getAttribute("id"), id);
      assert.equal(await page.locator("[role=tab][aria-selected=true]").getAttribute("id"), `${id}-tab`);
    }
    await page.keyboard.press("Tab");
    assert.equal(await focus(), "upload-key_prefix");
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Home");
    const slider = page.locator("#share [type=range]");
    await slider.focus();
    assert.equal(await slider.getAttribute("aria-valuetext"), "1 hour");
    await page.keyboard.press("End");
    assert.equal(await page.locator("#share-expires").inputValue(), "604800");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await slider.getAttribute("aria-valuetext"), "5 days");
    await page.locator("#share-expires").fill("43200");
    assert.equal(await slider.inputValue(), "8");
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
  for (const width of [1280, 375]) {
    tests[`looks: ${colorScheme}, ${width} px`] = async () => {
      // axe's own script would be against the policy.
      const { context, page } = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      const look = async (name) => {
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${name} scrolls sideways`);
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        for (const frame of page.frames()) {
          if (!await frame.locator("body").isVisible()) continue;
          await frame.evaluate(axe);
          const { violations, passes } = await frame.evaluate(() => globalThis.axe.run(document, { iframes: false }));
          assert.deepEqual(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]), [], name);
          assert.ok(passes.length > 10);
        }
      };
      await look("empty");
      await fill(page, "store", { ...documented, region: "eu-west-1" });
      await fill(page, "share", { key: "photos/2026/Zürich at dusk.jpg", expires: "86400" });
      await look("share");
      const link = await url(page);
      await page.getByText("How it was signed").click();
      await look("share-steps");
      await fill(page, "store", { bucket: "my bucket" });
      await look("share-error");
      await fill(page, "store", { bucket: "examplebucket" });
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

let failed = 0;
const pattern = process.env.ONLY ?? "";
for (const [name, test] of Object.entries(tests).filter(([name]) => name.includes(pattern))) {
  try {
    await test();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
}
await browser.close();
rmSync(folder, { recursive: true });
process.exitCode = failed > 0 ? 1 : 0;
