/**
 * `load(bytes)` of presign_wasm.wasm (or a `Response`, such as what `fetch` gives) resolves to a function that signs.
 *
 * @param {BufferSource | Response | Promise<Response>} source
 */
export async function load(source) {
  const { instance } = ArrayBuffer.isView(source) || source instanceof ArrayBuffer
    ? await WebAssembly.instantiate(source)
    : await WebAssembly.instantiateStreaming(source);
  const { memory, buffer, capacity, sign } = instance.exports;
  /** Throws an `Error` that says what is wrong, where S3 would refuse the link. */
  return function presign({
    method = "GET", accessKeyId, secretAccessKey, sessionToken = "", region, bucket, endpoint = "", key,
    expiresIn = 900, at = new Date(),
  }) {
    const room = new Uint8Array(memory.buffer, buffer(), capacity());
    const lengths = new DataView(memory.buffer, buffer(), capacity());
    let end = 0;
    for (const text of [method, accessKeyId, secretAccessKey, sessionToken, region, bucket, endpoint, key]) {
      if (typeof text !== "string" || !text.isWellFormed()) throw new TypeError("not a text, or missing: it is " + typeof text);
      const { read, written } = new TextEncoder().encodeInto(text, room.subarray(end + 4));
      if (read < text.length) throw new RangeError(`over ${capacity()} bytes in all`);
      lengths.setUint32(end, written, true);
      end += 4 + written;
    }
    if (!Number.isInteger(expiresIn) || expiresIn < 0 || expiresIn > 0xffff_ffff) {
      throw new RangeError(`expiresIn is ${expiresIn}, not a whole number of seconds`);
    }
    const length = sign(BigInt(Math.floor(at.getTime() / 1000)), expiresIn);
    const answer = new TextDecoder().decode(room.subarray(0, Math.abs(length)));
    if (length < 0) throw new Error(answer);
    return answer;
  };
}
