using Minion.Tools.Sandboxes;

namespace Minion.Tools.Tests.Sandboxes;

/// <summary>One attempt to break out of a sandbox or to hurt the host.</summary>
/// <param name="Name">What is tried.</param>
/// <param name="Code">Python, or a shell script when it begins with <c>#!sh</c>.</param>
/// <param name="Contained">Whether what came of it shows that the sandbox held.</param>
internal sealed record Attack(string Name, string Code, Func<SandboxResult, bool> Contained)
{
    public override string ToString() => Name;

    /// <summary>Contained when the code says so itself: it prints HELD, and never ESCAPED.</summary>
    public static Attack Refused(string name, string code) =>
        new(name, code, result => result.Output.Contains("HELD", StringComparison.Ordinal) && !result.Output.Contains("ESCAPED", StringComparison.Ordinal));

    /// <summary>Contained when the call was ended, or the code failed for want of what it asked.</summary>
    public static Attack Ended(string name, string code, params SandboxEnd[] ends) =>
        new(name, code, result => ends.Contains(result.End) || (result.End == SandboxEnd.Exited && result.Output.Contains("HELD", StringComparison.Ordinal)));
}
