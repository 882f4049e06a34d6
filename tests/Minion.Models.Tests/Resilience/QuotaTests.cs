using System.ComponentModel.DataAnnotations;
using Minion.Contracts.Callers;
using Minion.Models.Resilience;

namespace Minion.Models.Tests.Resilience;

public sealed class QuotaTests
{
    private static readonly Caller Alice = new("acme", "user:alice", ["*"]);

    [Fact]
    public void A_call_goes_against_its_tenants_users_and_agents_counters()
    {
        var quotas = new Quotas(new RateLimitOptions
        {
            Global = new() { RequestsPerMinute = 100 },
            Tenant = new() { TokensPerMinute = 5_000 },
            User = new() { RequestsPerMinute = 10 },
            Agent = new() { RequestsPerMinute = 5 },
        });

        quotas.Of(Alice, "bot").Select(q => (q.Name, q.Limit)).ShouldBe(
            [("global:calls", 100), ("tenant:acme:tokens", 5_000), ("user:acme/user:alice:calls", 10), ("agent:acme/bot:calls", 5)]);
        quotas.Of(Alice, null).Count.ShouldBe(3);
    }

    [Fact]
    public void Some_have_limits_of_their_own()
    {
        var quotas = new Quotas(new RateLimitOptions
        {
            User = new() { RequestsPerMinute = 10 },
            Overrides = { ["user=acme/user=alice"] = new() { RequestsPerMinute = 99 }, ["tenant:other"] = new() { RequestsPerMinute = 1 } },
        });

        quotas.Of(Alice, null).ShouldHaveSingleItem().Limit.ShouldBe(99);
    }

    [Fact]
    public void Nothing_is_limited_unless_somebody_says_so() => new Quotas(new RateLimitOptions()).Any.ShouldBeFalse();

    [Fact]
    public void Every_mistake_is_named()
    {
        var options = new RateLimitOptions { Global = new() { RequestsPerMinute = -1, TokensPerMinute = -5 }, Overrides = { ["team:x"] = new() } };

        options.Validate(new ValidationContext(options)).Select(e => e.ErrorMessage!).ShouldSatisfyAllConditions(
            e => e.Count().ShouldBe(3), e => e.ShouldContain(m => m.Contains("'team:x' is for nobody")), e => e.ShouldContain(m => m.Contains("-5")));
    }
}
