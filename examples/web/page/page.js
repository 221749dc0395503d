// Moves values between the page and Rust; all that concerns signing is in Rust (../src).
import init, { credentials, explain, share, upload } from "./presign_web.js";

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// Lifetimes that the slider stops at, in seconds; those with a mark are named below it.
const STOPS = [
  [60, "1 min"], [300], [900], [1800], [3600, "1 h"], [7200], [14_400], [28_800], [43_200, "12 h", "console’s limit"],
  [86_400], [172_800], [259_200], [432_000], [604_800, "7 days", "the most"],
];

const UNITS = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
const words = (seconds) => {
  const parts = [];
  for (const [size, name] of UNITS) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.slice(0, 2).join(" ") || "nothing";
};
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" });
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const zoned = (seconds) => {
  const name = zone.formatToParts(seconds * 1000).find(({ type }) => type === "timeZoneName");
  return `${day.format(seconds * 1000)} (${name.value})`;
};

// What each view shows of what Rust answers; the text that is announced.
const VIEWS = {
  share: {
    sign: share,
    show(out, shown) {
      const [before, query] = shown.url.split("?");
      out.url.replaceChildren(element("b", {}, before), `?${query}`);
      lifetime(out, shown);
      out["headers-row"].hidden = shown.headers.length === 0;
      out.headers.replaceChildren(...shown.headers.map(([name, value]) => element("div", {}, `${name}: ${value}`)));
      out.advisories.replaceChildren(...shown.advisories.map((text) => element("li", {}, text)));
      out.curl.textContent = shown.curl;
      steps(out.canonical_request, shown.canonical_request);
      steps(out.string_to_sign, shown.string_to_sign);
      const code = $(".qr svg", out.root);
      code.toggleAttribute("hidden", !shown.qr);
      if (shown.qr) {
        code.setAttribute("viewBox", `0 0 ${shown.qr.size} ${shown.qr.size}`);
        $("path", code).setAttribute("d", shown.qr.path);
      }
      out["qr-note"].textContent = shown.qr ? "" : "The link is too long for a QR code.";
      return `Link for ${shown.method}, works until ${out.until.textContent}.`;
    },
  },
  upload: {
    sign: upload,
    show(out, shown) {
      out.action.textContent = shown.action;
      lifetime(out, shown);
      out.html.textContent = shown.html;
      out.policy.textContent = shown.policy;
      const fields = shown.fields.map(([label, text]) => ({ label, note: "to be sent as it is", text }));
      const open = shown.open_fields.map(([label, text]) => ({ label, note: "has to start so", text: text || "anything" }));
      steps(out.fields, [...fields, ...open]);
      formToTry(shown);
      return `Form, works until ${out.until.textContent}.`;
    },
  },
  explain: {
    sign: explain,
    show(out, shown) {
      const degree = (at) => shown.causes[at][2];
      const causes = shown.causes.map(([name, text], at) => element("li", { className: degree(at) },
        element("span", { className: "degree" }, degree(at)), element("p", {}, text), element("code", {}, name)));
      const fine = element("li", { className: "fine" }, element("p", {}, "Nothing is wrong, as far as can be seen."));
      out.causes.replaceChildren(...causes.length ? causes : [fine]);
      out["comparison-section"].hidden = shown.comparison.length === 0;
      // With roles, since a narrow window shows the rows as blocks.
      const cell = (text, side) => element("td", { role: "cell", className: text === null ? "none" : "" },
        element("small", { ariaHidden: "true" }, side), text ?? "not there");
      out.comparison.replaceChildren(...shown.comparison.map(({ part, sent, other, differs }) => element("tr",
        { role: "row", className: differs ? "differs" : "" },
        element("th", { role: "rowheader", scope: "row" }, part, differs ? element("em", {}, "differs") : ""),
        cell(sent, "sent"), cell(other, "signed"))));
      out.report.textContent = shown.report;
      return causes.length ? `${degree(0)}: ${shown.causes[0][1]}` : fine.textContent;
    },
  },
};

function lifetime(out, { signed_at, expires_at, ends_with_credentials }) {
  out.until.textContent = zoned(expires_at);
  out.signed.textContent = clock.format(signed_at * 1000);
  out.root.dataset.expires = expires_at;
  out.root.dataset.early = ends_with_credentials ? ", with the credentials" : "";
  tick();
}

function tick() {
  for (const result of $$(".result[data-expires]")) {
    const left = result.dataset.expires - Math.floor(Date.now() / 1000);
    $("[data-out=left]", result).textContent = left > 0 ? words(left) + result.dataset.early : "none: it has ended";
    result.classList.toggle("ended", left <= 0);
  }
}

function steps(list, lines) {
  list.replaceChildren(...lines.map(({ label, note, text }) => element("div", {},
    element("dt", {}, label, element("small", {}, note)), element("dd", {}, text))));
}

// The frame's document allows its form to be submitted, and is given nothing but that form.
function formToTry({ action, fields, open_fields }) {
  const frame = $("iframe");
  const form = frame.contentDocument?.forms[0];
  if (!form) return;
  form.action = action;
  const input = (type, name, value) => element("input", { type, name, value });
  const labelled = (text, field) => element("label", {}, element("span", {}, text), field);
  const file = element("input", { type: "file", name: "file", required: true });
  const open = open_fields.map(([name, prefix]) => input("text", name, prefix));
  file.addEventListener("change", () => {
    const type = open.find(({ name }) => name === "Content-Type");
    if (type && file.files[0]?.type) type.value = file.files[0].type;
  });
  form.replaceChildren(...fields.map(([name, value]) => input("hidden", name, value)),
    ...open.map((field) => labelled(field.name, field)), labelled("File", file),
    element("button", { className: "primary" }, "Upload"));
  frame.style.height = `${frame.contentDocument.body.offsetHeight + 2}px`;
}

