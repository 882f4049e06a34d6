using Minion.Contracts.Faults;

namespace Minion.Cli;

/// <summary>What the command line tells instead of a stack trace: what happened, to what, and what to do now.</summary>
internal sealed class CliFailure(int exitCode, string kind, string message, string hint = "", IReadOnlyList<FieldViolation>? fields = null)
    : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Machine-readable, in snake_case.</summary>
    public string Kind { get; } = kind;

    public string Hint { get; } = hint;

    public IReadOnlyList<FieldViolation> Fields { get; } = fields ?? [];
}
