// Shows the links that Rust returns: nothing here signs or reads a field. more.js has the other views.

import { clock } from "./first.js";

export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
export const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const UNITS = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
const words = (seconds) => {
  const parts = [];
  for (const [size, name] of UNITS) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.slice(0, 2).join(" ");
};
export const date = (seconds) => clock.format(seconds * 1000);
export const now = () => Date.now() / 1000;

const USES = {
  GET: "",
  PUT: "Send the file with PUT, for example with the command. The link does not work in a browser’s address bar.",
  HEAD: "The link returns the object’s size, type and date, for example with the command. It does not work in a browser’s address bar.",
  DELETE: "Careful: anyone who has this link can delete the object. It does not work in a browser’s address bar.",
};

// For each view, how to show what Rust returns. The functions return the text to announce.
export const VIEWS = {
  share(out, shown) {
    const [before, query] = shown.url.split("?");
    out.url.replaceChildren(element("b", {}, before), `?${query}`);
    out.root.dataset.method = shown.method;
    lifetime(out, shown);
    out.open.href = shown.url;
    out.use.textContent = USES[shown.method] ?? "";
    out["headers-row"].hidden = shown.headers.length === 0;
    out.headers.replaceChildren(...shown.headers.map(([name, value]) => element("div", {}, `${name}: ${value}`)));
    list(out.advisories, shown.advisories);
    out.curl.textContent = shown.curl;
    out.root.dataset.signed = shown.signed_at;
    out.qr.hidden = !shown.qr;
    requestAnimationFrame(() => { $("[data-whole]").hidden = !out.url.matches(".whole") && out.url.scrollHeight <= out.url.clientHeight + 1; });
    return `Link for ${shown.method}, expires ${out.until.textContent}.`;
  },
};

export const list = (place, texts) => place.replaceChildren(...texts.map((text) => element("li", {}, text)));

export function lifetime(out, { signed_at, expires_at, ends_with_credentials }) {
  out.until.textContent = date(expires_at);
  out.signed.textContent = date(signed_at);
  out.root.dataset.expires = expires_at;
  out.root.dataset.early = ends_with_credentials ? ", with the credentials" : "";
  tick();
}

// Updates the time left, in the results and in the list of links.
export function tick() {
  for (const place of $$("[data-expires]:not(button)")) {
    const left = place.dataset.expires - Math.floor(now());
    const ended = left <= 0;
    $("[data-out=left]", place).textContent = ended ? "" : `in ${words(left)}${place.dataset.early ?? ""}`;
    $(".word", place).textContent = ended ? "Expired" : "Expires";
    if (ended && place.matches(".result:not(.ended)")) announce("Expired. Renew it to get a new one.");
    place.classList.toggle("ended", ended);
  }
}

export function steps(place, lines) {
  place.replaceChildren(...lines.map(({ label, note, text }) => element("div", {},
    element("dt", {}, label, element("small", {}, note)), element("dd", {}, text))));
}

let speaking;
export function announce(text) {
  clearTimeout(speaking);
  speaking = setTimeout(() => { $("#announcement").textContent = text; }, 800);
}
