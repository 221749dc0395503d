import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { presign, presignBatch, presignPost, PresignError, verify } from "presign";
import * as small from "presign/sign";
import { verify as onlyVerify } from "presign/verify";
import { load } from "../dist/glue.js";

const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const bucket = { name: "examplebucket", region: "eu-west-1" };
const at = new Date("2013-05-24T00:00:00.999Z");
const given = { credentials, bucket, key: "k", at };
const query = (options) => new URL(presign({ ...given, ...options }).url).searchParams;
const refusal = (run) => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof PresignError && error instanceof Error, error);
    return error;
  }
  assert.fail("no error");
};

test("the example of the AWS documentation", () => {
  const options = { ...given, bucket: { name: "examplebucket", region: "us-east-1", globalEndpoint: true }, key: "test.txt", expiresIn: 86400 };
  for (const sign of [presign, small.presign]) {
    assert.deepEqual(sign(options), {
      url: "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256" +
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z" +
        "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
      method: "GET", headers: {}, expiresAt: new Date("2013-05-25T00:00:00Z"),
    });
  }
});

test("the clock is JavaScript's", () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const signedAt = presign({ ...given, at: undefined }).expiresAt.getTime() - 900_000;
  assert.ok(signedAt >= before && signedAt <= Date.now());
});

