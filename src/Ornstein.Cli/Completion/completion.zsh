#compdef ornstein
# Completes ornstein in zsh: the program is asked for the words that can stand at the cursor. Where it knows none, files are completed.
_ornstein() {
    # The words of this command alone, up to the cursor: what stands before it in the line, as after &&, is not ours.
    local line="${(j: :)words[2,CURRENT-1]}"
    [ -n "$line" ] && line+=" "
    line+="$PREFIX"
    local position=${#line}
    local -a found
    found=("${(@f)$("$words[1]" "[suggest:$position]" "$line" 2>/dev/null)}")
    found=(${found:#})
    if (( ${#found} )); then compadd -- $found; else _files; fi
}
if [ "$funcstack[1]" = "_ornstein" ]; then _ornstein "$@"; else compdef _ornstein ornstein; fi
