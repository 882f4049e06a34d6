namespace Minion.Orchestration.Clusters.Yaml;

/// <summary>A place in a file; both count from 1.</summary>
internal readonly record struct Position(int Line, int Column)
{
    public static readonly Position Start = new(1, 1);
}
