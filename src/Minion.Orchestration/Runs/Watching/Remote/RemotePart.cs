using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Orchestration.Runs.Watching.Remote;

/// <summary>What one process tells others of a run that it executes.</summary>
/// <param name="Sender">The process.</param>
/// <param name="Committed">The last entry that is durable; 0 when none is known.</param>
/// <param name="Position">Which attempt of which call the text is of.</param>
/// <param name="Offset">Where it starts, in UTF-16 code units.</param>
/// <param name="Text">Empty when there is none.</param>
internal sealed record RemotePart(string Sender, long Committed, CallPosition Position, int Offset, string Text);

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
