using Minion.Models.Api;

namespace Minion.Models.Tests.Money;

public sealed class AmountTests
{
    [Theory]
    [InlineData("0", true)]
    [InlineData("12.50", true)]
    [InlineData("0.000000000001", true)]
    [InlineData("1.5000000000000000", true)]
    [InlineData("0.0000000000001", false)]
    [InlineData("1.0000000000001", false)]
    [InlineData("0.000000000000000000000000000000000001", false)]
    [InlineData("-1", false)]
    [InlineData("1e-3", false)]
    public void An_amount_is_taken_as_it_is_written_or_not_at_all(string text, bool taken) => (Numbers.Amount(text) is not null).ShouldBe(taken);
}
