// From objects to the module of ../wasm, and back. The numbers are those of ../wasm/src/input.rs.

/** A mistake in the options, or a request that `verify` refuses. Its text contains no secret. */
export class PresignError extends Error {
  constructor(code, message, kind = "Option") {
    super(message);
    this.name = "PresignError";
    this.code = code;
    this.kind = kind;
  }
}

const invalid = (name, problem) => new PresignError("InvalidOption", `${name} ${problem}`);

// Readers. Each checks an option's value, which is not undefined, and passes it to `put` as a tag and a text.
const text = (tag) => (put, value, name) => {
  if (typeof value !== "string") throw invalid(name, "is not a string");
  put(tag, value);
};
const flag = (tag) => (put, value, name) => {
  if (typeof value !== "boolean") throw invalid(name, "is not true or false");
  if (value) put(tag, "");
};
const whole = (tag) => (put, value, name) => {
  if (!Number.isSafeInteger(value)) throw invalid(name, "is not a whole number");
  put(tag, String(value));
};
const count = (tag) => (put, value, name) => {
  whole(tag)(put, value, name);
  if (value < 0) throw invalid(name, "is negative");
};
const seconds = (value, name) => {
  const time = value instanceof Date ? Math.floor(value.getTime() / 1000) : NaN;
  if (Number.isNaN(time)) throw invalid(name, "is not a valid Date");
  return time;
};
const date = (tag) => (put, value, name) => put(tag, String(seconds(value, name)));
const named = (tag, option, kind = text) => {
  const read = kind(tag);
  return (put, value, name) => {
    put(tag, option);
    read(put, value, name);
  };
};
const list = (tag) => (put, value, name) => {
  if (typeof value === "string" || typeof value?.[Symbol.iterator] !== "function") throw invalid(name, "is not a list");
  let n = 0;
  for (const item of value) text(tag)(put, item, `${name}[${n++}]`);
};
const pairs = (tag, prefix = "") => (put, value, name) => {
  if (value === null || typeof value !== "object") throw invalid(name, "is not an object");
  const entries = typeof value[Symbol.iterator] === "function" ? value : Object.entries(value);
  for (const entry of entries) {
    if (!Array.isArray(entry) || entry.length !== 2) throw invalid(name, "is not a list of pairs");
    const [key, values] = entry;
    if (values === undefined) continue;
    if (typeof key !== "string") throw invalid(`name in ${name}`, "is not a string");
    if (prefix && key.toLowerCase().startsWith(prefix)) throw invalid(`${name}.${key}`, `has the prefix ${prefix}, which is added`);
    for (const item of Array.isArray(values) ? values : [values]) {
      put(tag, prefix + key);
      text(tag)(put, item, `${name}.${key}`);
    }
  }
};
const object = (readers, open = false) => (put, value, name) => {
  if (value === null || typeof value !== "object") throw invalid(name, "is not an object");
  for (const key of Object.keys(value)) {
    if (value[key] === undefined) continue;
    const read = Object.hasOwn(readers, key) && readers[key];
    const path = name === "options" ? key : `${name}.${key}`;
    if (!read && !open) throw invalid(path, "is not an option");
    if (read) read(put, value[key], path);
  }
};
const none = () => {};

const [HEADERS, QUERY, FIELDS, OPEN_FIELDS, KEYS, REGIONS, SERVICES] = [29, 30, 31, 32, 33, 34, 35];

