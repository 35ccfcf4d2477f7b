# Completes ornstein in fish: the program is asked for the words that can stand at the cursor. Where it knows none, files are completed.
function __ornstein_words
    set -l line (commandline --cut-at-cursor)
    set -l rest (string replace --regex '^\s*\S+\s?' '' -- "$line")
    ornstein "[suggest:"(string length -- "$rest")"]" "$rest" 2>/dev/null
end
complete --command ornstein --arguments '(__ornstein_words)'
