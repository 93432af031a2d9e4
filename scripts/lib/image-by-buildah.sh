# Sourced by scripts/try-image. Builds the image with buildah, on a base of Debian's packages and this machine's Node,
# and runs it in namespaces of its own. Everything is in one folder.

folder="$(mktemp -d)"
rootfs=
server=

store() {
  BUILDAH_ISOLATION=chroot buildah --root "$folder/store" --runroot "$folder/run" --storage-driver vfs "$@"
}

build_image() {
  local base
  base="$(sed -n 's/^FROM //p' Dockerfile)"
  make_base >"$folder/base.log" 2>&1 || { tail -n 20 "$folder/base.log" >&2; return 1; }
  local container
  container="$(store from scratch)"
  store add --quiet "$container" "$folder/base" / >/dev/null
  store config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    --env NODE_EXTRA_CA_CERTS=/usr/local/share/authorities.crt "$container"
  store commit --quiet --rm "$container" "docker.io/library/$base" >/dev/null
  rm -rf "$folder/base"
  store bud --quiet --format docker --pull=never --network=host --tag tally-try . >/dev/null
}

# Makes what the image of Node is made of: Debian, Node, npm and the user node.
make_base() {
  local base="$folder/base"
  debootstrap --variant=minbase bookworm "$base"
  rm -rf "$base"/var/cache/apt/archives/*.deb "$base"/var/lib/apt/lists/*
  cp "$(node -p process.execPath)" "$base/usr/local/bin/node"
  npm install --silent --global --prefix "$base/usr/local" npm@11
  # The registry may have a certificate of this machine's own authority.
  cat /etc/ssl/certs/ca-certificates.crt >"$base/usr/local/share/authorities.crt"
  chroot "$base" groupadd --gid 1000 node
  chroot "$base" useradd --uid 1000 --gid node --create-home node
}

# Prints a part of the image's configuration, one line for each entry.
config_of() {
  store inspect --type image tally-try | node -e '
    const { Docker } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    console.log(Docker.config[process.argv[1]].join("\n"));' "$1"
}

start_image() {
  rootfs="$(store mount "$(store from --pull=never tally-try)")"
  mkdir "$folder/data"
  cp -a "$rootfs/data/." "$folder/data/"
  chown --reference="$rootfs/data" "$folder/data"
  chmod --reference="$rootfs/data" "$folder/data"
  mapfile -t environment < <(config_of Env)
  mapfile -t command < <(config_of Cmd)
  local port
  port="$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
  # The machine's network is its network, too.
  environment+=(HOST=127.0.0.1 "PORT=$port")
  url="http://127.0.0.1:$port"
  # Process 1 of its own, whose root cannot be written to, except for the volume.
  unshare --mount --pid --fork --kill-child bash -euc '
    root="$1"; data="$2"; shift 2
    mount --bind "$root" "$root"
    mount -o remount,bind,ro "$root"
    mount --bind "$data" "$root/data"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    exec chroot --userspec=1000:1000 "$root" env --ignore-environment --chdir=/app "$@"
  ' _ "$rootfs" "$folder/data" "${environment[@]}" "${command[@]}" >"$folder/server.log" 2>&1 &
  server=$!
}

# The first process inside.
server_process() {
  cat "/proc/$server/task/$server/children" 2>/dev/null | tr -d ' '
}

run_in_image() {
  nsenter --target "$(server_process)" --mount --pid chroot --userspec=1000:1000 "$rootfs" \
    env --ignore-environment --chdir=/app "${environment[@]}" "$@"
}

stop_image() {
  kill -TERM "$(server_process)"
  wait "$server"
}

remove_image() {
  if [ -n "$(server_process)" ]; then
    tail -n 20 "$folder/server.log" >&2
    kill -KILL "$(server_process)"
  fi
  rm -rf "$folder"
}
