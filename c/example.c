/* Signs a link to download an object, a link to upload one, and links to many objects. Prints them. */
#include <stdio.h>

#include "presign.h"

int main(void) {
  /* The credentials of AWS's documentation. */
  const presign_credentials credentials = {
      .access_key_id = "AKIAIOSFODNN7EXAMPLE",
      .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const presign_bucket bucket = {.name = "examplebucket", .region = "eu-west-1"};
  const int64_t now = 1369353600; /* your clock; a link is valid from its signing time on */
  char url[1024];

  const presign_request download = {.expires_in = 3600, .key = "photos/duck.jpg"};
  presign_error error = presign_sign(&credentials, &bucket, &download, now, url, sizeof url, NULL);
  if (error != PRESIGN_ERROR_NONE) {
    fprintf(stderr, "%s\n", presign_error_text(error));
    return 1;
  }
  printf("GET %s\n", url);

  /* The client must send these headers. */
  const presign_pair headers[] = {{"x-amz-storage-class", "STANDARD_IA"}};
  const presign_values values = {.content_type = "application/pdf", .headers = headers, .header_count = 1};
  const presign_request upload = {.method = PRESIGN_METHOD_PUT, .expires_in = 600, .key = "reports/2013.pdf"};
  error = presign_sign_with(&credentials, &bucket, &upload, &values, now, url, sizeof url, NULL);
  if (error != PRESIGN_ERROR_NONE) {
    fprintf(stderr, "%s\n", presign_error_text(error));
    return 1;
  }
  printf("PUT %s\n", url);

  const char *keys[] = {"a.jpg", "b.jpg", "c.jpg"};
  presign_batch batch;
  char buffer[1024];
  error = presign_batch_begin(&batch, &credentials, &bucket, &download, NULL, now, buffer, sizeof buffer, NULL);
  for (size_t i = 0; error == PRESIGN_ERROR_NONE && i < sizeof keys / sizeof *keys; i++) {
    error = presign_batch_sign(&batch, keys[i], url, sizeof url, NULL);
    if (error == PRESIGN_ERROR_NONE) printf("GET %s\n", url);
  }
  if (error != PRESIGN_ERROR_NONE) fprintf(stderr, "%s\n", presign_error_text(error));
  presign_batch_end(&batch);
  return error != PRESIGN_ERROR_NONE;
}
