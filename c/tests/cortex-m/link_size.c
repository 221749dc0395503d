/* Signs a link, and prints it with the stack that signing took at its deepest. Compiled with -DEMPTY it signs nothing. */
#include <stdint.h>

#include "../print.h"
#include "presign.h"

extern uint32_t bss_end[];

static char url[512];

#ifndef EMPTY
static const presign_credentials credentials = {
    .access_key_id = "AKIAIOSFODNN7EXAMPLE",
    .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
static const presign_bucket bucket = {
    .name = "examplebucket", .region = "us-east-1", .flags = PRESIGN_GLOBAL_ENDPOINT};
#endif

__attribute__((noinline)) static int work(void) {
#ifdef EMPTY
  return url[0];
#else
  presign_request request = {.key = "test.txt", .expires_in = 86400};
  return presign_sign(&credentials, &bucket, &request, 1369353600, url, sizeof url, 0);
#endif
}

static uint32_t *stack_pointer(void) {
  uint32_t *at;
  __asm__ volatile("mov %0, sp" : "=r"(at));
  return at;
}

int main(void) {
  const uint32_t paint = 0xa5a5a5a5;
  uint32_t *const top = stack_pointer();
  for (volatile uint32_t *at = bss_end; at < top; at++) *at = paint;
  const int error = work();
  volatile uint32_t *deepest = bss_end;
  while (*deepest == paint) deepest++;

  print(url);
  print("\nstack ");
  char digits[12], *digit = digits + sizeof digits;
  *--digit = 0;
  uint32_t bytes = (uint32_t)(uintptr_t)top - (uint32_t)(uintptr_t)deepest;
  do *--digit = (char)('0' + bytes % 10);
  while (bytes /= 10);
  print(digit);
  print("\n");
  return error;
}
