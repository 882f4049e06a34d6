using System.Text;
using System.Text.RegularExpressions;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Context;

/// <summary>Reads requests; everything that is wrong with one is said at once.</summary>
internal static partial class ContextRequests
{
    public const int DefaultTokens = 2_000;

    private const int LeastTokens = 100;
    private const int MostTokens = 16_000;
    private const int MostProviders = 16;
    private const int LongestQuery = 1024 * 1024;
    private const int LongestValue = 2_000;

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static void Check(GetContextRequest request)
    {
        var violations = new Violations();
        violations.Check(
            request.Providers.Count is >= 1 and <= MostProviders, "providers", $"must have 1 to {MostProviders} providers, but has {request.Providers.Count}.");
        violations.Check(
            request.MaxTokens is 0 or (>= LeastTokens and <= MostTokens), "max_tokens", $"must be {LeastTokens} to {MostTokens}, or 0 for {DefaultTokens}, but is {request.MaxTokens}.");
        var size = Encoding.UTF8.GetByteCount(request.Query);
        violations.Check(size <= LongestQuery, "query", $"must have at most {LongestQuery} bytes, but has {size}.");
        for (var i = 0; i < Math.Min(request.Providers.Count, MostProviders); i++)
        {
            Check(request.Providers[i], $"providers[{i}]", violations);
        }

        violations.ThrowIfAny();
    }

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static void Check(SetPreferenceRequest request)
    {
        var violations = new Violations();
        CheckName(request.Name, violations);
        violations.Check(
            request.Value.Trim().Length is >= 1 and <= LongestValue, "value", $"must have 1 to {LongestValue} characters, but has {request.Value.Trim().Length}.");
        violations.Check(!request.Value.Any(c => char.IsControl(c) && c is not ('\n' or '\t')), "value", "must not have control characters.");
        violations.ThrowIfAny();
    }

    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public static void Check(DeletePreferenceRequest request)
    {
        var violations = new Violations();
        CheckName(request.Name, violations);
        violations.ThrowIfAny();
    }

    private static void Check(ContextProvider provider, string place, Violations violations)
    {
        switch (provider.KindCase)
        {
            case ContextProvider.KindOneofCase.Repository:
                CheckFolder(provider.Repository.Folder, place + ".repository.folder", violations);
                violations.Check(
                    provider.Repository.Changes is >= 0 and <= 100, place + ".repository.changes", $"must be 0 to 100, but is {provider.Repository.Changes}.");
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
        ContextOptions.NameForm().IsMatch(name), place, "must be the name of a folder that the server's settings open: 1 to 63 lower-case letters, digits, hyphens and underscores.");

    private static void CheckName(string name, Violations violations) => violations.Check(
        PreferenceName().IsMatch(name), "name", "must have 1 to 64 lower-case letters, digits and underscores, starting with a letter.");

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PreferenceName();
}
