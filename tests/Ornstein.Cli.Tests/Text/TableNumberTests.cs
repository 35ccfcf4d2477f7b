using Ornstein.Experiments.Tables;
using Ornstein.Experiments.Text;

namespace Ornstein.Cli.Tests.Text;

public class TableNumberTests
{
    [Theory]
    [InlineData(-0.001, "0.00", "0.00")]
    [InlineData(-0.0, "F1", "0.0")]
    [InlineData(-0.0004, "0.###", "0")]
    [InlineData(-0.006, "0.00", "-0.01")]
    [InlineData(-20, "0", "-20")]
    [InlineData(-1e-5, "0.0e-0", "-1.0e-5")]
    [InlineData(double.NegativeInfinity, "0.0", "-Infinity")]
    public void Text_WhatRoundsToZero_HasNoSign(double value, string format, string expected) => Assert.Equal(expected, TableNumber.Text(value, format));

    [Fact]
    public void ToString_SpreadThatRoundsToZero_HasNoSign() => Assert.Equal("0.000 ± 0.000", Spread.Of([-1e-9, -3e-9]).ToString());

    [Fact]
    public void Words_NumbersThatRoundToZero_HaveNoSign() => Assert.Equal(("0", "0.000"), (PhaseWords.Number(-1e-9), PhaseWords.Nats(-1e-9)));
}
