using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Data;
using Minion.Tools.Execution;
using Minion.Tools.Idempotency;
using Npgsql;

namespace Minion.Tools.Tests.Idempotency;

/// <summary>Calls with a key in the database, as several processes see them.</summary>
public sealed class KeyedCallStoreTests(ToolsDatabase fixture) : IClassFixture<ToolsDatabase>, IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = fixture.Database.DataSource(DatabaseRoles.Tools);
    private readonly List<CallOwner> _owners = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var owner in _owners)
        {
            await owner.StopAsync(CancellationToken.None);
            owner.Dispose();
        }
    }

    [Fact]
    public async Task What_came_of_a_call_is_known_to_all_processes()
    {
        var (one, two) = (await ProcessAsync(), await ProcessAsync());
        var call = Call("finished");
        var (claim, kept) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var report = new ToolReport(new ToolResult(JsonElement.Parse("{}")), 1)
        {
            Json = "{\"a\": [1, \"ü\"]}",
            Trimmed = true,
            Untrusted = true,
            KeptId = kept,
            ResultBytes = 99,
            CostUsd = 0.5,
        };

        (await one.BeginAsync(call, "t", claim, Token)).ShouldBeNull();
        (await two.BeginAsync(call, "t", Guid.CreateVersion7(), Token))!.IsUnderWay.ShouldBeTrue();
        await one.FinishAsync(call, claim, report, Token);
        var first = (await two.BeginAsync(call, "t", Guid.CreateVersion7(), Token)).ShouldNotBeNull();

        first.Claim.ShouldBe(claim);
        first.ArgumentsHash.ShouldBe(call.ArgumentsHash);
        var stored = first.Result.ShouldNotBeNull();
        (stored.Json, stored.Trimmed, stored.Untrusted, stored.KeptId, stored.ResultBytes, stored.CostUsd, stored.Repeated, stored.Attempts)
            .ShouldBe((report.Json, true, true, kept, 99, 0.5, true, 0));
        (await one.BeginAsync(call with { Tenant = "elsewhere" }, "t", claim, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_of_a_process_that_is_gone_is_not_under_way_and_one_goes_on_with_it()
    {
        var (one, two, three) = (await ProcessAsync(), await ProcessAsync(), await ProcessAsync());
        var call = Call("interrupted");
        var (claim, next) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        (await one.BeginAsync(call, "t", claim, Token)).ShouldBeNull();

        (await two.BeginAsync(call, "t", next, Token))!.IsUnderWay.ShouldBeTrue();
        await _owners[0].StopAsync(Token);
        KeyedCall? first = null;
        await Eventually.HoldsAsync(async () => (first = await two.BeginAsync(call, "t", next, Token)) is { IsUnderWay: false });

        first!.Result.ShouldBeNull();
        (await two.TakeOverAsync(call, first.Claim, next, Token)).ShouldBeTrue();
        (await three.TakeOverAsync(call, first.Claim, Guid.CreateVersion7(), Token)).ShouldBeFalse();
        (await three.BeginAsync(call, "t", Guid.CreateVersion7(), Token))!.IsUnderWay.ShouldBeTrue();
        await two.ReleaseAsync(call, claim, Token);
        (await three.BeginAsync(call, "t", Guid.CreateVersion7(), Token)).ShouldNotBeNull();
        await two.ReleaseAsync(call, next, Token);
        (await three.BeginAsync(call, "t", Guid.CreateVersion7(), Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_call_that_ended_without_a_result_is_not_under_way_although_its_process_lives()
    {
        var (one, two) = (await ProcessAsync(), await ProcessAsync());
        var call = Call("left");
        var claim = Guid.CreateVersion7();
        (await one.BeginAsync(call, "t", claim, Token)).ShouldBeNull();

        await one.LeaveAsync(call, claim, Token);

        await Eventually.HoldsAsync(async () => await two.BeginAsync(call, "t", Guid.CreateVersion7(), Token) is { IsUnderWay: false, Result: null });
        (await one.BeginAsync(call, "t", Guid.CreateVersion7(), Token))!.IsUnderWay.ShouldBeFalse();
    }

    [Fact]
    public async Task Keys_are_forgotten_when_their_time_is_over()
    {
        var store = await ProcessAsync();
        var (old, young) = (Call("old"), Call("young"));
        var claim = Guid.CreateVersion7();
        await store.BeginAsync(old, "t", claim, Token);
        await store.BeginAsync(young, "t", claim, Token);
        await using (var transaction = await _database.BeginTenantAsync(old.Tenant, Token))
        {
            await using var age = new NpgsqlCommand("UPDATE tools.keyed_calls SET expires_at = now() - interval '1 second' WHERE key = $1", transaction.Connection, transaction.Transaction)
            {
                Parameters = { new() { Value = old.Key } },
            };
            (await age.ExecuteNonQueryAsync(Token)).ShouldBe(1);
            await transaction.CommitAsync(Token);
        }

        (await store.PruneAsync(100, Token)).ShouldBe(1);

        (await store.BeginAsync(old, "t", Guid.CreateVersion7(), Token)).ShouldBeNull();
        (await store.BeginAsync(young, "t", Guid.CreateVersion7(), Token)).ShouldNotBeNull();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CallIdentity Call(string key) => new("keyed", SHA256.HashData(Encoding.UTF8.GetBytes(key)), [1, 2, 3]);

    /// <summary>The store as a process of its own has it.</summary>
    private async Task<KeyedCallStore> ProcessAsync()
    {
        var owner = new CallOwner(_database, TimeProvider.System, NullLogger<CallOwner>.Instance);
        _owners.Add(owner);
        await owner.StartAsync(CancellationToken.None);
        return new KeyedCallStore(_database, owner, Options.Create(new IdempotencyOptions()), TimeProvider.System);
    }
}
