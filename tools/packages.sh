# Debian packages that ./run and ./test need, and how they are installed: only what is missing, with sudo
# only when there is something to install. Sourced, not run.

build_packages="g++ meson ninja-build pkg-config libuv1-dev libc-ares-dev libssl-dev libnghttp2-dev libidn2-dev doctest-dev libfmt-dev
  libspdlog-dev nlohmann-json3-dev libcli11-dev libtomlplusplus-dev libsqlite3-dev libsystemd-dev dns-root-data"
lab_packages="nsd knot bind9 unbound bind9-dnsutils openssl iproute2 util-linux python3 procps"
test_packages="clang libclang-rt-14-dev llvm knot-dnsutils knot-dnssecutils ldnsutils bind9-utils"

# install_missing NAME... : installs those packages that are not there. Name servers that come in this way are
# neither started nor enabled: cairn starts its own, inside a network namespace.
install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Missing packages: ${missing[*]}. Install them as root (apt-get install), then run this again." >&2; return 1; }
    sudo="sudo"
  fi
  echo "Installing ${#missing[@]} packages of Debian${sudo:+ (with sudo)}: ${missing[*]}"
  local policy=/usr/sbin/policy-rc.d ours=""
  if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null && $sudo chmod 755 "$policy"
  fi
  local status=0 log
  log=$(mktemp)
  { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 || status=1
  [ -n "$ours" ] && $sudo rm -f "$policy"
  if [ $status -ne 0 ]; then
    tail -n 15 "$log" >&2
    echo "The installation failed; the lines above are apt-get's." >&2
  elif command -v systemctl >/dev/null; then
    for package in "${missing[@]}"; do
      case "$package" in
        nsd | knot | unbound) $sudo systemctl disable -q "$package" >/dev/null 2>&1 || true ;;
        bind9) $sudo systemctl disable -q named >/dev/null 2>&1 || true ;;
      esac
    done
  fi
  rm -f "$log"
  return $status
}

# quietly COMMAND... : shows what it printed only when it fails, or when somebody watches.
quietly() {
  if [ -t 1 ]; then
    "$@"
    return
  fi
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  [ $status -eq 0 ] || tail -n 60 "$log" >&2
  rm -f "$log"
  return $status
}

# configure DIR MESON-OPTION... : once; ninja sees by itself when the build files change.
configure() {
  [ -e "$1/build.ninja" ] && return 0
  echo "Configuring $1"
  quietly meson setup "$@"
}

# build DIR TARGET... : all targets unless some are named; ninja shows its progress on a terminal.
build() {
  echo "Building $1"
  quietly ninja -C "$@"
}
