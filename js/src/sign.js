import { load } from "./glue.js";
import base64 from "./sign.wasm.js";

export { PresignError } from "./glue.js";
const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
export const { presign, presignBatch } = load(new WebAssembly.Module(bytes));
