/**
 * What makes shells complete commands of limbeck. Each script asks `limbeck complete -- <words>`, the words being those
 * after the program's name up to the cursor; see `complete.ts` for the answer.
 */

/**
 * For bash 3.2 (macOS) and later. Readline replaces only what follows the last of COMP_WORDBREAKS (bash(1),
 * "Programmable Completion"), which holds `:`, `=` and `@`: what comes before it is cut off each candidate. The words
 * are split here, because COMP_WORDS is split at those, too.
 */
export const BASH = `# limbeck completion for bash. In ~/.bashrc: source <(limbeck completion bash)
_limbeck() {
  local line="\${COMP_LINE:0:COMP_POINT}" current kept="" breaks="" mark word rest
  local -a words
  read -r -a words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current="\${words[\${#words[@]} - 1]}"
  for mark in : = @; do
    [[ $COMP_WORDBREAKS == *"$mark"* ]] && breaks+="$mark"
  done
  [[ -n $breaks ]] && kept="\${current%"\${current##*[$breaks]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r word rest; do
    case "$word" in
      :file) mark=-f ;;
      :folder) mark=-d ;;
      *) COMPREPLY+=("\${word#"$kept"}"); continue ;;
    esac
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$mark" -- "\${current#"$kept"}")
  done < <(limbeck complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _limbeck limbeck
`

/** `_describe` takes `word:description`, colons of the word behind a backslash (zshcompsys(1)). */
export const ZSH = `#compdef limbeck
# limbeck completion for zsh. In ~/.zshrc, after compinit: source <(limbeck completion zsh)
_limbeck() {
  local line word
  local -a candidates
  for line in "\${(@f)$(limbeck complete -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}"; do
    word="\${line%%$'\\t'*}"
    case "$word" in
      '') ;;
      :file) _files ;;
      :folder) _files -/ ;;
      *) candidates+=("\${word//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( \${#candidates} )) && _describe limbeck candidates
}
if [[ "\${funcstack[1]}" == _limbeck ]]; then
  _limbeck "$@"
else
  compdef _limbeck limbeck
fi
`

/** fish takes `word<tab>description` as it comes (complete(1)). */
export const FISH =
  `# limbeck completion for fish. Once: limbeck completion fish > ~/.config/fish/completions/limbeck.fish
function __limbeck_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (limbeck complete -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':file*'
                __fish_complete_path "$current"
            case ':folder*'
                __fish_complete_directories "$current"
            case '*'
                printf '%s\\n' $line
        end
    end
end
complete -c limbeck -f -a '(__limbeck_complete)'
`
