#compdef ornstein
# Completes ornstein in zsh: the program is asked for the words that can stand at the cursor. Where it knows none, files are completed.
_ornstein() {
    local line="${BUFFER#$words[1]}"
    line="${line# }"
    local position=$((CURSOR - (${#BUFFER} - ${#line})))
    local -a found
    found=("${(@f)$("$words[1]" "[suggest:$position]" "$line" 2>/dev/null)}")
    found=(${found:#})
    if (( ${#found} )); then compadd -- $found; else _files; fi
}
if [ "$funcstack[1]" = "_ornstein" ]; then _ornstein "$@"; else compdef _ornstein ornstein; fi
