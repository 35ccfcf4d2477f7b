# Completes ornstein in fish: the program is asked for the words that can stand at the cursor. Files are offered beside them.
function __ornstein_words
    set -l line (commandline --current-process --cut-at-cursor)
    set -l rest (string replace --regex '^\s*\S+\s?' '' -- "$line")
    ornstein "[suggest:"(string length -- "$rest")"]" "$rest" 2>/dev/null
end
complete --command ornstein --arguments '(__ornstein_words)'
