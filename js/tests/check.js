// What every runtime must do alike: the example of the AWS documentation, a batch, a form, a verification and an error.
export function check({ presign, presignBatch, presignPost, verify, PresignError }) {
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
  const bucket = { name: "examplebucket", region: "us-east-1", globalEndpoint: true };
  const at = new Date("2013-05-24T00:00:00Z");
  const expect = (fact, what) => {
    if (!fact) throw new Error(`wrong: ${what}`);
  };
  const { url, expiresAt } = presign({ credentials, bucket, key: "test.txt", expiresIn: 86400, at });
  expect(url.endsWith("=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"), url);
  expect(expiresAt.toISOString() === "2013-05-25T00:00:00.000Z", expiresAt);
  const { urls } = presignBatch({ credentials, bucket, keys: ["other.txt", "test.txt"], expiresIn: 86400, at });
  expect(urls[1] === url, urls[1]);
  if (presignPost) {
    const { fields } = presignPost({ credentials, bucket, key: "Grüße/${filename}", at });
    expect(/^[0-9a-f]{64}$/.test(fields["x-amz-signature"]), "form");
  }
  if (verify) {
    expect(verify({ method: "GET", url, headers: new Headers() }, { credentials, at }).service === "s3", "verification");
  }
  const live = presign({ credentials, bucket, key: "k" });
  expect(Math.abs(live.expiresAt.getTime() - Date.now() - 900_000) < 60_000, "clock");
  try {
    presign({ credentials, bucket, key: "a/../b" });
    expect(false, "no error");
  } catch (error) {
    expect(error instanceof PresignError && error.code === "DotSegment", error);
  }
  return "signed";
}
