/* Tests of presign.h, for a host and for microcontrollers. Prints each failure, and finally "passed" or "failed". */
#include <stdint.h>
#include <string.h>

#include "presign.h"
#include "print.h"

#define NOW 1369353600 /* 2013-05-24T00:00:00Z */
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const DOCUMENTED =
    "https://examplebucket.s3.amazonaws.com/test.txt"
    "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

static int failures;
static void check(int ok, const char *text) {
  if (!ok) {
    failures++;
    print("FAILED: ");
    print(text);
    print("\n");
  }
}
#define TEXT_OF(x) #x
#define LINE_OF(x) TEXT_OF(x)
#define CHECK(condition) check(condition, "line " LINE_OF(__LINE__) ": " #condition)

/* What a call is made with: a case changes some of it. */
static presign_credentials credentials;
static presign_bucket bucket;
static presign_request request;
static presign_values values;
static int64_t now;
static presign_pair pairs[11];
/* URLs are written to the end of this, so that a byte too many is behind it, where the address sanitizer sees it. */
static char room[1200];
static char shared[1200];
static size_t needed;
static unsigned char seen[256];

static void reset(void) {
  const presign_credentials c = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL, 0, 0};
  const presign_bucket b = {"examplebucket", "us-east-1", NULL, PRESIGN_GLOBAL_ENDPOINT};
  const presign_request r = {.key = "test.txt", .expires_in = 86400};
  credentials = c;
  bucket = b;
  request = r;
  memset(&values, 0, sizeof values);
  now = NOW;
  for (size_t i = 0; i < COUNT(pairs); i++) {
    pairs[i].name = "a";
    pairs[i].value = "1";
  }
}

static presign_error note(presign_error error) {
  if (error >= 0 && error < (presign_error)sizeof seen) seen[error] = 1;
  return error;
}

/* The last bytes of a buffer. */
static char *last(char *buffer, size_t size) { return buffer + sizeof room - size; }

static presign_error sign(size_t size) {
  needed = 1;
  memset(room, '#', sizeof room);
  presign_error error = note(presign_sign_with(&credentials, &bucket, &request, &values, now, last(room, size), size, &needed));
  /* Nothing is before the buffer; after an error nothing is in it. */
  check(size == sizeof room || last(room, size)[-1] == '#', "written before the buffer");
  check((error == PRESIGN_ERROR_BUFFER_TOO_SMALL) == (needed > 0), "needed without need");
  char first = error == PRESIGN_ERROR_OVERLAPPING_BUFFER ? '#' : 0;
  check(error == PRESIGN_ERROR_NONE || size == 0 || *last(room, size) == first, "an error leaves a URL");
  return error;
}

static presign_error begin(presign_batch *batch, size_t size) {
  return note(presign_batch_begin(batch, &credentials, &bucket, &request, &values, now, last(shared, size), size, &needed));
}

static void set_header(const char *name, const char *value) {
  pairs[0].name = name;
  pairs[0].value = value;
  values.headers = pairs;
  values.header_count = 1;
}

static void set_query(const char *name, const char *value) {
  pairs[1].name = name;
  pairs[1].value = value;
  values.query = pairs + 1;
  values.query_count = 1;
}

static void documented_example(void) {
  reset();
  CHECK(sign(sizeof room) == PRESIGN_ERROR_NONE);
  CHECK(strcmp(room, DOCUMENTED) == 0);
  CHECK(strcmp(presign_version(), PRESIGN_VERSION) == 0);
  int64_t end = 0;
  CHECK(presign_expires_at(&credentials, &bucket, &request, now, &end) == PRESIGN_ERROR_NONE && end == NOW + 86400);
  credentials.expiration = NOW + 60;
  CHECK(presign_expires_at(&credentials, &bucket, &request, now, &end) == PRESIGN_ERROR_NONE && end == NOW + 60);
  request.expires_in = 0;
  CHECK(presign_expires_at(&credentials, &bucket, &request, now, &end) == PRESIGN_ERROR_EXPIRY_OUT_OF_RANGE);
  CHECK(end == NOW + 60);
}

static int signs(const char *part) { return sign(sizeof room) == PRESIGN_ERROR_NONE && strstr(room, part) != NULL; }

