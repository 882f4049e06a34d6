using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.Tools.BuiltIn;
using Minion.Tools.BuiltIn.Files;
using Minion.Tools.Schemas;

namespace Minion.Tools.Tests.BuiltIn.Files;

/// <summary>Workspaces in a folder of their own, and a folder beside them that nothing may reach.</summary>
internal sealed class FileHarness : IDisposable
{
    public const string Secret = "the secret outside";

    private readonly string _folder = Directory.CreateTempSubdirectory("minion-files-").FullName;

    public FileHarness(Action<FileToolOptions>? configure = null)
    {
        var options = new FileToolOptions { Root = Path.Combine(_folder, "files") };
        configure?.Invoke(options);
        Workspaces = new Workspaces(Options.Create(options), new ConfigurationBuilder().Build());
        Outside = Path.Combine(_folder, "outside");
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, "secret.txt"), Secret);
        using var made = Workspaces.Open(Call("{}"));
        Inside = Path.Combine(options.Root, "default", Workspaces.NameOf(Call("{}")));
        Directory.Exists(Inside).ShouldBeTrue(Inside);
    }

    public Workspaces Workspaces { get; }

    /// <summary>The workspace of the calls.</summary>
    public string Inside { get; }

    /// <summary>A folder beside all workspaces.</summary>
    public string Outside { get; }

    public static ToolCall Call(string arguments, string session = "s1", string tenant = Caller.DefaultTenant) => new(
        JsonElement.Parse(arguments), Callers.Ada with { Tenant = tenant }, "key", new ToolCallOrigin(Guid.Empty, "ada", 1, 0) { Session = session, FromRun = true });

    public Task<ToolOutcome> ReadAsync(object arguments, string session = "s1", string tenant = Caller.DefaultTenant) =>
        InvokeAsync(new FileReadTool(Workspaces), arguments, session, tenant);

    public Task<ToolOutcome> WriteAsync(object arguments, string session = "s1", string tenant = Caller.DefaultTenant) =>
        InvokeAsync(new FileWriteTool(Workspaces), arguments, session, tenant);

    public Task<ToolOutcome> EditAsync(object arguments) => InvokeAsync(new FileEditTool(Workspaces), arguments);

    public Task<ToolOutcome> ListAsync(object arguments) => InvokeAsync(new FileListTool(Workspaces), arguments);

    public Task<ToolOutcome> SearchAsync(object arguments) => InvokeAsync(new FileSearchTool(Workspaces), arguments);

    public async Task<string> TextAsync(string path) => (await ReadAsync(new { path })).Value().GetProperty("text").GetString()!;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<ToolOutcome> InvokeAsync(ITool tool, object arguments, string session = "s1", string tenant = Caller.DefaultTenant)
    {
        Assert.SkipUnless(NativeFiles.IsSupported, "The file tools need Linux.");
        var call = Call(JsonSerializer.Serialize(arguments), session, tenant);
        JsonSchema.Parse(tool.Description.InputSchema).Validate(call.Arguments).ShouldBeEmpty();
        var outcome = await tool.InvokeAsync(call, TestContext.Current.CancellationToken);
        if (outcome is ToolResult result)
        {
            JsonSchema.Parse(tool.Description.OutputSchema).Validate(result.Value).ShouldBeEmpty();
        }

        return outcome;
    }
}
