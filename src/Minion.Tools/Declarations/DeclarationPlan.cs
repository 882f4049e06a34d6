using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Declarations;

/// <summary>What makes the sources and policies of a cluster those that are wanted.</summary>
/// <param name="Changes">What is to be written.</param>
/// <param name="Told">The same, for people.</param>
internal sealed record DeclarationPlan(DeclarationChanges Changes, IReadOnlyList<ToolChange> Told)
{
    public static DeclarationPlan Make(
        string cluster, IReadOnlyList<DeclaredSource> sources, IReadOnlyList<DeclaredPolicy> policies, TenantDeclarations declared, Violations violations)
    {
        var told = new List<ToolChange>();
        var changedSources = Changed("source", sources, declared.Sources, s => s.Name, s => s.Cluster, Show, violations, told);
        var changedPolicies = Changed("policy", policies, declared.Policies, p => p.Name, p => p.Cluster, Show, violations, told);
        return new DeclarationPlan(
            new DeclarationChanges(
                changedSources,
                changedPolicies,
                Removed("source", cluster, sources, declared.Sources, s => s.Name, s => s.Cluster, Show, told),
                Removed("policy", cluster, policies, declared.Policies, p => p.Name, p => p.Cluster, Show, told)),
            told);
    }

    private static List<T> Changed<T>(
        string what, IReadOnlyList<T> wanted, IReadOnlyList<T> declared, Func<T, string> name, Func<T, string> cluster, Func<T, string> show, Violations violations, List<ToolChange> told)
        where T : class
    {
        var changed = new List<T>();
        foreach (var (i, item) in wanted.Index())
        {
            var before = declared.FirstOrDefault(d => name(d) == name(item));
            if (before is not null && cluster(before).Length > 0 && cluster(before) != cluster(item))
            {
                violations.Add($"{(what == "policy" ? "policies" : "sources")}[{i}].name", $"'{name(item)}' belongs to the cluster '{cluster(before)}'.");
            }
            else if (before is null || cluster(before) != cluster(item) || !JsonElement.DeepEquals(JsonElement.Parse(show(before)), JsonElement.Parse(show(item))))
            {
                changed.Add(item);
                told.Add(new ToolChange
                {
                    Kind = before is null ? ToolChange.Types.Kind.Added : ToolChange.Types.Kind.Changed,
                    What = what,
                    Name = name(item),
                    Before = before is null ? "" : show(before),
                    After = show(item),
                });
            }
        }

        return changed;
    }

    private static List<string> Removed<T>(
        string what, string cluster, IReadOnlyList<T> wanted, IReadOnlyList<T> declared, Func<T, string> name, Func<T, string> clusterOf, Func<T, string> show, List<ToolChange> told)
    {
        var removed = declared.Where(d => clusterOf(d) == cluster && wanted.All(w => name(w) != name(d))).ToList();
        told.AddRange(removed.Select(d => new ToolChange { Kind = ToolChange.Types.Kind.Removed, What = what, Name = name(d), Before = show(d) }));
        return removed.ConvertAll(d => name(d));
    }

    private static string Show(DeclaredSource source) => new JsonObject
    {
        [source.Kind] = JsonNode.Parse(source.Settings.GetRawText()),
        ["policy"] = PolicyJson.Node(source.Policy),
    }.ToJsonString();

    private static string Show(DeclaredPolicy policy) => PolicyJson.Node(policy.Policy).ToJsonString();
}
