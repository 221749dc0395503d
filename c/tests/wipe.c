/* Signing and batches leave no copy of the secret, or of a key made with it, on the stack; an ended batch keeps none. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "presign.h"

enum { STACK = 256 * 1024, PART = 16 };

static const presign_credentials credentials = {
    .access_key_id = "AKIAIOSFODNN7EXAMPLE",
    .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
static const presign_bucket bucket = {.name = "examplebucket", .region = "eu-west-1"};
static const presign_request request = {.key = "test.txt", .expires_in = 60};

static presign_batch batch;
static presign_error error;
static char buffer[1024];

static void *sign(void *unused) {
  error = presign_sign(&credentials, &bucket, &request, 1369353600, buffer, sizeof buffer, NULL);
  return unused;
}

static void *begin(void *unused) {
  error = presign_batch_begin(&batch, &credentials, &bucket, &request, NULL, 1369353600, buffer, sizeof buffer, NULL);
  return unused;
}

/* Leaves a copy of the batch, which has to be found. */
static void *leave_copy(void *unused) {
  volatile unsigned char copy[sizeof batch];
  for (size_t i = 0; i < sizeof batch; i++) copy[i] = ((const unsigned char *)&batch)[i];
  return copy[0] == 0 ? NULL : unused;
}

/* The stack that a function has used. */
static const unsigned char *run(void *(*function)(void *)) {
  static __attribute__((aligned(64))) unsigned char stack[STACK];
  memset(stack, 0, sizeof stack);
  pthread_attr_t attributes;
  pthread_t thread;
  if (pthread_attr_init(&attributes) != 0 || pthread_attr_setstack(&attributes, stack, sizeof stack) != 0 ||
      pthread_create(&thread, &attributes, function, NULL) != 0 || pthread_join(thread, NULL) != 0) {
    error = PRESIGN_ERROR_OTHER;
  }
  return stack;
}

static int contains(const unsigned char *stack, const unsigned char *part) {
  for (size_t i = 0; i + PART <= STACK; i++) {
    if (memcmp(stack + i, part, PART) == 0) return 1;
  }
  return 0;
}

/* Whether the stack contains the secret, as it is or with a pad of HMAC. */
static int contains_secret(const unsigned char *stack) {
  static const unsigned char pads[] = {0, 0x36, 0x5c};
  for (size_t pad = 0; pad < sizeof pads; pad++) {
    unsigned char part[PART];
    for (size_t i = 0; i < PART; i++) part[i] = (unsigned char)credentials.secret_access_key[i] ^ pads[pad];
    if (contains(stack, part)) return 1;
  }
  return 0;
}

/* How many parts of the batch that look like keys, not like text, numbers or addresses, the stack contains. */
static int key_parts(const unsigned char *stack, int *all) {
  int found = 0;
  *all = 0;
  for (size_t at = 0; at + PART <= sizeof batch; at += 8) {
    const unsigned char *part = (const unsigned char *)&batch + at;
    int zeros = 0, printable = 0;
    for (size_t i = 0; i < PART; i++) {
      zeros += part[i] == 0;
      printable += part[i] >= ' ' && part[i] < 127;
    }
    if (zeros > 1 || printable > 12) continue;
    ++*all;
    found += contains(stack, part);
  }
  return found;
}

int main(void) {
  int failed = 0, all = 0;
  failed |= contains_secret(run(sign)) || error != PRESIGN_ERROR_NONE;
  const unsigned char *stack = run(begin);
  failed |= contains_secret(stack) || error != PRESIGN_ERROR_NONE;
  const int found = key_parts(stack, &all);
  printf("%d of %d parts of keys are on the stack\n", found, all);
  failed |= found != 0 || all < 8;
  failed |= key_parts(run(leave_copy), &all) != all;
  failed |= presign_batch_end(&batch) != PRESIGN_ERROR_NONE;
  static const presign_batch ended;
  failed |= memcmp(&batch, &ended, sizeof batch) != 0;
  puts(failed ? "failed" : "passed");
  return failed;
}
