using Minion.Contracts.Tools.V1;
using Minion.Testing.Npm;
using Minion.Tools.Mcp;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Mcp;

/// <summary>The reference server that has one of everything, started as a program.</summary>
public sealed class EverythingTests
{
    [Fact]
    public async Task The_reference_server_is_used_in_all_its_parts()
    {
        var peers = await McpPeers.InstallAsync();
        await using var source = McpTesting.Kind().Source(McpTesting.Json(new { command = peers.Node, args = new[] { peers.ServerEverything, "stdio" } }), "all");

        (await source.ListAsync()).Count.ShouldBeGreaterThan(15);
        source.Health.ShouldBe(new SourceHealth(SourceState.Ready));
        (await TextAsync(source, "all_echo", """{"message":"hello"}""")).ShouldContain("hello");
        (await TextAsync(source, "all_get_sum", """{"a":2,"b":3}""")).ShouldContain("5");
        (await TextAsync(source, "all_trigger_long_running_operation", """{"duration":1,"steps":2}""")).ShouldContain("completed", Case.Insensitive);
        (await CallAsync(source, "all_get_structured_content", """{"location":"Chicago"}""")).Value().GetProperty("temperature").GetDouble().ShouldNotBe(0);
        (await CallAsync(source, "all_get_tiny_image", "{}")).Value().GetProperty("attachments")[0].GetProperty("mime_type").GetString().ShouldBe("image/png");

        var resource = (await CallAsync(source, "all_list_resources", "{}")).Value().GetProperty("resources")[0].GetProperty("uri").GetString();
        (await CallAsync(source, "all_read_resource", McpTesting.Json(new { uri = resource }))).Value().GetProperty("contents").GetArrayLength().ShouldBeGreaterThan(0);
        (await CallAsync(source, "all_list_resource_templates", "{}")).Value().GetProperty("templates").GetArrayLength().ShouldBeGreaterThan(0);
        (await CallAsync(source, "all_list_prompts", "{}")).Value().GetProperty("prompts").GetArrayLength().ShouldBeGreaterThan(0);
        (await CallAsync(source, "all_get_prompt", """{"name":"simple-prompt"}""")).Value().GetProperty("messages").GetArrayLength().ShouldBeGreaterThan(0);

        var sampling = await source.FindAsync("all_trigger_sampling_request");
        var asked = (await sampling.CallAsync("""{"prompt":"Say yes.","maxTokens":10}""")).ShouldBeOfType<ToolInputRequired>();
        asked.Requests.ShouldHaveSingleItem().Model.Messages.ShouldNotBeEmpty();
        var answer = new InputAnswer { Id = asked.Requests[0].Id, Model = new ModelAnswer { Text = "Yes, indeed.", Model = "m", StopReason = "end_turn" } };
        (await sampling.CallAsync("""{"prompt":"Say yes.","maxTokens":10}""", asked.State, answer)).Value().GetProperty("text").GetString()!.ShouldContain("Yes, indeed.");
    }

    private static async Task<ToolOutcome> CallAsync(McpSource source, string tool, string arguments) => await (await source.FindAsync(tool)).CallAsync(arguments);

    private static async Task<string> TextAsync(McpSource source, string tool, string arguments) =>
        (await CallAsync(source, tool, arguments)).Value().GetProperty("text").GetString()!;
}
