#!/bin/bash
# unpack-rabbitmq.sh SUITE DIR: RabbitMQ and its Erlang from a Debian suite's packages into DIR. Needs apt, not root; the
# machine's own packages stay untouched. DIR cannot be moved afterwards.
set -euo pipefail
suite=$1
dir=$(mkdir -p "$2" && cd "$2" && pwd)
apt=$dir/.apt

mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)
[ -n "$mirror" ] || mirror=$(sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) [a-z]* main.*/\2/p' /etc/apt/sources.list | head -1)
[ -n "$mirror" ] || { echo "apt knows no Debian mirror here" >&2; exit 1; }

mkdir -p "$apt"/state/lists/partial "$apt"/cache/archives/partial "$apt"/empty "$dir/debs"
: > "$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$apt/sources.list"
cat > "$apt/apt.conf" <<CONF
Dir::State "$apt/state"; Dir::State::status "$apt/status"; Dir::Cache "$apt/cache"; Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "$apt/empty"; Dir::Etc::preferencesparts "$apt/empty"; Acquire::Languages "none"; APT::Sandbox::User "";
CONF
export APT_CONFIG=$apt/apt.conf
apt-get -qq update

libraries="libc6 libstdc++6 libgcc-s1 libtinfo6 zlib1g libsystemd0 libcap2"
case $suite in
  trixie) libraries="$libraries libssl3t64 libzstd1" ;;
  *) libraries="$libraries libssl3 libzstd1 liblzma5 liblz4-1 libgcrypt20 libgpg-error0" ;;
esac
# shellcheck disable=SC2086 # a list of words
(cd "$dir/debs" && apt-get -qq download rabbitmq-server \
  erlang-{base,asn1,crypto,public-key,mnesia,runtime-tools,ssl,eldap,inets,os-mon,parsetools,syntax-tools,tools,xmerl} $libraries)
for deb in "$dir"/debs/*.deb; do dpkg-deb -x "$deb" "$dir"; done
rm -rf "$apt" "$dir/debs"

# The programs need the C library of their suite: each is started through its own loader.
lib=$(dirname "$(find "$dir" -name libstdc++.so.6 | head -1)")
loader=$(find "$dir" -name 'ld-linux-*.so.*' | head -1)
libs=$lib:$(dirname "$(find "$dir" -name libc.so.6 | head -1)"):$dir/lib/$(basename "$lib")
erl=$dir/usr/lib/erlang
for f in "$erl"/erts-*/bin/* "$erl"/lib/os_mon-*/priv/bin/*; do
  [ -f "$f" ] && [ ! -L "$f" ] && [ "$(head -c4 "$f" | tail -c3)" = ELF ] || continue
  mv "$f" "$f.real"
  printf '#!/bin/sh\nexec %s --argv0 "$0" --library-path %s %s "$@"\n' "$loader" "$libs" "$f.real" > "$f"
  chmod 755 "$f"
done
for f in "$erl"/bin/erl "$erl"/erts-*/bin/erl; do
  [ ! -f "$f" ] || sed -i "s#^\( *\)ROOTDIR=/usr/lib/erlang#\1ROOTDIR=$erl#" "$f"
done
