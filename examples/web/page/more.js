// The views of the module with everything, and its QR codes.
import { $, VIEWS, element, lifetime, list, steps } from "./views.js";

Object.assign(VIEWS, {
  upload(out, shown) {
    out.action.textContent = shown.action;
    lifetime(out, shown);
    out.html.textContent = shown.html;
    out.policy.textContent = shown.policy;
    list(out.advisories, shown.advisories);
    const fields = shown.fields.map(([label, text]) => ({ label, note: "send unchanged", text }));
    const open = shown.open_fields.map(([label, text]) => ({ label, note: "must start with this", text: text || "anything" }));
    steps(out.fields, [...fields, ...open]);
    formToTry(shown);
    return `Form, expires ${out.until.textContent}.`;
  },
  explain(out, shown) {
    const causes = shown.causes.map(({ name, certainty, text, way_out }) => element("li", { className: certainty },
      element("span", { className: "degree" }, certainty),
      element("div", {}, element("p", {}, text), element("p", { className: "hint" }, way_out)), element("code", {}, name)));
    const fine = element("li", { className: "fine" }, element("p", {}, shown.said
      ? "No fault found in what you entered."
      : "No fault found. Paste the response of the store to look further."));
    out.causes.replaceChildren(...causes.length ? causes : [fine]);
    out.other_key.textContent = shown.other_key ? "The access key ID you entered differs from that of the link, so it cannot prove the signature." : "";
    out.said.replaceChildren(...shown.said ? [element("b", {}, "The store’s response: "), shown.said] : []);
    out["comparison-section"].hidden = shown.comparison.length === 0;
    // With roles, since a narrow window shows the rows as blocks.
    const cell = (text, side) => element("td", { role: "cell", className: text === null ? "none" : "" },
      element("small", { ariaHidden: "true" }, side), text ?? "absent");
    out.comparison.replaceChildren(...shown.comparison.map(({ part, sent, other, differs }) => element("tr",
      { role: "row", className: differs ? "differs" : "" },
      element("th", { role: "rowheader", scope: "row" }, part, differs ? element("em", {}, "differs") : ""),
      cell(sent, "sent"), cell(other, "signed"))));
    out.report.textContent = shown.report;
    return causes.length ? `${shown.causes[0].certainty}: ${shown.causes[0].text}` : fine.textContent;
  },
});

// The frame's document allows its form to be submitted, and contains nothing but that form. The chosen file stays.
function formToTry({ action, fields, open_fields }) {
  const frame = $("iframe");
  const form = frame.contentDocument?.forms[0];
  if (!form) return;
  form.action = action;
  const input = (type, name, value) => element("input", { type, name, value });
  const labelled = (text, field) => element("label", {}, element("span", {}, text), field);
  const file = form.elements.file ?? element("input", { type: "file", name: "file", required: true });
  const open = open_fields.map(([name, prefix]) => input("text", name, prefix));
  const follow = () => {
    const type = open.find(({ name }) => name === "Content-Type");
    if (type && file.files[0]?.type) type.value = file.files[0].type;
  };
  file.onchange = follow;
  follow();
  form.replaceChildren(...fields.map(([name, value]) => input("hidden", name, value)),
    ...open.map((field) => labelled(field.name, field)), labelled("File", file),
    element("button", { className: "primary" }, "Upload"));
  frame.style.height = `${frame.contentDocument.body.offsetHeight + 2}px`;
}

// Draws the code with modules of whole pixels, as large as the window allows.
export function showQr(url, { size, path }) {
  const [dialog, ratio] = [$("#qr"), devicePixelRatio];
  const pixels = Math.max(1, Math.floor(Math.min(innerWidth - 32, innerHeight - 200) * ratio / size));
  const code = $("svg", dialog);
  code.setAttribute("viewBox", `0 0 ${size} ${size}`);
  code.style.width = code.style.height = `${size * pixels / ratio}px`;
  code.style.marginLeft = `${Math.floor((innerWidth - 32 - size * pixels / ratio) / 2 * ratio) / ratio}px`;
  $("path", code).setAttribute("d", path);
  $("#qr-key").textContent = $("#share-key").value;
  $("#qr-until").textContent = `Expires ${$("#share [data-out=until]").textContent}`;
  $("#qr-url").textContent = url;
  dialog.showModal();
}
