# What scripts/install and scripts/uninstall share. It is sourced, and expects root.
lib=/usr/lib/dropset
# What is below a scratch root has paths of the host that it will be.
root=
dry=

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
fail() { say "$1"; exit "${2:-1}"; }

# Does something, or with --dry-run says that it would.
act() {
  if [ -n "$dry" ]; then printf 'would: %s\n' "$*"; else "$@"; fi
}

# Yes or no, of who sits at a terminal; no without one, or with --dry-run.
ask() {
  local answer
  [ -z "$dry" ] && [ -t 0 ] && [ -t 2 ] || return 1
  read -r -p "$1 [y/N] " answer
  [[ $answer =~ ^[yY] ]]
}

is_running() { systemctl is-active --quiet dropset 2>/dev/null; }

# The manifest has a line for each thing that was put: folder, file, tree, user, and its path. Folders are those that were not there.
begin_manifest() {
  old=$root$lib/manifest
  manifest=$work/manifest
  : >"$manifest"
  [ -e "$old" ] || return 0
  cp "$old" "$work/old"
  # Folders and the user were made once, and the link that starts it at boot stays what it is.
  grep -E '^(folder |user |file /etc/systemd/)' "$old" >"$manifest" || true
}

record() {
  grep -qxF -- "$1 $2" "$manifest" || printf '%s %s\n' "$1" "$2" >>"$manifest"
}

# Makes a folder and those above it that are missing.
folder() {
  [ -n "$1" ] && [ ! -d "$root$1" ] || return 0
  folder "${1%/*}"
  record folder "$1"
  act mkdir -m 755 "$root$1"
}

# put FILE PATH [MODE]: by another name first, so that nobody ever sees half of it.
put() {
  folder "${2%/*}"
  record file "$2"
  act install -m "${3:-644}" -o 0 -g 0 -T -- "$1" "$root$2.new"
  act mv -T -- "$root$2.new" "$root$2"
}

put_configuration() {
  folder "${2%/*}"
  act install -m 644 -o 0 -g 0 -T -- "$1" "$root$2"
}

put_link() {
  folder "${2%/*}"
  record file "$2"
  act ln -sfnT -- "$1" "$root$2"
}

put_tree() {
  folder "${2%/*}"
  record tree "$2"
  act rm -rf -- "$root$2.new"
  act cp -a -- "$1" "$root$2.new"
  if [ -e "$root$2" ]; then act mv -T -- "$root$2" "$root$2.old"; fi
  act mv -T -- "$root$2.new" "$root$2"
  act rm -rf -- "$root$2.old"
}

# What an earlier version had put and this one has not goes away.
end_manifest() {
  local kind path
  if [ -e "$work/old" ]; then
    while read -r kind path; do
      if [ "$kind" = file ] && ! grep -qxF -- "file $path" "$manifest"; then act rm -f -- "$root$path"; fi
    done <"$work/old"
  fi
  act install -m 644 -T -- "$manifest" "$root$lib/manifest"
}

# The unit for a version of systemd: each key from the first version that knows it. A type that is not known would be 'simple'.
unit_for() {
  local version=${1:-0}
  local edit=()
  if [ "$version" -ge 253 ]; then edit+=(-e 's/^Type=notify$/Type=notify-reload/' -e '/^ExecReload=/d'); fi
  if [ "$version" -gt 0 ] && [ "$version" -lt 254 ]; then edit+=(-e '/^FileDescriptorStorePreserve=/d'); fi
  sed "${edit[@]+"${edit[@]}"}" -e '' scripts/installation/dropset.service
}

# The user that the service runs as.
add_user() {
  if getent passwd dropset >/dev/null; then return; fi
  if command -v systemd-sysusers >/dev/null; then act systemd-sysusers /usr/lib/sysusers.d/dropset.conf; else
    act useradd --system --user-group --no-create-home --home-dir /var/lib/dropset --shell /usr/sbin/nologin dropset
  fi
  [ -n "$dry" ] || echo 'user dropset' >>"$root$lib/manifest"
}

# The address that the administrator is logged in from: sudo hides it, but not what the processes above were started with.
client() {
  local pid=$BASHPID found
  while [ "${pid:-0}" -gt 1 ]; do
    found=$({ tr '\0' '\n' <"/proc/$pid/environ" | sed -n 's/^SSH_CONNECTION=\([0-9a-fA-F:.]*\).*/\1/p'; } 2>/dev/null || true)
    if [ -n "$found" ]; then printf '%s\n' "$found"; return; fi
    pid=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status" 2>/dev/null || true)
  done
}

propose_client() {
  local address
  address=$(client)
  [ -n "$address" ] && [ "${#never[@]}" = 0 ] || return 0
  if ask "You are logged in from $address. Is it never to be banned ([never] addresses)?"; then never+=("$address"); else
    say "you are logged in from $address, which can be banned as any other: [never] addresses spares it"
  fi
}
