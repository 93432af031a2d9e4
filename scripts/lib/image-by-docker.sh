# Sourced by scripts/try-image. Builds and runs the image with docker or podman, which $engine names.

image="tally-try:$$"
container=

build_image() {
  "$engine" build --tag "$image" . >&2
}

start_image() {
  container="$("$engine" run --detach --read-only --cap-drop ALL --security-opt no-new-privileges \
    --publish 127.0.0.1::8000 "$image")"
  url="http://$("$engine" port "$container" 8000/tcp | head -n 1)"
}

run_in_image() {
  "$engine" exec --interactive "$container" "$@"
}

stop_image() {
  "$engine" stop --time 40 "$container" >/dev/null
  [ "$("$engine" inspect --format '{{.State.ExitCode}}' "$container")" -eq 0 ]
}

remove_image() {
  [ -z "$container" ] || "$engine" rm --force --volumes "$container" >/dev/null
  "$engine" rmi --force "$image" >/dev/null 2>&1 || true
}
