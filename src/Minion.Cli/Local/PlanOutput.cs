using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Cli.Local;

/// <summary>What applying files changes, for people.</summary>
internal static class PlanOutput
{
    public static bool HasChanges(ApplyClustersResponse plan) => plan.Clusters.Any(c => c.Changes.Any(x => x.Action != Action.Unchanged));

    public static IReadOnlyList<Change> Removals(ApplyClustersResponse plan) => [.. plan.Clusters.SelectMany(c => c.Changes).Where(c => c.Action == Action.Removed)];

    public static void Show(Terminal terminal, ApplyClustersResponse plan, bool would)
    {
        foreach (var cluster in plan.Clusters)
        {
            foreach (var change in cluster.Changes)
            {
                Show(terminal, change, would);
            }

            if (cluster.Changes.All(c => c.Action == Action.Unchanged))
            {
                terminal.Out.WriteLine($"Cluster {cluster.Cluster} is as the file says: nothing to change.");
            }

            foreach (var notice in cluster.Notices)
            {
                terminal.Out.WriteLine($"Note: {Phrases.Printable(notice)}");
            }
        }
    }

    public static string Describe(Change change, bool would)
    {
        var tense = would && change.Action != Action.Unchanged ? "would be " : "";
        var version = change.Version > 0 ? $" (version {change.Version})" : "";
        return $"{change.Kind} {change.Name} {tense}{Phrases.Word(change.Action)}{version}";
    }

    private static void Show(Terminal terminal, Change change, bool would)
    {
        var line = Describe(change, would);
        Action<string> write = change.Action switch
        {
            Action.Created => terminal.Green,
            Action.Removed => terminal.Red,
            Action.Updated => terminal.Bold,
            _ => terminal.Dim,
        };
        write(line);
        terminal.Out.WriteLine();
        if (change.Diff.Length > 0)
        {
            terminal.Diff(change.Diff, "  ");
        }
    }
}
