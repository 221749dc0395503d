// Workers compile no bytes at run time: the module comes compiled.
import { load } from "./glue.js";
import module from "./verify.wasm";

export { PresignError } from "./glue.js";
export const { verify } = load(module);
