// The queue of files: what is added, paused, continued and canceled, and the links at the end. upload.js sends the bytes.
import { Failure, Upload, access, ask, persist, retry, wake } from "./upload.js";
import { bytes, date, failed, left, lifetime, refusal, rules, trouble } from "./words.js";

const ACTIVE = 4; // files at the same time
const LIFETIMES = [900, 3600, 6 * 3600, 86_400, 3 * 86_400, 7 * 86_400];
const element = (id) => document.getElementById(id);
const announce = (text) => { element("status").textContent = text; };

let limits = null;
let rows = [];
let wrong_token = false;
const locked = () => !limits || (limits.token_needed && (!access.token || wrong_token));

/** A file in the queue. Its state is one of those in `ACTIONS`. */
class Row {
  controller = null;
  failure = null;
  note = "";
  link = null;
  samples = [];

  constructor(upload, state, note = "") {
    Object.assign(this, { upload, state, note });
    this.element = element("file-row").content.firstElementChild.cloneNode(true);
    this.element.querySelector("bdi").textContent = this.element.querySelector("h3").title = upload.path;
    this.element.querySelector("progress").ariaLabel = `Progress of ${upload.path}`;
    this.part("size").textContent = bytes(upload.size);
    element("files").append(this.element);
    rows.push(this);
    this.show(state);
  }

  part(name) { return this.element.querySelector(`.${name}`); }
  get sent() { return this.stored ? this.upload.size : this.upload.sentBytes; }
  get expired() { return this.state === "done" && new Date(this.link.expires_at) <= new Date(); }

  show(state, note = this.note) {
    Object.assign(this, { state, note });
    this.element.dataset.state = state;
    this.render();
    summarize();
  }

  render() {
    const { upload, state } = this;
    const is_expired = this.expired;
    this.element.classList.toggle("expired", is_expired);
    this.element.classList.toggle("retrying", state === "sending" && retry(upload) !== null);
    this.element.querySelector("progress").value = upload.size ? this.sent / upload.size : Number(state === "done");
    this.element.querySelector("progress").hidden = !["sending", "paused", "interrupted"].includes(state);
    const text = this.text();
    if (this.part("note").textContent !== text) this.part("note").textContent = text;
    this.part("share").hidden = state !== "done" || is_expired;
    if (this.link) this.part("url").textContent = this.part("url").href = this.link.url;
    actions(this.part("actions"), ACTIONS[is_expired ? "expired" : state](this), this, ` ${upload.name}`);
  }

  text() {
    const { upload, state } = this;
    const sent = `${bytes(this.sent)} of ${bytes(upload.size)}`;
    switch (state) {
      case "waiting": return "Waiting";
      case "sending": {
        const next = retry(upload);
        if (next) return `${trouble(next.code)} Retrying in ${left((next.at - Date.now()) / 1000)}.`;
        if (this.sent === upload.size) return "Finishing";
        return [sent, ...pace(this.samples, upload.size - this.sent)].join(", ");
      }
      case "paused": return `Paused at ${sent}`;
      case "interrupted": return this.note || `Interrupted at ${sent}. Choose the file again to continue.`;
      case "done": return this.expired ? `The link expired ${date(this.link.expires_at)}.` : `Anyone with the link can download the file until ${date(this.link.expires_at)}.`;
      default: return this.note;
    }
  }

  async send() {
    this.controller = new AbortController();
    const { signal } = this.controller;
    this.samples = [];
    this.failure = null;
    this.show("sending", "");
    try {
      if (!this.stored) await this.upload.run(signal);
      this.stored = true;
      this.link = await this.upload.link(Number(element("lifetime").value), signal);
      this.show("done");
      announce(`Uploaded ${this.upload.name}`);
    } catch (failure) {
      if (signal.aborted) return;
      this.fail(failure);
    } finally {
      pump();
    }
  }

  fail(failure) {
    if (!(failure instanceof Failure)) {
      console.error(failure);
      return this.show("failed", "The page failed. Reload it.");
    }
    if (failure.code === "unauthorized" && limits.token_needed) return this.unauthorized();
    this.failure = failure;
    this.show("failed", failed(failure));
    announce(`${this.upload.name}: ${this.note}`);
  }

  unauthorized() {
    wrong_token = true;
    this.show("waiting");
    token("This access token is not valid.");
  }

  stop() { this.controller?.abort(); }
  pause() { this.stop(); this.show("paused"); announce(`Paused ${this.upload.name}`); pump(); }
  resume() { this.show("waiting"); pump(); }

  async cancel() {
    if (this.upload.upload_id && locked()) return token("Enter the access token.");
    this.stop();
    this.show("canceled", "Canceled");
    announce(`Canceled ${this.upload.name}`);
    pump();
    if (!await this.upload.discard()) this.show(this.state, "Canceled. The parts that were uploaded could not be deleted.");
  }

  remove() {
    this.stop();
    const next = rows[rows.indexOf(this) + 1] ?? rows[rows.indexOf(this) - 1];
    const had_focus = this.element.contains(document.activeElement);
    rows = rows.filter((row) => row !== this);
    this.element.remove();
    summarize();
    if (had_focus) (next?.element.querySelector("button") ?? element("file")).focus();
    pump();
  }

