/** The credentials that sign. You can pass the object that a credential provider of the AWS SDK returns. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** The session token of temporary credentials. */
  sessionToken?: string | undefined;
  /** When temporary credentials expire. A URL never outlives them. */
  expiration?: Date | undefined;
  /** Marks the session token as that of an S3 Express session, for directory buckets. */
  expressSession?: boolean | undefined;
}

/** The bucket, its region and its endpoint. */
export interface Bucket {
  /** A bucket name, an access point alias or an access point ARN. Without it, the request is for the service. */
  name?: string | undefined;
  region: string;
  /** The URL of another store without the bucket, such as `https://ACCOUNT.r2.cloudflarestorage.com`. */
  endpoint?: string | undefined;
  /** Puts the bucket's name into the path instead of the host. */
  pathStyle?: boolean | undefined;
  /** Uses `s3.amazonaws.com` without a region. */
  globalEndpoint?: boolean | undefined;
  dualStack?: boolean | undefined;
  fips?: boolean | undefined;
  /** Uses S3 Transfer Acceleration. */
  accelerate?: boolean | undefined;
  /** Uses the control endpoint of a directory bucket. */
  controlEndpoint?: boolean | undefined;
  /** Refuses an ARN of another region. */
  sameRegion?: boolean | undefined;
}

/** Names and values: an object, `Headers`, `URLSearchParams`, a `Map` or a list of pairs. `undefined` values are left out. */
export type Pairs = { readonly [name: string]: string | readonly string[] | undefined } | Iterable<readonly [string, string]>;

interface Lifetime {
  credentials: Credentials;
  bucket: Bucket;
  /** The signing time. The default is now. */
  at?: Date | undefined;
  /** Seconds from the signing time, 1 to 604800 (7 days). */
  expiresIn?: number | undefined;
  /** When the URL expires, instead of `expiresIn`. */
  expiresAt?: Date | undefined;
  /** What happens if the credentials expire before the URL does: keep the expiry (the default), throw, or shorten it. */
  expiryPolicy?: "keep" | "refuse" | "clamp" | undefined;
}

interface RequestOptions extends Lifetime {
  /** The default is `GET`. */
  method?: "GET" | "HEAD" | "PUT" | "POST" | "DELETE" | "OPTIONS" | "PATCH" | undefined;
  /**
   * Rounds the signing time down to a multiple of this number of seconds, which must divide a day (86400) and be less than the
   * expiry, so that URLs stay the same and can be cached.
   */
  alignTo?: number | undefined;
  /** Signs a key with the segments `.` or `..`, which most clients would resolve. */
  allowDotSegments?: boolean | undefined;
  /**
   * Headers that the sender must send. `Presigned.headers` has the values as they are signed: without white space around
   * them, and with single spaces inside. `fetch` can only send ASCII as it was signed.
   */
  headers?: Pairs | undefined;
  /** Headers `x-amz-meta-NAME`; pass the names without the prefix. */
  metadata?: Pairs | undefined;
  /** Query parameters. */
  query?: Pairs | undefined;
  /** The header `content-type`: an upload must have exactly this type. */
  contentType?: string | undefined;
  /** The header `content-length`: an upload must have exactly this size in bytes. */
  contentLength?: number | undefined;
  /** Makes browsers save the object under this name. */
  downloadAs?: string | undefined;
  /** Makes browsers show the object, and suggest this name if it is saved. */
  inlineAs?: string | undefined;
  versionId?: string | undefined;
  /** Headers that S3 responds with, instead of the stored ones. */
  response?: {
    contentType?: string | undefined;
    contentDisposition?: string | undefined;
    cacheControl?: string | undefined;
    contentEncoding?: string | undefined;
    contentLanguage?: string | undefined;
    /** An HTTP date. */
    expires?: string | undefined;
  } | undefined;
}

interface OneRequest extends RequestOptions {
  /** The ID of a multipart upload. Start one with `method: "POST"` and `query: { uploads: "" }`. */
  uploadId?: string | undefined;
  /** The number of a part of the upload, 1 to 10000. */
  partNumber?: number | undefined;
}

