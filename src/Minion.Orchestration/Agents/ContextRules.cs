using System.Text.RegularExpressions;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;

namespace Minion.Orchestration.Agents;

/// <summary>What an agent's settings for its sessions must be.</summary>
internal static partial class ContextRules
{
    public const long LeastTokens = 100;
    public const long MostTokens = 100_000_000;
    public const int MostKept = 200;
    public const int MostProviders = 16;
    public const int LeastProvided = 100;
    public const int MostProvided = 16_000;
    public const int MostChanges = 100;

    public static void Check(ContextSettings? context, string prefix, Violations violations)
    {
        if (context is null)
        {
            return;
        }

        violations.Check(
            context.MaxTokens is 0 or (>= LeastTokens and <= MostTokens), prefix + "max_tokens",
            $"must be a whole number from {LeastTokens} to {MostTokens}, or 0 for what the model's window leaves, not {context.MaxTokens}.");
        violations.Check(
            context.KeepLast is >= 0 and <= MostKept, prefix + "keep_last",
            $"must be a whole number from 1 to {MostKept}, or 0 for the default, not {context.KeepLast}.");
        violations.Check(
            context.ProvidedTokens is 0 or (>= LeastProvided and <= MostProvided), prefix + "provided_tokens",
            $"must be a whole number from {LeastProvided} to {MostProvided}, or 0 for the default, not {context.ProvidedTokens}.");
        violations.Check(
            context.Providers.Count <= MostProviders, prefix + "providers", $"has {context.Providers.Count} entries; at most {MostProviders} are allowed.");
        for (var i = 0; i < Math.Min(context.Providers.Count, MostProviders); i++)
        {
            Check(context.Providers[i], $"{prefix}providers[{i}]", violations);
        }
    }

    private static void Check(ContextProvider provider, string place, Violations violations)
    {
        switch (provider.KindCase)
        {
            case ContextProvider.KindOneofCase.Repository:
                CheckFolder(provider.Repository.Folder, place + ".repository.folder", violations);
                violations.Check(
                    provider.Repository.Changes is >= 0 and <= MostChanges, place + ".repository.changes",
                    $"must be a whole number from 0 to {MostChanges}, not {provider.Repository.Changes}.");
                break;
            case ContextProvider.KindOneofCase.Documentation:
                CheckFolder(provider.Documentation.Folder, place + ".documentation.folder", violations);
                break;
            case ContextProvider.KindOneofCase.None:
                violations.Check(holds: false, place, "must be repository, documentation, environment or preferences.");
                break;
        }
    }

    private static void CheckFolder(string name, string place, Violations violations) => violations.Check(
        FolderName().IsMatch(name), place,
        "must be the name of a folder that the tool service's settings open: 1 to 63 lower-case letters, digits, hyphens and underscores.");

    /// <summary>Null when nothing is set.</summary>
    public static ContextSettings? Normalize(ContextSettings? context) =>
        context is { MaxTokens: 0, KeepLast: 0, HasSummarize: false, Providers.Count: 0, ProvidedTokens: 0 } ? null : context;

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,62}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FolderName();
}
