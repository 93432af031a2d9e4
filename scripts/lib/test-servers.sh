# Sourced by scripts/test, after setup.sh. Gets from npm what tests need and the machine lacks, where npm has it.

provide_chromium() {
  if CHROMIUM_PATH="$(scripts/lib/find-chromium)"; then
    export CHROMIUM_PATH
    return
  fi
  local advice="Install the package chromium, or set CHROMIUM_PATH."
  [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
    fail "Chromium is missing, and the tests in a browser need it. $advice"
  install_from_lock scripts/lib/browser "Chromium"
  export CHROMIUM_PATH="$PWD/scripts/lib/browser/chromium"
  "$CHROMIUM_PATH" --version >/dev/null || fail "the Chromium of npm does not run on this system. $advice"
}

# PostgreSQL does not run as root. What does not run here is missing, which scripts/test says at its end.
provide_postgres() {
  if [ -n "${TEST_POSTGRES_URL:-}" ] || [ "$(id -u)" = 0 ]; then return; fi
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64 | Linux-aarch64) ;;
    *) return ;;
  esac
  install_from_lock scripts/lib/postgres "PostgreSQL"
  postgres_folder="$(mktemp -d)"
  if TEST_POSTGRES_URL="$(scripts/lib/postgres/start "$postgres_folder")"; then
    export TEST_POSTGRES_URL
  else
    echo "The PostgreSQL of npm does not run on this system." >&2
    unset TEST_POSTGRES_URL
  fi
}

stop_postgres() {
  if [ -n "${postgres_folder:-}" ]; then scripts/lib/postgres/stop "$postgres_folder"; fi
}
