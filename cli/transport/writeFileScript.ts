import { quote } from '../../core/probes/quote';

export interface Replacement {
  readonly path: string;
  /** What the file must still hold. */
  readonly base: string;
  readonly text: string;
  /** Appended to the name of the backup: `20260130T101112.345Z`. */
  readonly stamp: string;
  /** How many backups stay, this one counted; older ones of ours go with the write. */
  readonly keptBackups: number;
}

/**
 * Starts the shell that will read one of the scripts below from its stdin: as the login user where that user owns the file and may write
 * into its folder (then owner and mode can be kept), else as root through `sudo -n`. Of a file that is not there yet, the nearest folder
 * that is there counts. Nothing of the file stands in an argument list.
 */
export function asWriter(path: string): string {
  return `set -f
crb_path=${quote(path)}
${follow}
if [ "$(id -u)" = 0 ]; then echo self; exec sh -s; fi
if [ -f "$crb_target" ] && [ -r "$crb_target" ] && [ -w "$crb_target" ] && [ -O "$crb_target" ] && [ -w "\${crb_target%/*}/" ]
then echo self; exec sh -s; fi
if [ ! -e "$crb_target" ]; then
  crb_up=\${crb_target%/*}
  while [ -n "$crb_up" ] && [ ! -e "$crb_up" ]; do crb_up=\${crb_up%/*}; done
  if [ -w "$crb_up/" ] && [ -O "$crb_up/" ]; then echo self; exec sh -s; fi
fi
if sudo -n true 2>/dev/null; then echo sudo; exec sudo -n sh -s; fi
echo no-sudo`;
}

/**
 * Replaces a file so that whoever reads it sees the old bytes or the new ones: a copy with a time stamp beside it, a temporary file with
 * its owner and mode, written out to disk, renamed over it, and read back. The braces make the shell read all of it before any of it
 * runs: a connection that breaks while this is sent changes nothing. Prints `STATUS\nDETAIL`; why it is refused is an id of failureMessages.
 */
export function replaceScript({ path, base, text, stamp, keptBackups }: Replacement): string {
  return `{
${prelude(path)}
crb_base=${quote(base)}
crb_text=${quote(text)}
crb_backup=$crb_target.${stamp}.bak
crb_temporary=$crb_folder.\${crb_target##*/}.${stamp}.tmp
crb_made=
crb_stop() {
  if [ -n "$crb_made" ]; then rm -f "$crb_temporary" "$crb_backup"; fi
  printf '%s\\n%s' "$1" "$2"
  exit 0
}
crb_owned() { set -- $(ls -ldn "$1"); crb_kept="$1 $3 $4"; }
trap 'crb_stop interrupted' HUP INT TERM
[ -e "$crb_target" ] || crb_stop missing
[ -f "$crb_target" ] || crb_stop refused file-special
crb_holds "$crb_target" "$crb_base" || crb_stop changed
for crb_new in "$crb_backup" "$crb_temporary"; do
  if [ -e "$crb_new" ] || [ -L "$crb_new" ]; then printf 'refused\\nwrite-backup-there'; exit 0; fi
done
crb_sweep
crb_made=1
cp -p "$crb_target" "$crb_backup" && crb_holds "$crb_backup" "$crb_base" || crb_stop refused write-no-backup
cp -p "$crb_target" "$crb_temporary" && printf %s "$crb_text" | cat >"$crb_temporary" && crb_holds "$crb_temporary" "$crb_text" ||
  crb_stop refused write-no-copy
crb_owned "$crb_target"
crb_before=$crb_kept
crb_owned "$crb_temporary"
[ "$crb_before" = "$crb_kept" ] || crb_stop refused write-owner
crb_flush "$crb_temporary"
crb_holds "$crb_target" "$crb_base" || crb_stop changed
mv -f "$crb_temporary" "$crb_target" || crb_stop refused write-not-replaced
crb_made=
crb_flush "$crb_folder"
crb_holds "$crb_target" "$crb_text" || crb_stop unverified "$crb_backup"
set +f
set -- "$crb_target".????????T??????.???Z.bak
while [ $# -gt ${Math.max(1, Math.floor(keptBackups))} ]; do rm -f "$1"; shift; done
printf 'written\\n%s' "$crb_backup"
exit 0
} </dev/null
`;
}

