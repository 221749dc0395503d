// Runs as soon as it is there, to start slow work while the rest still loads.

// The module that signs plain links (../first).
export const module = WebAssembly.instantiateStreaming(fetch("first.wasm"));
module.catch(() => {}); // page.js shows the error

export const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
clock.format(0);
