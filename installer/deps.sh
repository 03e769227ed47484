#!/bin/bash
# Installs the Debian packages that pillarbox's build and tests need and this machine lacks.
#   installer/deps.sh [build] [test] [check] [bench]      (without arguments: build)
# build: compiler and static libraries; test: mail programs the tests speak with; check: the second compiler and
# formatter for .ci/run; bench: Postfix and Dovecot to measure against. Asks apt only when something is missing.
# No mail server is installed for the tests; none of the daemons installed for `bench` is started or enabled.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

build='g++ cmake ninja-build ccache dpkg-dev libpcre3-dev zlib1g-dev libsqlite3-dev libssl-dev libc-ares-dev
       libzstd-dev libcrypto++-dev libcli11-dev doctest-dev libidn2-dev libunistring-dev'
test='python3 curl swaks libnet-ssleay-perl libauthen-sasl-perl isync libsasl2-modules fetchmail openssl procps
      strace file'
check='clang-14 libclang-rt-14-dev clang-format-14'
bench='postfix dovecot-imapd python3'

wanted=
for group in "${@:-build}"; do
    case $group in
    build | test | check | bench) wanted+=" ${!group}" ;;
    *) die "unknown group: $group" "usage: installer/deps.sh [build] [test] [check] [bench]" ;;
    esac
done
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    die "this machine has no apt: pillarbox is built on Debian 12" "elsewhere, provide what these packages hold:" $wanted
. /etc/os-release
[[ ${ID:-}-${VERSION_ID:-} == debian-12 ]] || say "warning: this is ${PRETTY_NAME:-not Debian 12}; only Debian 12 is tested"

present=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | awk '$1 == "installed" { print $2 }')
missing=()
for package in $wanted; do
    grep -qxF -- "$package" <<<"$present" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
    say "packages (${*:-build}): all there"
    exit 0
fi

as_root=(env)
if ((EUID != 0)); then
    command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [[ -t 2 ]] && sudo -v; }; } ||
        die "packages are missing, and this is neither root nor a user with sudo. As root, run:" \
            "apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo env)
fi
as_root+=(DEBIAN_FRONTEND=noninteractive LC_ALL=C)

# Debian starts a daemon as it is installed, unless policy-rc.d forbids it. One that is there is the owner's: kept.
policy=/usr/sbin/policy-rc.d
if [[ " $* " =~ \ (test|bench)\  && ! -e $policy ]]; then
    printf '#!/bin/sh\n# pillarbox installer/deps.sh: start nothing just now\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
    trap '"${as_root[@]}" rm -f $policy' EXIT
    "${as_root[@]}" chmod 755 $policy
fi

# --no-remove: a mail server of the owner's is never replaced, apt refuses instead.
get=("${as_root[@]}" apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
say "packages to install: ${missing[*]}"
step "asking apt for its package lists" "${get[@]}" update
step "installing ${#missing[@]} packages" "${get[@]}" install --no-install-recommends --no-remove "${missing[@]}"

for unit in postfix dovecot; do
    [[ " ${missing[*]} " == *" $unit"* && -d /run/systemd/system ]] || continue
    "${as_root[@]}" systemctl disable --quiet $unit || true
done