export interface Creation {
  readonly path: string;
  readonly text: string;
  readonly stamp: string;
}

/**
 * Makes a file, and the folders above it, so that whoever reads it sees nothing or all of it: a temporary file that is linked to its name,
 * which fails where something stands there already. Readable for all, as configuration is. Prints `STATUS\nDETAIL`.
 */
export function createScript({ path, text, stamp }: Creation): string {
  return `{
${prelude(path)}
crb_text=${quote(text)}
umask 022
crb_temporary=$crb_folder.\${crb_target##*/}.${stamp}.tmp
crb_stop() { rm -f "$crb_temporary"; printf '%s\\n%s' "$1" "$2"; exit 0; }
trap 'crb_stop interrupted' HUP INT TERM
if [ -e "$crb_target" ] || [ -L "$crb_path" ]; then printf changed; exit 0; fi
mkdir -p "$crb_folder" || { printf 'refused\\nwrite-no-folder'; exit 0; }
crb_sweep
printf %s "$crb_text" | cat >"$crb_temporary" && crb_holds "$crb_temporary" "$crb_text" || crb_stop refused write-not-written
crb_flush "$crb_temporary"
if ! ln "$crb_temporary" "$crb_target"; then
  [ -e "$crb_target" ] && crb_stop changed
  crb_stop refused write-not-placed
fi
rm -f "$crb_temporary"
crb_flush "$crb_folder"
crb_holds "$crb_target" "$crb_text" || crb_stop unverified "$crb_target"
printf 'written\\n'
exit 0
} </dev/null
`;
}

/** Takes a file away that still holds `base`, and its folder where that is empty then. Prints `STATUS\nDETAIL`. */
export function removeScript({ path, base }: { readonly path: string; readonly base: string }): string {
  return `{
${prelude(path)}
crb_base=${quote(base)}
crb_stop() { printf '%s\\n%s' "$1" "$2"; exit 0; }
[ -e "$crb_target" ] || crb_stop missing
[ -f "$crb_target" ] || crb_stop refused file-special
crb_holds "$crb_target" "$crb_base" || crb_stop changed
crb_sweep
rm -f "$crb_target" || crb_stop refused write-not-removed
rmdir "$crb_folder" 2>/dev/null || crb_flush "$crb_folder"
printf 'written\\n'
exit 0
} </dev/null
`;
}

/**
 * What the scripts share: the file that is meant, whether it holds a text, that the disk has it, and that temporary files of writes that
 * were killed go with the next one. Of two at once the first may lose its own so: it is refused then, and the file is whole.
 */
function prelude(path: string): string {
  return `set -f
LC_ALL=C
export LC_ALL
crb_path=${quote(path)}
${follow}
crb_folder=\${crb_target%/*}/
crb_holds() { crb_now=$(cat "$1" && echo x) && [ "$crb_now" = "$2x" ]; }
crb_sweep() { set +f; rm -f "$crb_folder.\${crb_target##*/}".????????T??????.???Z.tmp; set -f; }
crb_flush() { sync "$1" 2>/dev/null || dd if=/dev/null of="$1" conv=notrunc,fsync 2>/dev/null || sync; }`;
}

/** A link stays a link: the file behind it is what is replaced. \`$( )\` takes newlines off the end of a name: hence the x. */
const follow = `crb_target=$crb_path
if [ -L "$crb_path" ]; then crb_target=$(readlink -f "$crb_path" && echo x) && crb_target=\${crb_target%?x} || crb_target=$crb_path; fi`;
