namespace Minion.Tools.Sandboxes;

/// <summary>How a command in a sandbox ended.</summary>
internal enum SandboxEnd
{
    /// <summary>By itself, or by a signal from inside.</summary>
    Exited,

    /// <summary>Its time had passed.</summary>
    TimedOut,

    /// <summary>It wanted more memory.</summary>
    OutOfMemory,

    /// <summary>It had used up its processor time.</summary>
    OutOfCpu,

    /// <summary>It wrote without end.</summary>
    TooMuchOutput,

    /// <summary>It made too many files.</summary>
    TooManyFiles,
}

/// <summary>What came of a command in a sandbox.</summary>
internal sealed record SandboxResult
{
    /// <summary>How it ended.</summary>
    public required SandboxEnd End { get; init; }

    /// <summary>Its exit code, 128 + n after signal n; null when it was ended from outside.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Standard output, safe to show in a terminal.</summary>
    public required string Output { get; init; }

    /// <summary>Standard error, safe to show in a terminal.</summary>
    public required string Error { get; init; }

    /// <summary>Whether something of the two was left out.</summary>
    public bool Cut { get; init; }

    /// <summary>The files that were wanted and are there.</summary>
    public IReadOnlyList<SandboxFile> Files { get; init; } = [];

    /// <summary>Whether the home folder was kept as the command left it; otherwise it is as it was before.</summary>
    public bool Kept { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>There is no sandbox, and nothing is run without one.</summary>
/// <param name="message">Why, a sentence.</param>
/// <param name="hint">What to install or set, a sentence.</param>
internal sealed class SandboxUnavailableException(string message, string hint) : Exception(message)
{
    /// <summary>What to install or set, a sentence.</summary>
    public string Hint { get; } = hint;
}
