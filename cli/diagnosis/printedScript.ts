/** `collect --print-script`: one POSIX sh script that asks a node all that `collect` asks, for engines that reach thousands. */
import { readinessProbes } from '../../core/diagnosis/readiness';
import { stageScript } from '../../core/diagnosis/stage';
import { configDumpProbe } from '../../core/probes/configDump';
import { placePrelude } from '../../core/probes/containerdPlace';
import { journalProbe } from '../../core/probes/journal';
import { quote } from '../../core/probes/quote';
import { maxFileBytes, walkFunctions } from '../transport/nodeTree';
import { usualPlaces } from './nodeEvidence';
import { filesProbeId } from './rawBundle';

const filesTimeoutMs = 30_000;

export function printedScript(): string {
  const marker = '"$crb_marker"';
  const probes = [
    ...readinessProbes(),
    { id: configDumpProbe.id, timeoutMs: configDumpProbe.timeoutMs, script: configDumpProbe.script() },
    { id: filesProbeId, timeoutMs: filesTimeoutMs, script: filesScript(marker) },
    { id: journalProbe.id, timeoutMs: journalProbe.timeoutMs, script: journalProbe.script() },
  ];
  return `#!/bin/sh
# Prints what containerd-runbooks diagnose needs to know of this node: its state, containerd's configuration, pull errors of the journal.
# It only reads, and takes passwords, tokens and private keys out before it prints. Run it as root, keep what it prints in a file, then:
#   containerd-runbooks diagnose --bundle FILE, or --bundle FOLDER for the files of many nodes.
LC_ALL=C; export LC_ALL
command -v awk >/dev/null 2>&1 || { echo 'containerd-runbooks: this node has no awk, and nothing is printed unredacted' >&2; exit 3; }
crb_marker=$(od -An -N12 -tx1 /dev/urandom 2>/dev/null | tr -d ' \\n')
crb_marker="@@\${crb_marker:-$(date +%s)0000000$$}"; export crb_marker
printf 'containerd-runbooks raw 1 %s %s\\n' "$crb_marker" "$(date +%s)"
{
${stageScript(probes, marker, placePrelude)}
} 2>/dev/null | awk ${quote(redactAwk)}
`;
}

/** As nodeTree.ts: what the configuration names is read in rounds. */
function filesScript(marker: string): string {
  return `${walkFunctions(marker)}
crb_names=
crb_file() {
  [ "$(wc -c <"$1")" -le ${maxFileBytes} ] || { crb_say unreadable "$1"; return; }
  crb_say file "$1"; cat <"$1"
  case $1 in *.toml|*.tmpl) crb_names="$crb_names
$(sed -n -E -e '/(^|[^A-Za-z_-])(config_path|imports|ca|client|ca_file|cert_file|key_file)["'\\'']?[[:space:]]*=/p' -e '/^[[:space:]]*["'\\''][^"'\\'']*["'\\''][],]*[[:space:]]*$/p' "$1" | tr "\\"':" '\\n\\n\\n' | grep '^/.')" ;; esac
}
crb_next=${quote(usualPlaces.join('\n'))}
[ -n "$crb_config" ] && crb_next="$crb_next
$crb_config"
crb_done='
'
for crb_round in 1 2 3 4 5; do
  crb_names=; crb_old=$IFS; IFS='
'; set -f; set -- $crb_next; set +f; IFS=$crb_old
  for crb_path; do
    case $crb_path in *[*?[]*) crb_path=\${crb_path%%[*?[]*}; crb_path=\${crb_path%/*} ;; esac
    case $crb_done in *"
$crb_path
"*) continue ;; esac
    case $crb_path in /|'') continue ;; esac
    crb_done="$crb_done$crb_path
"
    crb_walk "$crb_path" 4
  done
  [ -n "$crb_names" ] || break
  crb_next=$crb_names
done
crb_say end .`;
}

/**
 * The first of two nets, so that no secret leaves the node: redact.ts does the same with a parser when the bundle is read. What containerd
 * logs of a request may hold a header of a hosts.toml; what a registry answers, its challenge above all, is diagnosed. POSIX awk without
 * intervals, which mawk lacks.
 */
