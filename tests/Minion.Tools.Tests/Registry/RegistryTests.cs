using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Minion.ServiceDefaults;
using Minion.Tools.Registry;

namespace Minion.Tools.Tests.Registry;

public sealed class RegistryTests
{
    [Fact]
    public async Task Every_tool_of_the_project_is_registered()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults("tests");
        builder.Configuration["ConnectionStrings:minion"] = "Host=nowhere";
        builder.AddDatabase();
        builder.AddTools();
        var registered = builder.Services.Where(s => s.ServiceType == typeof(ITool)).Select(s => s.ImplementationType);
        var written = typeof(ITool).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ITool))
            && !type.Namespace!.StartsWith("Minion.Tools.Sources", StringComparison.Ordinal) && !type.Namespace!.StartsWith("Minion.Tools.Mcp", StringComparison.Ordinal) && type.Namespace != "Minion.Tools.Methods");

        registered.ShouldBe(written, ignoreOrder: true, "Each tool in BuiltIn/ needs its line in BuiltInTools.cs.");

        await using var app = builder.Services.BuildServiceProvider();
        app.GetRequiredService<ToolRegistry>().Everywhere.Search(Query(), Callers.Ada).Select(tool => tool.Description.Name)
            .ShouldBe(app.GetServices<ITool>().Select(tool => tool.Description.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("alpha", "", "alpha")]
    [InlineData("TESTS beta", "", "beta")]
    [InlineData("", "odd", "beta,delta")]
    [InlineData("nothing", "", "")]
    [InlineData("", "", "alpha,beta,delta,gamma")]
    public void Words_and_category_find_tools(string words, string category, string found)
    {
        var registry = new ToolRegistry(
            [Named("alpha"), Named("beta", "odd"), Named("gamma"), Named("delta", "odd")], TimeProvider.System, NullLogger<ToolRegistry>.Instance);

        string.Join(',', registry.Everywhere.Search(Query(words, category), Callers.Guest).Select(tool => tool.Description.Name)).ShouldBe(found);
    }

    [Fact]
    public void Everything_wrong_with_descriptions_is_said_at_once()
    {
        var wrong = FakeTool.Describe("Not-A-Name") with
        {
            Version = "",
            InputSchema = """{"type":"text"}""",
            Status = ToolStatus.Deprecated,
            Policy = new ToolPolicy(Effect.Unspecified) { Timeout = TimeSpan.Zero, Concurrency = 0, ResultLimit = 1 },
        };

        var message = Should.Throw<InvalidOperationException>(() => new ToolRegistry(
            [FakeTool.Ok(wrong), Named("twice"), Named("twice")], TimeProvider.System, NullLogger<ToolRegistry>.Instance)).Message;

        foreach (var part in new[] { "Name must", "Version must", "InputSchema:", "Replacement must", "Effect must", "Timeout must", "Concurrency must", "ResultLimit must", "twice: 2 tools" })
        {
            message.ShouldContain(part);
        }
    }

    private static ITool Named(string name, string category = "even") => FakeTool.Ok(FakeTool.Describe(name) with { Category = category });

    private static ToolQuery Query(string words = "", string category = "") =>
        new(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), category, []);
}
