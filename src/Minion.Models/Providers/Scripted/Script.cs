using System.Text.Json;
using Minion.Models.Providers.Scripted;

namespace Minion.Models;

/// <summary>
/// The script of the provider <c>scripted</c>: rules whose patterns capture arguments from the user's last message, call tools with
/// them, and answer with templates over the tools' real results. Its form is described in <c>docs/models.md</c>.
/// </summary>
public sealed class Script
{
    internal const string DefaultOtherwise = "My script has no rule for that.";

    internal Script(TimeSpan delay, IReadOnlyList<Rule> rules, string otherwise)
    {
        Delay = delay;
        Rules = rules;
        Otherwise = otherwise;
    }

    /// <summary>The pause between two streamed words.</summary>
    public TimeSpan Delay { get; }

    internal IReadOnlyList<Rule> Rules { get; }

    /// <summary>The answer to a message that no rule matches.</summary>
    internal string Otherwise { get; }

    /// <summary>Reads a script and reports everything that is wrong with it at once.</summary>
    public static ScriptParsing Parse(JsonElement json) => new ScriptReader().Read(json);
}

/// <summary>What became of reading a script: the script, or everything that is wrong with it.</summary>
/// <param name="Script">The script; null when there are errors.</param>
/// <param name="Errors">Each with its path within the script, for example <c>rules[0].match</c>; empty when there is a script.</param>
public sealed record ScriptParsing(Script? Script, IReadOnlyList<(string Path, string Message)> Errors);