// What providers of credentials return has more, such as an account ID.
const credentials = object({
  accessKeyId: text(0), secretAccessKey: text(1), sessionToken: text(2), expiration: date(3), expressSession: flag(4),
}, true);
const bucket = object({
  name: text(5), region: text(6), endpoint: text(7), pathStyle: flag(8), globalEndpoint: flag(9), dualStack: flag(10),
  fips: flag(11), accelerate: flag(12), controlEndpoint: flag(13), sameRegion: flag(14),
});
const lifetime = {
  expiresIn: whole(17), expiresAt: date(18),
  expiryPolicy(put, value, name) {
    if (!["keep", "refuse", "clamp"].includes(value)) throw invalid(name, 'is not "keep", "refuse" or "clamp"');
    put(19, value);
  },
};
const parameter = (name, kind) => named(QUERY, name, kind);
const requests = {
  credentials, bucket, method: text(15), at: none, ...lifetime, alignTo: count(20), allowDotSegments: flag(21),
  headers: pairs(HEADERS), metadata: pairs(HEADERS, "x-amz-meta-"), query: pairs(QUERY),
  contentType: named(HEADERS, "content-type"), contentLength: named(HEADERS, "content-length", count),
  downloadAs: text(22), inlineAs: text(23), versionId: parameter("versionId"),
  response: object({
    contentType: parameter("response-content-type"), contentDisposition: parameter("response-content-disposition"),
    cacheControl: parameter("response-cache-control"), contentEncoding: parameter("response-content-encoding"),
    contentLanguage: parameter("response-content-language"), expires: parameter("response-expires"),
  }),
};
const options = {
  one: object({
    ...requests, uploadId: parameter("uploadId"), partNumber: parameter("partNumber", count),
    key(put, value, name) {
      if (value !== null) text(16)(put, value, name);
    },
    list(put, value, name) {
      put(QUERY, "list-type");
      put(QUERY, "2");
      object({
        prefix: parameter("prefix"), delimiter: parameter("delimiter"), maxKeys: parameter("max-keys", count),
        startAfter: parameter("start-after"), continuationToken: parameter("continuation-token"),
      })(put, value, name);
    },
  }),
  many: object({ ...requests, keys: none }),
  form: object({
    credentials, bucket, key: text(16), at: none, ...lifetime, fields: pairs(FIELDS), openFields: pairs(OPEN_FIELDS),
    contentLengthRange(put, value, name) {
      if (!Array.isArray(value) || value.length !== 2) throw invalid(name, "is not a list of two numbers");
      count(24)(put, value[0], name);
      count(25)(put, value[1], name);
    },
  }),
  verify: object({
    credentials, regions: list(REGIONS), services: list(SERVICES), maxAge: count(27), clockTolerance: count(28), at: none,
  }),
  request: object({ method: text(15), url: text(26), headers: pairs(HEADERS) }),
};

const required = (value, within, ...names) => {
  // A bucket's name, a provider of credentials, or its promise are often passed instead of the object.
  if (within && value !== undefined && typeof value !== "object") throw invalid(within.slice(0, -1), "is not an object");
  if (within && typeof value?.then === "function") throw invalid(within.slice(0, -1), "is a promise; await it");
  for (const name of names) {
    if (value?.[name] === undefined) throw invalid(within + name, "is missing");
  }
};
const requiredWho = (given) => required(given?.credentials, "credentials.", "accessKeyId", "secretAccessKey");
const exclusive = (given, one, other) => {
  if (given[one] !== undefined && given[other] !== undefined) throw invalid(one, `cannot be combined with ${other}`);
};
const pair = (line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)];
const toDate = (line) => new Date(Number(line) * 1000);
const CHUNK = 1000;
// More than any request needs, and far less than the module's memory can be.
const MAX_LENGTH = 2 ** 24;