/* Each field reaches the URL. */
static void fields(void) {
  static const char *const methods[] = {"GET", "HEAD", "PUT", "POST", "DELETE"};
  char first[64] = "";
  for (int32_t method = 0; method < (int32_t)COUNT(methods); method++) {
    reset();
    request.method = method;
    CHECK(signs("&X-Amz-Signature="));
    const char *signature = strstr(room, "&X-Amz-Signature=") + 17;
    if (method > 0) CHECK(memcmp(first, signature, sizeof first) != 0);
    memcpy(first, signature, sizeof first);
  }
  reset();
  bucket.flags = 0;
  CHECK(signs("https://examplebucket.s3.us-east-1.amazonaws.com/test.txt?"));
  bucket.flags = PRESIGN_PATH_STYLE;
  CHECK(signs("https://s3.us-east-1.amazonaws.com/examplebucket/test.txt?"));
  bucket.flags = PRESIGN_DUAL_STACK | PRESIGN_FIPS;
  CHECK(signs("https://examplebucket.s3-fips.dualstack.us-east-1.amazonaws.com/test.txt?"));
  bucket.flags = PRESIGN_ACCELERATE;
  CHECK(signs("https://examplebucket.s3-accelerate.amazonaws.com/test.txt?"));
  bucket.flags = PRESIGN_PATH_STYLE;
  bucket.endpoint = "http://192.168.1.5:9000";
  CHECK(signs("http://192.168.1.5:9000/examplebucket/test.txt?"));
  request.key = NULL;
  CHECK(signs("http://192.168.1.5:9000/examplebucket?"));
  bucket.name = NULL;
  bucket.flags = 0;
  CHECK(signs("http://192.168.1.5:9000/?"));

  reset();
  credentials.session_token = "to/ken==";
  CHECK(signs("&X-Amz-Security-Token=to%2Fken%3D%3D&"));
  bucket.name = "media--usw2-az1--x-s3";
  bucket.region = "us-west-2";
  bucket.flags = 0;
  credentials.flags = PRESIGN_EXPRESS_SESSION;
  CHECK(signs("&X-Amz-S3session-Token=to%2Fken%3D%3D&"));

  reset();
  request.key = "caf\xc3\xa9/a b";
  CHECK(signs("/caf%C3%A9/a%20b?"));
  request.key = "a/../b";
  request.flags = PRESIGN_ALLOW_DOT_SEGMENTS;
  CHECK(signs("/a/../b?"));
  values.content_type = "image/png";
  set_header("x-amz-storage-class", "STANDARD_IA");
  set_query("versionId", "a&b");
  CHECK(signs("&X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-storage-class&versionId=a%26b&X-Amz-Signature="));

  reset();
  CHECK(presign_sign_with(&credentials, &bucket, &request, NULL, now, room, sizeof room, NULL) == PRESIGN_ERROR_NONE);
  CHECK(strcmp(room, DOCUMENTED) == 0);

  /* As many values as there is room for. */
  static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  reset();
  for (size_t i = 0; i < COUNT(names); i++) pairs[i].name = names[i];
  values.headers = pairs;
  values.header_count = 5;
  values.query = pairs + 5;
  values.query_count = 5;
  CHECK(signs("&X-Amz-SignedHeaders=a%3Bb%3Bc%3Bd%3Be%3Bhost&f=1&g=1&h=1&i=1&j=1&"));
  values.content_type = "image/png";
  CHECK(sign(sizeof room) == PRESIGN_ERROR_TOO_MANY_VALUES);
  values.query_count = 4;
  CHECK(signs("&f=1&g=1&h=1&i=1&X-Amz-Signature="));
}

static void sizes(void) {
  reset();
  const size_t exact = strlen(DOCUMENTED) + 1;
  for (size_t size = 0; size < exact; size++) {
    CHECK(sign(size) == PRESIGN_ERROR_BUFFER_TOO_SMALL && needed == exact);
  }
  CHECK(sign(exact) == PRESIGN_ERROR_NONE && strcmp(last(room, exact), DOCUMENTED) == 0);
  CHECK(presign_sign(&credentials, &bucket, &request, now, NULL, 0, &needed) == PRESIGN_ERROR_BUFFER_TOO_SMALL);
  CHECK(needed == exact);
  CHECK(presign_sign(&credentials, &bucket, &request, now, room, sizeof room, NULL) == PRESIGN_ERROR_NONE);

  presign_batch batch;
  CHECK(begin(&batch, 0) == PRESIGN_ERROR_BUFFER_TOO_SMALL && needed > 0);
  const size_t room_needed = needed;
  CHECK(begin(&batch, room_needed - 1) == PRESIGN_ERROR_BUFFER_TOO_SMALL && needed == room_needed);
  CHECK(presign_batch_sign(&batch, "k", room, sizeof room, NULL) == PRESIGN_ERROR_BATCH_NOT_BEGUN);
  CHECK(begin(&batch, room_needed) == PRESIGN_ERROR_NONE && needed == 0);
  for (size_t size = 0; size < exact; size++) {
    presign_error error = presign_batch_sign(&batch, "test.txt", last(room, size), size, &needed);
    CHECK(error == PRESIGN_ERROR_BUFFER_TOO_SMALL && needed == exact);
  }
  CHECK(presign_batch_sign(&batch, "test.txt", last(room, exact), exact, &needed) == PRESIGN_ERROR_NONE);
  CHECK(needed == 0 && strcmp(last(room, exact), DOCUMENTED) == 0);
  CHECK(presign_batch_end(&batch) == PRESIGN_ERROR_NONE);
}

