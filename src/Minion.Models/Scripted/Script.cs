using System.Text.Json;

namespace Minion.Models;

/// <summary>
/// The script of the provider <c>scripted</c>: rules whose patterns capture arguments from the user's message, call tools with them,
/// and answer with templates over the tools' results.
/// </summary>
public sealed class Script
{
    private Script()
    {
    }

    /// <summary>Reads a script.</summary>
    public static ScriptParsing Parse(JsonElement json) => new(new Script(), []);
}

/// <summary>What became of reading a script: the script, or everything that is wrong with it.</summary>
/// <param name="Script">The script; null when there are errors.</param>
/// <param name="Errors">Each with its path within the script, for example <c>rules[0].match</c>.</param>
public sealed record ScriptParsing(Script? Script, IReadOnlyList<(string Path, string Message)> Errors);
