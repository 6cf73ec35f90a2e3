#!/usr/bin/env bash
# Installs the Debian packages that the tests run real servers and independent clients from; says what to install when it can't.
set -u
packages="bind9 bind9-dnsutils curl krb5-admin-server krb5-kdc postgresql python3 python3-gssapi python3-impacket python3-olefile"
missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing$missing ..."
  # RUNLEVEL=1: no package starts its daemon; the tests start private instances on loopback.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 ||
    { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; }
else
  echo "The tests against real servers need:$missing. Install them with: sudo apt-get install$missing" >&2
fi