const store = $("#store");
const selected = () => $("[role=tab][aria-selected=true]").getAttribute("aria-controls");

// Signs anew, at this moment.
function update() {
  const name = selected();
  const panel = document.getElementById(name);
  const form = $("form", panel);
  offer(form);
  const fields = Object.fromEntries([...new FormData(store), ...new FormData(form)]);
  const { Ok: shown, Err: problem } = JSON.parse(VIEWS[name].sign(JSON.stringify(fields), Date.now() / 1000));
  const result = $(".result", panel);
  const out = { root: result };
  for (const place of $$("[data-out]", result)) out[place.dataset.out] = place;
  result.dataset.state = shown ? "shown" : problem.missing ? "waiting" : "wrong";
  const input = problem && (form.elements[problem.field] ?? store.elements[problem.field]);
  for (const other of [...store.elements, ...form.elements]) mark(other, "");
  if (shown) {
    announce(VIEWS[name].show(out, shown));
    return;
  }
  delete result.dataset.expires;
  if (problem.missing) {
    $(".waiting", result).textContent = `Next: ${caption(input)}.`;
  } else {
    $(".waiting", result).textContent = input ? `Check: ${caption(input)}.` : problem.message;
    announce(input ? `${caption(input)}: ${problem.message}` : problem.message);
    if (input) mark(input, problem.message);
  }
}

const caption = (input) => input.labels[0].firstChild.textContent.trim();

// Shows an error below a field and ties it to the field, or takes it away.
function mark(input, message) {
  const error = document.getElementById(`${input.id}-error`);
  if (!error) return;
  error.textContent = message;
  error.hidden = message === "";
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (input.closest("details") && message) input.closest("details").open = true;
}

// Hides and disables what does not go with the method, and shows what does.
function offer(form) {
  const chosen = [form.elements.method?.value, form.elements.disposition?.value];
  for (const place of $$("[data-for]", form)) {
    const [method, disposition] = [place.dataset.for.split(" "), place.dataset.for.includes("attachment")];
    place.hidden = !method.includes(chosen[0]) || (disposition && chosen[1] !== "attachment");
    for (const input of $$("input, select", place)) input.disabled = place.hidden;
  }
}

let speaking;
function announce(text) {
  clearTimeout(speaking);
  speaking = setTimeout(() => { $("#announcement").textContent = text; }, 800);
}

function select(tab, focus = true) {
  for (const other of $$("[role=tab]")) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (focus) tab.focus();
  update();
}

function expiry(fieldset) {
  const [seconds, slider, output] = [$("[name=expires]", fieldset), $("[type=range]", fieldset), $("output", fieldset)];
  slider.max = STOPS.length - 1;
  $(".ticks", fieldset).append(...STOPS.map(([, name, note]) => element("li", {},
    ...name ? [element("b", {}, name)] : [], ...note ? [element("small", {}, note)] : [])));
  const say = () => {
    const text = /^\d+$/.test(seconds.value) ? words(Number(seconds.value)) : "…";
    output.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  };
  const follow = () => {
    const reached = STOPS.filter(([stop]) => stop <= Number(seconds.value));
    slider.value = Math.max(0, reached.length - 1);
    say();
  };
  slider.addEventListener("input", () => { [seconds.value] = STOPS[slider.value]; say(); });
  seconds.addEventListener("input", follow);
  follow();
}

// Of the AWS documentation: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const EXAMPLE = {
  access_key_id: "AKIAIOSFODNN7EXAMPLE", secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  bucket: "examplebucket", region: "us-east-1", addressing: "global", key: "test.txt", expires: "86400",
};

// What a tool printed is taken apart, wherever it is pasted.
function paste(event) {
  const values = JSON.parse(credentials(event.clipboardData.getData("text")));
  if (!values.access_key_id) return;
  event.preventDefault();
  fillIn({ session_token: "", expiration: "", ...values });
  $(".store details").open = Boolean(values.session_token);
}

function fillIn(values) {
  for (const input of $$("#store [name], #share [name]")) {
    if (!(input.name in values)) continue;
    input.value = values[input.name];
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
    announce("Copied");
  } catch {
    getSelection().selectAllChildren(source); // where the page may not write: http from another machine
    button.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => { button.textContent = text; }, 2000);
}

function start() {
  for (const input of $$("form input:not([type=radio], [type=range]), form select, form textarea")) {
    const id = `${input.id}-error`;
    input.setAttribute("aria-describedby", id);
    input.after(element("p", { id, className: "error", hidden: true }));
  }
  $$(".expiry").forEach(expiry);
  for (const form of $$("form")) form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("input", update);
  store.addEventListener("paste", paste);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.role === "tab") select(button);
    else if (button?.dataset.copy) copy(button);
    else if (button?.hasAttribute("data-again")) update();
    else if (button?.id === "example") {
      fillIn(EXAMPLE);
      $("#share-key").focus(); // the button is gone
    }
  });
  const tabs = $$("[role=tab]");
  $("[role=tablist]").addEventListener("keydown", (event) => {
    const at = tabs.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select(tabs.at(to % tabs.length));
  });
  $("iframe").addEventListener("load", () => { if (selected() === "upload") update(); });
  setInterval(tick, 1000);
  update();
}

try {
  await init();
  start();
} catch (error) {
  $("#failure").textContent = `The page cannot start: ${error}`;
  $("#failure").hidden = false;
}
