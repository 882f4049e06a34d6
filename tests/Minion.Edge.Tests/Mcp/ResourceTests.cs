using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Minion.Edge.Tests.Mcp;

/// <summary>Agents, sessions and runs as resources.</summary>
[Collection(ServerCollection.Name)]
public sealed class ResourceTests(ServerFixture server)
{
    private static CancellationToken End => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agents_sessions_and_runs_are_listed_and_read()
    {
        var session = (await server.Sessions.CreateSessionAsync(
            new() { Agent = "hello", Title = "A title", Messages = { new Contracts.Orchestration.V1.NewMessage { Role = Contracts.Orchestration.V1.Role.User, Content = "Said before." } } },
            server.Owner)).Session;
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.OwnerKey);

        var listed = await client.ListResourcesAsync(cancellationToken: End);
        var agents = await ReadAsync(client, "minion://agents");
        var read = await ReadAsync(client, $"minion://sessions/{session.Id}");

        listed.ShouldContain(resource => resource.Uri == $"minion://sessions/{session.Id}" && resource.Title == "A title");
        agents.GetProperty("agents").EnumerateArray().Select(a => a.GetProperty("definition").GetProperty("name").GetString()).ShouldContain("hello");
        read.GetProperty("messages")[0].GetProperty("content").GetString().ShouldBe("Said before.");
        (await client.ListResourceTemplatesAsync(cancellationToken: End)).Select(t => t.UriTemplate).ShouldBe(["minion://runs/{run_id}", "minion://sessions/{session_id}"], ignoreOrder: true);
    }

    [Fact]
    public async Task Ids_are_completed()
    {
        var session = (await server.Sessions.CreateSessionAsync(new() { Agent = "hello" }, server.Owner)).Session;
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.OwnerKey);

        var found = await client.CompleteAsync(new ResourceTemplateReference { Uri = "minion://sessions/{session_id}" }, "session_id", session.Id[..20], cancellationToken: End);

        found.Completion.Values.ShouldContain(session.Id);
    }

    [Theory]
    [InlineData(McpClients.Legacy, McpErrorCode.ResourceNotFound)]
    [InlineData(McpClients.Modern, McpErrorCode.InvalidParams)]
    public async Task What_is_not_there_or_another_tenants_is_not_found(string version, McpErrorCode code)
    {
        var session = (await server.Sessions.CreateSessionAsync(new() { Agent = "hello" }, server.Owner)).Session;
        await using var stranger = await McpClients.ConnectAsync(server.Mcp, ServerFixture.StrangerKey, version);

        foreach (var uri in new[] { $"minion://sessions/{session.Id}", $"minion://runs/{Guid.NewGuid()}", "minion://runs/../agents", "minion://secrets", "file:///etc/passwd" })
        {
            var missing = await Should.ThrowAsync<McpProtocolException>(async () => await stranger.ReadResourceAsync(uri, cancellationToken: End));
            missing.ErrorCode.ShouldBe(code, uri);
        }

        (await stranger.ListResourcesAsync(cancellationToken: End)).ShouldAllBe(resource => resource.Uri == "minion://agents");
    }

    [Fact]
    public async Task A_session_that_subscribed_to_a_run_is_told_that_it_goes_on()
    {
        await using var client = await McpClients.ConnectAsync(server.Mcp, ServerFixture.OwnerKey, McpClients.Legacy);
        var runs = new List<string>();
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listening = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (notification, _) =>
        {
            told.TrySetResult(notification.Params!["uri"]!.GetValue<string>());
            return ValueTask.CompletedTask;
        });

        // What is said before the client listens is lost: then another run is started.
        await Eventually.HoldsAsync(
            async () =>
            {
                var run = (await server.Runs.StartRunAsync(new() { Agent = "slow", Input = "Go." }, server.Owner)).Run;
                runs.Add($"minion://runs/{run.Id}");
                await client.SubscribeToResourceAsync(runs[^1], cancellationToken: End);
                await told.Task.WaitAsync(TimeSpan.FromSeconds(10), End);
                return true;
            },
            "the client to be told of a run",
            passing: e => e is TimeoutException,
            patience: 2 * Eventually.Patience);

        runs.ShouldContain(await told.Task);
        await client.UnsubscribeFromResourceAsync(runs[0], cancellationToken: End);
    }

    private static async Task<JsonElement> ReadAsync(McpClient client, string uri)
    {
        var read = await client.ReadResourceAsync(uri, cancellationToken: End);
        return JsonElement.Parse(((TextResourceContents)read.Contents.Single()).Text);
    }
}
