// Prints the size of the package and of two others: bundled and minified by esbuild, in bytes, and compressed by gzip. `--write` puts the table into README.md. Fails if a build is larger than its limit.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const size = (...files) => [files, files.map((file) => gzipSync(file, { level: 9 }))].map((all) => all.reduce((sum, { length }) => sum + length, 0));
async function bundle(contents, conditions = [], wasm = []) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here }, bundle: true, minify: true, format: "esm", write: false, platform: "browser", conditions, external: ["*.wasm"],
  });
  return size(outputFiles[0].contents, ...wasm.map((name) => readFileSync(`${here}dist/${name}.wasm`)));
}

// Names, and for ours the most bytes, compressed.
const rows = [
  ["presign, in a Worker", await bundle('export * from "presign"', ["workerd"], ["presign"]), 64_000],
  ["presign, elsewhere", await bundle('export * from "presign"'), 83_000],
  ["presign/sign, in a Worker", await bundle('export * from "presign/sign"', ["workerd"], ["sign"]), 41_000],
  ["presign/sign, elsewhere", await bundle('export * from "presign/sign"'), 53_000],
  ["presign/verify, in a Worker", await bundle('export * from "presign/verify"', ["workerd"], ["verify"]), 32_000],
  ["presign/verify, elsewhere", await bundle('export * from "presign/verify"'), 40_000],
  ["aws4fetch 1.0.20", await bundle('export { AwsClient } from "aws4fetch"')],
  ["@aws-sdk/s3-request-presigner 3.1169.0, with `S3Client` and `GetObjectCommand`",
    await bundle('export { getSignedUrl } from "@aws-sdk/s3-request-presigner"; export { GetObjectCommand, S3Client } from "@aws-sdk/client-s3"')],
];
const table = "| | bytes | compressed with gzip |\n|---|---:|---:|\n" + rows.map(([name, [bytes, compressed]]) =>
  `| ${name} | ${bytes} | ${compressed} |\n`).join("");
console.log(table);
if (process.argv.includes("--write")) {
  const readme = readFileSync(`${here}README.md`, "utf8");
  writeFileSync(`${here}README.md`, readme.replace(/(<!-- sizes:begin -->\n)[^]*(<!-- sizes:end -->)/, (_, begin, end) => begin + table + end));
}
for (const [name, [, compressed], limit] of rows) {
  if (compressed > limit) {
    console.log(`${name}: ${compressed} bytes, over the limit of ${limit}`);
    process.exitCode = 1;
  }
}
