export { verify, PresignError } from "./index.js";
export type { Credentials, Pairs, ReceivedRequest, Verified, VerifyOptions } from "./index.js";
