# bash completion for bobbin(1)                                            -*- shell-script -*-
# SPDX-License-Identifier: GPL-3.0-or-later

# _bobbin_first COMMAND: the first column of what it lists, in words
_bobbin_first()
{
  local first rest
  words=()
  while IFS=$'\t' read -r first rest; do words+=("$first"); done < <(bobbin "$1" 2>/dev/null)
}

# _bobbin_offer WORD...: those that begin as what is typed does, quoted where the shell needs it
_bobbin_offer()
{
  local word
  for word; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$word")")
  done
  return 0
}

_bobbin_files()
{
  local word
  compopt -o filenames
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
}

# The values of an option; false where it has none to offer.
_bobbin_value()
{
  local words
  case $1 in
    --account) _bobbin_first accounts; _bobbin_offer "${words[@]}" ;;
    --thread) _bobbin_first threads; _bobbin_offer "${words[@]}" ;;
    --service) _bobbin_offer nebelus agentflow entities assistants aibtc ;;
    --transport) _bobbin_offer auto ws sse ;;
    --format) _bobbin_offer md json html txt ;;
    --attach) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    --role) _bobbin_offer user assistant system tool ;;
    --in) _bobbin_offer titles text thinking code tools data files ;;
    --name|--base-url|--agent|--option|--search|--since|--until|--limit|--keep|--port|-p) ;;
    *) return 1 ;;
  esac
}

_bobbin()
{
  local cur=${COMP_WORDS[COMP_CWORD]} prev='' command='' sub='' thread='' options words word i
  [ "$COMP_CWORD" -gt 0 ] && prev=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()

  # --option=value comes as three words
  if [ "$cur" = = ]; then
    cur=
  elif [ "$prev" = = ]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi

  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      --account|--thread|--service|--transport|--format|--attach|--name|--base-url|--agent|--option|--search|--role|--in|--since|--until|--limit|--keep|--port|-p)
        [ "${COMP_WORDS[i+1]}" = = ] && ((i++))
        ((i++)) ;;
      -*|=) ;;
      *) if [ -z "$command" ]; then command=$word; elif [ -z "$sub" ]; then sub=$word; else thread=$sub; fi ;;
    esac
  done
  _bobbin_value "$prev" && return

  options=(--help --verbose)
  case $command in
    '') options+=(--version --demo --new --quick --thread) ;;
    accounts)
      case $sub in
        add) options+=(--name --service --base-url --agent --transport --allow-unencrypted --option --key-stdin --provider-key-stdin) ;;
        check) options+=(--account-key-stdin) ;;
        key) options+=(--key-stdin --provider-key-stdin) ;;
        remove) ;;
        *) options+=(--json) ;;
      esac ;;
    ask) options+=(--account --thread --new --attach --output --approve --reject --json --account-key-stdin) ;;
    threads) options+=(--account --remote --search --json) ;;
    show) options+=(--format --account --remote) ;;
    export) options+=(--all --backup --format) ;;
    import) options+=(--account --restore) ;;
    search) options+=(--account --agent --label --role --since --until --with-files --in --limit --json) ;;
    state|metadata) options+=(--keep --account-key-stdin) ;;
    demo-server) options=(--help --port --key-stdin) ;;
    *) return ;;
  esac

  case $cur in
    -*) _bobbin_offer "${options[@]}"; return ;;
  esac
  case $command:$sub in
    :) _bobbin_offer accounts ask threads show search state metadata export import demo-server help ;;
    accounts:) _bobbin_offer add check key remove ;;
    accounts:check|accounts:key|accounts:remove) _bobbin_first accounts; _bobbin_offer "${words[@]}" ;;
    show:|state:|metadata:) _bobbin_first threads; _bobbin_offer "${words[@]}" ;;
    export:) _bobbin_first threads; _bobbin_offer "${words[@]}"; _bobbin_files ;;
    export:*|import:) _bobbin_files ;;
    state:*|metadata:*) [ -z "$thread" ] && _bobbin_offer get 'set' clear ;;
  esac
}

complete -F _bobbin bobbin
