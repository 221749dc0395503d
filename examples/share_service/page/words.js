// What the page says: sizes, durations, dates, and a sentence for each failure.

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

export function bytes(count) {
  let exponent = 0;
  const rounded = () => (count / 1024 ** exponent).toFixed(exponent && 1);
  while (Number(rounded()) >= 1024 && exponent < UNITS.length - 1) exponent++;
  return `${rounded()} ${UNITS[exponent]}`;
}

/** Time left, rounded up. */
export function left(seconds) {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The lifetime of a link. */
export function lifetime(seconds) {
  for (const [unit, length] of [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]]) {
    if (seconds % length === 0) return `${seconds / length} ${unit}${seconds === length ? "" : "s"}`;
  }
  return "";
}

export const date = (at) => new Date(at).toLocaleString(undefined, {
  day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short",
});

const TYPES = {
  "image/*": "images", "audio/*": "audio", "video/*": "videos", "text/*": "text files",
  "application/pdf": "PDF files", "text/plain": "plain text files", "application/zip": "ZIP files",
};
const list = new Intl.ListFormat("en", { type: "conjunction" });
const capital = (text) => text[0].toUpperCase() + text.slice(1);

export const types = (allowed) => list.format(allowed.map((type) => TYPES[type] ?? `${type} files`));

/** Whether files of this type are allowed. */
export const allows = (allowed, type) => allowed.some((listed) =>
  listed === "*/*" || listed === type || (listed.endsWith("/*") && type.startsWith(listed.slice(0, -1))));

/** Why a file cannot be uploaded, before anything is sent, or null. */
export function refusal({ file, path, key }, limits) {
  const type = file.type.split(";")[0];
  if (file.size > limits.max_size) return `The file is ${bytes(file.size)}. The limit is ${bytes(limits.max_size)}.`;
  if (!allows(limits.content_types, type || "application/octet-stream")) {
    return `The file is ${type || "of an unknown type"}. Only ${types(limits.content_types)} can be uploaded.`;
  }
  const over = new TextEncoder().encode(key).length - limits.max_key_bytes;
  if (over <= 0) return null;
  const more = /\P{ASCII}/u.test(path) ? " Accents and emoji count more than once." : "";
  return `The name is too long by ${over} ${over === 1 ? "byte" : "bytes"}, counted with its folders.${more} Rename the file.`;
}

/** Which limits there are, before a file is chosen. */
export function rules(limits) {
  const only = limits.content_types.includes("*/*") ? "" : ` ${capital(types(limits.content_types))} only.`;
  return `Up to ${bytes(limits.max_size)} for each file.${only}`;
}

/** What is wrong while another try may help. */
export const trouble = (code) => ({
  lost: "Connection lost.",
  credentials_expired: "The service cannot create links right now.",
  no_service: "The service does not respond.",
})[code] ?? "The store is busy.";

/** What is wrong for good. */
export function failed({ code, detail }) {
  const known = {
    lost: "The storage cannot be reached from this page. Its CORS rules may not allow this site.",
    unreadable: "The file cannot be read. It was moved or changed. Choose it again.",
    gone: "The store no longer has the uploaded parts. Retry starts from the beginning.",
    no_such_upload: "The store no longer has the uploaded parts. Retry starts from the beginning.",
    no_etag: "The store hides the ETag header. Its CORS configuration must expose it.",
    invalid_part: "The store is missing some parts. Retry sends them again.",
    too_large: "The file is larger than the service allows.",
    content_type_not_allowed: "The service does not accept this type of file.",
    invalid_key: "The store does not accept this name. Rename the file.",
    key_not_allowed: "The service has changed its settings. Reload the page.",
    invalid_expiry: "The service has changed its settings. Reload the page.",
    unauthorized: "Open this page at localhost or 127.0.0.1. Without an access token, the service works only on its own machine.",
    internal: "The service is not configured correctly. Contact its administrator.",
  };
  return known[code] ?? `The ${code === "refused" || code === "store_refused" ? "store" : "service"} refused the upload${detail ? ` (${detail})` : ""}.`;
}
