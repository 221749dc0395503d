// Moves values between the page and Rust; everything about signing is in Rust (../src).
import { module } from "./first.js";
import { $, $$, VIEWS, announce, date, element, list, now, steps, tick } from "./views.js";

// Three modules, each with more than the one before: ../first only signs plain links, "links" also checks them, and "all" is
// for the other tabs, QR codes, and buckets in more than one region.
let signer;
let rust;
const loading = {};
const failure = $("#failure");

const load = (name) => loading[name] ??= start(name);
async function start(name) {
  try {
    const [part, more] = await Promise.all([import(`./${name}.js`), name === "all" && import("./more.js")]);
    await part.default();
    if (!rust?.qr) rust = { ...part, ...more };
    performance.mark(name);
    failure.hidden = true;
    update();
  } catch {
    delete loading[name]; // so that the next input loads it again
    failure.classList.remove("late");
    failure.textContent = "A part of the page could not be loaded. Check the connection.";
    failure.hidden = false;
  }
}

const store = $("#store");

const selected = () => $("[role=tab][aria-selected=true]").getAttribute("aria-controls");

// Shows how the link was signed, if somebody wants to see that.
function showSteps() {
  const place = $("#steps");
  const { state, signed } = $("#share .result").dataset;
  if (!place.open || state !== "shown" || !rust) return;
  const { Ok: shown } = call("steps", $("#share form"), Number(signed));
  for (const name of ["canonical_request", "string_to_sign"]) steps($(`[data-out=${name}]`, place), shown[name]);
}

// Calls a function of Rust with the names and values of the fields.
const values = (form) => [...new FormData(form)].flat();
const call = (name, form, time) => JSON.parse(rust[name](values(store), values(form), time));

// Signs with the first module, which has a fixed place for the fields and, behind it, one for the link.
function sign(form, time) {
  const { memory, fields, capacity, sign } = signer;
  const text = [...values(store), ...values(form)].join("\n");
  const place = new Uint8Array(memory.buffer, fields(), capacity());
  const { read, written } = new TextEncoder().encodeInto(text, place);
  const length = sign(read === text.length ? written : 0, time);
  return new TextDecoder().decode(new Uint8Array(memory.buffer, fields() + capacity(), length));
}

// What the first module can sign is shown, with a note, until the next is there.
function first(name, form) {
  const time = Math.floor(now());
  const url = name === "share" && sign(form, time);
  if (!url) return { Err: { loading: true } };
  return { Ok: {
    url, method: "GET", signed_at: time, expires_at: time + Number(new URLSearchParams(url).get("X-Amz-Expires")),
    headers: [], curl: "", advisories: ["The link is not checked for mistakes yet."], cautions: [], qr: false,
  } };
}

// Signs again, now.
function update() {
  const name = selected();
  const panel = document.getElementById(name);
  const form = $("form", panel);
  const result = $(".result", panel);
  offer(form);
  if (!rust) load("links");
  $("#example").hidden = ["access_key_id", "secret_access_key", "bucket", "endpoint"].some((name) => store.elements[name].value);
  const { Ok: shown, Err: problem } = rust?.[name] ? call(name, form, now()) : first(name, form);
  const out = Object.fromEntries($$("[data-out]", result).map((place) => [place.dataset.out, place]));
  out.root = result;
  for (const input of [...store.elements, ...form.elements]) mark(input);
  result.dataset.state = shown ? "shown" : problem.missing ? "waiting" : "wrong";
  if (shown) {
    const cautions = shown.cautions ?? [];
    if (out.cautions) list(out.cautions, cautions.map(({ message }) => message));
    for (const caution of cautions) mark(field(caution, form), caution, "caution");
    announce(VIEWS[name](out, shown));
    showSteps();
    return;
  }
  clear(result);
  const waiting = $(".waiting", result);
  if (problem.loading) {
    result.dataset.state = "waiting";
    if (rust || name !== "share") {
      waiting.textContent = "Loading …";
      load("all");
    }
    return;
  }
  const input = field(problem, form);
  if (problem.missing) {
    const caption = captionOf(input);
    const shows = { share: "link", upload: "form", explain: "cause" }[name];
    waiting.textContent = `Enter the ${caption[0].toLowerCase()}${caption.slice(1)}. The ${shows} appears here.`;
    return;
  }
  waiting.replaceChildren(problem.message, ...input ? [" ", element("a", { href: `#${input.id}` }, "Go to the field")] : []);
  announce(input ? `${captionOf(input)}: ${problem.message}` : problem.message);
  if (input) mark(input, problem, "error");
}

