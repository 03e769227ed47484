#!/bin/bash
# Builds one preset with all that it needs and prints the binary's path as the last line.
#   installer/build.sh [PRESET [TARGET...]]      (PRESET: release, dev, asan, tsan, clang; TARGET: pillarbox)
# Safe to repeat: what is there already is not built again.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

preset=${1:-release}
shift || true
case $preset in
release | dev | asan) groups=(build) ;;
tsan | clang) groups=(build check) ;;
*) die "unknown preset: $preset" "usage: installer/build.sh [release|dev|asan|tsan|clang [TARGET...]]" ;;
esac

"$root/installer/deps.sh" "${groups[@]}"
PILLARBOX_POCO=$("$root/installer/poco.sh" | tail -n 1)
export PILLARBOX_POCO
cd "$root"
step "configuring $preset" cmake --preset "$preset"
step "building $preset (${*:-pillarbox})" cmake --build --preset "$preset" --target "${@:-pillarbox}"
printf '%s\n' "$root/build/$preset/pillarbox"
