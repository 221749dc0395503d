/* Threads sign with one batch, and on their own: each gets the URLs that one thread alone gets. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "presign.h"

enum { THREADS = 4, KEYS = 200, SIZE = 512 };

static const presign_credentials credentials = {
    .access_key_id = "AKIAIOSFODNN7EXAMPLE",
    .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
static const presign_bucket bucket = {.name = "examplebucket", .region = "eu-west-1"};
static presign_batch batch;
static char urls[THREADS + 1][KEYS][2][SIZE];

static void *work(void *argument) {
  char(*to)[2][SIZE] = argument;
  for (int i = 0; i < KEYS; i++) {
    char key[32];
    snprintf(key, sizeof key, "photos/%d.jpg", i);
    const presign_request request = {.key = key, .expires_in = 60};
    if (presign_batch_sign(&batch, key, to[i][0], SIZE, NULL) != PRESIGN_ERROR_NONE ||
        presign_sign(&credentials, &bucket, &request, 1369353600, to[i][1], SIZE, NULL) != PRESIGN_ERROR_NONE ||
        strcmp(to[i][0], to[i][1]) != 0) {
      return "failed";
    }
  }
  return NULL;
}

int main(void) {
  static char buffer[1024];
  const presign_request request = {.expires_in = 60};
  if (presign_batch_begin(&batch, &credentials, &bucket, &request, NULL, 1369353600, buffer, sizeof buffer, NULL) !=
      PRESIGN_ERROR_NONE) {
    return 1;
  }
  pthread_t threads[THREADS];
  int failed = 0;
  for (int i = 0; i < THREADS; i++) failed |= pthread_create(&threads[i], NULL, work, urls[i]) != 0;
  for (int i = 0; i < THREADS; i++) {
    void *result = NULL;
    failed |= pthread_join(threads[i], &result) != 0 || result != NULL;
  }
  failed |= work(urls[THREADS]) != NULL;
  for (int i = 0; i < THREADS; i++) failed |= memcmp(urls[i], urls[THREADS], sizeof urls[i]) != 0;
  puts(failed ? "failed" : "passed");
  return failed;
}
