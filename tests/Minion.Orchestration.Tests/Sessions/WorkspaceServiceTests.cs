using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Tests.Sessions;

public sealed class WorkspaceServiceTests(DefinitionsHost host) : IClassFixture<DefinitionsHost>
{
    [Fact]
    public async Task A_value_is_written_read_replaced_and_deleted_under_its_etag()
    {
        var (caller, id) = await NewSessionAsync();

        var first = await SetAsync(caller, id, "plan/draft", """{"b": 1, "a": [1.50, "ü"]}""", "*");
        var read = (await host.Workspaces.GetValueAsync(new GetValueRequest { SessionId = id, Key = "plan/draft" }, caller)).Value;
        var second = await SetAsync(caller, id, "plan/draft", "2", first.Etag);

        read.ShouldBe(first);
        read.Value.ShouldBe("""{"b": 1, "a": [1.50, "ü"]}""");
        read.UpdatedBy.ShouldBe("user:ada");
        second.Etag.ShouldNotBe(first.Etag);
        (await FailureAsync(SetAsync(caller, id, "plan/draft", "3", first.Etag))).Status.Detail.ShouldContain(second.Etag);
        (await FailureAsync(SetAsync(caller, id, "plan/draft", "3", "*"))).Status.Detail.ShouldContain(second.Etag);
        (await FailureAsync(SetAsync(caller, id, "other", "3", first.Etag))).StatusCode.ShouldBe(StatusCode.Aborted);
        (await FailureAsync(DeleteAsync(caller, id, "plan/draft", first.Etag))).StatusCode.ShouldBe(StatusCode.Aborted);
        await DeleteAsync(caller, id, "plan/draft", second.Etag);
        (await FailureAsync(DeleteAsync(caller, id, "plan/draft", ""))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureAsync(host.Workspaces.GetValueAsync(new GetValueRequest { SessionId = id, Key = "plan/draft" }, caller).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Of_many_who_change_a_value_at_once_one_succeeds_each_time()
    {
        var (caller, id) = await NewSessionAsync();
        await SetAsync(caller, id, "counter", "0", "*");

        async Task IncrementAsync()
        {
            while (true)
            {
                var now = (await host.Workspaces.GetValueAsync(new GetValueRequest { SessionId = id, Key = "counter" }, caller)).Value;
                try
                {
                    await SetAsync(caller, id, "counter", $"{int.Parse(now.Value) + 1}", now.Etag);
                    return;
                }
                catch (RpcException conflict) when (conflict.StatusCode == StatusCode.Aborted)
                {
                    // Another was first: again, on what it is now.
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => IncrementAsync()));

        (await host.Workspaces.GetValueAsync(new GetValueRequest { SessionId = id, Key = "counter" }, caller)).Value.Value.ShouldBe("20");
    }

    [Fact]
    public async Task Five_megabytes_are_refused_by_name_and_one_mebibyte_is_kept()
    {
        var (caller, id) = await NewSessionAsync();
        var most = $"\"{new string('x', (1024 * 1024) - 2)}\"";

        (await SetAsync(caller, id, "big", most, "")).Bytes.ShouldBe(1024 * 1024);
        var (error, details) = await DefinitionsHost.FailureOf(
            host.Workspaces.SetValueAsync(new SetValueRequest { SessionId = id, Key = "huge", Value = $"\"{new string('x', 5_000_000)}\"" }, caller));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        details.Fields.ShouldHaveSingleItem().ToString().ShouldContain("has 5,000,002 bytes; at most 1,048,576 (1 MiB) are allowed.");
    }

    [Fact]
    public async Task All_bad_fields_are_named_at_once()
    {
        var caller = host.NewTenant();

        var (_, set) = await DefinitionsHost.FailureOf(host.Workspaces.SetValueAsync(
            new SetValueRequest { SessionId = "x", Key = "no space", Value = "not json", ExpectedEtag = "?" }, caller));
        var (_, list) = await DefinitionsHost.FailureOf(host.Workspaces.ListValuesAsync(
            new ListValuesRequest { SessionId = "", Prefix = "a b", PageSize = 201, PageToken = "?" }, caller));

        set.Fields.Select(f => f.Field).ShouldBe(["session_id", "key", "value", "expected_etag"]);
        list.Fields.Select(f => f.Field).ShouldBe(["session_id", "prefix", "page_size", "page_token"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("nul\0")]
    [InlineData("\"a\" \"b\"")]
    public async Task What_is_not_JSON_is_refused(string value)
    {
        var (caller, id) = await NewSessionAsync();

        (await FailureAsync(SetAsync(caller, id, "k", value, ""))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Keys_are_listed_by_prefix_page_by_page()
    {
        var (caller, id) = await NewSessionAsync();
        foreach (var key in new[] { "b/2", "a", "b/1", "B/9", "b/3", "c" })
        {
            await SetAsync(caller, id, key, "true", "");
        }

        var first = await host.Workspaces.ListValuesAsync(new ListValuesRequest { SessionId = id, Prefix = "b/", PageSize = 2 }, caller);
        var rest = await host.Workspaces.ListValuesAsync(
            new ListValuesRequest { SessionId = id, Prefix = "b/", PageSize = 2, PageToken = first.NextPageToken }, caller);

        first.Values.Select(v => v.Key).ShouldBe(["b/1", "b/2"]);
        first.Values.ShouldAllBe(v => v.Value == "" && v.Bytes == 4);
        rest.Values.Select(v => v.Key).ShouldBe(["b/3"]);
        rest.NextPageToken.ShouldBe("");
    }

    [Fact]
    public async Task A_workspace_has_a_thousand_keys_and_no_more_also_when_many_write()
    {
        var (caller, id) = await NewSessionAsync();
        var written = await Task.WhenAll(Enumerable.Range(0, 1_010).Select(async i =>
        {
            try
            {
                await SetAsync(caller, id, $"k{i}", "1", "");
                return true;
            }
            catch (RpcException full) when (full.StatusCode == StatusCode.ResourceExhausted)
            {
                return false;
            }
        }));

        written.Count(w => w).ShouldBe(1_000);
        var there = (await host.Workspaces.ListValuesAsync(new ListValuesRequest { SessionId = id, PageSize = 1 }, caller)).Values.Single();
        (await SetAsync(caller, id, there.Key, "2", "")).Etag.ShouldNotBe(there.Etag);
    }

    [Fact]
    public async Task Another_tenants_session_and_one_that_is_over_take_nothing()
    {
        var (caller, id) = await NewSessionAsync();
        var stranger = host.NewTenant();

        (await FailureAsync(SetAsync(stranger, id, "k", "1", ""))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await FailureAsync(host.Workspaces.ListValuesAsync(new ListValuesRequest { SessionId = id }, stranger).ResponseAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
        await host.Sessions.CloseSessionAsync(new CloseSessionRequest { Id = id }, caller);
        (await FailureAsync(SetAsync(caller, id, "k", "1", ""))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    private async Task<(Metadata Caller, string Id)> NewSessionAsync()
    {
        var caller = host.NewTenant();
        var request = new CreateSessionRequest { TimeToLive = Duration.FromTimeSpan(TimeSpan.FromHours(1)) };
        return (caller, (await host.Sessions.CreateSessionAsync(request, caller)).Session.Id);
    }

    private async Task<WorkspaceValue> SetAsync(Metadata caller, string session, string key, string value, string expected) =>
        (await host.Workspaces.SetValueAsync(new SetValueRequest { SessionId = session, Key = key, Value = value, ExpectedEtag = expected }, caller)).Value;

    private async Task<DeleteValueResponse> DeleteAsync(Metadata caller, string session, string key, string expected) =>
        await host.Workspaces.DeleteValueAsync(new DeleteValueRequest { SessionId = session, Key = key, ExpectedEtag = expected }, caller);

    private static async Task<RpcException> FailureAsync<T>(Task<T> call) => await Should.ThrowAsync<RpcException>(call);
}
