// Sends files to the store through links of the service: in one request if small, else in parts, several at a time. A lost
// connection is retried until the user cancels. An upload in parts is recorded, so that it continues after a reload.

const SLOTS = 4; // requests that send bytes at the same time, over all files
const MAX_WAIT = 60_000;
const STALLED = 60_000;
const REFUSALS = 3;

/** A failure with the code of the service or the store. `again` is whether another try may help: always, never, or a few times. */
export class Failure extends Error {
  constructor(code, again = "never", detail = "") {
    super(code);
    Object.assign(this, { code, again, detail });
  }
}

/** Tries that wait for their time, each with the upload it belongs to. */
const waiting = new Set();

/** The next retry of an upload, or null. */
export function retry(owner) {
  const mine = [...waiting].filter((entry) => entry.owner === owner).sort((a, b) => a.at - b.at);
  return mine[0] ?? null;
}

/** Retries now what waits, for a given reason or owner. */
export function wake(matches = () => true) {
  for (const entry of [...waiting].filter(matches)) entry.wake();
}
addEventListener("online", () => wake());

function wait(milliseconds, code, owner, signal) {
  return new Promise((resolve, reject) => {
    const end = (settle) => {
      clearTimeout(timer);
      waiting.delete(entry);
      signal?.removeEventListener("abort", abort);
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    const timer = setTimeout(() => entry.wake(), milliseconds);
    const entry = { owner, code, at: Date.now() + milliseconds, wake: () => end(resolve) };
    signal?.addEventListener("abort", abort);
    waiting.add(entry);
  });
}

/** Attempts until it works, the failure is permanent, or the signal aborts. The waits grow. */
export async function persist(attempt, owner, signal) {
  for (let tried = 0, refused = 0; ; tried++) {
    signal?.throwIfAborted();
    try {
      const result = await attempt();
      wake((entry) => entry.code === "lost"); // the connection is back
      return result;
    } catch (failure) {
      signal?.throwIfAborted();
      if (!(failure instanceof Failure) || failure.again === "never") throw failure;
      if (failure.again === "few" && ++refused === REFUSALS) throw failure;
      await wait(Math.min(MAX_WAIT, 1000 * 2 ** tried) * (0.75 + Math.random() / 2), failure.code, owner, signal);
    }
  }
}

let free = SLOTS;
const queue = [];
function acquire(signal) {
  signal.throwIfAborted();
  if (free > 0) return void free--;
  return new Promise((resolve, reject) => {
    const abort = () => { queue.splice(queue.indexOf(turn), 1); reject(signal.reason); };
    const turn = () => { signal.removeEventListener("abort", abort); resolve(); };
    signal.addEventListener("abort", abort, { once: true });
    queue.push(turn);
  });
}
async function inSlot(signal, work) {
  await acquire(signal);
  try {
    return await work();
  } finally {
    const next = queue.shift();
    if (next) next(); else free++;
  }
}

/** The user's token goes to the service, never to the store. */
export const access = { token: "" };
const TEMPORARY = ["credentials_expired", "store_busy", "store_unreachable", "timeout"];

/** Sends a request to the service. */
export async function ask(path, body, signal) {
  const headers = { "Content-Type": "application/json", ...(access.token && { Authorization: `Bearer ${access.token}` }) };
  const response = await fetch(path, body ? { method: "POST", headers, body: JSON.stringify(body), signal } : { signal })
    .catch(() => { throw new Failure("lost", "always"); });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null); // a proxy in between may send HTML
  if (response.ok && answer) return answer;
  const code = answer?.error?.code;
  const temporary = code ? TEMPORARY.includes(code) : response.status >= 500 || [200, 408, 429].includes(response.status);
  throw new Failure(code ?? "service", temporary ? "always" : "never", answer?.error?.message ?? `status ${response.status}`);
}

/** Whether the store has answered this page. Until then, a request that fails may be one that its CORS rules forbid. */
let reached = false;
const lost = () => new Failure("lost", reached ? "always" : "few");

