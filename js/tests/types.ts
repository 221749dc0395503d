// Compiled with --strict, never run: what is right has to compile, and what is wrong must not.
import { presign, presignBatch, presignPost, verify, PresignError, type Credentials } from "presign";
import { presign as presignOnly } from "presign/sign";
import { verify as verifyOnly, type Verified } from "presign/verify";

const credentials: Credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret", expiration: new Date() };
const bucket = { name: "examplebucket", region: "eu-west-1" };

const { url, method, headers, expiresAt } = presign({ credentials, bucket, key: "k", headers: new Headers(), query: { uploads: "" } });
fetch(url, { method, headers }).then(() => expiresAt.getTime());
presignOnly({ credentials, bucket, list: { prefix: "a/", maxKeys: 10 }, method: "GET", at: new Date() });
presign({ credentials, bucket, key: null, method: "HEAD" });
const urls: string[] = presignBatch({ credentials, bucket, keys: new Set(["a"]), expiresIn: 60 }).urls;
const form = presignPost({ credentials, bucket, key: "in/${filename}", contentLengthRange: [1, urls.length] });
const body = new FormData();
for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
try {
  verify(new Request(url), { credentials: [credentials], regions: ["eu-west-1"] }).signedHeaders.includes("host");
} catch (error) {
  if (error instanceof PresignError && error.kind === "Rejection") console.log(error.code);
}

const verified: Verified = verifyOnly(new Request(url), { credentials });
console.log(verified.accessKeyId);

// @ts-expect-error: no region
presign({ credentials, bucket: { name: "examplebucket" }, key: "k" });
// @ts-expect-error: no key
presign({ credentials, bucket });
// @ts-expect-error: a list has no key
presign({ credentials, bucket, key: "k", list: {} });
// @ts-expect-error: a key is not a list of keys
presignBatch({ credentials, bucket, keys: "abc" });
// @ts-expect-error: no such option
presign({ credentials, bucket, key: "k", expires: 60 });
// @ts-expect-error: not a Date
presign({ credentials, bucket, key: "k", expiresAt: 60 });
// @ts-expect-error: no such method
presign({ credentials, bucket, key: "k", method: "get" });
// @ts-expect-error: a form needs a key
presignPost({ credentials, bucket });
// @ts-expect-error: no credentials
verify(new Request(url), {});
// @ts-expect-error: signing only
import { verify as none } from "presign/sign";
// @ts-expect-error: verifying only
import { presign as neither } from "presign/verify";
