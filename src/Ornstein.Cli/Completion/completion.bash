# Completes ornstein in bash: the program is asked for the words that can stand at the cursor. Where it knows none, files are completed.
_ornstein() {
    local line="${COMP_LINE#"${COMP_WORDS[0]}"}"
    line="${line# }"
    local position=$((COMP_POINT - (${#COMP_LINE} - ${#line})))
    local current="${COMP_WORDS[COMP_CWORD]}"
    local words
    words="$("${COMP_WORDS[0]}" "[suggest:$position]" "$line" 2>/dev/null)"
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _ornstein ornstein
