// Fills in a form in Chromium and submits it: node drive.mjs PROFILE PAGE FILE DONE
// Speaks the DevTools protocol over a pipe (JSON, each message ended by NUL), and prints the URL of the page that
// answers, if it starts with DONE. Exits with 1 where it does not, or does not come in time.
import { spawn } from "node:child_process";

const [profile, page, file, done] = process.argv.slice(2);
const browser = spawn("chromium", [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--log-level=3",
  // No name is resolved, so the browser talks to the loopback address of the page and nobody else.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-proxy-server",
  `--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank",
], { stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"], detached: true });

const stop = (code, text) => {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exitCode = code;
  try { process.kill(-browser.pid, "SIGKILL"); } catch { /* it has ended */ }
  setTimeout(() => process.exit(code), 100);
};
setTimeout(() => stop(1, "the browser took over 60 s"), 60_000);
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => stop(1, signal));
process.stdin.resume().on("end", () => stop(1, "the test ended"));
browser.on("error", (error) => stop(1, String(error)));
browser.on("exit", (code) => stop(1, `chromium ended with ${code}`));
browser.stdio[3].on("error", () => {});

let last = 0;
const waiting = new Map();
const send = (method, params, sessionId) => new Promise((resolve, reject) => {
  waiting.set(++last, { method, resolve, reject });
  browser.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
});
let rest = "";
browser.stdio[4].setEncoding("utf8").on("data", (text) => {
  const messages = (rest + text).split("\0");
  rest = messages.pop();
  for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
    const { method, resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) reject?.(new Error(`${method}: ${error.message}`));
    else resolve?.(result);
  }
});

try {
  const { targetInfos } = await send("Target.getTargets");
  const { targetId } = targetInfos.find(({ type }) => type === "page");
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const tab = (method, params) => send(method, params, sessionId);
  const value = async (expression) => (await tab("Runtime.evaluate", { expression })).result.value;
  const until = async (expression) => {
    while (!await value(expression).catch(() => false)) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await tab("Page.navigate", { url: page });
  await until(`location.href === ${JSON.stringify(page)} && document.readyState === "complete"`);
  const { root } = await tab("DOM.getDocument");
  const { nodeId } = await tab("DOM.querySelector", { nodeId: root.nodeId, selector: "input[type=file]" });
  await tab("DOM.setFileInputFiles", { nodeId, files: [file] });
  await value(`document.querySelector("button[type=submit]").click()`);
  await until(`location.href !== ${JSON.stringify(page)} && document.readyState === "complete"`);
  const end = await value("location.href");
  if (end.startsWith(done)) stop(0, end);
  else stop(1, `${end}: ${await value(`(document.querySelector("Error") ?? document.documentElement).textContent`)}`);
} catch (error) {
  stop(1, String(error));
}
