/**
 * Two functions of POSIX sh that read variables as systemd has them, each printed as a line `NAME=VALUE`. A control character within a value
 * becomes a tab: no URL may hold one.
 *
 * `words LIST`: the words of a list as `systemctl show` prints it. One that needs it stands in double quotes; in these a backslash stands
 * before each of `"\`$` and before the letter of a control character (shell_maybe_quote of systemd's src/basic/escape.c).
 *
 * `assignments`: an EnvironmentFile from standard input. Quotes count only where a value, or what follows a closed quote, begins; a
 * backslash at the end of a line goes on with the next, as a quote that is not closed does; within double quotes it takes only `"\`$`
 * (parse_env_file_internal of systemd's src/basic/env-file.c).
 */
export const systemdEnvironment = `tab=$(printf '\\t')
space=" $tab"
take() { value=$value\${left%"\${left#?}"}; left=\${left#?}; }
upto() { value=$value\${left%%$1*}; left=\${left#"\${left%%$1*}"}; }
trim() { left=\${left#"\${left%%[!$space]*}"}; }
words() {
  left="$1 " value= quote=
  while [ -n "$left" ]; do
    upto '[\\\\" ]'
    case $quote$left in
      ' '*) [ -z "$value" ] || printf '%s\\n' "$value"; value= left=\${left#?} ;;
      'in '*) take ;;
      'in"'*) quote= left=\${left#?} ;;
      '"'*) quote=in left=\${left#?} ;;
      *) left=\${left#?}; case $left in [abfnrtv]*) value=$value$tab left=\${left#?} ;; *) take ;; esac ;;
    esac
  done
}
assignments() {
  state=
  while IFS= read -r left || [ -n "$left" ]; do
    if [ -z "$state" ]; then
      trim
      case $left in [#\\;]*) continue ;; *=*) ;; *) continue ;; esac
      name=\${left%%=*}; name=\${name%"\${name##*[!$space]}"}; left=\${left#*=}; value= state=begins
    fi
    while :; do
      case $state in
        begins)
          trim
          case $left in '') break ;; \\'*) state=single left=\${left#?} ;; '"'*) state=double left=\${left#?} ;; *) state=plain ;; esac ;;
        plain)
          upto '\\\\'
          case $left in
            '') value=\${value%"\${value##*[!$space]}"}; break ;;
            '\\') continue 2 ;;
            *) left=\${left#?}; take ;;
          esac ;;
        single)
          upto \\'
          case $left in '') value=$value$tab; continue 2 ;; *) state=begins left=\${left#?} ;; esac ;;
        double)
          upto '[\\\\"]'
          case $left in
            '') value=$value$tab; continue 2 ;;
            '"'*) state=begins left=\${left#?} ;;
            '\\') continue 2 ;;
            '\\'[\\\\\\"\\\`\\$]*) left=\${left#?}; take ;;
            *) take ;;
          esac ;;
      esac
    done
    printf '%s=%s\\n' "$name" "$value"; state=
  done
  [ -z "$state" ] || printf '%s=%s\\n' "$name" "$value"
}`;