  /** Continues with the file that the user has chosen again. */
  async attach(file) {
    const wrong = await this.upload.attach(file).catch(() => "unreadable");
    if (!wrong) return this.resume();
    const note = {
      name: `This is ${file.name}. Choose ${this.upload.name}.`,
      size: `This file is ${bytes(file.size)}. The upload began with one of ${bytes(this.upload.size)}.`,
      content: "This file has changed since the upload began. Choose the original, or discard the upload.",
      settings: "The service has changed its settings. Discard the upload and start again.",
      unreadable: "The file cannot be read.",
    }[wrong];
    this.show("interrupted", note);
    announce(note);
  }

  renew() { return this.send(); }
}

const pick = (row) => { element("again").row = row; element("again").click(); };
const remove = (row) => ["Remove", () => row.remove()];
const leave = (row) => row.upload.upload_id ? ["Cancel", () => row.cancel()] : remove(row);
const PERMANENT = ["unreadable", "invalid_key"]; // the user must change the file or its name
const clear = (row) => ["Remove from list", () => row.remove()]; // the file stays in the store
/** The buttons of each state: label, what it does, and whether it is the main one. */
const ACTIONS = {
  waiting: (row) => [leave(row)],
  sending: (row) => [
    ["Pause", () => row.pause()], ["Cancel", () => row.cancel()],
    // Last, because it comes and goes: the others must not move under the pointer.
    ...(retry(row.upload) ? [["Retry now", () => wake((entry) => entry.owner === row.upload), true]] : []),
  ],
  paused: (row) => [["Resume", () => row.resume(), true], ["Cancel", () => row.cancel()]],
  interrupted: (row) => [["Choose the file", () => pick(row), true], ["Discard", () => row.cancel()]],
  failed: (row) => [
    ...(row.upload.file && !PERMANENT.includes(row.failure?.code) ? [["Retry", () => row.resume(), true]] : []),
    leave(row),
  ],
  refused: (row) => [remove(row)],
  canceled: (row) => [...(row.upload.file ? [["Upload again", () => row.resume()]] : []), remove(row)],
  done: (row) => [["Copy link", (button) => copy(button, row.link.url), true], ["Renew link", () => row.renew()], clear(row)],
  expired: (row) => [["Renew link", () => row.renew(), true], clear(row)],
};

/** Shows these buttons, and keeps the focus where it was. */
function actions(container, wanted, owner, of = "") {
  const shown = [...container.children].map((button) => button.dataset.label).join();
  if (shown === wanted.map(([label]) => label).join()) return;
  const focused = container.contains(document.activeElement) ? document.activeElement.dataset.label : null;
  container.replaceChildren(...wanted.map(([label, act, main]) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: label, className: main ? "primary" : "" });
    button.dataset.label = label;
    if (of) button.ariaLabel = label + of;
    button.addEventListener("click", () => act(button));
    return button;
  }));
  if (focused) ([...container.children].find((button) => button.dataset.label === focused) ?? container.firstElementChild)?.focus();
}

/** Speed over the last seconds, and the time left. */
function pace(samples, remaining) {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || last.at - first.at < 1000) return [];
  const speed = (last.sent - first.sent) / (last.at - first.at) * 1000;
  return speed > 0 ? [`${bytes(speed)}/s`, `${left(remaining / speed)} left`] : [];
}

/** Starts what waits, a few files at a time. */
function pump() {
  let free = locked() ? 0 : ACTIVE - in_state("sending").length;
  for (const row of in_state("waiting")) {
    if (free-- <= 0) break;
    row.send();
  }
  summarize();
}

const in_state = (...states) => rows.filter(({ state }) => states.includes(state));
let announced = 0;
let outdated = false;
/** Updates the heading and its buttons once for all changes of a moment: there may be thousands of files. */
function summarize() {
  if (outdated) return;
  outdated = true;
  queueMicrotask(() => { outdated = false; show_summary(); });
}
function show_summary() {
  const wanted = rows.filter(({ state }) => !["refused", "canceled", "interrupted"].includes(state));
  const [done, open] = [in_state("done"), in_state("sending", "waiting")];
  const size = wanted.reduce((sum, { upload }) => sum + upload.size, 0);
  const sent = wanted.reduce((sum, row) => sum + row.sent, 0);
  const percent = size ? Math.floor(sent / size * 100) : 0;
  const count = (number) => `${number} ${number === 1 ? "file" : "files"}`;
  element("queue").hidden = !rows.length;
  const lost = open.length ? 0 : in_state("failed", "refused").length;
  element("summary").textContent = [
    open.length ? `${done.length} of ${count(wanted.length)} uploaded, ${percent}%` : `${count(done.length)} uploaded`,
    ...(lost ? [`${lost} not uploaded`] : []),
  ].join(", ");
  if (!open.length) announced = 0;
  else if (percent >= announced + 10) { // a screen reader announces each tenth
    announced = percent - percent % 10;
    announce(`${announced}% uploaded`);
  }
  const valid = done.filter((row) => !row.expired);
  const finished = in_state("done", "refused", "canceled");
  actions(element("all"), [
    ...(valid.length > 1 ? [["Copy all links", (button) => copy(button, valid.map(({ link }) => link.url).join("\n"))]] : []),
    ...(open.length > 1 ? [["Pause all", () => open.forEach((row) => row.pause())]] : []),
    ...(in_state("paused").length > 1 ? [["Resume all", () => in_state("paused").forEach((row) => row.resume())]] : []),
    ...(finished.length > 1 && !open.length ? [["Clear finished", () => { finished.forEach((row) => row.remove()); element("file").focus(); }]] : []),
  ]);
}