/** Sends bytes through a link. Unlike `fetch`, this reports progress. */
function put(url, headers, bytes, progress, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let timer;
    const alive = () => { clearTimeout(timer); timer = setTimeout(abort, STALLED); };
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) {
      if (name !== "content-length") request.setRequestHeader(name, value); // the browser sends it automatically
    }
    request.upload.onprogress = (event) => { alive(); progress(event.loaded); };
    request.onload = () => {
      reached = true;
      const { status } = request;
      if (status === 200) return resolve(request.getResponseHeader("ETag"));
      const code = /<Code>(\w+)<\/Code>/.exec(request.responseText)?.[1] ?? "";
      if (code === "NoSuchUpload") return reject(new Failure("gone"));
      // A refused link may have expired; the next try has a new one.
      const again = [400, 403].includes(status) ? "few" : (status >= 500 && status !== 501) || [408, 429].includes(status) ? "always" : "never";
      reject(new Failure(again === "always" ? "store_busy" : "refused", again, `${status} ${code}`.trim()));
    };
    const failed = () => bytes.slice(0, 1).arrayBuffer().then(
      () => reject(lost()),
      () => reject(new Failure("unreadable")),
    );
    request.onerror = failed;
    request.onabort = failed; // or the signal, which `persist` checks first
    request.onloadend = () => { clearTimeout(timer); signal.removeEventListener("abort", abort); };
    signal.addEventListener("abort", abort);
    alive();
    request.send(bytes);
  });
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});
/** CRC-32 of a file's start, to recognize it. `crypto.subtle` is not available over plain HTTP. */
async function checksum(file, part_size) {
  const bytes = await file.slice(0, Math.min(part_size, 16 << 20)).arrayBuffer().then((buffer) => new Uint8Array(buffer), () => { throw new Failure("unreadable"); });
  let sum = -1;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

const RECORD = "share-service:";
const random = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** One file on its way. */
export class Upload {
  upload_id = null;
  etags = new Map();
  sent = new Map(); // bytes by part
  continued = false; // the parts are to be listed first

  constructor(file, path, limits) {
    Object.assign(this, { file, path, limits, size: file.size, type: file.type || "application/octet-stream" });
    this.part_size = limits.part_size;
    this.key = `${limits.key_prefix}${random()}/${path}`;
  }

  get name() { return this.path.split("/").at(-1); }
  get sentBytes() { return [...this.sent.values()].reduce((sum, bytes) => sum + bytes, 0); }
  get parts() { return Math.ceil(this.size / this.part_size); }
  slice(part) { return this.file.slice((part - 1) * this.part_size, part * this.part_size); }

  /** Uploads what is missing. */
  async run(signal) {
    this.sent = new Map([...this.etags.keys()].map((part) => [part, this.#length(part)]));
    if (this.size <= this.part_size) return this.#whole(signal);
    try {
      await this.#inParts(signal);
    } catch (failure) {
      if (["gone", "no_such_upload"].includes(failure.code)) this.#forget();
      if (failure.code === "invalid_part") this.continued = true;
      throw failure;
    }
  }

  #length(part) { return Math.min(this.part_size, this.size - (part - 1) * this.part_size); }

  async #whole(signal) {
    const { key, type: content_type, size } = this;
    await persist(() => inSlot(signal, async () => {
      const link = await ask("uploads", { key, content_type, size }, signal);
      await put(link.url, link.headers, this.file, (bytes) => this.sent.set(1, bytes), signal);
    }), this, signal);
    this.sent.set(1, size);
  }

  async #inParts(signal) {
    const { key, type: content_type, size } = this;
    if (!this.upload_id) {
      this.first = await checksum(this.file, this.part_size);
      const started = await persist(() => ask("multipart", { key, content_type, size }, signal), this, signal);
      this.upload_id = started.upload_id;
      this.part_size = started.part_size;
      this.#record();
      this.#hold();
    }
    if (this.continued && await this.#list(signal)) return this.#forget();
    const missing = Array.from({ length: this.parts }, (_, index) => index + 1).filter((part) => !this.etags.has(part));
    const failed = new AbortController(); // one part that fails for good stops the others
    const either = AbortSignal.any([signal, failed.signal]);
    const worker = async () => {
      for (let part; (part = missing.shift());) await this.#part(part, either);
    };
    const workers = Array.from({ length: SLOTS }, worker);
    await Promise.all(workers).catch(async (failure) => {
      failed.abort(failure);
      await Promise.allSettled(workers);
      throw failure;
    });
    const parts = [...this.etags].map(([part_number, etag]) => ({ part_number, etag }));
    try {
      await persist(() => ask("multipart/complete", { key, upload_id: this.upload_id, parts }, signal), this, signal);
    } catch (failure) {
      signal.throwIfAborted();
      if (!await this.#isStored(signal)) throw failure; // else an earlier answer was lost
    }
    this.#forget();
  }

  async #part(part, signal) {
    const { key, upload_id, size } = this;
    const etag = await persist(() => inSlot(signal, async () => {
      const { parts: [link] } = await ask("multipart/parts", { key, upload_id, size, part_numbers: [part] }, signal);
      return put(link.url, {}, this.slice(part), (bytes) => this.sent.set(part, bytes), signal);
    }).catch((failure) => { this.sent.delete(part); throw failure; }), this, signal);
    if (!etag) throw new Failure("no_etag");
    this.etags.set(part, etag);
    this.sent.set(part, this.#length(part));
    this.#record();
  }

  /** Keeps the parts that the store has. Returns whether the whole file is there. */
  async #list(signal) {
    const { key, upload_id } = this;
    let listed;
    try {
      listed = await persist(() => ask("multipart/list", { key, upload_id }, signal), this, signal);
    } catch (failure) {
      signal.throwIfAborted();
      if (failure.code === "unauthorized") throw failure;
      if (await this.#isStored(signal)) return true;
      throw failure;
    }
    const known = this.etags;
    this.etags = new Map();
    for (const { part_number: part, size, etag = null } of listed.parts) {
      const tag = etag ?? known.get(part); // some stores list none
      if (tag && part <= this.parts && size === this.#length(part)) this.etags.set(part, tag);
    }
    this.sent = new Map([...this.etags.keys()].map((part) => [part, this.#length(part)]));
    this.continued = false;
    return false;
  }

  /** Whether the store has the file. The key is random, so it cannot be another one. */
  async #isStored(signal) {
    const { key, size } = this;
    return persist(async () => {
      const { url } = await ask("links", { key, method: "head" }, signal);
      const response = await fetch(url, { method: "HEAD", signal }).catch(() => { throw lost(); });
      reached = true;
      if (response.status >= 500) throw new Failure("store_busy", "always");
      return response.ok && Number(response.headers.get("Content-Length")) === size;
    }, this, signal);
  }

  /** A link to the file, valid for so many seconds. */
  link(expires_in, signal) {
    const filename = this.name.replace(/\p{Cc}/gu, "_");
    return persist(() => ask("links", { key: this.key, filename, expires_in }, signal), this, signal);
  }

  /** Makes the store delete the parts. Returns whether it did. Abort the signal of `run` first. */
  async discard() {
    const { key, upload_id } = this;
    if (!upload_id) return true;
    this.#forget();
    return ask("multipart/abort", { key, upload_id }).then(() => true, ({ code }) => code === "no_such_upload");
  }

  #record() {
    const { key, upload_id, path, size, type, part_size, first, etags } = this;
    if (!upload_id) return; // canceled meanwhile
    const record = { key, upload_id, path, size, type, part_size, first, modified: this.file.lastModified, etags: [...etags] };
    try { localStorage.setItem(RECORD + upload_id, JSON.stringify(record)); } catch { /* then it does not survive a reload */ }
  }

  #forget() {
    try { localStorage.removeItem(RECORD + this.upload_id); } catch { /* nothing was recorded */ }
    this.release?.();
    Object.assign(this, { upload_id: null, etags: new Map(), sent: new Map(), continued: false });
  }

  /** Keeps other tabs from continuing this upload. */
  #hold() {
    navigator.locks?.request(RECORD + this.upload_id, () => new Promise((release) => { this.release = release; }));
  }

  /** Calls `found` with each upload that a closed or reloaded page left behind, once no other tab continues it. */
  static interrupted(limits, found) {
    let names = [];
    try { names = Object.keys(localStorage).filter((name) => name.startsWith(RECORD)); } catch { /* storage is off */ }
    for (const name of names) {
      const restore = () => {
        let record;
        try { record = JSON.parse(localStorage.getItem(name)); } catch { return null; }
        if (!record) return null; // the other tab has completed it
        const upload = new Upload({ size: record.size, type: record.type }, record.path, limits);
        const etags = new Map(record.etags);
        Object.assign(upload, { ...record, etags, continued: true, file: null });
        upload.sent = new Map([...etags.keys()].map((part) => [part, upload.#length(part)]));
        const done = new Promise((release) => { upload.release = release; });
        found(upload);
        return done;
      };
      if (navigator.locks) navigator.locks.request(name, restore); else restore();
    }
  }

  /** Whether this could be the file of an interrupted upload. */
  resembles(file, path) {
    return !this.file && path === this.path && file.size === this.size;
  }

  /** Continues an interrupted upload with its file. Returns what is wrong with it, or null. */
  async attach(file) {
    if (file.name !== this.name) return "name";
    if (file.size !== this.size) return "size";
    if (this.part_size !== this.limits.part_size) return "settings";
    if (file.lastModified !== this.modified) return "content";
    if (await checksum(file, this.part_size) !== this.first) return "content";
    this.file = file;
    return null;
  }
}
