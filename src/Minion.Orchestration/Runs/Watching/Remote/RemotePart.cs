using System.Text.Json;
using System.Text.Json.Serialization;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Watching.Remote;

/// <summary>How much of a run has been sent to other processes.</summary>
internal readonly record struct RemoteSent(long Committed, int Text, int Reasoning, int Calls)
{
    /// <summary>The last of what tools said.</summary>
    public OutputPosition Output { get; init; }
}

/// <summary>What one process tells others of a run that it executes.</summary>
/// <param name="Sender">The process.</param>
/// <param name="Committed">The last entry that is durable; 0 when none is known.</param>
/// <param name="Position">Which attempt of which call the text is of.</param>
/// <param name="Offset">Where it starts, in UTF-16 code units.</param>
/// <param name="Text">Empty when there is none.</param>
internal sealed record RemotePart(string Sender, long Committed, CallPosition Position, int Offset, string Text)
{
    /// <summary>The last entry that was durable when the call began.</summary>
    public long Base { get; init; }

    public string? Purpose { get; init; }

    public int ReasoningOffset { get; init; }

    /// <summary>Null when there is none.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Calls that the answer asks for, from <see cref="FirstCall"/> on; null for none.</summary>
    public IReadOnlyList<RequestedCall>? Calls { get; init; }

    public int FirstCall { get; init; }

    /// <summary>What tools have said; null for nothing. What is lost of it is not sent again.</summary>
    public IReadOnlyList<LiveOutput>? Outputs { get; init; }

    /// <summary>The next message, and what will have been sent with it.</summary>
    public static (RemotePart? Part, RemoteSent Sent) Next(string sender, AnswerUnderWay answer, ToolOutputs outputs, long committed, RemoteSent sent)
    {
        var reasoning = answer.Piece(DeltaKind.Reasoning, sent.Reasoning, LiveFeed.MostCharacters);
        // In the order in which watchers are shown it.
        var isAllReasoning = sent.Reasoning + reasoning.Length == answer.Length(DeltaKind.Reasoning);
        var text = isAllReasoning ? answer.Piece(DeltaKind.Text, sent.Text, LiveFeed.MostCharacters) : "";
        var isAll = isAllReasoning && sent.Text + text.Length == answer.Length(DeltaKind.Text);
        RequestedCall[] calls = isAll ? [.. answer.Calls.Skip(sent.Calls)] : [];
        // An entry is told when all that comes before it is.
        var told = isAll ? committed : Math.Min(committed, answer.Base);
        var said = outputs.Unsent(sent.Output);
        if (reasoning.Length == 0 && text.Length == 0 && calls.Length == 0 && said.Count == 0 && sent.Committed == told)
        {
            return (null, sent);
        }

        var part = new RemotePart(sender, told, answer.Position, sent.Text, text)
        {
            Base = answer.Base,
            Purpose = answer.Purpose,
            ReasoningOffset = sent.Reasoning,
            Reasoning = reasoning.Length > 0 ? reasoning : null,
            FirstCall = sent.Calls,
            Calls = calls.Length > 0 ? calls : null,
            Outputs = said.Count > 0 ? said : null,
        };
        return (part, new RemoteSent(told, sent.Text + text.Length, sent.Reasoning + reasoning.Length, answer.Calls.Count > 0 && isAll ? answer.Calls.Count : sent.Calls)
        {
            Output = said.Count > 0 ? said[^1].Position : sent.Output,
        });
    }

    /// <summary>Adds what is new; false when something is missing before it.</summary>
    public bool AddTo(AnswerUnderWay answer)
    {
        if (Position != answer.Position)
        {
            if (!Position.IsAfter(answer.Position))
            {
                return true;
            }

            answer.Begin(Position, Base, Purpose);
        }

        var isWhole = answer.AddAt(DeltaKind.Reasoning, ReasoningOffset, Reasoning ?? "") && answer.AddAt(DeltaKind.Text, Offset, Text);
        foreach (var call in (Calls ?? []).Where(c => isWhole && c.Call == answer.Calls.Count))
        {
            answer.Add(call);
        }

        return isWhole && FirstCall <= answer.Calls.Count;
    }
}

/// <summary>That a process has watchers of these runs.</summary>
/// <param name="Sender">The process.</param>
/// <param name="Runs">The runs, with their tenants.</param>
internal sealed record RemoteInterest(string Sender, IReadOnlyList<LiveKey> Runs);

[JsonSerializable(typeof(RemotePart))]
[JsonSerializable(typeof(RemoteInterest))]
internal sealed partial class RemoteJson : JsonSerializerContext
{
    public static byte[] Write(RemotePart part) => JsonSerializer.SerializeToUtf8Bytes(part, Default.RemotePart);

    public static byte[] Write(RemoteInterest interest) => JsonSerializer.SerializeToUtf8Bytes(interest, Default.RemoteInterest);

    /// <summary>Null for what another release may have sent.</summary>
    public static RemotePart? ReadPart(byte[] payload) => Read(payload, Default.RemotePart) is { Text: not null } part ? part : null;

    /// <inheritdoc cref="ReadPart"/>
    public static RemoteInterest? ReadInterest(byte[] payload) => Read(payload, Default.RemoteInterest) is { Runs: not null } interest ? interest : null;

    private static T? Read<T>(byte[] payload, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
