#!/bin/bash
# From a fresh Debian 12 to a running mail site: installs what is missing, builds the release binary, and starts
# `pillarbox demo`, a throw-away site on high ports of this machine. Arguments go to the demo, such as --once: send a
# message, read it back, say what was seen, and end.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

binary=$("$root/installer/build.sh" release | tail -n 1)
exec "$binary" demo "$@"
