using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Minion.Tools.Network;
using Minion.Tools.Sandboxes;
using Minion.Tools.Sandboxes.Homes;
using Minion.Tools.Sandboxes.Tools;

namespace Minion.Tools.Tests.Sandboxes;

/// <summary>A real sandbox with small limits, whose folder goes with it.</summary>
internal sealed class SandboxHarness : IDisposable
{
    private static readonly Lazy<string?> WhyNot = new(FindOut);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("minion-sandbox-test-");

    public SandboxHarness(Action<SandboxOptions>? change = null, Func<AddressGuard>? guard = null)
    {
        Options = new SandboxOptions
        {
            Folder = _folder.FullName,
            MemoryMb = 256,
            Processes = 48,
            CpuSeconds = 30,
            TimeoutSeconds = 60,
            HomeMb = 16,
            TemporaryMb = 16,
            Files = 2_000,
            MostOutputMb = 4,
            Concurrent = 4,
        };
        change?.Invoke(Options);
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        Folders = new SandboxFolders(options, new ConfigurationBuilder().Build());
        Availability = new SandboxAvailability(options);
        Homes = new HomeStore(options, Folders, TimeProvider.System);
        Sandbox = new Sandbox(options, Availability, Folders, Homes, guard?.Invoke() ?? new AddressGuard(new NetworkOptions()), TimeProvider.System, NullLogger<Sandbox>.Instance);
        Shell = new ShellTool(Sandbox, Availability, options);
        Python = new PythonTool(Sandbox, Availability, options);
        JavaScript = new JavaScriptTool(Sandbox, Availability, options);
        CSharp = new CSharpTool(Sandbox, Availability, options);
    }

    public SandboxOptions Options { get; }

    public SandboxAvailability Availability { get; }

    public SandboxFolders Folders { get; }

    public HomeStore Homes { get; }

    public Sandbox Sandbox { get; }

    public ShellTool Shell { get; }

    public PythonTool Python { get; }

    public JavaScriptTool JavaScript { get; }

    public CSharpTool CSharp { get; }

    public string Folder => _folder.FullName;

    /// <summary>Skips the test, with the reason, where there is no sandbox or no Python.</summary>
    public static void SkipWithout() => Skip(WhyNot.Value);

    /// <summary>Skips the test, with the reason, where a sandbox cannot see the program.</summary>
    public void SkipWithout(string program)
    {
        SkipWithout();
        try
        {
            Availability.Program(program, $"Install {program} below /usr.");
        }
        catch (SandboxUnavailableException exception)
        {
            Skip($"{exception.Message} {exception.Hint}");
        }
    }

    private static void Skip(string? reason) => Assert.SkipWhen(reason is not null, reason ?? "");

    private static string? FindOut()
    {
        if (!File.Exists("/usr/bin/python3"))
        {
            return "There is no /usr/bin/python3: apt-get install python3.";
        }

        using var harness = new SandboxHarness();
        try
        {
            Task.Run(() => harness.Sandbox.RunAsync(new SandboxCommand(["true"]), home: null, CancellationToken.None)).GetAwaiter().GetResult();
            return null;
        }
        catch (SandboxUnavailableException exception)
        {
            return $"{exception.Message} {exception.Hint}";
        }
    }

    public Task<SandboxResult> ShellAsync(string script, HomeKey? home = null) =>
        Sandbox.RunAsync(new SandboxCommand(["bash", $"{SandboxCommand.CodeFolder}/main.sh"]) { Code = script, CodeName = "main.sh" }, home, TestContext.Current.CancellationToken);

    public Task<SandboxResult> PythonAsync(string program, HomeKey? home = null, string input = "") =>
        Sandbox.RunAsync(
            new SandboxCommand(["/usr/bin/python3", $"{SandboxCommand.CodeFolder}/main.py"]) { Code = program, CodeName = "main.py", Input = input },
            home,
            TestContext.Current.CancellationToken);

    public void Dispose()
    {
        Sandbox.Dispose();
        _folder.Delete(recursive: true);
    }
}
