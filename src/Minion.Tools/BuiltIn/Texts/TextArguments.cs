namespace Minion.Tools.BuiltIn.Texts;

/// <summary>What the tool <c>text</c> is asked.</summary>
internal sealed record TextArguments(string Operation, string Text)
{
    public string? Find { get; init; }

    public string? Replacement { get; init; }

    public string? Other { get; init; }

    public bool Regex { get; init; }

    public bool IgnoreCase { get; init; }

    public int? Start { get; init; }

    public int? End { get; init; }

    public int Limit { get; init; } = 100;

    /// <summary>An argument that the operation cannot do without.</summary>
    /// <exception cref="TextRefusal">It is not given.</exception>
    public string Needed(string name) => name switch
    {
        "find" => Find is { Length: > 0 } find ? find : throw Missing(name),
        "replacement" => Replacement ?? throw Missing(name),
        _ => Other ?? throw Missing(name),
    };

    private TextRefusal Missing(string name) => new($"The operation '{Operation}' needs '{name}'.", $"Call again with '{name}'.");
}

/// <summary>What the tool <c>text</c> gives: what the operation has.</summary>
internal sealed record TextResult
{
    public string? Text { get; init; }

    public IReadOnlyList<string>? Items { get; init; }

    public IReadOnlyList<FoundText>? Matches { get; init; }

    public int? Count { get; init; }

    public int? Characters { get; init; }

    public int? Words { get; init; }

    public int? Lines { get; init; }

    public int? Bytes { get; init; }
}

/// <summary>Something that was found.</summary>
/// <param name="Text">What.</param>
/// <param name="Start">Where, from 0, in UTF-16 code units.</param>
/// <param name="Groups">What the groups of the expression hold.</param>
internal sealed record FoundText(string Text, int Start, IReadOnlyList<string> Groups);

/// <summary>Something cannot be done with a text; the model reads why.</summary>
internal sealed class TextRefusal(string message, string hint) : Exception(message)
{
    public ToolFailure Failure { get; } = ToolOutcome.Failed(message, hint);
}
