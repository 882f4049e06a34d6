# shellcheck shell=bash
# What ./minion and ./test share: the SDK, one line per stage, one build at a time. Sourced with `root` set.

artifacts="$root/artifacts"
logs="$artifacts/logs"

say() { printf '%s\n' "$@" >&2; }
fail() {
  say "$@"
  exit 1
}

# An SDK in its installer's default folder counts too, and so does one that is not where its apphosts look.
find_dotnet() {
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  if ! command -v dotnet >/dev/null && [[ -x "$HOME/.dotnet/dotnet" ]]; then
    PATH="$HOME/.dotnet:$PATH"
  fi
  if [[ -z "${DOTNET_ROOT:-}" && ! -d /usr/share/dotnet && ! -d /usr/lib/dotnet ]] && command -v dotnet >/dev/null; then
    DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")")
    export DOTNET_ROOT
  fi
}

need_sdk() {
  find_dotnet
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
  command -v dotnet >/dev/null ||
    fail "The .NET SDK is not installed: Minion is built with version $wanted or newer." \
      "Install it (https://dot.net/download, or your system's package dotnet-sdk-10.0) and run this again."
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    fail "The .NET SDK here is too old: Minion is built with version $wanted or newer; installed: $(cd / && dotnet --list-sdks | awk '{print $1}' | paste -sd' ' -)." \
      "Install a newer one (https://dot.net/download) and run this again."
}

now_ms() { if [[ -n "${EPOCHREALTIME:-}" ]]; then echo "$((${EPOCHREALTIME/[.,]/} / 1000))"; else echo "$((SECONDS * 1000))"; fi; }
elapsed() {
  local ms=$(($(now_ms) - $1))
  printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# stage NAME COMMAND…: one line with the elapsed time; the command's output goes to artifacts/logs/NAME.log. On a failure its
# errors are shown, each once, with the log's path.
stage() {
  local name=$1 log started ticker='' status=0
  shift
  log="$logs/${name// /-}.log"
  mkdir -p "$logs"
  started=$(now_ms)
  if [[ -t 2 ]]; then
    (while kill -0 $$ 2>/dev/null; do
      printf '\r  %-18s %s ' "$name" "$(elapsed "$started")" >&2
      sleep 0.5
    done) 9>&- &
    ticker=$!
  fi
  # Compiler servers outlive the build: they must not hold the build's lock (file descriptor 9).
  "$@" >"$log" 2>&1 9>&- || status=$?
  if [[ -n "$ticker" ]]; then
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    printf '\r\033[K' >&2
  fi
  if ((status == 0)); then
    say "$(printf '  %-18s %s' "$name" "$(elapsed "$started")")"
  else
    say "$(printf '  %-18s failed after %s' "$name" "$(elapsed "$started")")"
    show_errors "$log"
    say "  The whole log: $log"
  fi
  return "$status"
}

show_errors() {
  local found
  found=$(grep -E '(: |^)(error|warning) [A-Z]+[0-9]+|: error ' "$1" | sed -E "s# \[[^]]*proj\]\$##; s#^ *$root/##" | sort -u | head -15) || true
  if [[ -n "$found" ]]; then printf '%s\n' "$found"; else tail -15 "$1"; fi | sed 's/^/    /' >&2
}

# Two builds in one folder would overwrite each other's output.
lock_build() {
  mkdir -p "$artifacts"
  command -v flock >/dev/null || return 0
  exec 9>"$artifacts/build.lock"
  flock -n 9 && return 0
  say "Another build of this folder is under way; waiting for it."
  flock 9
}
unlock_build() { exec 9>&-; }

# build TARGET: restores and compiles in two stages, warnings are errors.
build() {
  stage restore dotnet restore "$1" -nologo -v minimal -nodeReuse:false || return 1
  stage build dotnet build "$1" -c Release --no-restore -nologo -v minimal -clp:NoSummary -nodeReuse:false
}

# The product is fresh while no source is newer than the last build's start; folders count, so that a deleted file does too.
product_stamp="$artifacts/product.stamp"
product_is_fresh() {
  [[ -x "$artifacts/bin/Minion.Cli/release/Minion.Cli" && -x "$artifacts/bin/Minion.Server/release/Minion.Server" && -e "$product_stamp" ]] || return 1
  local newer
  newer=$(find "$root/src" "$root/Minion.ServiceDefaults" "$root/eng/standins" "$root"/Directory.* "$root/global.json" "$root/.feed" \
    \( -path '*/bin' -o -path '*/obj' -o -path '*/node_modules' -o -path "$root/.feed/probe*" \) -prune -o -newer "$product_stamp" ! -path "$root/.feed" -print -quit 2>/dev/null)
  [[ -z "$newer" ]]
}
