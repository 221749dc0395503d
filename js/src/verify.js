import { load } from "./glue.js";
import base64 from "./verify.wasm.js";

export { PresignError } from "./glue.js";
const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
export const { verify } = load(new WebAssembly.Module(bytes));
