using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Declarations;
using Minion.Tools.Sources;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Api;

/// <summary>Reads what is to be declared; everything that is wrong with it is said at once.</summary>
internal static partial class RegistryRequests
{
    public const int MostOfEach = 200;
    private const int LargestSettings = 256 * 1024;
    private const int LongestName = 100;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The sources; those with problems are left out.</summary>
    public static List<DeclaredSource> Sources(IReadOnlyList<ToolSource> sources, string cluster, SourceSet kinds, TenantSecrets secrets, Violations violations)
    {
        violations.Check(sources.Count <= MostOfEach, "sources", $"must have at most {MostOfEach}, but has {sources.Count}.");
        var read = new List<DeclaredSource>();
        foreach (var (i, source) in sources.Take(MostOfEach).Index())
        {
            if (Source(source, $"sources[{i}]", cluster, kinds, secrets, violations) is { } declared)
            {
                violations.Check(!read.Exists(s => s.Name == declared.Name), $"sources[{i}].name", $"'{declared.Name}' stands here a second time.");
                read.Add(declared);
            }
        }

        return read;
    }

    public static DeclaredSource? Source(ToolSource source, string path, string cluster, SourceSet kinds, TenantSecrets secrets, Violations violations)
    {
        violations.Check(SourceName().IsMatch(source.Name), $"{path}.name", "must be 1 to 40 lower-case letters, digits and underscores, starting with a letter.");
        PolicyRequests.Check(source.Policy, $"{path}.policy", violations);
        var kind = kinds.Kind(source.Kind);
        violations.Check(kind is not null, $"{path}.kind", $"must be one of {string.Join(", ", kinds.Kinds.Order(StringComparer.Ordinal))}, but is '{Cut(source.Kind)}'.");
        if (Settings(source.Settings, $"{path}.settings", violations) is not { } settings || kind is null)
        {
            return null;
        }

        foreach (var problem in secrets.Check(settings).Concat(LiteralSecrets.Check(settings)).Concat(kind.Check(settings, secrets.Tenant)))
        {
            violations.Add($"{path}.settings{problem.Path}", problem.Problem + (problem.Problem.EndsWith('.') ? "" : "."));
        }

        return new DeclaredSource(source.Name, source.Kind, settings, source.Policy ?? new Policy(), cluster, default);
    }

    /// <summary>The policies; those with problems are left out.</summary>
    public static List<DeclaredPolicy> Policies(IReadOnlyList<NamedPolicy> policies, string cluster, Violations violations)
    {
        violations.Check(policies.Count <= MostOfEach, "policies", $"must have at most {MostOfEach}, but has {policies.Count}.");
        var read = new List<DeclaredPolicy>();
        foreach (var (i, policy) in policies.Take(MostOfEach).Index())
        {
            if (Policy(policy, $"policies[{i}]", cluster, violations) is { } declared)
            {
                violations.Check(!read.Exists(p => p.Name == declared.Name), $"policies[{i}].name", $"'{declared.Name}' stands here a second time.");
                read.Add(declared);
            }
        }

        return read;
    }

    public static DeclaredPolicy? Policy(NamedPolicy policy, string path, string cluster, Violations violations)
    {
        PolicyRequests.Check(policy.Policy, $"{path}.policy", violations);
        return violations.Check(PolicyName().IsMatch(policy.Name), $"{path}.name", "must be 1 to 64 lower-case letters, digits, underscores and wildcards (*).")
            ? new DeclaredPolicy(policy.Name, policy.Policy ?? new Policy(), cluster, default)
            : null;
    }

    public static void CheckCluster(string cluster, Violations violations) =>
        violations.Check(cluster.Length is > 0 and <= LongestName && !cluster.Any(char.IsControl), "cluster", $"must have 1 to {LongestName} characters.");

    private static JsonElement? Settings(string text, string path, Violations violations)
    {
        if (!violations.Check(Encoding.UTF8.GetByteCount(text) <= LargestSettings, path, $"must have at most {LargestSettings} bytes."))
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text.Length == 0 ? "{}" : text, Strict);
        }
        catch (JsonException exception)
        {
            violations.Add(path, $"must be JSON: {exception.Message}");
            return null;
        }
    }

    private static string Cut(string text) => text.Length <= LongestName ? text : text[..LongestName] + "…";

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,39}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SourceName();

    [GeneratedRegex(@"^[a-z0-9_*]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PolicyName();
}
