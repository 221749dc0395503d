/*
 * presign: S3 presigned URLs (AWS Signature Version 4), without a network, an allocator, a clock or global state.
 *
 * Functions that can fail return a presign_error, PRESIGN_ERROR_NONE if they succeed. All can be called from any thread.
 *
 * Strings end with a NUL and are UTF-8. A pointer must not be null unless its description allows it. Strings, structures
 * and buffers must not change during a call. Nothing is kept after a call, except by a presign_batch.
 *
 * Set a structure with an initializer, such as {0} or designated ones, so that fields you leave out are zero.
 */

#ifndef PRESIGN_H
#define PRESIGN_H

#include <stddef.h>
#include <stdint.h>

/**
 * The version of this header; presign_version() returns that of the library.
 */
#define PRESIGN_VERSION "0.1.0"

/// The session token is that of a session with a directory bucket, which CreateSession returns.
#define PRESIGN_EXPRESS_SESSION 1

/// The bucket comes after the host: https://s3.eu-west-1.amazonaws.com/bucket/key. Self-hosted stores usually require it.
#define PRESIGN_PATH_STYLE 2

/// The legacy global endpoint, s3.amazonaws.com, for us-east-1.
#define PRESIGN_GLOBAL_ENDPOINT 4

/// The endpoint for IPv4 and IPv6.
#define PRESIGN_DUAL_STACK 8

/// The FIPS endpoint.
#define PRESIGN_FIPS 16

/// The endpoint of S3 Transfer Acceleration.
#define PRESIGN_ACCELERATE 32

/// Signs a key with a segment '.' or '..', which most clients would resolve and so request another object.
#define PRESIGN_ALLOW_DOT_SEGMENTS 64

