using Minion.Crash.Rounds;

namespace Minion.Crash.Tests;

public sealed class OptionTests
{
    [Fact]
    public void Options_are_read()
    {
        var options = CrashOptions.Parse(["--minutes", "20", "--seed=7", "--only", "kill,part", "--servers", "4"]);

        options.Minutes.ShouldBe(20);
        options.Seed.ShouldBe(7);
        options.Servers.ShouldBe(4);
        options.Only.ShouldBe([Blow.Kill, Blow.Part]);
    }

    [Theory]
    [InlineData("--what")]
    [InlineData("--seed")]
    [InlineData("--seed", "many")]
    [InlineData("--servers", "1")]
    [InlineData("--only", "hug")]
    public void What_is_wrong_is_refused_by_its_name(params string[] args) =>
        Should.Throw<FormatException>(() => CrashOptions.Parse(args)).Message.ShouldContain(args[0]);

    [Fact]
    public void The_same_seed_strikes_the_same()
    {
        for (var round = 1; round <= 50; round++)
        {
            var strikes = Strike.OfRound(round, seed: 9, servers: 3, only: []);

            strikes.ShouldBe(Strike.OfRound(round, seed: 9, servers: 3, only: []));
            strikes.Select(s => s.Server).ShouldBeUnique();
        }
    }

    [Fact]
    public void Every_blow_falls_sooner_or_later() =>
        Enumerable.Range(1, 300).SelectMany(round => Strike.OfRound(round, seed: 1, servers: 3, only: [])).Select(s => s.Blow).Distinct().Count()
            .ShouldBe(Enum.GetValues<Blow>().Length);
}
