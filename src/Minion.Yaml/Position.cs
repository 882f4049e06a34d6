namespace Minion.Yaml;

/// <summary>A place in a file; both count from 1.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The column.</param>
public readonly record struct Position(int Line, int Column)
{
    /// <summary>The first character.</summary>
    public static readonly Position Start = new(1, 1);
}
