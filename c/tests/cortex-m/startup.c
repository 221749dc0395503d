/* Starts a program on a Cortex-M, and ends QEMU with what main returns. */
#include <stdint.h>

#include "../print.h"

extern uint32_t stack_top[], data_start[], data_end[], data_in_flash[], bss_start[], bss_end[];
int main(void);

static void stop(int status) {
  const uint32_t exited = 0x20026, failed = 0x20023; /* ADP_Stopped_ApplicationExit and ADP_Stopped_RunTimeErrorUnknown */
  for (;;) semihost(0x18, (const void *)(uintptr_t)(status == 0 ? exited : failed));
}

static void fault(void) {
  print("fault\n");
  stop(1);
}

void reset(void) {
#ifdef __ARM_FP
  *(volatile uint32_t *)0xE000ED88 |= 0xF << 20; /* turns the floating-point unit on */
  __asm__ volatile("dsb\nisb");
#endif
  for (uint32_t *to = data_start, *from = data_in_flash; to < data_end;) *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
  stop(main());
}

__attribute__((section(".vector_table"), used)) static const void *const vectors[] = {
    stack_top, (void *)reset, (void *)fault, (void *)fault,
};