// Nothing of an earlier link stays in the document.
function clear(result) {
  for (const place of $$("dd, dl, pre, p, ul, ol, tbody, b, span", result)) {
    if (place.dataset.out) place.replaceChildren();
  }
  $("a[data-out]", result)?.removeAttribute("href");
  $("iframe", result)?.contentDocument?.forms[0]?.replaceChildren();
  delete result.dataset.expires;
}

const field = ({ field: name }, form) => form.elements[name] ?? store.elements[name];
const captionOf = (input) => input.labels[0]?.firstChild.textContent.trim() ?? input.ariaLabel;

// Shows a problem below its field and ties it to the field, with a button that fixes it; or removes it.
function mark(input, problem, className) {
  const place = document.getElementById(`${input?.id}-error`);
  if (!place) return;
  place.className = className ?? "error";
  place.hidden = !problem;
  place.replaceChildren(...problem ? [problem.message] : []);
  if (problem?.fix) {
    const button = element("button", { type: "button" }, problem.fix.label);
    button.addEventListener("click", () => {
      fillIn(Object.fromEntries(problem.fix.values));
      input.focus();
    });
    place.append(" ", button);
  }
  if (className === "error") input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (problem && input.closest("details")) input.closest("details").open = true;
}

// Shows what applies to the method, and hides and disables the rest.
function offer(form) {
  const chosen = [form.elements.method?.value, form.elements.disposition?.value];
  for (const place of $$("[data-for]", form)) {
    const [method, disposition] = [place.dataset.for.split(" "), place.dataset.for.includes("attachment")];
    place.hidden = !method.includes(chosen[0]) || (disposition && chosen[1] !== "attachment");
  }
  if (form.elements.content_type) form.elements.content_type.placeholder = chosen[0] === "PUT" ? "any type" : "unchanged";
  for (const input of $$("[data-for] input, [data-for] select", form)) input.disabled = input.closest("[data-for][hidden]") !== null;
}

function select(tab) {
  for (const other of $$("[role=tab]")) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  // An explanation requires no credentials, so in a narrow window they follow it.
  if (selected() === "explain") $("main").append(store);
  else $("[role=tablist]").after(store);
  tab.focus();
  update();
}

// Of the AWS documentation: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const EXAMPLE = {
  access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", session_token: "",
  expiration: "", bucket: "examplebucket", region: "us-east-1", endpoint: "", addressing: "global", key: "test.txt",
  expires: "1", unit: "days",
};

// Credentials are recognized wherever they are pasted.
let undo;
function paste(event) {
  const text = event.clipboardData.getData("text");
  if (!rust) {
    event.preventDefault();
    say("Still loading. Paste again in a moment.");
    return;
  }
  const { profiles, secret } = JSON.parse(rust.credentials(text, event.target.name));
  const clear = event.target.type !== "password";
  if (profiles.length === 0 && !(secret && clear)) {
    say("");
    return;
  }
  event.preventDefault(); // a secret must not appear in a field that shows it
  if (profiles.length === 0) {
    say("The pasted text may contain a secret, so it was not inserted here. Paste each value into its own field.");
  } else if (profiles.length === 1) {
    use(profiles[0]);
  } else {
    say("The pasted text has several profiles. Which one?", ...profiles.map((profile) => [profile.name || "unnamed", () => use(profile)]));
  }
}

function use({ values }) {
  const names = ["access_key_id", "secret_access_key", "session_token", "expiration", "bucket", "region", "endpoint"];
  const before = Object.fromEntries(names.map((name) => [name, store.elements[name].value]));
  fillIn({ ...values.access_key_id && { session_token: "", expiration: "" }, ...values });
  $(".store details").open = Boolean(store.elements.session_token.value);
  undo = () => {
    undo = undefined;
    fillIn(before);
    say("Restored the previous values.");
    store.elements.access_key_id.focus();
  };
  const filled = names.filter((name) => values[name]).map((name) => captionOf(store.elements[name]).toLowerCase());
  say(`Filled in: ${filled.join(", ")}.`, ["Undo", undo]);
}

function say(text, ...buttons) {
  const place = $("#pasted");
  place.hidden = text === "";
  place.replaceChildren(element("p", {}, text), ...buttons.map(([label, action]) =>
    element("button", { type: "button", onclick: action }, label)));
  if (text) announce(text);
  if (buttons.length > 1) $("button", place).focus();
}

function fillIn(values) {
  for (const input of $$("#store [name], #share [name], #upload-key_prefix")) {
    if (input.name in values) input.value = values[input.name];
  }
  update();
}

