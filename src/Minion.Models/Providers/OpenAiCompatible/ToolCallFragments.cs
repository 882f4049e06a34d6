using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.OpenAiCompatible;

/// <summary>Puts tool calls together that come in pieces, several at a time.</summary>
/// <param name="answerId">Makes ids for calls that have none.</param>
/// <param name="whole">Each piece is a call of its own.</param>
internal sealed class ToolCallFragments(string? answerId, bool whole)
{
    private const int MostCalls = 128;

    private readonly List<Pending> _calls = [];

    public bool Any => _calls.Count > 0;

    /// <summary>Adds a piece; returns the length of its arguments.</summary>
    public int Add(JsonElement fragment)
    {
        var (id, index) = (fragment.Text("id"), fragment.Count("index"));
        var call = whole ? null : Find(id, index);
        if (call is null)
        {
            call = new Pending(index);
            _calls.Add(call);
        }

        call.Id ??= string.IsNullOrEmpty(id) ? null : id;
        if (fragment.Member("function") is not { } function)
        {
            return 0;
        }

        call.Name.Append(function.Text("name"));
        // Some endpoints give an object instead of its text.
        var arguments = function.Member("arguments") is { } given ? given.ValueKind == JsonValueKind.String ? given.GetString()! : given.GetRawText() : "";
        call.Arguments.Append(arguments);
        return arguments.Length;
    }

    /// <summary>The calls in the order in which they began.</summary>
    public IEnumerable<FunctionCallContent> Assemble(Endpoint endpoint)
    {
        if (_calls.Count > MostCalls)
        {
            throw endpoint.Invalid($"makes {_calls.Count} tool calls at once");
        }

        return _calls.Select((call, i) => call.Name.Length == 0
            ? throw endpoint.Invalid("has a tool call without a name")
            : ToolCallArguments.ToCall(call.Id ?? $"call_{answerId}_{i}", call.Name.ToString(), call.Arguments.ToString()));
    }

    /// <summary>
    /// The call that a piece belongs to: the latest with its index. A new id begins a new call, because some endpoints give every
    /// parallel call the index 0; a piece without an index goes by its id, or to the call that came last.
    /// </summary>
    private Pending? Find(string? id, long? index)
    {
        var candidate = index is null
            ? string.IsNullOrEmpty(id) ? _calls.LastOrDefault() : _calls.FindLast(c => c.Id == id)
            : _calls.FindLast(c => c.Index == index);
        return candidate?.Id is { } known && !string.IsNullOrEmpty(id) && id != known ? null : candidate;
    }

    private sealed class Pending(long? index)
    {
        public long? Index { get; } = index;

        public string? Id { get; set; }

        public StringBuilder Name { get; } = new();

        public StringBuilder Arguments { get; } = new();
    }
}
