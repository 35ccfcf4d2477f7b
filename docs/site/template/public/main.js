export default {
    configureHljs(hljs) {
        // A block without a language is a command line, output or a picture in characters: no language is to be guessed.
        hljs.configure({ languages: [] })
        // Blocks in the comments of the source are formulas, which docfx takes for C#.
        document.querySelectorAll('.markdown.summary pre code, .markdown.remarks pre code').forEach(code => { code.className = 'lang-plaintext' })
    },
}
