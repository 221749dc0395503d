// The same URLs, signature included, as by aws4fetch and the AWS SDK, for random requests.
import assert from "node:assert/strict";
import test from "node:test";
import * as s3 from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { AwsClient } from "aws4fetch";
import { presign } from "presign";

const CASES = 1000;
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));

// mulberry32
let state = SEED;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const whole = (from, to) => from + Math.floor(random() * (to - from + 1));
const one = (list) => list[whole(0, list.length - 1)];
const maybe = (value) => (random() < 0.4 ? value() : undefined);
const text = (characters, from, to) => Array.from({ length: whole(from, to) }, () => one(characters)).join("");
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
const ANY = [...LETTERS, ..." !\"#$%&'()*+,-:;<=>?@[]^_`{|}~ÄßЖ中😀"];
const word = () => text(LETTERS, 1, 12);
const set = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

const where = () => ({
  bucket: set({
    name: `b${text([...LETTERS, "-"], 2, 20)}b`, region: one(["us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1"]),
    ...one([{}, {}, { pathStyle: true }, { endpoint: "http://127.0.0.1:9000", pathStyle: true }, { endpoint: "https://store.example.com" }]),
  }),
  credentials: set({ accessKeyId: `AKIA${word().toUpperCase()}`, secretAccessKey: text([...LETTERS, "/", "+"], 20, 40), sessionToken: maybe(() => text([...LETTERS, "/", "+", "="], 20, 900)) }),
  key: Array.from({ length: whole(1, 4) }, () => `k${text(ANY, 0, 20)}`).join("/"),
  expiresIn: whole(1, 604_800),
  at: new Date(whole(1e9, 2e9) * 1000),
});
// Decoded: aws4fetch writes a space as a plus, and signs it as %20.
const sorted = (url) => {
  const { origin, pathname, searchParams } = new URL(url);
  return [origin + pathname, ...[...searchParams].map((pair) => pair.join("=")).sort()];
};
const datetime = (date) => date.toISOString().replace(/[-:]|\.\d+/g, "");

test(`${CASES} requests as aws4fetch signs them`, async (t) => {
  t.diagnostic(`SEED=${SEED}`);
  for (let n = 0; n < CASES; n++) {
    const { bucket, credentials, key, expiresIn, at } = where();
    const method = one(["GET", "PUT", "HEAD", "DELETE", "POST"]);
    const query = set({ versionId: maybe(word), [`p${word()}`]: text(ANY, 0, 20), uploads: method === "POST" ? maybe(() => "") : undefined });
    const headers = set({ "content-type": maybe(() => `${word()}/${word()}`), [`x-amz-meta-${word()}`]: maybe(word), "cache-control": maybe(() => "no-cache") });
    const ours = presign({ credentials, bucket, key, method, query, headers, expiresIn, at });
    const [base] = ours.url.split("?");
    const search = [...Object.entries(query), ["X-Amz-Expires", expiresIn]].map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    const client = new AwsClient({ ...credentials, service: "s3", region: bucket.region, retries: 0 });
    const theirs = await client.sign(`${base}?${search}`, { method, headers, aws: { signQuery: true, allHeaders: true, datetime: datetime(at) } });
    assert.deepEqual(sorted(ours.url), sorted(theirs.url), `case ${n}, SEED=${SEED}`);
  }
});

// What the SDK adds on its own.
const ADDED = new Set(["x-id", "X-Amz-Content-Sha256"]);
const BINARY = "application/octet-stream";

test(`${CASES} requests as the AWS SDK signs them`, async (t) => {
  t.diagnostic(`SEED=${SEED}`);
  for (let n = 0; n < CASES; n++) {
    const { bucket, credentials, key, expiresIn, at } = where();
    const type = maybe(() => `${word()}/${word()}`);
    const disposition = maybe(() => `attachment; filename="${text(LETTERS, 1, 9)}"`);
    const [uploadId, partNumber, prefix, author] = [word(), whole(1, 10_000), text(ANY, 0, 10), word()];
    const Key = key;
    const [command, input, options] = one([
      ["GetObject", { Key, ResponseContentType: type, ResponseContentDisposition: disposition },
        { response: { contentType: type, contentDisposition: disposition } }],
      ["PutObject", { Key, ContentType: type, Metadata: { author } }, { method: "PUT", contentType: type ?? BINARY, metadata: { author } }],
      ["HeadObject", { Key, VersionId: uploadId }, { method: "HEAD", versionId: uploadId }],
      ["DeleteObject", { Key }, { method: "DELETE" }],
      ["CreateMultipartUpload", { Key }, { method: "POST", query: { uploads: "" } }],
      ["UploadPart", { Key, UploadId: uploadId, PartNumber: partNumber }, { method: "PUT", contentType: BINARY, uploadId, partNumber }],
      ["AbortMultipartUpload", { Key, UploadId: uploadId }, { method: "DELETE", uploadId }],
      ["ListObjectsV2", { Prefix: prefix, MaxKeys: partNumber }, { list: { prefix, maxKeys: partNumber } }],
    ]);
    // With the bucket in the path, the SDK requests `/bucket/`, and we request `/bucket`.
    if (options.list) for (const style of ["endpoint", "pathStyle"]) delete bucket[style];
    const client = new s3.S3Client(set({
      region: bucket.region, credentials, endpoint: bucket.endpoint, forcePathStyle: bucket.pathStyle,
      requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED",
    }));
    const theirs = await getSignedUrl(client, new s3[`${command}Command`]({ Bucket: bucket.name, ...input }), {
      expiresIn, signingDate: at, signableHeaders: new Set(["host", "content-type", "x-amz-meta-author"]), unhoistableHeaders: new Set(["x-amz-meta-author"]),
    });
    const added = [...new URL(theirs).searchParams].filter(([name]) => ADDED.has(name));
    const ours = presign({
      credentials, bucket, expiresIn, at, ...(options.list ? {} : { key }), ...options, query: [...Object.entries(options.query ?? {}), ...added],
    });
    assert.deepEqual(sorted(ours.url), sorted(theirs), `case ${n}: ${command}, SEED=${SEED}`);
  }
});
