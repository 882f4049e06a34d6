namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>The behaviours that there are. A new one is a class in this folder and a line here.</summary>
internal static class BehaviourList
{
    /// <summary>The behaviour of an agent that names none.</summary>
    public const string Default = "react";

    private static readonly IBehaviour[] All =
    [
        new Direct(),
        new React(),
    ];

    /// <summary>Names without version, as agents use them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(b => b.Name[..b.Name.IndexOf('@')]).Distinct()];

    /// <summary>The newest version of a behaviour, for a new run; null when there is none of that name.</summary>
    public static IBehaviour? Newest(string name) =>
        All.LastOrDefault(b => b.Name.StartsWith((name.Length == 0 ? Default : name) + "@", StringComparison.Ordinal));

    /// <summary>The behaviour that a run began with.</summary>
    public static IBehaviour? Exact(string nameWithVersion) => All.FirstOrDefault(b => b.Name == nameWithVersion);
}
