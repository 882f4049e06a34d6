namespace Minion.Cli.Tests;

public sealed class NearestTests
{
    [Theory]
    [InlineData("staus", "status")]
    [InlineData("log", "logs")]
    [InlineData("doctr", "doctor")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void A_misspelt_name_finds_the_near_one_only(string given, string? expected) =>
        Nearest.Find(given, ["status", "logs", "doctor", "apply"]).ShouldBe(expected);
}