// The links that were used, newest first. They are in this list only.
let links = [];
function remember() {
  const { method, expires } = $("#share .result").dataset;
  const url = $("#share-url").textContent;
  if (!url || links.some((link) => link.url === url)) return;
  links.unshift({ method, expires, url, key: $("#share-key").value });
  showLinks();
}

function showLinks() {
  $(".history").hidden = links.length === 0;
  $(".history ul").replaceChildren(...links.map(({ method, expires, url, key }) => {
    const item = element("li", {}, element("span", { className: "mono" }, `${method} ${key}`),
      element("span", { className: "until" }, element("span", { className: "word" }), " ",
        element("b", {}, date(expires)), " ", element("span")),
      element("button", { type: "button", className: "live", onclick: ({ target }) => copy(target, url) }, "Copy"));
    $(".until > span:last-child", item).dataset.out = "left";
    $("button", item).ariaLabel = `Copy the link for ${method} ${key}`;
    item.dataset.expires = expires;
    return item;
  }));
  tick();
}

async function copy(button, text) {
  const source = document.getElementById(button.dataset.copy);
  button.dataset.label ??= button.textContent; // a second click comes before the label is back
  const show = (label) => {
    button.textContent = label;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
    announce(label);
  };
  try {
    await navigator.clipboard.writeText(text ?? source.textContent);
    show("Copied");
  } catch {
    // Over plain HTTP, pages cannot write to the clipboard.
    if (source) getSelection().selectAllChildren(source);
    show(source ? "Selected. Copy it now" : "Cannot copy here");
  }
}

async function showQr() {
  await load("all");
  const url = $("#share-url").textContent;
  if (rust?.qr && url) rust.showQr(url, JSON.parse(rust.qr(url)));
}

// Removes everything that was entered, so that the Back button does not bring it back.
function forget() {
  for (const form of $$("form")) form.reset();
  links = [];
  undo = undefined;
  say("");
  showLinks();
  $("#qr").close();
  for (const place of [$("#qr-key"), $("#qr-until"), $("#qr-url")]) place.textContent = "";
  $("#qr path").removeAttribute("d");
  for (const input of $$("input, select, textarea")) mark(input);
  for (const result of $$(".result")) {
    clear(result);
    result.dataset.state = "waiting";
  }
  update();
}

function clicked(button) {
  const { copy: source, expires, out } = button.dataset;
  if (button.closest("#share") && (source || out === "qr" || out === "open")) remember();
  if (button.role === "tab") select(button);
  else if (source) copy(button);
  else if (expires) {
    const form = button.closest("form");
    [form.elements.expires.value, form.elements.unit.value] = expires.split(" ");
    update();
  } else if (button.hasAttribute("data-again")) update();
  else if (button.hasAttribute("data-whole")) {
    button.textContent = $("#share-url").classList.toggle("whole") ? "Show less" : "Show all";
  } else if (button.hasAttribute("data-qr")) showQr();
  else if (button.hasAttribute("data-print")) print();
  else if (button.hasAttribute("data-close")) $("#qr").close();
  else if (button.id === "example") {
    fillIn(EXAMPLE);
    $("#share-key").focus(); // the button is gone
  }
}

function listen() {
  for (const input of $$("form input:not([type=radio]), form select, form textarea")) {
    const id = `${input.id}-error`;
    input.setAttribute("aria-describedby", id);
    const bar = input.closest(".bar");
    (bar ?? input).after(element("p", { id, className: "error", hidden: true }));
  }
  for (const form of $$("form")) form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("input", ({ target }) => {
    if (undo) {
      undo = undefined;
      say("");
    }
    if (target.name === "method" && target.value === "PUT") $(".options").open = true;
    update();
  });
  store.addEventListener("paste", paste);
  document.addEventListener("keydown", (event) => {
    if (!undo || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    undo();
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button, a[data-out]");
    if (button) clicked(button);
  });
  const tabs = $$("[role=tab]");
  $("[role=tablist]").addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select(tabs.at(to % tabs.length));
  });
  $("#steps").addEventListener("toggle", showSteps);
  $("iframe").addEventListener("load", () => { if (selected() === "upload") update(); });
  addEventListener("pagehide", forget);
  addEventListener("pageshow", ({ persisted }) => { if (persisted) update(); });
  setInterval(tick, 1000);
}

try {
  listen();
  signer = (await module).instance.exports;
  update();
  $("main").hidden = false;
  failure.hidden = true;
  performance.mark("ready");
} catch (error) {
  failure.classList.remove("late");
  failure.textContent = `The page cannot start: ${error}`;
}
