using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Tests.Agents;

public sealed class AgentServiceTests(DefinitionsHost host) : IClassFixture<DefinitionsHost>
{
    [Fact]
    public async Task An_agent_is_created_active_at_version_1_and_read_back()
    {
        var caller = await TenantWithModelAsync();
        var definition = new AgentDefinition
        {
            Name = "hello",
            Description = "Says hello",
            Instructions = "Be brief.",
            Model = "default",
            Behaviour = "react",
            Tools = { "calculator" },
            Limits = new Limits { MaxSteps = 5, MaxTokens = 1000, Timeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) },
            Capabilities = { "arithmetic" },
            Labels = { ["tier"] = "demo" },
            Permissions = { "tools:http_get" },
            Metadata = { ["owner"] = "ada" },
            Temperature = 0,
            MaxOutputTokens = 10,
        };

        var created = (await host.Agents.CreateAgentAsync(new CreateAgentRequest { Definition = definition }, caller)).Agent;
        var read = (await host.Agents.GetAgentAsync(new GetAgentRequest { Name = "hello" }, caller)).Agent;

        created.Definition.ShouldBe(definition);
        created.Version.ShouldBe(1);
        created.Status.ShouldBe(AgentStatus.Active);
        created.Cluster.ShouldBe("");
        read.ShouldBe(created);
    }

    [Fact]
    public async Task Each_change_makes_a_version_and_earlier_ones_stay_as_they_were()
    {
        var caller = await TenantWithModelAsync();
        await CreateAsync(caller, "a", "one");

        var second = (await UpdateAsync(caller, "a", "two")).Agent;
        var unchanged = (await UpdateAsync(caller, "a", "two")).Agent;
        var first = (await host.Agents.GetAgentAsync(new GetAgentRequest { Name = "a", Version = 1 }, caller)).Agent;

        second.Version.ShouldBe(2);
        unchanged.ShouldBe(second);
        first.Version.ShouldBe(1);
        first.Definition.Instructions.ShouldBe("one");
    }

    [Fact]
    public async Task Versions_are_listed_newest_first_page_by_page()
    {
        var caller = await TenantWithModelAsync();
        await CreateAsync(caller, "a", "1");
        for (var i = 2; i <= 5; i++)
        {
            await UpdateAsync(caller, "a", $"{i}");
        }

        var first = await host.Agents.ListAgentVersionsAsync(new ListAgentVersionsRequest { Name = "a", PageSize = 3 }, caller);
        var second = await host.Agents.ListAgentVersionsAsync(
            new ListAgentVersionsRequest { Name = "a", PageSize = 3, PageToken = first.NextPageToken }, caller);

        first.Versions.Select(v => v.Version).ShouldBe([5, 4, 3]);
        second.Versions.Select(v => v.Version).ShouldBe([2, 1]);
        second.NextPageToken.ShouldBe("");
    }

    [Fact]
    public async Task An_update_of_a_version_that_is_no_longer_current_is_refused()
    {
        var caller = await TenantWithModelAsync();
        await CreateAsync(caller, "a", "one");
        await UpdateAsync(caller, "a", "two");

        var (error, details) = await DefinitionsHost.FailureOf(UpdateAsync(caller, "a", "three", expected: 1));

        error.StatusCode.ShouldBe(StatusCode.Aborted);
        details.Reason.ShouldBe("AGENT_VERSION_CHANGED");
        (await UpdateAsync(caller, "a", "three", expected: 2)).Agent.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Updates_at_the_same_time_make_versions_without_gaps()
    {
        var caller = await TenantWithModelAsync();
        await CreateAsync(caller, "a", "start");

        var updates = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => UpdateAsync(caller, "a", $"text {i}").ResponseAsync));

        updates.Select(u => u.Agent.Version).Order().ShouldBe(Enumerable.Range(2, 30));
    }

    [Fact]
    public async Task Of_updates_that_expect_the_same_version_one_wins()
    {
        var caller = await TenantWithModelAsync();
        await CreateAsync(caller, "a", "start");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            try
            {
                await UpdateAsync(caller, "a", $"text {i}", expected: 1);
                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }));

        outcomes.Count(o => o == StatusCode.OK).ShouldBe(1);
        outcomes.Count(o => o == StatusCode.Aborted).ShouldBe(9);
    }

    [Fact]
    public async Task All_bad_fields_are_named_at_once()
    {
        var caller = await TenantWithModelAsync();
        var definition = new AgentDefinition
        {
            Name = "No Name",
            Description = new string('x', 2001),
            Instructions = new string('x', 100_001),
            Model = "defualt",
            Behaviour = "fast",
            Tools = { "ok", "ok", "Not Ok" },
            Limits = new Limits { MaxSteps = 10_001, MaxTokens = -1, Timeout = Duration.FromTimeSpan(TimeSpan.FromDays(31)) },
            Capabilities = { "" },
            Labels = { [""] = "x" },
            Permissions = { "a\nb" },
            Metadata = { ["k"] = "nul \0" },
            Temperature = double.NaN,
            MaxOutputTokens = 0,
        };

        var (error, details) = await DefinitionsHost.FailureOf(
            host.Agents.CreateAgentAsync(new CreateAgentRequest { Definition = definition, Status = AgentStatus.Archived }, caller));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        details.Fields.Select(f => f.Field).Order(StringComparer.Ordinal).ShouldBe([
            "definition.behaviour", "definition.capabilities[0]", "definition.description", "definition.instructions", "definition.labels",
            "definition.limits.max_steps", "definition.limits.max_tokens", "definition.limits.timeout", "definition.max_output_tokens",
            "definition.metadata.k", "definition.model", "definition.name", "definition.permissions[0]", "definition.temperature",
            "definition.tools[1]", "definition.tools[2]", "status",
        ]);
        details.Fields.Single(f => f.Field == "definition.model").Message.ShouldContain("Did you mean 'default'?");
    }

    [Fact]
    public async Task A_request_without_a_definition_is_refused()
    {
        var (error, details) = await DefinitionsHost.FailureOf(host.Agents.CreateAgentAsync(new CreateAgentRequest(), host.NewTenant()));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        details.Fields.ShouldHaveSingleItem().Field.ShouldBe("definition");
    }

    [Fact]
    public async Task A_name_that_is_in_use_is_refused_and_free_again_after_a_deletion()
    {
        var caller = await TenantWithModelAsync();
        var first = await CreateAsync(caller, "a", "one");
        var (error, _) = await DefinitionsHost.FailureOf(CreateAsync(caller, "a", "two"));
        error.StatusCode.ShouldBe(StatusCode.AlreadyExists);

        await host.Agents.DeleteAgentAsync(new DeleteAgentRequest { Name = "a" }, caller);
        (await DefinitionsHost.FailureOf(host.Agents.GetAgentAsync(new GetAgentRequest { Name = "a" }, caller))).Error.StatusCode.ShouldBe(StatusCode.NotFound);
        (await DefinitionsHost.FailureOf(host.Agents.DeleteAgentAsync(new DeleteAgentRequest { Name = "a" }, caller))).Error.StatusCode.ShouldBe(StatusCode.NotFound);
        var second = await CreateAsync(caller, "a", "two");

        second.Agent.Id.ShouldNotBe(first.Agent.Id);
        second.Agent.Version.ShouldBe(1);
    }

    [Theory]
    [InlineData("active inactive active inactive archived", true)]
    [InlineData("inactive", false)]
    [InlineData("archived", false)]
    [InlineData("active draft", false)]
    [InlineData("active archived", false)]
    [InlineData("active inactive archived active", false)]
    [InlineData("draft draft", true)]
    public async Task A_draft_goes_along_its_statuses(string statuses, bool isAllowed)
    {
        var caller = await TenantWithModelAsync();
        await host.Agents.CreateAgentAsync(
            new CreateAgentRequest { Definition = new AgentDefinition { Name = "a" }, Status = AgentStatus.Draft }, caller);
        var steps = statuses.Split(' ').Select(s => System.Enum.Parse<AgentStatus>(s, ignoreCase: true)).ToList();

        foreach (var step in steps[..^1])
        {
            await ChangeAsync(caller, step);
        }

        if (isAllowed)
        {
            (await ChangeAsync(caller, steps[^1])).Agent.Status.ShouldBe(steps[^1]);
        }
        else
        {
            var (error, details) = await DefinitionsHost.FailureOf(ChangeAsync(caller, steps[^1]));
            error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
            details.Reason.ShouldBe("AGENT_STATUS_REFUSED");
        }
    }

    [Fact]
    public async Task An_archived_agent_is_not_changed()
    {
        var caller = await TenantWithModelAsync();
        await CreateAsync(caller, "a", "one");
        await ChangeAsync(caller, AgentStatus.Inactive);
        await ChangeAsync(caller, AgentStatus.Archived);

        (await DefinitionsHost.FailureOf(UpdateAsync(caller, "a", "two"))).Details.Reason.ShouldBe("AGENT_ARCHIVED");
    }

    [Fact]
    public async Task A_list_has_the_agents_for_which_all_filters_hold()
    {
        var caller = await TenantWithModelAsync();
        await CreateAsync(caller, new AgentDefinition { Name = "ada", Description = "Zählt 100 % genau", Capabilities = { "math" }, Labels = { ["team"] = "x", ["tier"] = "1" } });
        await CreateAsync(caller, new AgentDefinition { Name = "bob", Behaviour = "direct", Capabilities = { "poetry" }, Labels = { ["team"] = "x" } });
        await CreateAsync(caller, new AgentDefinition { Name = "cyd", Description = "math_too" }, AgentStatus.Draft);

        (await NamesAsync(new ListAgentsRequest())).ShouldBe("ada bob cyd");
        (await NamesAsync(new ListAgentsRequest { Query = "MATH" })).ShouldBe("ada cyd");
        (await NamesAsync(new ListAgentsRequest { Query = "zäHlt %" })).ShouldBe("ada");
        (await NamesAsync(new ListAgentsRequest { Query = "math_" })).ShouldBe("cyd");
        (await NamesAsync(new ListAgentsRequest { Query = "math nothing" })).ShouldBe("");
        (await NamesAsync(new ListAgentsRequest { Behaviour = "direct" })).ShouldBe("bob");
        (await NamesAsync(new ListAgentsRequest { Capability = "math" })).ShouldBe("ada");
        (await NamesAsync(new ListAgentsRequest { Labels = { ["team"] = "x" } })).ShouldBe("ada bob");
        (await NamesAsync(new ListAgentsRequest { Labels = { ["team"] = "x", ["tier"] = "1" } })).ShouldBe("ada");
        (await NamesAsync(new ListAgentsRequest { Status = AgentStatus.Draft })).ShouldBe("cyd");

        async Task<string> NamesAsync(ListAgentsRequest request) =>
            string.Join(' ', (await host.Agents.ListAgentsAsync(request, caller)).Agents.Select(a => a.Definition.Name));
    }

    [Fact]
    public async Task A_list_goes_page_by_page_and_refuses_tokens_that_it_did_not_give()
    {
        var caller = await TenantWithModelAsync();
        foreach (var name in new[] { "c", "a-b", "ab", "a", "b" })
        {
            await CreateAsync(caller, name, "");
        }

        var names = new List<string>();
        var token = "";
        do
        {
            var page = await host.Agents.ListAgentsAsync(new ListAgentsRequest { PageSize = 2, PageToken = token }, caller);
            page.Agents.Count.ShouldBeLessThanOrEqualTo(2);
            names.AddRange(page.Agents.Select(a => a.Definition.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        names.ShouldBe(["a", "a-b", "ab", "b", "c"]);
        foreach (var wrong in new[] { "x", "%%%", "AAAA", "c2Vzc2lvbnM6eA", new string('A', 5000) })
        {
            var (_, details) = await DefinitionsHost.FailureOf(host.Agents.ListAgentsAsync(new ListAgentsRequest { PageToken = wrong, PageSize = 201 }, caller));
            details.Fields.Select(f => f.Field).ShouldBe(["page_size", "page_token"]);
        }
    }

    [Fact]
    public async Task One_tenant_sees_nothing_of_another()
    {
        var caller = await TenantWithModelAsync();
        var other = await TenantWithModelAsync();
        await CreateAsync(caller, "a", "one");

        (await DefinitionsHost.FailureOf(host.Agents.GetAgentAsync(new GetAgentRequest { Name = "a" }, other))).Error.StatusCode.ShouldBe(StatusCode.NotFound);
        (await DefinitionsHost.FailureOf(UpdateAsync(other, "a", "mine"))).Error.StatusCode.ShouldBe(StatusCode.NotFound);
        (await DefinitionsHost.FailureOf(host.Agents.DeleteAgentAsync(new DeleteAgentRequest { Name = "a" }, other))).Error.StatusCode.ShouldBe(StatusCode.NotFound);
        (await host.Agents.ListAgentsAsync(new ListAgentsRequest(), other)).Agents.ShouldBeEmpty();
        await CreateAsync(other, "a", "also mine");
    }

    [Fact]
    public async Task Naughty_strings_come_back_as_they_were()
    {
        var tenant = await NameOfTenantWithModelAsync();
        await CreateAsync(host.As(tenant), "a", "start");
        foreach (var text in NaughtyStrings.Load())
        {
            // A caller's headers hold for a minute, and all the strings may take longer.
            var caller = host.As(tenant);
            var updated = await host.Agents.UpdateAgentAsync(
                new UpdateAgentRequest { Definition = new AgentDefinition { Name = "a", Instructions = text, Description = text, Metadata = { ["k"] = text } } }, caller);
            updated.Agent.Definition.Instructions.ShouldBe(text);
            var read = await host.Agents.GetAgentAsync(new GetAgentRequest { Name = "a", Version = updated.Agent.Version }, caller);
            read.Agent.Definition.ShouldBe(updated.Agent.Definition);
            await host.Agents.ListAgentsAsync(new ListAgentsRequest { Query = text.Length > 200 ? "" : text }, caller);
        }
    }

    private async Task<Metadata> TenantWithModelAsync() => host.As(await NameOfTenantWithModelAsync());

    private async Task<string> NameOfTenantWithModelAsync()
    {
        var caller = host.NewTenant(out var tenant);
        await host.Clusters.ApplyClusterAsync(
            new ApplyClusterRequest
            {
                Content = "{apiVersion: minion.dev/v1, kind: AgentCluster, metadata: {name: m}, models: [{name: default, provider: scripted, script: {rules: [], otherwise: hm}}]}",
            },
            caller);
        return tenant;
    }

    private AsyncUnaryCall<CreateAgentResponse> CreateAsync(Metadata caller, string name, string instructions) =>
        CreateAsync(caller, new AgentDefinition { Name = name, Instructions = instructions });

    private AsyncUnaryCall<CreateAgentResponse> CreateAsync(Metadata caller, AgentDefinition definition, AgentStatus status = AgentStatus.Unspecified) =>
        host.Agents.CreateAgentAsync(new CreateAgentRequest { Definition = definition, Status = status }, caller);

    private AsyncUnaryCall<UpdateAgentResponse> UpdateAsync(Metadata caller, string name, string instructions, int expected = 0) =>
        host.Agents.UpdateAgentAsync(
            new UpdateAgentRequest { Definition = new AgentDefinition { Name = name, Instructions = instructions }, ExpectedVersion = expected }, caller);

    private AsyncUnaryCall<ChangeAgentStatusResponse> ChangeAsync(Metadata caller, AgentStatus status) =>
        host.Agents.ChangeAgentStatusAsync(new ChangeAgentStatusRequest { Name = "a", Status = status }, caller);
}
