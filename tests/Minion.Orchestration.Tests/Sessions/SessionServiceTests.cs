using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Tests.Sessions;

public sealed class SessionServiceTests(DefinitionsHost host) : IClassFixture<DefinitionsHost>
{
    [Fact]
    public async Task A_session_is_created_and_read_back()
    {
        var caller = host.NewTenant();

        var created = (await host.Sessions.CreateSessionAsync(
            new CreateSessionRequest { Title = "Talk", TimeToLive = Duration.FromTimeSpan(TimeSpan.FromHours(1)), Metadata = { ["k"] = "v" } }, caller)).Session;
        var read = (await host.Sessions.GetSessionAsync(new GetSessionRequest { Id = created.Id }, caller)).Session;

        read.ShouldBe(created);
        created.Status.ShouldBe(SessionStatus.Active);
        created.MessageCount.ShouldBe(0);
        created.Metadata["k"].ShouldBe("v");
        (created.ExpiresAt - created.CreatedAt).ToTimeSpan().ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Messages_are_numbered_and_read_in_order_with_a_cursor()
    {
        var (caller, id) = await NewSessionAsync();
        foreach (var i in Enumerable.Range(1, 5))
        {
            (await AppendAsync(caller, id, $"message {i}")).Message.Seq.ShouldBe(i);
        }

        var first = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id, Limit = 3 }, caller);
        var rest = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id, Limit = 3, AfterSeq = 3 }, caller);
        var newest = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id, Limit = 2, Newest = true }, caller);

        first.Messages.Select(m => m.Content).ShouldBe(["message 1", "message 2", "message 3"]);
        first.HasMore.ShouldBeTrue();
        rest.Messages.Select(m => m.Seq).ShouldBe([4, 5]);
        rest.HasMore.ShouldBeFalse();
        newest.Messages.Select(m => m.Seq).ShouldBe([4, 5]);
        (await host.Sessions.GetSessionAsync(new GetSessionRequest { Id = id }, caller)).Session.MessageCount.ShouldBe(5);
    }

    [Fact]
    public async Task Long_messages_come_in_pages_that_a_client_takes()
    {
        var (caller, id) = await NewSessionAsync();
        foreach (var i in Enumerable.Range(1, 5))
        {
            await AppendAsync(caller, id, new string((char)('a' + i), 1_000_000));
        }

        var first = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id }, caller);
        var rest = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id, AfterSeq = 3 }, caller);
        var newest = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id, Newest = true }, caller);

        first.Messages.Select(m => m.Seq).ShouldBe([1, 2, 3]);
        first.HasMore.ShouldBeTrue();
        rest.Messages.Select(m => m.Seq).ShouldBe([4, 5]);
        rest.HasMore.ShouldBeFalse();
        newest.Messages.Select(m => m.Seq).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public async Task A_session_begins_with_what_was_said_already()
    {
        var caller = host.NewTenant();
        var request = new CreateSessionRequest
        {
            Id = Guid.NewGuid().ToString(),
            Messages = { new NewMessage { Role = Role.System, Content = "Be brief." }, new NewMessage { Role = Role.User, Content = "Hello" } },
        };

        var created = (await host.Sessions.CreateSessionAsync(request, caller)).Session;
        (await AppendAsync(caller, created.Id, "next")).Message.Seq.ShouldBe(3);
        var listed = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = created.Id }, caller);
        var again = await Should.ThrowAsync<RpcException>(host.Sessions.CreateSessionAsync(request, caller).ResponseAsync);

        created.Id.ShouldBe(request.Id);
        created.MessageCount.ShouldBe(2);
        listed.Messages.Select(m => (m.Role, m.Content)).ShouldBe([(Role.System, "Be brief."), (Role.User, "Hello"), (Role.User, "next")]);
        again.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        request.Messages.Add(new NewMessage());
        (await Should.ThrowAsync<RpcException>(host.Sessions.CreateSessionAsync(request, caller).ResponseAsync)).Status.Detail
            .ShouldContain("messages[2].role");
    }

    [Fact]
    public async Task Messages_appended_at_the_same_time_have_numbers_without_gaps()
    {
        var (caller, id) = await NewSessionAsync();

        var appended = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => AppendAsync(caller, id, $"{i}").ResponseAsync));
        var listed = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id, Limit = 1000 }, caller);

        appended.Select(a => a.Message.Seq).Order().ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        listed.Messages.ShouldBe(appended.Select(a => a.Message).OrderBy(m => m.Seq));
    }

    [Fact]
    public async Task Naughty_strings_come_back_as_they_were()
    {
        var (caller, id) = await NewSessionAsync();
        var texts = NaughtyStrings.Load().Where(t => t.Length > 0).ToList();
        foreach (var text in texts)
        {
            await AppendAsync(caller, id, text);
        }

        var listed = await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id, Limit = 1000 }, caller);

        listed.Messages.Select(m => m.Content).ShouldBe(texts);
    }

    [Fact]
    public async Task A_message_may_have_one_mebibyte_and_no_more()
    {
        var (caller, id) = await NewSessionAsync();
        var allowed = new string('ä', 512 * 1024);

        (await AppendAsync(caller, id, allowed)).Message.Seq.ShouldBe(1);
        var (error, details) = await DefinitionsHost.FailureOf(AppendAsync(caller, id, allowed + "x"));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        details.Fields.ShouldHaveSingleItem().Message.ShouldBe("has 1,048,577 bytes; at most 1,048,576 (1 MiB) are allowed.");
    }

    [Fact]
    public async Task All_bad_fields_are_named_at_once()
    {
        var caller = host.NewTenant();

        var (_, append) = await DefinitionsHost.FailureOf(
            host.Sessions.AppendMessageAsync(new AppendMessageRequest { SessionId = "no-id", Role = (Role)9, Content = "a\0b" }, caller));
        var (_, create) = await DefinitionsHost.FailureOf(
            host.Sessions.CreateSessionAsync(
                new CreateSessionRequest
                {
                    Agent = new string('a', 201),
                    Title = "nul\0",
                    TimeToLive = new Duration { Seconds = -1 },
                    Metadata = { [new string('k', 64)] = "v" },
                },
                caller));
        var (_, list) = await DefinitionsHost.FailureOf(
            host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = "", Limit = 1001, AfterSeq = -1 }, caller));

        append.Fields.Select(f => f.Field).ShouldBe(["session_id", "role", "content"]);
        create.Fields.Select(f => f.Field).ShouldBe(["agent", "title", "metadata", "time_to_live"]);
        list.Fields.Select(f => f.Field).ShouldBe(["session_id", "limit", "after_seq"]);
    }

    [Fact]
    public async Task A_session_with_an_unknown_agent_is_refused()
    {
        var (error, details) = await DefinitionsHost.FailureOf(
            host.Sessions.CreateSessionAsync(new CreateSessionRequest { Agent = "nobody" }, host.NewTenant()));

        error.StatusCode.ShouldBe(StatusCode.NotFound);
        details.Reason.ShouldBe("AGENT_NOT_FOUND");
    }

    [Fact]
    public async Task A_closed_session_takes_no_message_and_stays_readable()
    {
        var (caller, id) = await NewSessionAsync();
        await AppendAsync(caller, id, "one");

        (await host.Sessions.CloseSessionAsync(new CloseSessionRequest { Id = id }, caller)).Session.Status.ShouldBe(SessionStatus.Closed);
        (await host.Sessions.CloseSessionAsync(new CloseSessionRequest { Id = id }, caller)).Session.Status.ShouldBe(SessionStatus.Closed);
        var (error, details) = await DefinitionsHost.FailureOf(AppendAsync(caller, id, "two"));

        error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        details.Reason.ShouldBe("SESSION_CLOSED");
        (await host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id }, caller)).Messages.ShouldHaveSingleItem().Content.ShouldBe("one");
    }

    [Fact]
    public async Task An_archived_session_is_left_out_of_lists_unless_asked_for()
    {
        var (caller, id) = await NewSessionAsync();
        var kept = (await host.Sessions.CreateSessionAsync(new CreateSessionRequest(), caller)).Session.Id;

        await host.Sessions.CloseSessionAsync(new CloseSessionRequest { Id = id }, caller);
        await host.Sessions.ArchiveSessionAsync(new ArchiveSessionRequest { Id = id }, caller);

        (await IdsAsync(SessionStatus.Unspecified)).ShouldBe([kept]);
        (await IdsAsync(SessionStatus.Archived)).ShouldBe([id]);
        (await IdsAsync(SessionStatus.Closed)).ShouldBeEmpty();
        (await DefinitionsHost.FailureOf(AppendAsync(caller, id, "x"))).Details.Reason.ShouldBe("SESSION_ARCHIVED");

        async Task<IEnumerable<string>> IdsAsync(SessionStatus status) =>
            (await host.Sessions.ListSessionsAsync(new ListSessionsRequest { Status = status }, caller)).Sessions.Select(s => s.Id);
    }

    [Fact]
    public async Task A_deleted_session_is_gone_with_its_messages()
    {
        var (caller, id) = await NewSessionAsync();
        await AppendAsync(caller, id, "one");

        await host.Sessions.DeleteSessionAsync(new DeleteSessionRequest { Id = id }, caller);

        await ShouldBeMissingAsync(host.Sessions.GetSessionAsync(new GetSessionRequest { Id = id }, caller));
        await ShouldBeMissingAsync(host.Sessions.DeleteSessionAsync(new DeleteSessionRequest { Id = id }, caller));
        await ShouldBeMissingAsync(host.Sessions.ListMessagesAsync(new ListMessagesRequest { SessionId = id }, caller));
        await ShouldBeMissingAsync(host.Sessions.CloseSessionAsync(new CloseSessionRequest { Id = id }, caller));
        await ShouldBeMissingAsync(AppendAsync(caller, id, "x"));
    }

    [Fact]
    public async Task Sessions_are_listed_newest_first_page_by_page()
    {
        var caller = host.NewTenant();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await host.Sessions.CreateSessionAsync(new CreateSessionRequest(), caller)).Session.Id);
        }

        var listed = new List<string>();
        var token = "";
        do
        {
            var page = await host.Sessions.ListSessionsAsync(new ListSessionsRequest { PageSize = 2, PageToken = token }, caller);
            listed.AddRange(page.Sessions.Select(s => s.Id));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        listed.Order().ShouldBe(ids.Order());
        listed.ShouldBe(listed.OrderDescending());
    }

    [Fact]
    public async Task One_tenant_sees_nothing_of_another()
    {
        var (_, id) = await NewSessionAsync();
        var other = host.NewTenant();

        await ShouldBeMissingAsync(host.Sessions.GetSessionAsync(new GetSessionRequest { Id = id }, other));
        await ShouldBeMissingAsync(AppendAsync(other, id, "x"));
        await ShouldBeMissingAsync(host.Sessions.DeleteSessionAsync(new DeleteSessionRequest { Id = id }, other));
        (await host.Sessions.ListSessionsAsync(new ListSessionsRequest(), other)).Sessions.ShouldBeEmpty();
    }

    private async Task<(Metadata Caller, string Id)> NewSessionAsync()
    {
        var caller = host.NewTenant();
        return (caller, (await host.Sessions.CreateSessionAsync(new CreateSessionRequest(), caller)).Session.Id);
    }

    private AsyncUnaryCall<AppendMessageResponse> AppendAsync(Metadata caller, string id, string content) =>
        host.Sessions.AppendMessageAsync(new AppendMessageRequest { SessionId = id, Role = Role.User, Content = content }, caller);

    private static async Task ShouldBeMissingAsync<T>(AsyncUnaryCall<T> call)
    {
        var (error, details) = await DefinitionsHost.FailureOf(call);
        error.StatusCode.ShouldBe(StatusCode.NotFound);
        details.Reason.ShouldBe("SESSION_NOT_FOUND");
    }
}
