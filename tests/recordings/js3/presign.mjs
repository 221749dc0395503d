// Presigns with the AWS SDK for JavaScript v3: reads one JSON request per line and writes one JSON answer per line.
// See ../README.md.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import * as s3 from "@aws-sdk/client-s3";
import { S3RequestPresigner, getSignedUrl } from "@aws-sdk/s3-request-presigner";
import "@aws-sdk/signature-v4-crt";
import { HttpRequest } from "@smithy/core/protocols";

const identity = ([accessKeyId, secretAccessKey, sessionToken]) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken && { sessionToken }),
});

function client(request) {
  const config = {
    region: request.region,
    credentials: identity(request.credentials),
    useDualstackEndpoint: request.dualstack,
    useFipsEndpoint: request.fips,
    useAccelerateEndpoint: request.accelerate,
    useGlobalEndpoint: request.global,
    forcePathStyle: request.style === "path",
  };
  if (request.endpoint !== null) config.endpoint = request.endpoint;
  if (request.use_arn_region !== null) config.useArnRegion = request.use_arn_region;
  if (request.session) {
    config.s3ExpressIdentityProvider = { getS3ExpressIdentity: async () => identity(request.session) };
  }
  if (request.setup === "js3-required") {
    config.requestChecksumCalculation = "WHEN_REQUIRED";
    config.responseChecksumValidation = "WHEN_REQUIRED";
  }
  return new s3.S3Client(config);
}

// Converts the members whose type JSON lacks.
function input(parameters) {
  const dates = ["ResponseExpires", "IfModifiedSince", "ObjectLockRetainUntilDate"];
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.map(([name, value]) => [name, dates.includes(name) ? new Date(value) : value]));
}

// The signed request, because getSignedUrl returns only its URL.
let signed;
for (const name of ["presign", "presignWithCredentials"]) {
  const original = S3RequestPresigner.prototype[name];
  S3RequestPresigner.prototype[name] = async function (...given) {
    return (signed = await original.apply(this, given));
  };
}

async function presign(request) {
  const options = { signingDate: new Date(request.time * 1000) };
  if (request.expires !== null) options.expiresIn = request.expires;
  if (request.signer) return presignRequest(request, options);

  const command = new s3[`${request.operation}Command`](input(request.parameters));
  const url = await getSignedUrl(client(request), command, options);
  return { method: signed.method, url, headers: signed.headers };
}

async function presignRequest(request, options) {
  const { method, url, query, headers } = request.signer;
  // `URL` would resolve dot segments.
  const [, protocol, hostname, port, path] = url.match(/^(https?:)\/\/(\[.*?\]|[^:/]*)(?::(\d+))?(\/.*)$/);
  const several = (pairs) => {
    const object = {};
    for (const [name, value] of pairs) {
      object[name] = name in object ? [object[name], value].flat() : value;
    }
    return object;
  };
  const { config } = client(request);
  const presigner = new S3RequestPresigner(config);
  const joined = Object.entries(several(headers)).map(([name, value]) => [name, [value].flat().join(",")]);
  const signed = await presigner.presign(
    new HttpRequest({
      method,
      protocol,
      hostname: hostname.toLowerCase(), // like `URL`
      port: port && Number(port),
      path,
      query: several(query),
      headers: Object.fromEntries(joined),
    }),
    options,
  );
  const pairs = Object.entries(signed.query).flatMap(([name, value]) => [value].flat().map((value) => [name, value]));
  const encode = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt().toString(16).toUpperCase());
  const written = pairs.map((pair) => pair.map(encode).join("=")).join("&");
  const host = signed.port ? `${signed.hostname}:${signed.port}` : signed.hostname;
  return { method: signed.method, url: `${protocol}//${host}${signed.path}?${written}`, headers: signed.headers };
}

const version = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;
const [ofClient, ofPresigner] = ["client-s3", "s3-request-presigner"].map((name) => version(`@aws-sdk/${name}`));
console.log(JSON.stringify(`@aws-sdk/client-s3 ${ofClient}, s3-request-presigner ${ofPresigner}`));
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await presign(JSON.parse(line)).catch((error) => ({ error: String(error) }));
  console.log(JSON.stringify(answer));
}