/* A batch signs what presign_sign does. */
static void batches(void) {
  static const char *const keys[] = {"a.jpg", "caf\xc3\xa9/a b", "a", "very/long/key/very/long/key/very/long/key"};
  reset();
  credentials.session_token = "token";
  values.content_type = "image/png";
  set_header("x-amz-acl", "private");
  set_query("x-id", "PutObject");
  request.method = PRESIGN_METHOD_PUT;
  request.key = "not/used";
  presign_batch batch;
  CHECK(begin(&batch, sizeof shared) == PRESIGN_ERROR_NONE);
  for (size_t i = 0; i < COUNT(keys); i++) {
    static char alone[sizeof room];
    request.key = keys[i];
    CHECK(sign(sizeof room) == PRESIGN_ERROR_NONE);
    memcpy(alone, room, sizeof room);
    CHECK(presign_batch_sign(&batch, keys[i], room, sizeof room, NULL) == PRESIGN_ERROR_NONE);
    CHECK(strcmp(room, alone) == 0);
  }
  CHECK(presign_batch_sign(&batch, "", room, sizeof room, NULL) == PRESIGN_ERROR_EMPTY_KEY && room[0] == 0);
  CHECK(presign_batch_sign(&batch, NULL, room, sizeof room, NULL) == PRESIGN_ERROR_INVALID_POINTER);
  CHECK(presign_batch_sign(&batch, "k", last(shared, 9), 9, NULL) == PRESIGN_ERROR_OVERLAPPING_BUFFER);
  CHECK(presign_batch_sign(&batch, "k", (char *)&batch, sizeof batch, NULL) == PRESIGN_ERROR_OVERLAPPING_BUFFER);

  CHECK(presign_batch_end(&batch) == PRESIGN_ERROR_NONE);
  for (size_t i = 0; i < sizeof batch; i++) CHECK(((const unsigned char *)&batch)[i] == 0);
  CHECK(note(presign_batch_sign(&batch, "k", room, sizeof room, NULL)) == PRESIGN_ERROR_BATCH_NOT_BEGUN);
  CHECK(presign_batch_end(&batch) == PRESIGN_ERROR_BATCH_NOT_BEGUN);
  CHECK(presign_batch_end(NULL) == PRESIGN_ERROR_INVALID_POINTER);
  CHECK(presign_batch_sign(NULL, "k", room, sizeof room, NULL) == PRESIGN_ERROR_INVALID_POINTER);
}

/* A pointer to the middle of something larger. */
#define UNALIGNED(pointer) ((void *)((uintptr_t)(pointer) + 1))