/// The result of a call. The numbers are stable: new ones are added at the end.
enum presign_error
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /// No error.
  PRESIGN_ERROR_NONE = 0,
  /// A required pointer is null, or a pointer is not aligned.
  PRESIGN_ERROR_INVALID_POINTER,
  /// A string is not valid UTF-8.
  PRESIGN_ERROR_NOT_UTF8,
  /// A buffer to write to overlaps a string or structure to read from.
  PRESIGN_ERROR_OVERLAPPING_BUFFER,
  /// A bit of `flags` has no meaning.
  PRESIGN_ERROR_UNKNOWN_FLAG,
  /// `method` is not a `presign_method`.
  PRESIGN_ERROR_UNKNOWN_METHOD,
  /// The batch was not begun, or has ended.
  PRESIGN_ERROR_BATCH_NOT_BEGUN,
  /// The buffer is too small; `needed` has the size.
  PRESIGN_ERROR_BUFFER_TOO_SMALL,
  /// The access key ID, secret access key or session token is empty.
  PRESIGN_ERROR_EMPTY_CREDENTIAL,
  /// The access key ID, secret access key or session token starts or ends with white space, such as a newline.
  PRESIGN_ERROR_CREDENTIAL_WHITESPACE,
  /// The access key ID, secret access key or session token contains a control character.
  PRESIGN_ERROR_CREDENTIAL_CONTROL_CHARACTER,
  /// The credentials expired at or before the signing time.
  PRESIGN_ERROR_CREDENTIALS_EXPIRED,
  /// Credentials of an S3 Express session sign for a directory bucket only.
  PRESIGN_ERROR_SESSION_NEEDS_DIRECTORY_BUCKET,
  /// The bucket name is not 3 to 255 bytes long.
  PRESIGN_ERROR_BUCKET_NAME_LENGTH,
  /// The bucket name contains a byte other than letters, digits, '.', '-' and '_'.
  PRESIGN_ERROR_INVALID_BUCKET_NAME,
  /// The bucket name contains '*'.
  PRESIGN_ERROR_WILDCARD_IN_BUCKET_NAME,
  /// The directory bucket's name is not of the form NAME--ZONE--x-s3.
  PRESIGN_ERROR_INVALID_DIRECTORY_BUCKET_NAME,
  /// The name ends in --op-s3 but is not the alias of an access point on an Outpost.
  PRESIGN_ERROR_INVALID_OUTPOSTS_ALIAS,
  /// The ARN is not that of an access point, or its partition is not its region's.
  PRESIGN_ERROR_INVALID_ARN,
  /// A multi-region access point requires SigV4a, which this library does not contain.
  PRESIGN_ERROR_NEEDS_SIGV4A,
  /// The region is not 1 to 63 bytes long.
  PRESIGN_ERROR_REGION_LENGTH,
  /// The region contains a byte that a region cannot contain.
  PRESIGN_ERROR_INVALID_REGION,
  /// The endpoint does not start with http:// or https://.
  PRESIGN_ERROR_ENDPOINT_SCHEME,
  /// The endpoint contains user information before '@'.
  PRESIGN_ERROR_ENDPOINT_USER_INFO,
  /// The endpoint's host is not a host name, IPv4 address or bracketed IPv6 address.
  PRESIGN_ERROR_ENDPOINT_HOST,
  /// The endpoint's port is not a number from 1 to 65535.
  PRESIGN_ERROR_ENDPOINT_PORT,
  /// The endpoint's path is not percent-encoded as SigV4 requires, or has an empty or dot segment.
  PRESIGN_ERROR_ENDPOINT_PATH,
  /// The endpoint has a query.
  PRESIGN_ERROR_ENDPOINT_QUERY,
  /// The endpoint has a fragment.
  PRESIGN_ERROR_ENDPOINT_FRAGMENT,
  /// The host, with the bucket name, exceeds 253 bytes.
  PRESIGN_ERROR_HOST_TOO_LONG,
  /// Two settings of the bucket exclude each other.
  PRESIGN_ERROR_ENDPOINT_CONFLICT,
  /// The object key is empty.
  PRESIGN_ERROR_EMPTY_KEY,
  /// The object key exceeds 1024 bytes.
  PRESIGN_ERROR_KEY_TOO_LONG,
  /// The object key has a segment '.' or '..', which most clients would resolve.
  PRESIGN_ERROR_DOT_SEGMENT,
  /// An object key is given without a bucket.
  PRESIGN_ERROR_KEY_WITHOUT_BUCKET,
  /// The expiry is not 1 to 604800 seconds (7 days).
  PRESIGN_ERROR_EXPIRY_OUT_OF_RANGE,
  /// The signing time is outside the years 1 to 9999.
  PRESIGN_ERROR_TIME_OUT_OF_RANGE,
  /// A query parameter has an empty name.
  PRESIGN_ERROR_EMPTY_QUERY_PARAMETER_NAME,
  /// A query parameter is one that signing sets.
  PRESIGN_ERROR_RESERVED_QUERY_PARAMETER,
  /// A query parameter is given twice.
  PRESIGN_ERROR_DUPLICATE_QUERY_PARAMETER,
  /// A header has an empty name.
  PRESIGN_ERROR_EMPTY_HEADER_NAME,
  /// A header name contains a byte that a header name cannot contain.
  PRESIGN_ERROR_INVALID_HEADER_NAME,
  /// A header is one that signing sets, or a second way to authenticate.
  PRESIGN_ERROR_RESERVED_HEADER,
  /// A header value contains a control character, such as a line break.
  PRESIGN_ERROR_INVALID_HEADER_VALUE,
  /// A header that can have one value only is given twice.
  PRESIGN_ERROR_DUPLICATE_HEADER,
  /// The request has more than 10 headers and query parameters in total.
  PRESIGN_ERROR_TOO_MANY_VALUES,
  /// A value that cannot be empty is empty.
  PRESIGN_ERROR_EMPTY_VALUE,
  /// A value is not the base64 of a digest or key of its size.
  PRESIGN_ERROR_INVALID_BASE64,
  /// A value is not a decimal number.
  PRESIGN_ERROR_INVALID_NUMBER,
  /// A part number is not 1 to 10000.
  PRESIGN_ERROR_PART_NUMBER_OUT_OF_RANGE,
  /// x-amz-content-sha256 is neither UNSIGNED-PAYLOAD nor (as a header) 64 lower-case hexadecimal digits.
  PRESIGN_ERROR_INVALID_PAYLOAD_HASH,
  /// The header and the query parameter x-amz-content-sha256 contradict each other.
  PRESIGN_ERROR_PAYLOAD_HASH_MISMATCH,
  /// The content type contains '*'.
  PRESIGN_ERROR_WILDCARD_IN_CONTENT_TYPE,
  /// An error that this interface cannot cause: a bug in the library.
  PRESIGN_ERROR_OTHER,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum presign_error presign_error;
#else
typedef int32_t presign_error;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// An HTTP method. A URL signed for one method is refused with any other.
enum presign_method
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /// Downloads an object.
  PRESIGN_METHOD_GET,
  /// Requests the headers of an object.
  PRESIGN_METHOD_HEAD,
  /// Uploads an object.
  PRESIGN_METHOD_PUT,
  /// Starts or completes a multipart upload.
  PRESIGN_METHOD_POST,
  /// Deletes an object.
  PRESIGN_METHOD_DELETE,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum presign_method presign_method;
#else
typedef int32_t presign_method;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// The credentials that sign.
typedef struct presign_credentials {
  /// The access key ID. Every URL shows it.
  const char *access_key_id;
  /// The secret access key.
  const char *secret_access_key;
  /// The session token of temporary credentials, or null.
  const char *session_token;
  /// When the credentials expire, in Unix seconds; 0 if that is unknown. A URL expires with its credentials.
  int64_t expiration;
  /// 0 or PRESIGN_EXPRESS_SESSION.
  uint32_t flags;
} presign_credentials;

