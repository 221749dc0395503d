// Compares the time for a link with two other packages, in turns, in one process: node speed.mjs [ROUNDS]. Measures the CPU
// time of all threads, which other programs on the machine hardly change. `--write` puts the table into README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { AwsClient } from "aws4fetch";
import { presign, presignBatch } from "presign";

const rounds = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 15);
const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const [name, region] = ["examplebucket", "eu-west-1"];
const bucket = { name, region };
const fetcher = new AwsClient({ ...credentials, service: "s3", region }); // keeps the day's signing key, too
const client = new S3Client({ region, credentials });

const contenders = {
  presignBatch: (keys) => presignBatch({ credentials, bucket, keys, expiresIn: 3600 }).urls,
  presign: (keys) => keys.map((key) => presign({ credentials, bucket, key, expiresIn: 3600 }).url),
  async aws4fetch(keys) {
    const urls = [];
    for (const key of keys) {
      const url = `https://${name}.s3.${region}.amazonaws.com/${key}?X-Amz-Expires=3600`;
      urls.push((await fetcher.sign(url, { aws: { signQuery: true } })).url);
    }
    return urls;
  },
  async "@aws-sdk/s3-request-presigner"(keys) {
    const urls = [];
    for (const Key of keys) urls.push(await getSignedUrl(client, new GetObjectCommand({ Bucket: name, Key }), { expiresIn: 3600 }));
    return urls;
  },
};
const TURN = 200;
const keys = Array.from({ length: TURN }, (_, n) => `photos/2026/duck-${n}.jpg`);
const times = Object.fromEntries(Object.keys(contenders).map((contender) => [contender, []]));
for (let round = -10; round < rounds; round++) { // the first ones warm up
  for (const [contender, sign] of Object.entries(contenders)) {
    const began = process.cpuUsage();
    const urls = await sign(keys);
    const { user, system } = process.cpuUsage(began);
    const took = (user + system) / TURN;
    if (urls.length !== TURN || !urls.every((url) => url.includes("X-Amz-Signature="))) throw new Error(`${contender} signed no link`);
    if (round >= 0) times[contender].push(took);
  }
}
const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const medians = Object.entries(times).map(([contender, all]) => [contender, median(all)]);
const base = Object.fromEntries(medians).presign;
const rows = medians.map(([contender, took]) => `| ${contender} | ${took.toFixed(1)} | ${Math.round(1e6 / took)} | ${(took / base).toFixed(2)} |\n`);
const table = `| | CPU time for a link, µs | links per CPU second | as a multiple of \`presign\` |\n|---|---:|---:|---:|\n${rows.join("")}
Node.js ${process.versions.node}, medians of ${rounds} rounds of ${TURN} links.\n`;
console.log(table);
if (process.argv.includes("--write")) {
  const readme = new URL("README.md", import.meta.url);
  const text = readFileSync(readme, "utf8");
  writeFileSync(readme, text.replace(/(<!-- speed:begin -->\n)[^]*(<!-- speed:end -->)/, (_, begin, end) => begin + table + end));
}