export const redactAwk = `
function plain(v) { return v ~ /^[A-Za-z]?[a-z.-]*[:.,;]?$/ }
function challenge(s) { return s ~ /^[\\\\"]*((basic|bearer|digest|negotiate) )?(realm|service|scope|charset|error)=/ }
function hide(s, re, quotedOnly, keepPlain,   out, low) {
  out = ""; low = tolower(s)
  while (match(low, re)) {
    out = out substr(s, 1, RSTART + RLENGTH - 1); s = substr(s, RSTART + RLENGTH); low = tolower(s)
    if (keepPlain && challenge(low)) RLENGTH = 0
    else if (match(s, /^\\\\"[^"]*"/)) out = out "\\\\\\"REDACTED\\\\\\""
    else if (match(s, /^"([^"\\\\]|\\\\.)*"/)) out = out "\\"REDACTED\\""
    else if (match(s, /^\\047[^\\047]*\\047/)) out = out "\\"REDACTED\\""
    else if (match(s, /^["\\047].*/)) out = out "\\"REDACTED\\""
    else if (!quotedOnly && match(s, /^[^] \\t"\\047,;&)}\\\\]+/) && !(keepPlain && plain(substr(s, 1, RLENGTH)))) out = out "REDACTED"
    else RLENGTH = 0
    if (RLENGTH > 0) { s = substr(s, RLENGTH + 1); low = tolower(s) }
    if (s == "") break
  }
  return out s
}
function users(s,   out, at) {
  out = ""
  while (match(s, /:\\/\\/[^ \\t"\\047<>]*@/)) {
    out = out substr(s, 1, RSTART + 2) "REDACTED@"; s = substr(s, RSTART + RLENGTH)
  }
  return out s
}
function strings(s,   out, left) {
  out = ""
  while (match(s, /"([^"\\\\]|\\\\.)*"|\\047[^\\047]*\\047/)) {
    out = out substr(s, 1, RSTART - 1) "\\"REDACTED\\""; s = substr(s, RSTART + RLENGTH)
  }
  left = out s; gsub(/"REDACTED"/, "", left)
  return (left ~ /["\\047]/) ? " \\"REDACTED\\"" : out s
}
function header(s,   at) {
  if (s ~ /^[ \\t]*(#.*)?$/) return (s ~ /#/) ? "# REDACTED" : s
  if (s ~ /^[ \\t]*["\\047]?[A-Za-z0-9_.-]+["\\047]?[ \\t]*=/) {
    at = index(s, "=")
    if (substr(s, at + 1) ~ /^[ \\t]*[0-9]/) return substr(s, 1, at) " 0"
    if (substr(s, at + 1) ~ /^[ \\t]*("""|\\047\\047\\047)/) return substr(s, 1, at) " " substr(s, match(s, /("""|\\047\\047\\047)/), 3) "REDACTED"
    return substr(s, 1, at) strings(substr(s, at + 1))
  }
  if (s ~ /^[ \\t]*["\\047]/ && s !~ /^[ \\t]*("""|\\047\\047\\047)/) return strings(s)
  if (s ~ /^[ \\t]*\\][ \\t,]*$/) return s
  return (s ~ /"""[ \\t]*$/) ? "REDACTED\\"\\"\\"" : (s ~ /\\047\\047\\047[ \\t]*$/) ? "REDACTED\\047\\047\\047" : "REDACTED"
}
/^@@[0-9a-f]+ / { inheader = 0; inkey = 0; injournal = ($2 == "begin" && $3 == "${journalProbe.id}"); print; next }
/-----BEGIN [A-Z ]*PRIVATE KEY-----/ { inkey = 1; sub(/-----BEGIN [A-Z ]*PRIVATE KEY-----.*/, "-----BEGIN PRIVATE KEY-----"); print; if ($0 ~ /-----END/) inkey = 0; else print "REDACTED"; next }
inkey { if ($0 ~ /-----END [A-Z ]*PRIVATE KEY-----/) { inkey = 0; print "-----END PRIVATE KEY-----" } ; next }
!injournal && /^[ \\t]*\\[/ { inheader = (tolower($0) ~ /[.\\[][ \\t]*["\\047]?headers?["\\047]?[ \\t]*\\]/) || (tolower($0) ~ /[.][ \\t]*["\\047]?headers?["\\047]?[ \\t]*[.]/); print users($0); next }
inheader { print header($0); next }
!injournal && tolower($0) ~ /headers?["\\047]?[ \\t]*([.][^=]*)?=/ { at = match(tolower($0), /headers?["\\047]?[ \\t]*([.][^=]*)?=/); end = RSTART + RLENGTH; print substr($0, 1, end - 1) strings(substr($0, end)); next }
{
  s = users($0)
  if (injournal) s = hide(s, "(^|[^a-z.])(request[.])?headers?([.][a-z0-9_.-]+)?=", 0, 1)
  s = hide(s, "[?&][^=& \\t\\"]*(sig|token|secret|pass|key|cred|auth)[^=& \\t\\"]*=", 0, 0)
  s = hide(s, "(password|passwd|pwd|secret|api[-_]?key|access[-_]?key|private[-_]?key|jfrog-art-api)[\\\\\\\\\\"\\047]*[ \\t]*[:=][ \\t]*", 0, 0)
  s = hide(s, "(^|[^a-z_])(basic|bearer|negotiate)( |[+]|%20)", 0, 1)
  s = hide(s, "(token|authorization|credentials?|cookie|registry-auth)[\\\\\\\\\\"\\047]*[ \\t]*[:=][ \\t]*", 0, 1)
  s = hide(s, "(^|[^a-z0-9_-])auth[\\\\\\\\\\"\\047]*[ \\t]*=[ \\t]*", 1, 0)
  s = hide(s, "(^|[^a-z0-9_-])auth[\\\\\\\\\\"\\047]*[ \\t]*:[ \\t]*", 0, 1)
  s = hide(s, "_proxy[\\"\\047]?[ \\t]*=[ \\t]*[^@ :/\\"\\047]*:", 0, 0)
  while (match(s, /eyJ[A-Za-z0-9_+=-]+[.][A-Za-z0-9_.+=-]+/)) s = substr(s, 1, RSTART - 1) "REDACTED" substr(s, RSTART + RLENGTH)
  print s
}
`;