async function copy(button, text) {
  const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false) || copy_by_selection(text);
  button.textContent = copied ? "Copied" : "Not copied";
  announce(copied ? "Copied" : "This browser does not allow copying. Select the link and copy it yourself.");
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
}

/** `navigator.clipboard` is not available over plain HTTP. */
function copy_by_selection(text) {
  const focused = document.activeElement;
  const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "unseen" });
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
    focused?.focus();
  }
}

function add(found) {
  element("failure").hidden = true;
  const interrupted = in_state("interrupted");
  for (const { file, path } of found) {
    const known = interrupted.find(({ upload }) => upload.resembles(file, path));
    if (known) {
      known.attach(file);
      continue;
    }
    const upload = new Upload(file, path, limits);
    const refused = refusal(upload, limits);
    const row = new Row(upload, refused ? "refused" : "waiting", refused ?? "");
    if (refused) announce(`${row.upload.name}: ${refused}`);
  }
  if (found.length && locked()) token(wrong_token ? "This access token is not valid." : "Enter the access token.");
  pump();
}

function fail(message) {
  element("failure").textContent = message;
  element("failure").hidden = false;
}

/** Requests the access token from the user. */
function token(message) {
  element("token").ariaInvalid = "true";
  element("token-hint").textContent = message;
  element("token").focus();
}

const chosen = (files) => [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

/** The files of a drop, with all that is in its folders. */
async function dropped(transfer) {
  // Both must be read before the first await.
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const walk = async (entry) => {
    if (entry instanceof File) return [{ file: entry, path: entry.name }];
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      return [{ file, path: entry.fullPath.replace(/^\//, "") }];
    }
    const [reader, found] = [entry.createReader(), []];
    for (;;) { // a reader gives 100 entries at a time
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return found;
      for (const inner of some) found.push(...await walk(inner));
    }
  };
  const found = [];
  for (const entry of entries) found.push(...await walk(entry));
  return found;
}

function known(found) {
  limits = found;
  element("access").hidden = !limits.token_needed;
  element("limit").textContent = rules(limits);
  element("expiry").hidden = false;
  if (!limits.content_types.includes("*/*")) element("file").accept = limits.content_types.join(",");
  const { max_expires_in: max, window } = limits;
  const choices = LIFETIMES.filter((seconds) => seconds > window && seconds < max).concat(max);
  const usual = choices.findLast((seconds) => seconds <= 86_400) ?? max;
  element("lifetime").replaceChildren(...choices.map((seconds) => new Option(lifetime(seconds), seconds, false, seconds === usual)));
  Upload.interrupted(limits, (upload) => new Row(upload, "interrupted"));
}

for (const id of ["file", "folder"]) {
  element(id).addEventListener("change", async ({ target }) => {
    const found = chosen(target.files);
    target.value = "";
    await ready;
    if (!found.length) fail("This folder is empty.");
    add(found);
  });
}
element("again").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (file) target.row.attach(file);
});
element("token").addEventListener("input", ({ target }) => {
  access.token = target.value.trim();
  wrong_token = false;
  target.ariaInvalid = null;
  element("token-hint").textContent = "Uploads start once you press Enter.";
});
element("token").addEventListener("change", () => pump());
element("access").addEventListener("submit", (event) => event.preventDefault());
const drop = element("drop");
document.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const is_text = ![...event.dataTransfer.items].some(({ kind }) => kind === "file");
  const found = await dropped(event.dataTransfer).catch(() => null);
  await ready;
  add(found ?? []);
  if (is_text) fail("Only files and folders can be dropped here.");
  else if (!found) fail("The folder cannot be read.");
  else if (!found.length) fail("This folder is empty.");
});
addEventListener("beforeunload", (event) => { if (in_state("sending", "waiting", "paused").length) event.preventDefault(); });

setInterval(() => {
  for (const row of in_state("sending")) {
    row.samples.push({ at: performance.now(), sent: row.upload.sentBytes });
    if (row.samples.length > 10) row.samples.shift();
    row.render();
  }
  for (const row of in_state("done")) {
    if (row.expired !== row.element.classList.contains("expired")) row.render();
  }
  const next = retry(null);
  if (next) fail(`${trouble("no_service")} Retrying in ${left((next.at - Date.now()) / 1000)}.`);
  summarize();
}, 500);

const ready = persist(() => ask("limits").catch((failure) => { throw new Failure(failure.code, "always"); }), null);
ready.then((found) => { element("failure").hidden = true; known(found); });