/// Where the object is.
typedef struct presign_bucket {
  /// The name, or the ARN or alias of an access point; null for the service itself, which lists buckets.
  const char *name;
  /// The region, such as eu-west-1.
  const char *region;
  /// The URL of a store other than AWS, such as http://192.168.1.5:9000; otherwise null.
  const char *endpoint;
  /// 0 or a combination of PRESIGN_PATH_STYLE, PRESIGN_GLOBAL_ENDPOINT, PRESIGN_DUAL_STACK, PRESIGN_FIPS and
  /// PRESIGN_ACCELERATE.
  uint32_t flags;
} presign_bucket;

/// What is signed.
typedef struct presign_request {
  /// A presign_method.
  int32_t method;
  /// How long the URL is valid, in seconds: 1 to 604800 (7 days).
  uint32_t expires_in;
  /// The object key, not encoded; null for the bucket itself. A batch ignores it.
  const char *key;
  /// 0 or PRESIGN_ALLOW_DOT_SEGMENTS.
  uint32_t flags;
} presign_request;

/// The name and value of a header or query parameter.
typedef struct presign_pair {
  /// The name.
  const char *name;
  /// The value, not encoded.
  const char *value;
} presign_pair;

/// Headers and query parameters to sign: at most 10 in total, the content type included.
typedef struct presign_values {
  /// The content type that the client must send, or null.
  const char *content_type;
  /// Other headers that the client must send; null if `header_count` is 0.
  const struct presign_pair *headers;
  /// The number of headers.
  size_t header_count;
  /// Query parameters to add to the URL; null if `query_count` is 0.
  const struct presign_pair *query;
  /// The number of query parameters.
  size_t query_count;
} presign_values;

/// A request prepared for one signing time, to sign many keys. Its private fields contain a secret, which
/// `presign_batch_end` wipes.
///
/// Any number of threads can sign with a batch at once.
typedef struct presign_batch {
  uint64_t tag;
  size_t state[76];
} presign_batch;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/// Signs a request without headers and query parameters, and writes the URL with a terminating NUL to `url`, which has
/// `url_size` bytes.
///
/// `now` is the signing time in Unix seconds.
///
/// If the buffer is too small, `needed` is set to the size that it must have, otherwise to 0; `needed` may be null, and so
/// may `url` if `url_size` is 0. After an error `url` is the empty string, or unchanged if it overlaps something else.
presign_error presign_sign(const struct presign_credentials *credentials,
                           const struct presign_bucket *bucket,
                           const struct presign_request *request,
                           int64_t now,
                           char *url,
                           size_t url_size,
                           size_t *needed);

/// Signs a request with headers and query parameters; otherwise as `presign_sign`, which needs less flash.
/// `values` may be null.
presign_error presign_sign_with(const struct presign_credentials *credentials,
                                const struct presign_bucket *bucket,
                                const struct presign_request *request,
                                const struct presign_values *values,
                                int64_t now,
                                char *url,
                                size_t url_size,
                                size_t *needed);

/// Computes when a URL signed at `now` expires, in Unix seconds: after `expires_in`, or earlier with the credentials.
///
/// After an error `expires_at` is not changed.
presign_error presign_expires_at(const struct presign_credentials *credentials,
                                 const struct presign_bucket *bucket,
                                 const struct presign_request *request,
                                 int64_t now,
                                 int64_t *expires_at);

/// Returns the text of an error: static, in English, without a final period.
const char *presign_error_text(int32_t error);

/// Returns the version of the library. It equals PRESIGN_VERSION unless the header is from another version.
const char *presign_version(void);

/// Prepares a request for many keys: what their URLs share is computed once. The request's key is not used,
/// and `values` may be null.
///
/// It is written to `buffer`, which must not change until the batch has ended. If the buffer is too small, `needed` is set
/// to the size that it must have, otherwise to 0; `needed` may be null, and so may `buffer` if `buffer_size` is 0.
presign_error presign_batch_begin(struct presign_batch *batch,
                                  const struct presign_credentials *credentials,
                                  const struct presign_bucket *bucket,
                                  const struct presign_request *request,
                                  const struct presign_values *values,
                                  int64_t now,
                                  char *buffer,
                                  size_t buffer_size,
                                  size_t *needed);

/// Signs a key with a batch, and writes the URL with a terminating NUL to `url`, as `presign_sign` does.
presign_error presign_batch_sign(const struct presign_batch *batch,
                                 const char *key,
                                 char *url,
                                 size_t url_size,
                                 size_t *needed);

/// Ends a batch: wipes its key.
presign_error presign_batch_end(struct presign_batch *batch);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PRESIGN_H */
