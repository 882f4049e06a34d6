namespace Minion.Tools.Sandboxes;

/// <summary>What to run in a sandbox.</summary>
/// <param name="Program">The program and its arguments; <see cref="CodePath"/> is where <see cref="Code"/> lies.</param>
internal sealed record SandboxCommand(IReadOnlyList<string> Program)
{
    /// <summary>The folder in the sandbox that holds the code, read-only.</summary>
    public const string CodeFolder = "/run/minion";

    /// <summary>The home folder in the sandbox, where commands start.</summary>
    public const string Home = "/home/agent";

    /// <summary>Name of the file in <see cref="CodeFolder"/>.</summary>
    public string CodeName { get; init; } = "main";

    /// <summary>The code; empty when the program needs none.</summary>
    public string Code { get; init; } = "";

    /// <summary>What it reads from standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>Variables besides the few that every sandbox has.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Files that are put into the home folder before.</summary>
    public IReadOnlyList<SandboxFile> Files { get; init; } = [];

    /// <summary>Paths in the home folder whose contents are given back.</summary>
    public IReadOnlyList<string> Wanted { get; init; } = [];

    /// <summary>The same key means the same call: when the home folder was kept after it, it is not made again. Empty: none.</summary>
    public string Key { get; init; } = "";

    /// <summary>How long it may take; null for the configured time.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Hears the output as it comes; any thread, one call at a time for each of the two outputs.</summary>
    public Action<SandboxOutput>? Output { get; init; }

    /// <summary>Where the code lies in the sandbox.</summary>
    public string CodePath => $"{CodeFolder}/{CodeName}";
}

/// <summary>A file that goes in or comes out.</summary>
/// <param name="Path">Relative to the home folder.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record SandboxFile(string Path, ReadOnlyMemory<byte> Content);

/// <summary>A piece of output.</summary>
/// <param name="IsError">Of standard error.</param>
/// <param name="Text">As it came: nothing to show before it has been made safe.</param>
internal sealed record SandboxOutput(bool IsError, string Text);
