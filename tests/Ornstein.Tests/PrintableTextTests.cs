using Ornstein.Storage;

namespace Ornstein.Tests;

public class PrintableTextTests
{
    [Theory]
    [InlineData("a\u001b[31mb", "a\\x1b[31mb")]
    [InlineData("\r\n\t\0\u007f", "\\x0d\\x0a\\x09\\x00\\x7f")]
    [InlineData("\u0085\u009b", "\\x85\\x9b")]
    [InlineData("\u2028\u2029", "\\u2028\\u2029")]
    [InlineData("\u202a\u202e\u2066\u2069", "\\u202a\\u202e\\u2066\\u2069")]
    public void Of_WhatATerminalObeys_IsEscaped(string text, string shown) => Assert.Equal(shown, PrintableText.Of(text));

    [Theory]
    [InlineData("")]
    [InlineData(@"C:\x\ünï 画像.png")]
    [InlineData("\u2027\u202f\u2065\u206a\u00a0\U0001F600")]
    public void Of_AnythingElse_IsTheSameText(string text) => Assert.Same(text, PrintableText.Of(text));

    [Fact]
    public void Cannot_NameWithAnEscape_ShowsIt()
    {
        var error = FileTrouble.Cannot("read", "/no/\u001b[31m", new FileNotFoundException());
        Assert.Equal("Cannot read '/no/\\x1b[31m': there is no such file.", error.Message);
    }

    [Fact]
    public void Cannot_NameThatIsNotUtf8_SaysSo() => Assert.Contains(
        "not valid UTF-8", FileTrouble.Cannot("read", "/no/\uFFFD", new FileNotFoundException()).Message, StringComparison.Ordinal);
}
