# For ../../test and ../../sizes: builds C programs for three Cortex-M cores, and runs them in QEMU.
. ../.ci/common
targets=(thumbv6m-none-eabi thumbv7m-none-eabi thumbv7em-none-eabihf)
declare -A core=([thumbv6m-none-eabi]="Cortex-M0+" [thumbv7m-none-eabi]="Cortex-M3" [thumbv7em-none-eabihf]="Cortex-M4F")
# QEMU has no Cortex-M0+, but a Cortex-M0, which has the same instructions.
declare -A board=([thumbv6m-none-eabi]=microbit [thumbv7m-none-eabi]=lm3s6965evb [thumbv7em-none-eabihf]=mps2-an386)
declare -A cpu=(
  [thumbv6m-none-eabi]="-mcpu=cortex-m0plus"
  [thumbv7m-none-eabi]="-mcpu=cortex-m3"
  [thumbv7em-none-eabihf]="-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16")

# compile TARGET DIST OUTPUT [OPTION...] SOURCE...
compile() {
  local target=$1 dist=$2 output=$3
  # shellcheck disable=SC2086
  arm-none-eabi-gcc -mthumb ${cpu[$target]} -Os -ffunction-sections -fdata-sections -Wall -Wextra -Werror -std=c99 \
    -I"$dist/include" -nostartfiles --specs=nano.specs -T tests/cortex-m/link.ld -Wl,--gc-sections,--nmagic,-z,noexecstack \
    "${@:4}" tests/cortex-m/startup.c "$dist/lib/libpresign.a" -o "$output"
}

# emulate TARGET PROGRAM: what it prints
emulate() {
  timeout 120 qemu-system-arm -machine "${board[$1]}" -nographic -semihosting-config enable=on,target=native \
    -kernel "$2" </dev/null 2>&1
}
