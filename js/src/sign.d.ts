export { presign, presignBatch, PresignError } from "./index.js";
export type { Bucket, Credentials, Pairs, PresignBatchOptions, Presigned, PresignOptions } from "./index.js";
