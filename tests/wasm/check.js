// Returns what is wrong with a module's `sign()`, or that it is right.
export function check({ sign, sign_at }) {
  const seconds = () => Math.floor(Date.now() / 1000);
  const before = seconds();
  const url = sign();
  for (let at = before; at <= seconds(); at++) {
    if (url !== sign_at(at)) continue;
    // The example of the AWS documentation, with the clock stopped at its time.
    Date.now = () => Date.UTC(2013, 4, 24) + 999;
    const example = sign();
    if (!example.endsWith("=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")) return example;
    return "signed by this clock";
  }
  return `${url} is not of ${before}`;
}