test("methods, keys and headers", () => {
  for (const method of ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"]) assert.equal(presign({ ...given, method }).method, method);
  const signatures = ["GET", "HEAD", "PUT", "DELETE"].map((method) => query({ method }).get("X-Amz-Signature"));
  assert.equal(new Set(signatures).size, 4);
  const { url, headers } = presign({
    ...given, method: "PUT", key: "a b/Grüße + 100%/\0\n😀", contentType: "text/plain", contentLength: 5,
    headers: new Headers({ "x-amz-acl": "private" }), metadata: { author: "A  B", ["größe".replace(/\W/g, "")]: ["1", "2"] },
  });
  assert.ok(url.includes("/a%20b/Gr%C3%BC%C3%9Fe%20%2B%20100%25/%00%0A%F0%9F%98%80?"), url);
  assert.deepEqual(headers, {
    "content-length": "5", "content-type": "text/plain", "x-amz-acl": "private", "x-amz-meta-author": "A B", "x-amz-meta-gre": "1,2",
  });
  assert.equal(Object.getPrototypeOf(presign({ ...given, headers: [["__proto__", "x"]] }).headers), Object.prototype);
});

test("query, response headers, lists and multipart uploads", () => {
  const params = query({
    query: [["a", "1"], ["a", "2"]], versionId: "v",
    response: {
      contentType: "a/b", contentDisposition: "inline", cacheControl: "no-store", contentEncoding: "gzip", contentLanguage: "de", expires: "0",
    },
  });
  assert.deepEqual(params.getAll("a"), ["1", "2"]);
  for (const [name, value] of [["versionId", "v"], ["response-content-type", "a/b"], ["response-content-disposition", "inline"],
    ["response-cache-control", "no-store"], ["response-content-encoding", "gzip"], ["response-content-language", "de"], ["response-expires", "0"]]) {
    assert.equal(params.get(name), value);
  }
  assert.equal(query({ downloadAs: "Größe.pdf" }).get("response-content-disposition"),
    "attachment; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf");
  assert.equal(query({ inlineAs: "a.pdf" }).get("response-content-disposition"), 'inline; filename="a.pdf"');
  const list = query({ key: undefined, list: { prefix: "a/", delimiter: "/", maxKeys: 5, startAfter: "a/b", continuationToken: "t" } });
  assert.deepEqual([...list].filter(([name]) => !name.startsWith("X-Amz")), [
    ["continuation-token", "t"], ["delimiter", "/"], ["list-type", "2"], ["max-keys", "5"], ["prefix", "a/"], ["start-after", "a/b"],
  ]);
  assert.ok(query({ method: "POST", query: { uploads: "" } }).has("uploads"));
  const part = query({ method: "PUT", uploadId: "id", partNumber: 2 });
  assert.deepEqual([part.get("uploadId"), part.get("partNumber")], ["id", "2"]);
});

test("addressing", () => {
  const url = (options, key = "k") => presign({ ...given, bucket: { ...bucket, ...options }, key }).url.split("?")[0];
  assert.equal(url({}), "https://examplebucket.s3.eu-west-1.amazonaws.com/k");
  assert.equal(url({ pathStyle: true }), "https://s3.eu-west-1.amazonaws.com/examplebucket/k");
  assert.equal(url({ dualStack: true }), "https://examplebucket.s3.dualstack.eu-west-1.amazonaws.com/k");
  assert.equal(url({ accelerate: true }), "https://examplebucket.s3-accelerate.amazonaws.com/k");
  assert.equal(url({ region: "us-east-1", fips: true }), "https://examplebucket.s3-fips.us-east-1.amazonaws.com/k");
  assert.equal(url({ region: "us-east-1", globalEndpoint: true }), "https://examplebucket.s3.amazonaws.com/k");
  assert.equal(url({ endpoint: "http://127.0.0.1:9000", region: "us-east-1" }), "http://127.0.0.1:9000/examplebucket/k");
  assert.equal(url({ endpoint: "https://account.r2.cloudflarestorage.com", region: "auto" }), "https://examplebucket.account.r2.cloudflarestorage.com/k");
  assert.equal(url({ name: "arn:aws:s3:eu-west-1:123456789012:accesspoint/point" }), "https://point-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/k");
  const directory = { name: "bucket--use1-az4--x-s3", region: "us-east-1" };
  assert.equal(url(directory), "https://bucket--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/k");
  assert.equal(url({ ...directory, controlEndpoint: true }), "https://s3express-control.us-east-1.amazonaws.com/bucket--use1-az4--x-s3/k");
  const session = { ...credentials, sessionToken: "t", expressSession: true };
  assert.equal(query({ bucket: directory, credentials: session }).get("X-Amz-S3session-Token"), "t");
  assert.equal(refusal(() => url({ name: "arn:aws:s3:us-west-2:123456789012:accesspoint/point", sameRegion: true })).code, "EndpointConflict");
  assert.equal(presign({ ...given, bucket: { region: "eu-west-1" }, key: null }).url.split("?")[0], "https://s3.eu-west-1.amazonaws.com/");
  assert.equal(presign({ ...given, key: null, method: "HEAD" }).url.split("?")[0], "https://examplebucket.s3.eu-west-1.amazonaws.com/");
});

test("expiry and temporary credentials", () => {
  const end = new Date("2013-05-24T00:10:00Z");
  const temporary = { ...credentials, sessionToken: "to/ken=", expiration: end };
  const signed = presign({ ...given, credentials: temporary, expiresIn: 3600 });
  assert.deepEqual(signed.expiresAt, end);
  assert.equal(new URL(signed.url).searchParams.get("X-Amz-Security-Token"), "to/ken=");
  assert.equal(query({ credentials: temporary, expiresIn: 3600, expiryPolicy: "keep" }).get("X-Amz-Expires"), "3600");
  assert.equal(query({ credentials: temporary, expiresIn: 3600, expiryPolicy: "clamp" }).get("X-Amz-Expires"), "600");
  assert.equal(refusal(() => query({ credentials: temporary, expiresIn: 3600, expiryPolicy: "refuse" })).code, "CredentialsExpireFirst");
  assert.equal(refusal(() => query({ credentials: temporary, at: end })).code, "CredentialsExpired");
  assert.equal(query({ expiresAt: end }).get("X-Amz-Expires"), "600");
  assert.equal(query({ at: new Date("2013-05-24T00:14:59Z"), alignTo: 300, expiresIn: 600 }).get("X-Amz-Date"), "20130524T001000Z");
  assert.ok(presign({ ...given, key: "a/../b", allowDotSegments: true }).url.includes("/a/../b?"));
});

test("the kept signing key follows credentials, region and day", () => {
  const alone = (options) => {
    presign({ ...given, credentials: { accessKeyId: "AKIAOTHER", secretAccessKey: "other" } }); // so that none is kept
    return presign(options).url;
  };
  const variants = [
    {}, { credentials: { ...credentials, secretAccessKey: "other" } }, { credentials: { ...credentials, sessionToken: "t" } },
    { bucket: { ...bucket, region: "us-east-1" } }, { at: new Date("2013-05-25T00:00:00Z") },
    { bucket: { name: "bucket--use1-az4--x-s3", region: "us-east-1" } },
  ].map((variant) => ({ ...given, ...variant }));
  const expected = variants.map(alone);
  assert.equal(new Set(expected).size, variants.length);
  for (const order of [variants, variants.toReversed?.() ?? [...variants].reverse()]) {
    for (const options of order) assert.equal(presign(options).url, expected[variants.indexOf(options)]);
  }
});

test("a batch signs what single calls sign", () => {
  const shared = { ...given, method: "PUT", contentType: "image/png", sessionToken: undefined };
  const keys = Array.from({ length: 2345 }, (_, n) => `photos/${n}${n % 7 === 0 ? "ä" : ""}.png`);
  for (const sign of [presignBatch, small.presignBatch]) {
    const batch = sign({ ...shared, key: undefined, keys });
    assert.deepEqual(batch.urls, keys.map((key) => presign({ ...shared, key }).url));
    assert.deepEqual([batch.method, batch.headers, batch.expiresAt], ["PUT", { "content-type": "image/png" }, new Date("2013-05-24T00:15:00Z")]);
    assert.deepEqual(sign({ ...shared, key: undefined, keys: new Set() }).urls, []);
    assert.equal(refusal(() => sign({ ...shared, key: undefined, keys: ["a", ""] })).code, "EmptyKey");
  }
});

test("a form", () => {
  const form = presignPost({
    ...given, key: "in/${filename}", fields: { acl: "private", success_action_status: "201" }, openFields: { "Content-Type": "image/", "x-amz-meta-a": "" },
    contentLengthRange: [1, 1_000_000], credentials: { ...credentials, sessionToken: "t" },
  });
  const { policy, "x-amz-signature": signature, ...fields } = form.fields;
  assert.deepEqual(fields, {
    key: "in/${filename}", acl: "private", success_action_status: "201", "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20130524/eu-west-1/s3/aws4_request", "x-amz-date": "20130524T000000Z", "x-amz-security-token": "t",
  });
  assert.deepEqual([form.url, form.method, form.openFields, form.expiresAt], [
    "https://examplebucket.s3.eu-west-1.amazonaws.com/", "POST", { "Content-Type": "image/", "x-amz-meta-a": "" }, new Date("2013-05-24T01:00:00Z"),
  ]);
  const { expiration, conditions } = JSON.parse(atob(policy));
  assert.equal(expiration, "2013-05-24T01:00:00Z");
  for (const condition of [{ bucket: "examplebucket" }, ["starts-with", "$key", "in/"], ["eq", "$acl", "private"], ["eq", "$success_action_status", "201"],
    ["starts-with", "$Content-Type", "image/"], ["starts-with", "$x-amz-meta-a", ""], ["content-length-range", 1, 1_000_000], ["eq", "$x-amz-security-token", "t"]]) {
    assert.ok(conditions.some((other) => JSON.stringify(other) === JSON.stringify(condition)), JSON.stringify(condition));
  }
  const mac = (key, text) => createHmac("sha256", key).update(text).digest();
  const key = ["20130524", "eu-west-1", "s3", "aws4_request"].reduce(mac, `AWS4${credentials.secretAccessKey}`);
  assert.equal(signature, mac(key, policy).toString("hex"));
  assert.equal(refusal(() => presignPost({ ...given, key: "${user}" })).code, "UnknownVariable");
  assert.equal(refusal(() => presignPost({ ...given, contentLengthRange: [2, 1] })).code, "EmptyLengthRange");
});

for (const [entry, check] of [["presign", verify], ["presign/verify", onlyVerify]]) test(`a received request: ${entry}`, () => {
  const { url, method, headers } = presign({ ...given, method: "PUT", contentType: "text/plain" });
  const request = { method, url, headers: { ...headers, host: "examplebucket.s3.eu-west-1.amazonaws.com" } };
  const known = [{ accessKeyId: "AKIAOTHER", secretAccessKey: "other" }, credentials];
  assert.deepEqual(check(request, { credentials: known, at, regions: ["eu-west-1"], services: new Set(["s3"]) }), {
    accessKeyId: credentials.accessKeyId, region: "eu-west-1", service: "s3", signedHeaders: ["content-type", "host"],
    payloadHash: "UNSIGNED-PAYLOAD", signedAt: new Date("2013-05-24T00:00:00Z"), expiresAt: new Date("2013-05-24T00:15:00Z"),
  });
  assert.equal(check(new Request(url, { method, headers, body: "x" }), { credentials, at }).accessKeyId, credentials.accessKeyId);
  const code = (change, options = {}) => {
    const error = refusal(() => check({ ...request, ...change }, { credentials, at, ...options }));
    assert.equal(error.kind, "Rejection");
    return error.code;
  };
  assert.equal(code({ method: "GET" }), "SignatureMismatch");
  assert.equal(code({ url: url.replace("/k?", "/other?") }), "SignatureMismatch");
  assert.equal(code({ headers: { ...request.headers, "content-type": "text/html" } }), "SignatureMismatch");
  assert.equal(code({ headers: {} }), "SignedHeaderMissing");
  assert.equal(code({ url: "https://examplebucket.s3.eu-west-1.amazonaws.com/k" }), "MissingParameter");
  assert.equal(code({}, { credentials: known[0] }), "UnknownAccessKey");
  assert.equal(code({}, { credentials: [] }), "UnknownAccessKey");
  assert.equal(code({}, { credentials: { ...credentials, secretAccessKey: "other" } }), "SignatureMismatch");
  assert.equal(code({}, { regions: ["us-east-1"] }), "WrongRegion");
  assert.equal(code({}, { services: ["s3express"] }), "WrongService");
  assert.equal(code({}, { at: new Date("2013-05-24T00:15:00Z") }), "Expired");
  assert.equal(code({}, { at: new Date("2013-05-24T00:05:00Z"), maxAge: 60 }), "TooOld");
  assert.equal(code({}, { at: new Date("2013-05-23T23:59:00Z"), clockTolerance: 30 }), "NotYetValid");
});

test("errors have a code, a kind and the crate's text, and no secret", () => {
  const error = (options) => {
    const { code, kind, message } = refusal(() => presign({ ...given, ...options }));
    assert.ok(!message.includes(credentials.secretAccessKey));
    return [code, kind, message];
  };
  assert.deepEqual(error({ expiresIn: 700_000 }), ["ExpiryOutOfRange", "Time", "expiry of 700000 s is outside 1 s to 604800 s (7 days)"]);
  assert.deepEqual(error({ expiresIn: -5 }), ["ExpiryOutOfRange", "Time", "expiry of -5 s is outside 1 s to 604800 s (7 days)"]);
  assert.deepEqual(error({ key: "" }), ["EmptyKey", "Key", "object key is empty"]);
  assert.deepEqual(error({ bucket: { name: "b", region: "eu-west-1" } }).slice(0, 2), ["BucketNameLength", "Bucket"]);
  assert.deepEqual(error({ credentials: { ...credentials, secretAccessKey: "" } }), ["EmptyCredential", "Credentials", "secret access key is empty"]);
  assert.deepEqual(error({ method: "PUT", contentType: "image/*" }).slice(0, 2), ["WildcardInContentType", "Value"]);
  for (const [options, message] of [
    [{ credentials: { accessKeyId: "AKIA" } }, "credentials.secretAccessKey is missing"],
    [{ credentials: { ...credentials, secretAccessKey: 5 } }, "credentials.secretAccessKey is not a string"],
    [{ credentials: async () => credentials }, "credentials is not an object"],
    [{ credentials: Promise.resolve(credentials) }, "credentials is a promise; await it"],
    [{ bucket: "examplebucket" }, "bucket is not an object"],
    [{ bucket: { name: "examplebucket" } }, "bucket.region is missing"],
    [{ bucket: { ...bucket, pathstyle: true } }, "bucket.pathstyle is not an option"],
    [{ bucket: { ...bucket, pathStyle: 1 } }, "bucket.pathStyle is not true or false"],
    [{ key: undefined }, "key is missing"],
    [{ expires: 60 }, "expires is not an option"],
    [{ expiresIn: 1.5 }, "expiresIn is not a whole number"],
    [{ expiresIn: "60" }, "expiresIn is not a whole number"],
    [{ contentLength: -1 }, "contentLength is negative"],
    [{ expiresAt: 60 }, "expiresAt is not a valid Date"],
    [{ at: new Date(NaN) }, "at is not a valid Date"],
    [{ expiryPolicy: "Keep" }, 'expiryPolicy is not "keep", "refuse" or "clamp"'],
    [{ headers: "a: b" }, "headers is not an object"],
    [{ headers: { a: 1 } }, "headers.a is not a string"],
    [{ query: [["a", ["b", 1]]] }, "query.a is not a string"],
    [{ metadata: { "X-Amz-Meta-a": "b" } }, "metadata.X-Amz-Meta-a has the prefix x-amz-meta-, which is added"],
    [{ list: {} }, "key cannot be combined with list"],
    [{ expiresIn: 1, expiresAt: at }, "expiresIn cannot be combined with expiresAt"],
    [{ downloadAs: "a", inlineAs: "b" }, "downloadAs cannot be combined with inlineAs"],
    [{ key: "\ud800" }, "a text has a lone surrogate"],
  ]) assert.deepEqual(error(options), ["InvalidOption", "Option", message]);
  const { key, ...rest } = given;
  assert.equal(refusal(() => presignBatch({ ...rest, keys: ["k", 1] })).message, "keys[1] is not a string");
  for (const place of [0, 1, 2500]) {
    const keys = Array(2501).fill("k").with(place, "a/../b");
    const { code, kind, index, message } = refusal(() => presignBatch({ ...rest, keys }));
    assert.deepEqual([code, kind, index], ["DotSegment", "Key", place]);
    assert.ok(message.startsWith(`keys[${place}]: `), message);
  }
  assert.equal(refusal(() => presignBatch({ ...rest, keys: ["k"], expiresIn: 0 })).index, undefined);
  const mrap = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";
  assert.match(refusal(() => presign({ ...given, bucket: { ...bucket, name: mrap } })).message, /this package does not contain/);
  const empty = { a: undefined, b: [] };
  assert.equal(presign({ ...given, headers: empty, metadata: empty, query: empty }).url, presign(given).url);
  for (const wrong of [undefined, null, "secret", 5]) assert.equal(refusal(() => presign(wrong)).code, "InvalidOption");
  assert.equal(refusal(() => verify(undefined, { credentials })).code, "InvalidOption");
  assert.deepEqual(presign(given).url, presign({ ...given }).url); // it works after errors
});

test("no value makes anything but a result or a PresignError", () => {
  const values = [null, true, 0, -1, 1.5, NaN, 1n, 2 ** 53, "", "\0", "\ud800", "x".repeat(2000), "x".repeat(2 ** 24 + 1), Symbol("s"), () => "x", [], [1], [[]],
    [["a"]], [["a", 1]], {}, { a: null }, { accessKeyId: 1 }, { region: "" }, new Date(NaN), new Date(8.64e15), new Date(-8.64e15), new Map([[1, "a"]]), new Set(["a"])];
  const names = ["credentials", "bucket", "key", "method", "at", "expiresIn", "expiresAt", "expiryPolicy", "alignTo", "allowDotSegments", "headers", "metadata",
    "query", "contentType", "contentLength", "downloadAs", "inlineAs", "versionId", "response", "uploadId", "partNumber", "list", "keys", "fields",
    "openFields", "contentLengthRange", "regions", "services", "maxAge", "clockTolerance", "other"];
  const { url, method } = presign(given);
  const { key, ...rest } = given;
  let refused = 0;
  for (const name of names) {
    for (const value of values) {
      for (const run of [
        () => presign({ ...given, [name]: value }), () => presignBatch({ ...rest, keys: ["k"], [name]: value }),
        () => presignPost({ ...given, [name]: value }), () => verify({ method, url, headers: {} }, { credentials, at, [name]: value }),
        () => verify({ method, url, headers: {}, [name]: value }, { credentials, at }), () => verify({ method, url: value, headers: {} }, { credentials, at }),
      ]) {
        try {
          run();
        } catch (error) {
          assert.ok(error instanceof PresignError, `${name}: ${String(value).slice(0, 20)}: ${error}`);
          refused++;
        }
      }
    }
  }
  assert.ok(refused > names.length * values.length, refused);
  assert.equal(presign(given).url, url);
});

test("the codes are the names of the crate's errors", () => {
  const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
  const variants = (source, type) => {
    const body = source.slice(source.indexOf(`pub enum ${type} {`)).split("\n}\n")[0];
    return [...body.matchAll(/^ {4}([A-Z]\w*)(?: \{|,)$/gm)].map(([, name]) => name);
  };
  const listed = (type) => read("../wasm/src/failure.rs").split(`, ${type}:`)[1].split("}")[0].trim().split(/\s+/);
  for (const [path, type, without] of [["../../src/error.rs", "Error", ["NormalizedUrl"]], ["../../src/error/kind.rs", "ErrorKind", []],
    ["../../src/verify/rejection.rs", "Rejection", []]]) {
    const expected = variants(read(path), type).filter((name) => !without.includes(name)); // of a feature that is off here
    assert.ok(expected.length > 5);
    assert.deepEqual(listed(type), expected);
  }
});

test("memory does not grow with the number of calls", () => {
  const { Instance } = WebAssembly;
  let memory;
  WebAssembly.Instance = function (...given) {
    const instance = new Instance(...given);
    ({ memory } = instance.exports);
    return instance;
  };
  const { presign } = load(new WebAssembly.Module(readFileSync(new URL("../dist/presign.wasm", import.meta.url))));
  WebAssembly.Instance = Instance;
  const sign = (times) => {
    for (let n = 0; n < times; n++) {
      const headers = { [`x-amz-meta-${"a".repeat(n % 50)}`]: "b".repeat(n % 997) };
      presign({ ...given, key: "k".repeat(1 + n % 1000), headers, credentials: { ...credentials, sessionToken: "t".repeat(1 + n % 3) } });
    }
  };
  sign(3000);
  const { byteLength } = memory.buffer;
  sign(20_000);
  assert.equal(memory.buffer.byteLength, byteLength);

  // Nor is a secret left in what JavaScript wrote; the kept credentials are those of the last call.
  const secret = "an-other-secret-access-key";
  presign({ ...given, credentials: { ...credentials, secretAccessKey: secret } });
  assert.throws(() => presign({ ...given, credentials: { ...credentials, secretAccessKey: secret }, key: "\ud800" }));
  presign(given);
  assert.equal(Buffer.from(memory.buffer).includes(secret), false);
});
