using Minion.Tools.BuiltIn;
using Minion.Tools.BuiltIn.Calculator;

namespace Minion.Tools.Tests.BuiltIn;

public sealed class CalculatorTests
{
    [Theory]
    [InlineData("17.5/100*2340", "409.5")]
    [InlineData("17.5 % of 2340", "409.5")]
    [InlineData("17.5% * 2340", "409.5")]
    [InlineData("0.1+0.2", "0.3")]
    [InlineData("1/3*3", "1")]
    [InlineData("1/3", "0.333333333333333")]
    [InlineData("2/3", "0.666666666666667")]
    [InlineData("1/8", "0.125")]
    [InlineData("10 % 3", "1")]
    [InlineData("10 % (1+2)", "1")]
    [InlineData("-7 % 3", "-1")]
    [InlineData("50%", "0.5")]
    [InlineData("50% - 3", "-2.5")]
    [InlineData("200 + 10%", "200.1")]
    [InlineData("2^3^2", "512")]
    [InlineData("-2^2", "-4")]
    [InlineData("(-2)^2", "4")]
    [InlineData("2^-2", "0.25")]
    [InlineData("2**10", "1024")]
    [InlineData("2^0.5", "1.4142135623731")]
    [InlineData("2^1000", "1.07150860718627E+301")]
    [InlineData("--3", "3")]
    [InlineData("2 - -3", "5")]
    [InlineData("6 ÷ 2 × 3 − 1", "8")]
    [InlineData("1.5e3 + 2E-1", "1500.2")]
    [InlineData(".5 + 5.", "5.5")]
    [InlineData("sqrt(16)", "4")]
    [InlineData("sqrt(2)^2", "2")]
    [InlineData("sqrt(0.25)", "0.5")]
    [InlineData("abs(-3.5)", "3.5")]
    [InlineData("round(2.345, 2)", "2.35")]
    [InlineData("round(-2.5)", "-3")]
    [InlineData("floor(-2.5) + ceil(2.1)", "0")]
    [InlineData("min(3, 1, 2) + MAX(1, 5)", "6")]
    [InlineData("ln(e)", "1")]
    [InlineData("log(1000)", "3")]
    [InlineData("log(8, 2)", "3")]
    [InlineData("exp(0)", "1")]
    [InlineData("cos(pi)", "-1")]
    [InlineData("sin(0) + tan(0)", "0")]
    [InlineData("12345678901234567.89 + 0.01", "12345678901234567.9")]
    [InlineData("79228162514264337593543950335 + 1", "79228162514264300000000000000")]
    [InlineData("123456789012345.123 * 98765432109876.123", "12193263113702100000000000000")]
    [InlineData("0.1 - 0.1", "0")]
    public void An_expression_has_its_value(string expression, string value) =>
        Expression.Evaluate(expression).ToString().ShouldBe(value);

    [Theory]
    [InlineData("", 1, "ends where a number is expected")]
    [InlineData("1 +", 4, "ends where a number is expected")]
    [InlineData("1 / 0", 3, "division by zero")]
    [InlineData("1 % (2 - 2)", 3, "division by zero")]
    [InlineData("0 ^ -1", 3, "division by zero")]
    [InlineData("2,340 / 2", 2, "without thousands separators")]
    [InlineData("1 2", 3, "'2' is not expected")]
    [InlineData("2pi", 2, "'p' is not expected")]
    [InlineData("(1 + 2", 7, "')' is missing")]
    [InlineData("1 + 2)", 6, "')' is not expected")]
    [InlineData("foo(1)", 1, "there is no 'foo'")]
    [InlineData("sqrt(1, 2)", 1, "takes 1 arguments, not 2")]
    [InlineData("sqrt 4", 6, "'(' is expected")]
    [InlineData("sqrt(-1)", 1, "no real number")]
    [InlineData("ln(0)", 1, "too large")]
    [InlineData("(-8)^0.5", 5, "no real number")]
    [InlineData("10^400", 3, "too large")]
    [InlineData("9^9^9", 2, "too large")]
    [InlineData("1..2", 3, "is not expected")]
    [InlineData(".", 1, "no number")]
    [InlineData("__import__('os')", 1, "'_' is not expected")]
    public void A_wrong_expression_is_explained_with_its_position(string expression, int position, string message)
    {
        var error = Should.Throw<ExpressionError>(() => Expression.Evaluate(expression));

        error.Position.ShouldBe(position);
        error.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("sqrt(")]
    public void Nesting_is_bounded(string opening)
    {
        var expression = string.Concat(Enumerable.Repeat(opening, 200)) + "1";

        Should.Throw<ExpressionError>(() => Expression.Evaluate(expression)).Message.ShouldContain("nested too deeply");
    }

    [Fact]
    public async Task The_tool_gives_value_and_text()
    {
        var value = (await new CalculatorTool().InvokeAsync("""{"expression":"17.5/100*2340"}""")).Value();

        value.GetRawText().ShouldBe("""{"value":409.5,"text":"409.5"}""");
    }

    [Fact]
    public async Task The_tool_says_what_is_wrong_and_what_to_do()
    {
        var failure = (await new CalculatorTool().InvokeAsync("""{"expression":"1 / (2 - 2)"}""")).Failure();

        failure.Message.ShouldBe("The expression cannot be evaluated: at position 3, division by zero.");
        failure.Retryable.ShouldBeFalse();
    }
}
