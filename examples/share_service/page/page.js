// Sends a file to the store by links of the service: in one piece if it is small, else in parts, several at a time.

const PARALLEL = 4;
const TRIES = 5;
const element = (id) => document.getElementById(id);
const show = (id) => {
  for (const section of ["choose", "sending", "done"]) element(section).hidden = section !== id;
};
const wait = (ms, signal) => new Promise((resolve, reject) => {
  signal.throwIfAborted();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
});

/** An answer that says no, and whether another try may help. */
class Refused extends Error {
  constructor(message, again) {
    super(message);
    this.again = again;
  }
}

/** Asks the service. */
async function ask(path, body, signal) {
  const token = element("token").value.trim();
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
  if (response.ok) return response.status === 204 ? null : response.json();
  const { error } = await response.json().catch(() => ({ error: { message: `The service answered with status ${response.status}.` } }));
  throw new Refused(error.message, response.status >= 500 || [408, 429].includes(response.status));
}

/** Sends bytes through a link. Unlike `fetch`, this tells how far it is. */
function put(url, headers, bytes, progress, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) {
      if (name !== "content-length") request.setRequestHeader(name, value); // which the browser sends by itself
    }
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => request.status === 200
      ? resolve(request.getResponseHeader("ETag"))
      : reject(new Refused(`The store answered with status ${request.status}.`, true)); // the link may have ended
    request.onerror = () => reject(new Error("The store cannot be reached."));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort);
    request.send(bytes);
  });
}

/** Tries again what may go better the next time, each time with a new link. */
async function persist(attempt, signal) {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || error.again === false || tried === TRIES) throw error;
      await wait(2 ** tried * 250 * (1 + Math.random()), signal);
    }
  }
}

/** In one piece. */
async function whole(file, key, content_type, progress, signal) {
  await persist(async () => {
    const upload = await ask("uploads", { key, content_type, size: file.size }, signal);
    await put(upload.url, upload.headers, file, progress, signal);
  }, signal);
}

/** In parts. Whatever goes wrong for good, the store is told to forget those that it has. */
async function inParts(file, key, content_type, progress, signal) {
  const size = file.size;
  const { upload_id, parts } = await ask("multipart", { key, content_type, size }, signal);
  const failed = new AbortController(); // one part that fails for good stops the others
  const either = AbortSignal.any([signal, failed.signal]);
  try {
    const sent = new Array(parts).fill(0);
    const etags = [];
    let next = 1;
    const worker = async () => {
      while (next <= parts) {
        const part_number = next++;
        const etag = await persist(async () => {
          const asked = { key, upload_id, size, part_numbers: [part_number] };
          const { parts: [part] } = await ask("multipart/parts", asked, either);
          const bytes = file.slice(part.offset, part.offset + part.content_length);
          return put(part.url, {}, bytes, (loaded) => {
            sent[part_number - 1] = loaded;
            progress(sent.reduce((sum, loaded) => sum + loaded));
          }, either);
        }, either);
        if (!etag) throw new Error("The store hides ETag: its CORS configuration has to expose that header.");
        etags.push({ part_number, etag });
      }
    };
    const workers = Array.from({ length: PARALLEL }, worker);
    await Promise.all(workers).catch(async (error) => {
      failed.abort(error);
      await Promise.allSettled(workers);
      throw error;
    });
    await ask("multipart/complete", { key, upload_id, parts: etags }, signal);
  } catch (error) {
    await ask("multipart/abort", { key, upload_id }).catch(() => {});
    throw error;
  }
}

const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
function bytes(count, exponent = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(count, 1)) / 10))) {
  return `${(count / 1024 ** exponent).toFixed(exponent && 1)} ${units[exponent]}`;
}

let limits = null;
let controller = null;

async function upload(file) {
  element("failure").hidden = true;
  if (controller || !file) return;
  if (limits && file.size > limits.max_size) return fail(`${file.name} has ${bytes(file.size)}, more than ${bytes(limits.max_size)}.`);
  controller = new AbortController();
  const { signal } = controller;
  const start = performance.now();
  let announced = 0;
  const progress = (sent) => {
    const part = file.size ? sent / file.size : 1;
    element("progress").value = part;
    element("sent").textContent = `${bytes(sent)} of ${bytes(file.size)} (${Math.floor(part * 100)} %)`;
    element("speed").textContent = `${bytes(sent / (performance.now() - start) * 1000)} a second`;
    if (part * 10 >= announced + 1) { // a screen reader is told each tenth, not each packet
      announced = Math.floor(part * 10);
      element("status").textContent = `${announced * 10} % sent`;
    }
  };
  for (const name of document.querySelectorAll(".name")) name.textContent = file.name;
  progress(0);
  show("sending");
  element("cancel").focus();
  element("status").textContent = `Sending ${file.name}`;
  try {
    limits ??= await known();
    const key = `${limits.key_prefix}${crypto.randomUUID()}/${file.name}`;
    const send = file.size <= limits.part_size ? whole : inParts;
    await send(file, key, file.type || "application/octet-stream", progress, signal);
    const link = await ask("links", { key, filename: file.name, expires_in: limits.max_expires_in }, signal);
    element("link").textContent = element("link").href = link.url;
    element("until").dateTime = link.expires_at;
    element("until").textContent = new Date(link.expires_at).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });
    show("done");
    element("done").querySelector(".name").focus();
    element("status").textContent = `${file.name} is sent; here is its link`;
  } catch (error) {
    show("choose");
    element("file").focus();
    if (signal.aborted) element("status").textContent = "Cancelled; nothing was kept";
    else fail(error.message);
  } finally {
    controller = null;
    element("file").value = "";
  }
}

function fail(message) {
  element("status").textContent = "";
  element("failure").textContent = message;
  element("failure").hidden = false;
}

async function known() {
  const response = await fetch("limits");
  if (!response.ok) throw new Error("The service does not answer.");
  const limits = await response.json();
  element("access").hidden = !limits.token_needed;
  const types = limits.content_types.includes("*/*") ? "" : `, of type ${limits.content_types.join(", ")}`;
  element("limit").textContent = `Up to ${bytes(limits.max_size)}${types}.`;
  if (types) element("file").accept = limits.content_types.join(",");
  return limits;
}

element("file").addEventListener("change", (event) => upload(event.target.files[0]));
element("cancel").addEventListener("click", () => controller?.abort());
element("again").addEventListener("click", () => { show("choose"); element("file").focus(); });
element("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(element("link").href);
  element("status").textContent = "Copied";
});
const drop = element("drop");
document.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  upload(event.dataTransfer.files[0]);
});
addEventListener("beforeunload", (event) => { if (controller) event.preventDefault(); });
known().then((found) => { limits = found; }, (error) => fail(error.message));
