namespace Minion.Testing.OpenAi;

/// <summary>What a model says, before it takes the form of the wire.</summary>
public sealed record FakeAnswer
{
    public string Text { get; init; } = "";

    public string Reasoning { get; init; } = "";

    public string? Refusal { get; init; }

    public IReadOnlyList<FakeToolCall> ToolCalls { get; init; } = [];

    public string FinishReason { get; init; } = "stop";

    public int InputTokens { get; init; } = 12;

    public int OutputTokens { get; init; } = 7;

    /// <summary>Some endpoints never count tokens.</summary>
    public bool CountsTokens { get; init; } = true;

    /// <summary>The pause between two parts of a stream.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Into how many pieces a tool call's arguments are cut.</summary>
    public int Pieces { get; init; } = 1;
}

/// <summary>A tool call; the arguments are text, and need not be JSON.</summary>
public sealed record FakeToolCall(string Id, string Name, string Arguments);
