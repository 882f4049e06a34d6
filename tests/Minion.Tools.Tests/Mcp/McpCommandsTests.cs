using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Minion.Tools.Mcp;
using Minion.Tools.Mcp.Settings;
using Minion.Tools.Sources;

namespace Minion.Tools.Tests.Mcp;

public sealed class McpCommandsTests
{
    private const string Files = """{"command":"npx","args":["-y","@scope/files","/srv"]}""";

    [Theory]
    [InlineData("", true, "default", Files)]
    [InlineData("allow=true", false, "default", Files)]
    [InlineData("acme=npx -y @scope/files", true, "default", Files)]
    [InlineData("acme=npx -y @scope/files", false, "acme", Files)]
    [InlineData("acme=python3 /srv/a.py,npx -y @scope/files /srv", false, "acme", Files)]
    [InlineData("acme=*", false, "acme", """{"command":"sh","cwd":"/tmp","env":{"PATH":"/tmp"}}""")]
    [InlineData("acme=LOG_LEVEL= MODE= sh", false, "acme", """{"command":"sh","env":{"LOG_LEVEL":"warn","X_TOKEN":"${X_TOKEN}"}}""")]
    [InlineData("allow=false", true, "default", """{"url":"https://example.com/mcp"}""")]
    public void A_program_is_started_where_the_settings_allow_it(string settings, bool isLocal, string tenant, string source) => Problem(settings, isLocal, tenant, source).ShouldBeNull();

    [Theory]
    [InlineData("", false, "default", Files, "/command 'npx' may not be started for the tenant 'default'")]
    [InlineData("", true, "acme", Files, "Tools:Mcp:Commands:acme")]
    [InlineData("allow=true", true, "acme", Files, "Tools:Mcp:Commands:acme")]
    [InlineData("allow=false;default=*", true, "default", Files, "Tools:Mcp:AllowCommands is false")]
    [InlineData("default=npx -y @scope/other", true, "default", Files, "Tools:Mcp:Commands:default")]
    [InlineData("default=npx -y @scope/file", true, "default", Files, "Tools:Mcp:Commands:default")]
    [InlineData("default=npx -y @scope/files /srv /etc", true, "default", Files, "Tools:Mcp:Commands:default")]
    [InlineData("default=X=", true, "default", Files, "Tools:Mcp:Commands:default")]
    [InlineData("acme=sh", false, "acme", """{"command":"sh","env":{"LD_PRELOAD":"/tmp/x.so"}}""", "/env has 'LD_PRELOAD'")]
    [InlineData("acme=sh", false, "acme", """{"command":"sh","cwd":"/tmp"}""", "/cwd is not allowed")]
    public void And_nowhere_else(string settings, bool isLocal, string tenant, string source, string expected) =>
        $"{Problem(settings, isLocal, tenant, source)?.Path} {Problem(settings, isLocal, tenant, source)?.Problem}".ShouldContain(expected);

    [Fact]
    public async Task A_program_that_is_allowed_no_longer_is_not_started()
    {
        await using var source = McpTesting.Kind(new McpOptions { AllowCommands = false }).Source(ShellServer.Settings("text fine"));

        (await Should.ThrowAsync<ToolSourceException>(source.ListAsync())).Message.ShouldContain("Tools:Mcp:AllowCommands");
    }

    [Fact]
    public void Names_of_tenants_are_checked() => Options("Acme=sh").Problems().ShouldHaveSingleItem().ShouldContain("'Acme'");

    private static SourceProblem? Problem(string settings, bool isLocal, string tenant, string source) =>
        new McpCommands(Options(settings), isLocal).Problem(tenant, McpSettingsReader.Read(JsonElement.Parse(source)).Settings);

    private static McpOptions Options(string settings)
    {
        var values = settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(setting => setting.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0] == "allow" ? "Tools:Mcp:AllowCommands" : $"Tools:Mcp:Commands:{pair[0]}", (string?)pair[1]));
        var section = new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(McpOptions.Section);
        var options = new McpOptions();
        section.Bind(options);
        options.Read(section);
        return options;
    }
}