interface KeyOptions extends OneRequest {
  /** The object key. `null` for a request to the bucket itself. */
  key: string | null;
  list?: undefined;
}

interface ListOptions extends OneRequest {
  /** Lists objects (ListObjectsV2), instead of `key`. */
  list: {
    prefix?: string | undefined;
    delimiter?: string | undefined;
    maxKeys?: number | undefined;
    startAfter?: string | undefined;
    continuationToken?: string | undefined;
  };
  key?: undefined;
}

export type PresignOptions = KeyOptions | ListOptions;

export interface Presigned {
  url: string;
  method: string;
  /** The headers that must be sent with the request, in lower case. */
  headers: Record<string, string>;
  /** When the URL expires: the earlier of its own expiry and the credentials' expiration. */
  expiresAt: Date;
}

/** Signs one URL. The default expiry is 900 s. */
export function presign(options: PresignOptions): Presigned;

export interface PresignBatchOptions extends RequestOptions {
  keys: Iterable<string> & object;
}

/** Signs a URL for each key; everything else is the same for all of them. */
export function presignBatch(options: PresignBatchOptions): Omit<Presigned, "url"> & {
  /** In the order of the keys. */
  urls: string[];
};

export interface PresignPostOptions extends Lifetime {
  /** The object key. S3 replaces `${filename}` in it with the name of the uploaded file. */
  key: string;
  /** Form fields with exactly these values. */
  fields?: Pairs | undefined;
  /** Form fields whose values the sender chooses: their names, and the prefixes of their values. */
  openFields?: Pairs | undefined;
  /** The minimum and maximum size of the file, in bytes. */
  contentLengthRange?: readonly [number, number] | undefined;
}

export interface PresignedPost {
  url: string;
  method: "POST";
  /** The form fields to send unchanged, before the field `file`. */
  fields: Record<string, string>;
  /** The form fields whose values the sender chooses: their names, and the prefixes of their values. */
  openFields: Record<string, string>;
  expiresAt: Date;
}

/** Signs a form for uploads from a browser. The default expiry is 3600 s. */
export function presignPost(options: PresignPostOptions): PresignedPost;

export interface ReceivedRequest {
  method: string;
  /** The absolute URL as it was received. */
  url: string;
  headers: Pairs;
}

export interface VerifyOptions {
  /** The accepted credentials; the access key ID of the request selects among them. */
  credentials: Credentials | readonly Credentials[];
  /** Regions that are accepted. The default is any. */
  regions?: (Iterable<string> & object) | undefined;
  /** Services that are accepted. The default is any. */
  services?: (Iterable<string> & object) | undefined;
  /** Refuses signatures older than this many seconds, whatever their expiry. */
  maxAge?: number | undefined;
  /** How many seconds ahead a signing time may be. The default is 900. */
  clockTolerance?: number | undefined;
  /** The time of the check. The default is now. */
  at?: Date | undefined;
}

export interface Verified {
  accessKeyId: string;
  region: string;
  service: string;
  /** Names in lower case. */
  signedHeaders: string[];
  /** The SHA-256 that the body must have, in hexadecimal, or `UNSIGNED-PAYLOAD`. Your code must compare it with the body. */
  payloadHash: string;
  signedAt: Date;
  expiresAt: Date;
}

/** Checks a presigned request, as a server does. Returns what was signed, or throws a `PresignError` of the kind `Rejection`. */
export function verify(request: ReceivedRequest, options: VerifyOptions): Verified;

/** A mistake in the options, or a request that `verify` refuses. Its text contains no secret. */
export class PresignError extends Error {
  /** The code, such as `ExpiryOutOfRange`. Codes are stable. */
  readonly code: string;
  /** The position of the key that is wrong, from 0 (`presignBatch`). */
  readonly index?: number;
  /** The subject of the error. `Option` is a value of the wrong type, or a missing or unknown option. */
  readonly kind: "Option" | "Credentials" | "Bucket" | "Key" | "Value" | "Time" | "Buffer" | "Rejection";
}
