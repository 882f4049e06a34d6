using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Minion.Tools;
using Npgsql;

namespace Minion.Crash.Serving;

/// <summary>Reads: may be called again at any time.</summary>
internal sealed class CountRead([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database)
    : CountingTool(database, CountedCalls.Read, Effect.ReadOnly);

/// <summary>Changes something, once for each key.</summary>
internal sealed class CountPut([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database)
    : CountingTool(database, CountedCalls.Put, Effect.Idempotent);

/// <summary>Changes something each time that it is called.</summary>
internal sealed class CountAdd([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database)
    : CountingTool(database, CountedCalls.Add, Effect.SideEffect);

/// <summary>A tool whose only effect is a row for each call, with its key (<see cref="CountedCalls"/>).</summary>
internal abstract class CountingTool(NpgsqlDataSource database, string name, Effect effect) : ITool
{
    public ToolDescription Description { get; } = new()
    {
        Name = name,
        Version = "1.0",
        Description = "Counts its calls.",
        InputSchema =
            """
            { "type": "object", "properties": { "text": { "type": "string", "minLength": 1 } }, "required": ["text"], "additionalProperties": false }
            """,
        OutputSchema =
            """
            { "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"], "additionalProperties": false }
            """,
        Policy = new Tools.ToolPolicy(effect) { Timeout = TimeSpan.FromSeconds(30), Retries = effect == Effect.SideEffect ? 0 : 5 },
    };

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var text = call.Arguments.GetProperty("text").GetString()!;
        await using var command = database.CreateCommand(CountedCalls.Insert);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = call.IdempotencyKey });
        command.Parameters.Add(new() { Value = text });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return ToolOutcome.Result(new Counted(text), CountedJson.Default.Counted);
    }
}

/// <summary>What a counting tool gives back: what it was given.</summary>
internal sealed record Counted(string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Counted))]
internal sealed partial class CountedJson : JsonSerializerContext;
