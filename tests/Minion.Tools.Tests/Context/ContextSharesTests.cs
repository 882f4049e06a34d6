using Minion.Tools.Context;

namespace Minion.Tools.Tests.Context;

public sealed class ContextSharesTests
{
    [Theory]
    [InlineData(new[] { 10, 10 }, 100, new[] { 10, 10 })]
    [InlineData(new[] { 500, 10 }, 100, new[] { 90, 10 })]
    [InlineData(new[] { 500, 500, 20 }, 100, new[] { 40, 40, 20 })]
    [InlineData(new[] { 0, 500 }, 100, new[] { 0, 100 })]
    [InlineData(new int[0], 100, new int[0])]
    public void What_some_leave_is_divided_among_the_others(int[] wanted, int total, int[] shares) =>
        ContextShares.Of(wanted, total).ShouldBe(shares);

    [Fact]
    public void A_section_tells_as_much_as_fits_and_says_that_there_is_more()
    {
        var section = new ContextSection("Title", ["first", new string('x', 400), "third"]);

        section.Render(1000).Shortened.ShouldBeFalse();
        section.Render(20).ShouldBe(("Title\nfirst\nthird", 6, true));
        section.Render(1).Text.ShouldBe("");
    }
}
