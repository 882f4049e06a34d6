using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Tests.Api;

/// <summary>Calls under what is declared: their audit, limits, results and approvals, and who may see what.</summary>
public sealed class RegistryCallTests(RegistryHost host) : IClassFixture<RegistryHost>
{
    [Fact]
    public async Task Calls_are_audited_with_masked_arguments_and_counted()
    {
        var admin = host.AdministratorOf("audited");
        var run = Guid.CreateVersion7().ToString();
        await host.Registry.SetPolicyAsync(
            new SetPolicyRequest { Policy = new NamedPolicy { Name = "calc*", Policy = new Policy { CostUsd = 0.25, DeniedAgents = { "bad" }, MaskedArguments = { "/expression" } } } }, admin);
        await host.Tools.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = """{"expression":"1+1"}""", Agent = "good", RunId = run, SessionId = "s", Client = "desk/1.2", Tainted = true }, admin);
        await host.Tools.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = """{"expression":"1/0"}""", Agent = "good" }, admin);
        await host.Tools.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = """{"expression":"2"}""", Agent = "bad" }, admin);
        await host.Tools.CallToolAsync(new CallToolRequest { Name = "nothing_such", Arguments = """{"password":"x"}""" }, admin);

        await Eventually.HoldsAsync(async () => (await host.Registry.ListCallsAsync(new ListCallsRequest(), admin)).Calls.Count == 4);
        var calls = (await host.Registry.ListCallsAsync(new ListCallsRequest { Tool = "calculator" }, admin)).Calls;
        var ofRun = (await host.Registry.ListCallsAsync(new ListCallsRequest { RunId = run }, admin)).Calls.ShouldHaveSingleItem();
        var pages = new List<string>();
        var request = new ListCallsRequest { PageSize = 1 };
        do
        {
            var page = await host.Registry.ListCallsAsync(request, admin);
            pages.AddRange(page.Calls.Select(call => call.Outcome));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        var usage = (await host.Registry.GetUsageAsync(new GetUsageRequest { Tool = "calculator", ByAgent = true }, admin)).Usage;
        var others = (await host.Registry.GetUsageAsync(new GetUsageRequest(), host.AdministratorOf("nobody"))).Usage;
        var denied = await RegistryHost.FaultAsync(host.Registry.ListCallsAsync(new ListCallsRequest(), host.As(new Caller("audited", "user:eve", []))));
        var wrong = await RegistryHost.FaultAsync(host.Registry.ListCallsAsync(new ListCallsRequest { RunId = "x", Outcome = "good", PageSize = -1, PageToken = "§" }, admin));

        calls.Select(call => $"{call.Agent} {call.Decision} {call.Outcome}").ShouldBe(["bad denied denied", "good allowed failed", "good allowed ok"]);
        ofRun.Arguments.ShouldBe("""{"expression": "•••"}""");
        ofRun.SessionId.ShouldBe("s");
        (ofRun.Principal, ofRun.Client).ShouldBe(("user:ada", "desk/1.2"));
        ofRun.Tainted.ShouldBeTrue();
        ofRun.CostUsd.ShouldBe(0.25);
        pages.ShouldBe(["unknown_tool", "denied", "failed", "ok"]);
        usage.Select(u => $"{u.Agent} {u.Calls} {u.Errors} {u.Denied} {u.CostUsd}").ShouldBe(["good 2 1 0 0.5", "bad 1 0 1 0"]);
        others.ShouldBeEmpty();
        denied.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        foreach (var field in new[] { "run_id:", "outcome:", "page_size:", "page_token:" })
        {
            wrong.Status.Detail.ShouldContain(field);
        }
    }

    [Fact]
    public async Task A_policy_asks_for_capabilities_that_services_tell_and_the_audit_says_which_were_missing()
    {
        var admin = host.AdministratorOf("capable");
        await host.Registry.SetPolicyAsync(new SetPolicyRequest { Policy = new NamedPolicy { Name = "time", Policy = new Policy { Capabilities = { "clocks" }, TimeoutMs = 7_000 } } }, admin);
        var call = new CallToolRequest { Name = "time", Agent = "clerk", Capabilities = { "arithmetic" } };
        var capable = new CallToolRequest { Name = "time", Agent = "watcher", Capabilities = { "arithmetic", "clocks" } };

        var refused = (await host.Tools.CallToolAsync(call, admin)).Failure;
        var made = await host.Tools.CallToolAsync(capable, admin);
        var wrong = await RegistryHost.FaultAsync(host.Tools.CallToolAsync(new CallToolRequest { Name = "time", Capabilities = { new string('x', 201), "a\0" } }, admin));
        var many = await RegistryHost.FaultAsync(host.Tools.CallToolAsync(new CallToolRequest { Name = "time", Capabilities = { Enumerable.Repeat("x", 65) } }, admin));

        refused.Kind.ShouldBe(Failure.Types.Kind.Denied);
        refused.Message.ShouldBe("'time' is for agents with the capability 'clocks'; 'clerk' is not declared to have it.");
        made.Result.ShouldNotBeEmpty();
        FaultDetails.From(wrong).Fields.Select(field => field.Field).ShouldBe(["capabilities[0]", "capabilities[1]"]);
        FaultDetails.From(many).Fields.ShouldHaveSingleItem().Field.ShouldBe("capabilities");
        var shown = (await host.Registry.ListToolVersionsAsync(new ListToolVersionsRequest { Name = "time" }, admin)).Versions[0].Tool;
        shown.Capabilities.ShouldBe(["clocks"]);
        shown.TimeoutMs.ShouldBe(7_000);
        (await host.Tools.GetToolAsync(new GetToolRequest { Name = "time" }, admin)).Tool.Capabilities.ShouldBe(["clocks"]);
        await Eventually.HoldsAsync(async () => (await host.Registry.ListCallsAsync(new ListCallsRequest { Agent = "clerk" }, admin)).Calls is [{ Rule: "capabilities: clocks", Decision: "denied" }]);
    }

    [Fact]
    public async Task A_rate_holds_for_all_processes_together_and_for_each_tenant_by_itself()
    {
        var admin = host.AdministratorOf("rated");
        await host.Registry.SetPolicyAsync(
            new SetPolicyRequest { Policy = new NamedPolicy { Name = "time", Policy = new Policy { Rate = new RateLimit { Calls = 3, PeriodSeconds = 86_400 } } } }, admin);
        await Eventually.HoldsAsync(async () => (await host.OtherTools.GetToolAsync(new GetToolRequest { Name = "time" }, admin)).Tool is not null);

        var outcomes = new List<bool>();
        for (var i = 0; i < 5; i++)
        {
            outcomes.Add((await host.Tools.CallToolAsync(new CallToolRequest { Name = "time" }, admin)).Failure is null);
        }

        outcomes.ShouldBe([true, true, true, false, false]);
        await Eventually.HoldsAsync(async () => (await host.OtherTools.CallToolAsync(new CallToolRequest { Name = "time" }, admin)).Failure is { Kind: Failure.Types.Kind.Busy });
        (await host.Tools.CallToolAsync(new CallToolRequest { Name = "time" }, host.AdministratorOf("unrated"))).Failure.ShouldBeNull();
    }

    [Fact]
    public async Task A_long_result_is_read_in_pages_by_the_run_that_it_was_made_for()
    {
        var admin = host.AdministratorOf("long");
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i} "));
        host.Kind.Offered = name => name == "long"
            ? [new FakeTool(FakeTool.Describe("long_text") with { OutputSchema = "{}", Untrusted = true }, (_, _) => new(FakeTool.Result($"\"{text}\"")))]
            : [FakeTool.Ok(FakeTool.Describe($"{name}_echo"))];
        await host.Registry.SetSourceAsync(new SetSourceRequest { Source = new ToolSource { Name = "long", Kind = "fake" } }, admin);
        var run = Guid.CreateVersion7().ToString();

        var cut = await host.Tools.CallToolAsync(new CallToolRequest { Name = "long_text", RunId = run }, admin);
        var read = "";
        var offset = 0L;
        CallToolResponse page;
        do
        {
            page = await host.Tools.CallToolAsync(new CallToolRequest { Name = "read_result", Arguments = $$"""{"id":"{{cut.KeptId}}","offset":{{offset}},"limit":32000}""", RunId = run }, admin);
            var value = System.Text.Json.JsonElement.Parse(page.Result);
            read += value.GetProperty("text").GetString();
            offset = value.TryGetProperty("next_offset", out var next) ? next.GetInt64() : 0;
        }
        while (offset > 0);

        var other = await host.Tools.CallToolAsync(
            new CallToolRequest { Name = "read_result", Arguments = $$"""{"id":"{{cut.KeptId}}"}""", RunId = Guid.CreateVersion7().ToString() }, host.As(new Caller("long", "user:eve", ["*"])));
        var tenant = await host.Tools.CallToolAsync(new CallToolRequest { Name = "read_result", Arguments = $$"""{"id":"{{cut.KeptId}}"}""", RunId = run }, host.AdministratorOf("longer"));

        cut.Trimmed.ShouldBeTrue();
        cut.Result.ShouldContain(cut.KeptId);
        page.Untrusted.ShouldBeTrue();
        read.ShouldBe($"\"{text}\"");
        other.Failure.Kind.ShouldBe(Failure.Types.Kind.Failed);
        tenant.Failure.Kind.ShouldBe(Failure.Types.Kind.Failed);
    }

    [Fact]
    public async Task An_approval_of_a_first_time_outlives_the_process_and_clients_cannot_give_it()
    {
        var admin = host.AdministratorOf("firsts");
        await host.Registry.SetPolicyAsync(
            new SetPolicyRequest { Policy = new NamedPolicy { Name = "calculator", Policy = new Policy { Approval = new ToolApproval { When = ToolApproval.Types.When.FirstTime } } } }, admin);
        var request = new CallToolRequest { Name = "calculator", Arguments = """{"expression":"1"}""", Agent = "clerk" };
        var asked = (await host.Tools.CallToolAsync(request, admin)).InputRequired;
        var answered = request.Clone();
        answered.InputState = asked.State;
        answered.Answers.Add(new InputAnswer { Id = asked.Requests[0].Id, Approval = new ApprovalAnswer { Approved = true } });

        var byClient = await RegistryHost.FaultAsync(host.Tools.CallToolAsync(answered));
        var byService = await host.Tools.CallToolAsync(answered, admin);

        byClient.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        byService.Result.ShouldNotBeEmpty();
        await Eventually.HoldsAsync(async () => (await host.OtherTools.CallToolAsync(request, admin)).Result.Length > 0);
        (await host.OtherTools.CallToolAsync(new CallToolRequest { Name = "calculator", Arguments = """{"expression":"1"}""", Agent = "other" }, admin)).InputRequired.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_client_that_claims_a_run_or_an_agent_gets_nothing_of_theirs()
    {
        var run = Guid.CreateVersion7().ToString();
        var service = host.AdministratorOf("default");
        await host.Registry.SetPolicyAsync(
            new SetPolicyRequest { Policy = new NamedPolicy { Name = "time", Policy = new Policy { Approval = new ToolApproval { When = ToolApproval.Types.When.FirstTime } } } }, service);
        await host.Registry.SetPolicyAsync(new SetPolicyRequest { Policy = new NamedPolicy { Name = "text", Policy = new Policy { ResultLimit = 1000 } } }, service);
        var time = new CallToolRequest { Name = "time", Agent = "clerk", RunId = run, SessionId = "s" };
        var asked = (await host.Tools.CallToolAsync(time, service)).InputRequired;
        var answered = time.Clone();
        answered.InputState = asked.State;
        answered.Answers.Add(new InputAnswer { Id = asked.Requests[0].Id, Approval = new ApprovalAnswer { Approved = true } });
        (await host.Tools.CallToolAsync(answered, service)).Result.ShouldNotBeEmpty();
        var text = new CallToolRequest { Name = "text", Arguments = $$"""{"operation":"upper","text":"{{new string('x', 20_000)}}"}""", RunId = run, SessionId = "s" };
        var kept = (await host.Tools.CallToolAsync(text, service)).KeptId;
        var read = new CallToolRequest { Name = "read_result", Arguments = $$"""{"id":"{{kept}}"}""", RunId = run, SessionId = "s" };

        var claimed = await host.Tools.CallToolAsync(time);
        var theirs = await host.Tools.CallToolAsync(read);

        kept.ShouldNotBeEmpty();
        (await host.Tools.CallToolAsync(read, service)).Result.ShouldContain("XXXX");
        claimed.InputRequired.ShouldNotBeNull();
        theirs.Failure.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_tool_that_a_caller_may_not_use_has_no_versions_for_them_either()
    {
        var plain = host.As(new Caller("hidden", "user:eve", []));
        var request = new ListToolVersionsRequest { Name = "hidden_echo" };
        await host.Registry.SetSourceAsync(new SetSourceRequest { Source = new ToolSource { Name = "hidden", Kind = "fake", Policy = new Policy { Permissions = { "special" } } } }, host.AdministratorOf("hidden"));

        (await RegistryHost.FaultAsync(host.Tools.GetToolAsync(new GetToolRequest { Name = "hidden_echo" }, plain))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await RegistryHost.FaultAsync(host.Registry.ListToolVersionsAsync(request, plain))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await host.Registry.ListToolVersionsAsync(request, host.As(new Caller("hidden", "user:ada", ["admin"])))).Versions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_does_not_declare_sources_sees_no_secret_that_stands_in_their_settings()
    {
        const string Settings = """{"login":{"Authorization":"hunter2"},"words":["--api-key=hunter2"],"a":1}""";
        await host.Registry.SetSourceAsync(new SetSourceRequest { Source = new ToolSource { Name = "loose", Kind = "fake", Settings = Settings } }, host.AdministratorOf("loose"));
        var plain = host.As(new Caller("loose", "user:eve", []));

        var listed = (await host.Registry.ListSourcesAsync(new ListSourcesRequest(), plain)).Sources.ShouldHaveSingleItem();
        var shown = (await host.Registry.GetSourceAsync(new GetSourceRequest { Name = "loose" }, plain)).Source;
        var own = (await host.Registry.GetSourceAsync(new GetSourceRequest { Name = "loose" }, host.AdministratorOf("loose"))).Source;

        listed.Settings.ShouldNotContain("hunter2");
        shown.Settings.ShouldBe("""{"a":1,"login":{"Authorization":"•••"},"words":["--api-key=•••"]}""");
        own.Settings.ShouldContain("hunter2");
    }
}
