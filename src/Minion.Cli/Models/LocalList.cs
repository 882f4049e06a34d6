using System.Text.Json.Nodes;
using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Faults;
using Minion.Contracts.Models.V1;

namespace Minion.Cli.Models;

/// <summary>What Ollama has, or why that is not known: a server without Ollama is as good as any.</summary>
internal sealed class LocalList
{
    public const string Provider = "ollama";

    private readonly ListLocalModelsResponse _answer;
    private readonly (string Message, string Hint)? _trouble;

    private LocalList(ListLocalModelsResponse answer, (string Message, string Hint)? trouble)
    {
        _answer = answer;
        _trouble = trouble;
    }

    public static async Task<LocalList> ReadAsync(Connection connection, CancellationToken cancellation)
    {
        try
        {
            return Of(await connection.Catalog.ListLocalModelsAsync(new ListLocalModelsRequest(), connection.Call(cancellation)));
        }
        catch (RpcException refused) when (FaultDetails.From(refused) is var details && details.Reason.StartsWith("OLLAMA_", StringComparison.Ordinal))
        {
            return Unknown(refused.Status.Detail, details.Hint);
        }
    }

    public static LocalList Of(ListLocalModelsResponse answer) => new(answer, null);

    public static LocalList Unknown(string message, string hint) => new(new(), (message, hint));

    public JsonNode ToJson() => _trouble is var (message, hint)
        ? new JsonObject { ["error"] = message, ["hint"] = hint }
        : JsonOutput.Node(_answer);

    public void Write(Terminal terminal)
    {
        terminal.Out.WriteLine();
        if (_trouble is var (message, hint))
        {
            terminal.Out.WriteLine(Phrases.Printable(message));
            terminal.Dim(Phrases.Printable(hint) + "\n");
            return;
        }

        var now = terminal.Time.GetUtcNow();
        terminal.Table(
            ["at ollama", "size", "parameters", "quantization", "changed"],
            _answer.Models.Select(m => new[] { m.Name, Phrases.Bytes(m.Size), m.ParameterSize, m.Quantization, Phrases.Ago(m.ModifiedAt, now) }),
            $"Ollama at {_answer.Address} has no models; minion models pull NAME fetches one.");
    }
}