/** Makes the functions of the package out of the WebAssembly module. */
export function load(module) {
  const { memory, start, room, run, output } = new WebAssembly.Instance(module).exports;
  const state = start();
  const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];

  // Collects texts with their tags, passes them to the module and returns the lines of the result.
  function call(operation, at, write) {
    const [tags, texts] = [[], []];
    write((tag, value) => {
      tags.push(tag);
      texts.push(value);
    });
    const now = at === undefined ? Math.floor(Date.now() / 1000) : seconds(at, "at");
    const all = texts.join("");
    if (all.length > MAX_LENGTH) throw new PresignError("InvalidOption", `options are longer than ${MAX_LENGTH} characters`);
    const start = 8 * tags.length;
    const place = room(state, start + 3 * all.length);
    const view = new DataView(memory.buffer, place);
    const target = new Uint8Array(memory.buffer, place + start, 3 * all.length);
    let { written } = encoder.encodeInto(all, target);
    const ascii = written === all.length;
    if (!ascii) written = 0;
    texts.forEach((value, n) => {
      let { length } = value;
      if (!ascii) {
        // A lone surrogate has no UTF-8; with the u flag, a pair does not match.
        if (/\p{Surrogate}/u.test(value)) {
          target.fill(0);
          throw new PresignError("InvalidOption", "a text has a lone surrogate");
        }
        length = encoder.encodeInto(value, target.subarray(written)).written;
        written += length;
      }
      view.setUint32(8 * n, tags[n], true);
      view.setUint32(8 * n + 4, length, true);
    });
    const length = run(state, operation, tags.length, start + written, now);
    const bytes = new Uint8Array(memory.buffer, output(state), Math.abs(length));
    const lines = decoder.decode(bytes).split("\n");
    if (length < 0) {
      const [code, kind, message, place] = lines;
      throw Object.assign(new PresignError(code, message, kind), place && { index: Number(place) });
    }
    return lines;
  }

  const headersOf = (lines) => Object.fromEntries(lines.slice(1, lines.indexOf("")).map(pair));

  function presign(given) {
    requiredWho(given);
    required(given.bucket, "bucket.", "region");
    if (given.list === undefined) required(given, "", "key");
    exclusive(given, "key", "list");
    exclusive(given, "downloadAs", "inlineAs");
    exclusive(given, "expiresIn", "expiresAt");
    const lines = call(0, given.at, (put) => options.one(put, given, "options"));
    return { url: lines.at(-1), method: given.method ?? "GET", headers: headersOf(lines), expiresAt: toDate(lines[0]) };
  }

  function presignBatch(given) {
    requiredWho(given);
    required(given.bucket, "bucket.", "name", "region");
    required(given, "", "keys");
    exclusive(given, "downloadAs", "inlineAs");
    exclusive(given, "expiresIn", "expiresAt");
    const keys = [];
    list(KEYS)((_, key) => keys.push(key), given.keys, "keys");
    const at = given.at ?? new Date();
    const urls = [];
    let lines;
    // In chunks, since the module's memory does not shrink.
    for (let from = 0; from === 0 || from < keys.length; from += CHUNK) {
      const chunk = keys.slice(from, from + CHUNK);
      try {
        lines = call(0, at, (put) => {
          options.many(put, given, "options");
          put(16, "-"); // any key: headers and expiry do not depend on it
          for (const key of chunk) put(KEYS, key);
        });
      } catch (error) {
        if (error.index !== undefined) {
          error.index += from;
          error.message = `keys[${error.index}]: ${error.message}`;
        }
        throw error;
      }
      for (const url of lines.slice(lines.indexOf("") + 2)) urls.push(url);
    }
    return { urls, method: given.method ?? "GET", headers: headersOf(lines), expiresAt: toDate(lines[0]) };
  }

  function presignPost(given) {
    requiredWho(given);
    required(given.bucket, "bucket.", "name", "region");
    required(given, "", "key");
    exclusive(given, "expiresIn", "expiresAt");
    const lines = call(1, given.at, (put) => options.form(put, given, "options"));
    const open = lines.indexOf("") + 1;
    const [fields, openFields] = [lines.slice(1, open - 1), lines.slice(open, -2)];
    return {
      url: lines.at(-1), method: "POST", fields: Object.fromEntries(fields.map(pair)),
      openFields: Object.fromEntries(openFields.map(pair)), expiresAt: toDate(lines[0]),
    };
  }

  function verify(request, given) {
    const { method, url, headers } = request ?? {};
    required({ method, url, headers }, "request.", "method", "url", "headers");
    required(given, "", "credentials");
    const known = Array.isArray(given.credentials) ? given.credentials : [given.credentials];
    let unknown = new PresignError("UnknownAccessKey", "access key ID is unknown", "Rejection");
    for (const credentials of known) {
      requiredWho({ credentials });
      try {
        const lines = call(2, given.at, (put) => {
          options.verify(put, { ...given, credentials }, "options");
          options.request(put, { method, url, headers }, "request");
        });
        const [expiresAt, signedAt, payloadHash, signedHeaders, accessKeyId, region, service] = lines;
        return {
          accessKeyId, region, service, signedHeaders: signedHeaders.split(";").map(decodeURIComponent), payloadHash,
          signedAt: toDate(signedAt), expiresAt: toDate(expiresAt),
        };
      } catch (error) {
        if (error.code !== "UnknownAccessKey") throw error;
        unknown = error;
      }
    }
    throw unknown;
  }

  return { presign, presignBatch, presignPost, verify };
}