static void misuse(void) {
  reset();
  const presign_error invalid = PRESIGN_ERROR_INVALID_POINTER;
  CHECK(note(presign_sign(NULL, &bucket, &request, now, room, sizeof room, NULL)) == invalid);
  CHECK(presign_sign(&credentials, NULL, &request, now, room, sizeof room, NULL) == invalid);
  CHECK(presign_sign(&credentials, &bucket, NULL, now, room, sizeof room, NULL) == invalid);
  CHECK(presign_sign(&credentials, &bucket, &request, now, NULL, 1, NULL) == invalid);
  CHECK(presign_sign(&credentials, &bucket, &request, now, room, SIZE_MAX, NULL) == invalid);
  CHECK(presign_sign(UNALIGNED(&credentials), &bucket, &request, now, room, sizeof room, NULL) == invalid);
  CHECK(presign_sign(&credentials, UNALIGNED(&bucket), &request, now, room, sizeof room, NULL) == invalid);
  CHECK(presign_sign(&credentials, &bucket, UNALIGNED(&request), now, room, sizeof room, NULL) == invalid);
  CHECK(presign_sign(&credentials, &bucket, &request, now, room, sizeof room, UNALIGNED(&needed)) == invalid);
  CHECK(presign_expires_at(&credentials, &bucket, &request, now, NULL) == invalid);
  CHECK(presign_expires_at(NULL, &bucket, &request, now, &now) == invalid);
  presign_batch batch[2];
  CHECK(presign_batch_begin(NULL, &credentials, &bucket, &request, NULL, now, room, sizeof room, NULL) == invalid);
  CHECK(presign_batch_begin(UNALIGNED(batch), &credentials, &bucket, &request, NULL, now, room, sizeof room, NULL) == invalid);
  needed = 1;
  CHECK(presign_batch_begin(batch, &credentials, &bucket, &request, NULL, now, NULL, 1, &needed) == invalid);
  CHECK(needed == 0);
  CHECK(presign_batch_sign(UNALIGNED(batch), "k", room, sizeof room, NULL) == invalid);
  CHECK(presign_batch_end(UNALIGNED(batch)) == invalid);

  const char **const required[] = {&credentials.access_key_id, &credentials.secret_access_key, &bucket.region};
  for (size_t i = 0; i < COUNT(required); i++) {
    reset();
    *required[i] = NULL;
    CHECK(sign(sizeof room) == invalid);
  }
  const char **const texts[] = {&credentials.access_key_id, &credentials.secret_access_key, &credentials.session_token,
                                &bucket.name, &bucket.region, &bucket.endpoint, &request.key, &values.content_type};
  for (size_t i = 0; i < COUNT(texts); i++) {
    reset();
    *texts[i] = "\xff";
    CHECK(sign(sizeof room) == PRESIGN_ERROR_NOT_UTF8);
    *texts[i] = room + 5;
    CHECK(sign(sizeof room) == PRESIGN_ERROR_OVERLAPPING_BUFFER);
  }
  reset();
  set_header(NULL, "value");
  CHECK(sign(sizeof room) == invalid);
  set_header("name", NULL);
  CHECK(sign(sizeof room) == invalid);
  values.headers = NULL;
  CHECK(sign(sizeof room) == invalid);
  values.headers = UNALIGNED(pairs);
  CHECK(sign(sizeof room) == invalid);
  values.header_count = SIZE_MAX;
  CHECK(sign(sizeof room) == PRESIGN_ERROR_TOO_MANY_VALUES);
  reset();
  set_query("name", NULL);
  CHECK(sign(sizeof room) == invalid);

  /* A string that only ends in the buffer. */
  reset();
  memset(room, 'k', sizeof room);
  room[20] = 0;
  request.key = room;
  CHECK(presign_sign(&credentials, &bucket, &request, now, room + 10, sizeof room - 10, NULL) ==
        PRESIGN_ERROR_OVERLAPPING_BUFFER);
  /* A structure in the buffer. */
  reset();
  CHECK(presign_sign(&credentials, &bucket, &request, now, (char *)&bucket, sizeof bucket, NULL) ==
        PRESIGN_ERROR_OVERLAPPING_BUFFER);

  uint32_t *const flags[] = {&credentials.flags, &bucket.flags, &request.flags};
  for (size_t i = 0; i < COUNT(flags); i++) {
    static const uint32_t known[] = {1, 62, 64};
    reset();
    *flags[i] = ~known[i];
    CHECK(sign(sizeof room) == PRESIGN_ERROR_UNKNOWN_FLAG);
  }
  reset();
  request.method = -1;
  CHECK(sign(sizeof room) == PRESIGN_ERROR_UNKNOWN_METHOD);
}

