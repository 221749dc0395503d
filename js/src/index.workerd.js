// Workers compile no bytes at run time: the module comes compiled.
import { load } from "./glue.js";
import module from "./presign.wasm";

export { PresignError } from "./glue.js";
export const { presign, presignBatch, presignPost, verify } = load(module);
