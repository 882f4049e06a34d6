using System.Text.Json.Serialization;

namespace Minion.Edge.Mcp.Tools;

/// <summary>What the client carries of a call that waits for its answers.</summary>
/// <param name="Owner">A hash of who calls what with which arguments.</param>
/// <param name="Key">The idempotency key of the call.</param>
/// <param name="State">The tool's own state.</param>
/// <param name="Questions">What was asked.</param>
internal sealed record PendingCall(string Owner, string Key, string State, IReadOnlyList<AskedQuestion> Questions);

/// <summary>One thing that was asked.</summary>
/// <param name="Id">Its name within the call.</param>
/// <param name="Kind">What sort of answer it wants.</param>
internal sealed record AskedQuestion(string Id, AnswerKind Kind);

internal enum AnswerKind
{
    /// <summary>The fields of a form.</summary>
    Form,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>That a page was opened.</summary>
    Page,

    /// <summary>What a model says.</summary>
    Model,
}

[JsonSerializable(typeof(PendingCall))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class PendingJson : JsonSerializerContext;