/* A case for each error that signing returns. */
#define CASE(error, change)                           \
  do {                                                \
    reset();                                          \
    change;                                           \
    CHECK(sign(sizeof room) == PRESIGN_ERROR_##error); \
  } while (0)

static void errors(void) {
  static char long_key[1026], long_host[260] = "http://";
  memset(long_key, 'k', 1025);
  for (size_t i = 7; i < 257; i++) long_host[i] = i % 50 == 0 ? '.' : 'h';

  CASE(UNKNOWN_METHOD, request.method = 5);
  CASE(EMPTY_CREDENTIAL, credentials.session_token = "");
  CASE(CREDENTIAL_WHITESPACE, credentials.secret_access_key = "secret\n");
  CASE(CREDENTIAL_CONTROL_CHARACTER, credentials.access_key_id = "AKIA\001EXAMPLE");
  CASE(CREDENTIALS_EXPIRED, credentials.expiration = NOW);
  CASE(SESSION_NEEDS_DIRECTORY_BUCKET, credentials.flags = PRESIGN_EXPRESS_SESSION);
  CASE(BUCKET_NAME_LENGTH, bucket.name = "ab");
  CASE(INVALID_BUCKET_NAME, bucket.name = "examplebucket/photos");
  CASE(WILDCARD_IN_BUCKET_NAME, bucket.name = "logs-*");
  CASE(INVALID_DIRECTORY_BUCKET_NAME, bucket.name = "media--x-s3");
  CASE(INVALID_OUTPOSTS_ALIAS, bucket.name = "test-accessp-x0b1d075431d83bebde8xz5w8ijx1qzlbp3i3kuse1--op-s3");
  CASE(INVALID_ARN, bucket.name = "arn:aws:s3:::examplebucket");
  CASE(NEEDS_SIGV4A, bucket.flags = 0;
       bucket.name = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap");
  CASE(REGION_LENGTH, bucket.region = "");
  CASE(INVALID_REGION, bucket.region = "us east");
  CASE(ENDPOINT_SCHEME, bucket.endpoint = "minio:9000");
  CASE(ENDPOINT_USER_INFO, bucket.endpoint = "http://user@minio");
  CASE(ENDPOINT_HOST, bucket.endpoint = "http://");
  CASE(ENDPOINT_PORT, bucket.endpoint = "http://minio:0");
  CASE(ENDPOINT_PATH, bucket.endpoint = "http://minio/a//b");
  CASE(ENDPOINT_QUERY, bucket.endpoint = "http://minio?a");
  CASE(ENDPOINT_FRAGMENT, bucket.endpoint = "http://minio#a");
  CASE(HOST_TOO_LONG, bucket.endpoint = long_host; bucket.flags = 0);
  CASE(ENDPOINT_CONFLICT, bucket.flags = PRESIGN_FIPS | PRESIGN_ACCELERATE);
  CASE(EMPTY_KEY, request.key = "");
  CASE(KEY_TOO_LONG, request.key = long_key);
  CASE(DOT_SEGMENT, request.key = "a/../b");
  CASE(KEY_WITHOUT_BUCKET, bucket.name = NULL; bucket.flags = 0);
  CASE(EXPIRY_OUT_OF_RANGE, request.expires_in = 0);
  CASE(EXPIRY_OUT_OF_RANGE, request.expires_in = 604801);
  CASE(TIME_OUT_OF_RANGE, now = INT64_MAX);
  CASE(TIME_OUT_OF_RANGE, now = INT64_MIN);
  CASE(EMPTY_QUERY_PARAMETER_NAME, set_query("", "1"));
  CASE(RESERVED_QUERY_PARAMETER, set_query("X-Amz-Date", "20130524T000000Z"));
  CASE(DUPLICATE_QUERY_PARAMETER, values.query = pairs; values.query_count = 2);
  CASE(EMPTY_HEADER_NAME, set_header("", "1"));
  CASE(INVALID_HEADER_NAME, set_header("a b", "1"));
  CASE(RESERVED_HEADER, set_header("Host", "example.com"));
  CASE(INVALID_HEADER_VALUE, set_header("a", "1\r\nb: 2"));
  CASE(DUPLICATE_HEADER, set_header("Content-Type", "a/b"); values.content_type = "a/b");
  CASE(TOO_MANY_VALUES, values.query = pairs; values.query_count = 11);
  CASE(EMPTY_VALUE, set_query("versionId", ""));
  CASE(INVALID_BASE64, set_header("Content-MD5", "1"));
  CASE(INVALID_NUMBER, set_query("partNumber", "one"));
  CASE(PART_NUMBER_OUT_OF_RANGE, set_query("partNumber", "0"));
  CASE(INVALID_PAYLOAD_HASH, set_header("x-amz-content-sha256", "1"));
  CASE(PAYLOAD_HASH_MISMATCH, set_query("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
       set_header("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  CASE(WILDCARD_IN_CONTENT_TYPE, values.content_type = "image/*");

  /* Every number up to the last has been returned, and has its own text. */
  for (int32_t error = 0; error < PRESIGN_ERROR_OTHER; error++) {
    if (!seen[error]) print(presign_error_text(error));
    CHECK(seen[error]);
    CHECK(*presign_error_text(error) != 0);
    for (int32_t other = -1; other < error; other++) {
      CHECK(strcmp(presign_error_text(error), presign_error_text(other)) != 0);
    }
  }
  CHECK(!seen[PRESIGN_ERROR_OTHER]);
  CHECK(strcmp(presign_error_text(PRESIGN_ERROR_EMPTY_KEY), "the object key is empty") == 0);
  CHECK(strcmp(presign_error_text(PRESIGN_ERROR_OTHER + 1), "unknown error") == 0);
  CHECK(strcmp(presign_error_text(INT32_MIN), "unknown error") == 0);
}

int main(void) {
  documented_example();
  fields();
  sizes();
  batches();
  misuse();
  errors();
  print(failures == 0 ? "passed\n" : "failed\n");
  return failures != 0;
}
