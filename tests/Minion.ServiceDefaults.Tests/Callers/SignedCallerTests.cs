using Minion.Contracts.Callers;
using Minion.ServiceDefaults.Callers;

namespace Minion.ServiceDefaults.Tests.Callers;

public sealed class SignedCallerTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Caller Ada = new("acme", "user:ada", ["tools:http_get", "admin"]);

    [Fact]
    public void What_was_signed_comes_out_again()
    {
        var caller = SignedCaller.Verify(SignedCaller.Sign(Ada, "tools", Now, Key), "tools", Now.AddSeconds(59), Key).Caller.ShouldNotBeNull();
        caller.Tenant.ShouldBe("acme");
        caller.Principal.ShouldBe("user:ada");
        caller.Permissions.ShouldBe(["tools:http_get", "admin"]);
    }

    [Theory]
    [InlineData(61)]
    [InlineData(3_600)]
    [InlineData(-11)]
    public void One_that_is_too_old_or_from_the_future_is_refused(int secondsLater) =>
        SignedCaller.Verify(SignedCaller.Sign(Ada, "tools", Now, Key), "tools", Now.AddSeconds(secondsLater), Key)
            .ShouldBe(Verdict.Refuse("has expired"));

    [Theory]
    [InlineData("memory")]
    [InlineData("")]
    [InlineData("tool")]
    public void One_that_is_meant_for_another_service_is_refused(string audience) =>
        SignedCaller.Verify(SignedCaller.Sign(Ada, "tools", Now, Key), audience, Now, Key).ShouldBe(Verdict.Refuse("is meant for another service"));

    [Fact]
    public void No_bit_of_it_can_be_changed()
    {
        var token = SignedCaller.Sign(Ada, "tools", Now, Key);
        for (var bit = 0; bit < token.Length * 8; bit++)
        {
            var forged = token.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            SignedCaller.Verify(forged, "tools", Now, Key).ShouldBe(Verdict.Refuse("has a signature that does not hold"), $"bit {bit}");
        }
    }

    [Fact]
    public void Nothing_can_be_cut_off_or_added()
    {
        var token = SignedCaller.Sign(Ada, "tools", Now, Key);
        for (var length = 0; length < token.Length; length++)
        {
            SignedCaller.Verify(token.AsSpan(0, length), "tools", Now, Key).Caller.ShouldBeNull();
        }

        SignedCaller.Verify([.. token, 0], "tools", Now, Key).Caller.ShouldBeNull();
        SignedCaller.Verify(new byte[100_000], "tools", Now, Key).Caller.ShouldBeNull();
    }

    [Fact]
    public void Another_key_does_not_do() =>
        SignedCaller.Verify(SignedCaller.Sign(Ada, "tools", Now, new byte[32]), "tools", Now, Key).Caller.ShouldBeNull();
}
