# Part of ./install: from one release to another, and back.

# What is started here must not hold the lock of the installation (9) on.
systemctl() { command systemctl "$@" 9>&-; }

current_release() { readlink "$PREFIX/current" 2>/dev/null || true; }

switch_to() {
  ln -s "$1" "$PREFIX/.current.new"
  mv -T "$PREFIX/.current.new" "$PREFIX/current"
  fill "$1/packaging/nedwatch" >"$PREFIX/bin/.nedwatch.new"
  chmod 755 "$PREFIX/bin/.nedwatch.new"
  mv "$PREFIX/bin/.nedwatch.new" "$PREFIX/bin/nedwatch"
  ln -sfn "$PREFIX/bin/nedwatch" "$ROOT/usr/local/bin/nedwatch"
  if [ "$SYSTEMD" = yes ]; then
    local unit
    mkdir -p "$ROOT/etc/systemd/system"
    for unit in nedwatch.service nedwatch-backup.service nedwatch-backup.timer; do
      fill "$1/packaging/$unit" >"$ROOT/etc/systemd/system/$unit"
    done
    systemctl daemon-reload
  fi
}

# Becomes a program of a release, as the program's user: to be called in a subshell.
become() {
  local release=$1 script=$2
  shift 2
  exec 9>&-
  cd /
  HOME=$DATA exec setpriv --reuid="$RUN_AS" --regid="$GROUP" --init-groups -- "$release/runtime/node" "$release/$script" "$@"
}

stop_program() {
  [ "$SYSTEMD" = yes ] || return 0
  systemctl stop nedwatch-backup.timer 2>/dev/null || true
  while [ "$(systemctl show --property=ActiveState --value nedwatch-backup.service)" = activating ]; do
    say 'waiting for a backup that is being made'
    sleep 5
  done
  systemctl stop nedwatch.service
}

start_program() {
  [ "$SYSTEMD" = yes ] || return 0
  systemctl enable --quiet nedwatch.service nedwatch-backup.timer
  systemctl start nedwatch-backup.timer
  systemctl start nedwatch.service || return 1
  (become "$1" packaging/wait-until-ready.mjs "$READY_SECONDS")
}

# Starts a release on any free port of loopback, sending nothing, until it is ready. Brings the database up to date,
# and prints what a first start says here rather than into a log that others read.
try_release() {
  local out pid ready=no waited
  out=$(mktemp)
  NEDWATCH_ROLE=api NEDWATCH_HOST=127.0.0.1 become "$1" bin/nedwatch up --port 0 >"$out" &
  pid=$!
  for ((waited = 0; waited < READY_SECONDS * 5; waited++)); do
    if grep -q '^ready ' "$out"; then ready=yes; break; fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  grep -vE '^ready |http' "$out" || true
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -f "$out"
  [ "$ready" = yes ]
}

# What is in the database before a newer version changes it.
back_up() {
  BACKUP=$DATA/backups/before-$VERSION-$(date -u +%Y-%m-%dT%H%M%SZ).tar.gz
  local said
  if said=$(become "$1" bin/nedwatch backup "$BACKUP" 2>&1); then say "backup $BACKUP"; return; fi
  case $said in nothing-to-back-up*) BACKUP=; return ;; esac
  printf '%s\n' "$said" >&2
  return 1
}

remove_old_releases() { # all but this one and the one before it
  local release
  for release in "$PREFIX"/releases/*; do
    if [ "$release" != "$RELEASE" ] && [ "$release" != "$1" ]; then rm -rf "$release"; fi
  done
}

start_first() {
  switch_to "$RELEASE"
  if try_release "$RELEASE" && start_program "$RELEASE"; then return; fi
  stop_program || true
  [ -n "$OLD" ] || rm -f "$PREFIX/current"
  fail "nedwatch $VERSION did not become ready (see above). Correct $CONFIG/nedwatch.env and run ./install again."
}

upgrade_from() {
  local old=$1
  stop_program
  if ! back_up "$old"; then
    start_program "$old" || true
    fail "no backup could be made (see above), so nothing was upgraded; ${old##*/} runs on"
  fi
  switch_to "$RELEASE"
  if try_release "$RELEASE" && start_program "$RELEASE"; then return; fi
  say "nedwatch $VERSION did not become ready (see above): back to ${old##*/}"
  stop_program || true
  switch_to "$old"
  try_release "$old" && start_program "$old" || say "nor does ${old##*/} start: see its log"
  fail "not upgraded. The database keeps what the newer version has added, with which ${old##*/} works; its state before is in ${BACKUP:-no backup, as there was nothing}."
}
