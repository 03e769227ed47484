#!/bin/bash
# Builds the static POCO libraries once, from the source package of this machine's Debian release, and prints where
# they are as the last line (the value for PILLARBOX_POCO).
#
# Debian ships POCO as shared libraries only. The source comes by a private apt configuration: /etc/apt stays as it is.
# The result lies outside the tree, keyed by release, compiler and flags; its file VERSION names the source package.
#   installer/poco.sh           builds if it is not there yet
#   installer/poco.sh --fresh   builds anew (after a security update of the source package)
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

fresh=no
case ${1:-} in
'') ;;
--fresh) fresh=yes ;;
*) die "usage: installer/poco.sh [--fresh]" ;;
esac

# Only what pillarbox links. POCO_UNBUNDLED: one SQLite, pcre and zlib in the binary, and they are Debian's.
on='ENCODINGS JSON UTIL NET DATA DATA_SQLITE'
off='XML CRYPTO NETSSL JWT MONGODB REDIS DATA_MYSQL DATA_POSTGRESQL DATA_ODBC PDF SEVENZIP ZIP APACHECONNECTOR
     CPPPARSER POCODOC PAGECOMPILER PAGECOMPILER_FILE2PAGE ACTIVERECORD ACTIVERECORD_COMPILER ENCODINGS_COMPILER
     PROMETHEUS TESTS'
flags=(-DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG"
    "-DCMAKE_CXX_FLAGS=-ffunction-sections -fdata-sections" "-DCMAKE_C_FLAGS=-ffunction-sections -fdata-sections"
    -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DPOCO_UNBUNDLED=ON)
for name in $on; do flags+=("-DENABLE_$name=ON"); done
for name in $off; do flags+=("-DENABLE_$name=OFF"); done

for tool in g++ cmake ninja dpkg-source apt-get flock; do
    command -v "$tool" >/dev/null || die "$tool is missing" "installer/deps.sh build installs what the build needs"
done
. /etc/os-release
codename=${VERSION_CODENAME:-unknown}
compiler=$(g++ -dumpversion)-$(g++ -dumpmachine)
hash=$(printf '%s\n' "$compiler" "${flags[@]}" | sha256sum | cut -c1-10)
place=$cache/poco-$codename-$hash

# The machine's own entries of this release as source entries; other vendors' repositories do not have POCO.
private_apt() {
    mkdir -p "$1"/sources.list.d "$1"/lists/partial "$1"/cache/archives/partial
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -f $file ]] && awk -v suite="$codename" '$1 == "deb" {
            line = $0; sub(/^[ \t]*deb[ \t]+/, "", line); plain = line; sub(/^\[[^]]*\][ \t]*/, "", plain)
            split(plain, part, /[ \t]+/)
            if (part[1] !~ /^cdrom:/ && (part[2] ~ "^" suite || part[2] ~ /^stable/)) print "deb-src " line
        }' "$file"
    done >"$1/sources.list" || true
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -f $file ]] && awk -v suite="$codename" 'BEGIN { RS = ""; ORS = "\n\n" }
            $0 ~ "\nSuites:[^\n]*[ \t](" suite "|stable)" || $0 ~ "^Suites:[^\n]*[ \t](" suite "|stable)" {
            sub(/(^|\n)Types:[^\n]*/, "\nTypes: deb-src"); sub(/^\n/, ""); print
        }' "$file" >"$1/sources.list.d/${file##*/}"
    done || true
    cat >"$1/apt.conf" <<CONF
Dir::Etc::sourcelist "$1/sources.list";
Dir::Etc::sourceparts "$1/sources.list.d";
Dir::State::lists "$1/lists";
Dir::Cache "$1/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
    grep -qs 'deb-src' "$1/sources.list" "$1"/sources.list.d/* ||
        die "no apt source of Debian $codename found in /etc/apt" "POCO is built from Debian's own source package"
}

fetch() { # FOLDER: leaves the unpacked, patched source in FOLDER/src
    cd "$1"
    APT_CONFIG=$1/apt.conf apt-get -q update
    APT_CONFIG=$1/apt.conf apt-get -q source --only-source poco
    mv poco-*/ src
}

build() { # FOLDER: leaves the installed libraries in FOLDER/out
    cmake -S "$1/src" -B "$1/build" -G Ninja -Wno-dev "${flags[@]}" -DCMAKE_INSTALL_PREFIX="$1/out" -DCMAKE_INSTALL_LIBDIR=lib
    ninja -C "$1/build" -j "$(nproc)" install
    (cd "$1/src" && dpkg-parsechangelog -S Version) >"$1/out/VERSION"
    cp "$1/src/LICENSE" "$1/out/LICENSE"
    [[ -f $1/out/lib/libPocoNet.a && -f $1/out/lib/libPocoDataSQLite.a ]]
}

mkdir -p "$cache"
exec 9>"$cache/poco.lock"
flock -n 9 || { say "another run is building POCO: waiting for it"; flock 9; }
if [[ $fresh == yes || ! -f $place/VERSION ]]; then
    work=$(mktemp -d "$cache/work.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    private_apt "$work"
    step "fetching the source of POCO (Debian $codename)" fetch "$work"
    step "building the static POCO once (about 2 minutes on 2 cores)" build "$work"
    [[ ! -e $place ]] || mv "$place" "$work/old"
    mv "$work/out" "$place"
fi
say "static POCO $(cat "$place/VERSION")"
printf '%s\n' "$place"
