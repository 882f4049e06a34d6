using System.Collections.Concurrent;
using System.Text.Json;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.ToolConnections;
using Minion.ServiceDefaults.Callers;
using Polly.CircuitBreaker;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Asks the tool service what an agent's tools are. Remembers it for a moment, and while the service does not answer: then the calls
/// fail as results that the model sees, and not the run.
/// </summary>
internal sealed class ToolCatalog(ToolConnection connection, CallerSigner signer, TimeProvider time)
{
    private const int MaxRemembered = 1_000;
    private const int MaxAttempts = 10;
    private const int MostPages = 20;

    private static readonly TimeSpan RememberFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, (ToolSet Set, long At)> _known = new();

    /// <param name="caller">In whose name.</param>
    /// <param name="entries">What an agent's <c>tools</c> say, without the tools of the engine.</param>
    /// <param name="ct">Gives up.</param>
    public async ValueTask<(ToolSet Set, Fail? Failure)> FindAsync(Caller caller, IReadOnlyList<string> entries, CancellationToken ct)
    {
        var key = string.Join('\u001f', [caller.Tenant, .. caller.Permissions, "", .. entries]);
        var isKnown = _known.TryGetValue(key, out var known);
        if (isKnown && time.GetElapsedTime(known.At) < RememberFor)
        {
            return (known.Set, null);
        }

        var selection = new ToolSelection(entries);
        var (found, failure) = await AskAsync(caller, selection, isKnown ? 1 : MaxAttempts, ct);
        if (failure is not null)
        {
            return isKnown ? (known.Set, null) : (ToolSet.Empty, failure);
        }

        var missing = selection.Names.Where(n => found.All(t => t.Name != ToolSelection.NameOf(n))).ToList();
        if (missing.Count > 0)
        {
            return (ToolSet.Empty, new Fail(
                "unknown_tool",
                $"The agent uses {string.Join(", ", missing.Select(n => $"'{n}'"))}, which does not exist or which it may not use.",
                "'minion get tools' lists the tools. Correct the agent's tools and apply the file again."));
        }

        if (found.Count(selection.Has) > AgentRules.MostTools)
        {
            return (ToolSet.Empty, new Fail(
                "too_many_tools",
                $"The agent's patterns mean {found.Count} tools; a model is offered at most {AgentRules.MostTools}.",
                "Name fewer, or take some away with '-name' among the agent's tools."));
        }

        var set = new ToolSet(found.ConvertAll(Describe));
        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        _known[key] = (set, time.GetTimestamp());
        return (set, null);
    }

    private async Task<(List<Tool> Tools, Fail? Failure)> AskAsync(Caller caller, ToolSelection selection, int maxAttempts, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await ReadAsync(caller, selection, ct), null);
            }
            catch (RpcException error) when (ct.IsCancellationRequested)
            {
                throw new OperationCanceledException(error.Message, error, ct);
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && attempt < maxAttempts)
            {
                await Task.Delay(Pause, time, ct);
            }
            catch (BrokenCircuitException) when (attempt < maxAttempts)
            {
                await Task.Delay(Pause, time, ct);
            }
            catch (RpcException error)
            {
                return ([], Unavailable(error.Status.Detail));
            }
            catch (BrokenCircuitException)
            {
                return ([], Unavailable("it has not answered for a while."));
            }
        }
    }

    /// <summary>What is named, all that a pattern means and that is approved, and the tool that gives their long results in pages.</summary>
    private async Task<List<Tool>> ReadAsync(Caller caller, ToolSelection selection, CancellationToken ct)
    {
        var found = new List<Tool>();
        if (selection.Names.Count == 0 && selection.Patterns.Count == 0)
        {
            return found;
        }

        var request = new ListToolsRequest { PageSize = 500, Names = { selection.Names.Concat(selection.Patterns).Append(ToolSelection.ReadResult).Distinct(StringComparer.Ordinal) } };
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await connection.ListAsync(request, signer.Headers(caller, "tools"), time.GetUtcNow().UtcDateTime.AddSeconds(20), ct);
            found.AddRange(answer.Tools.Where(tool => selection.Has(tool) || selection.Brings(tool)));
            request.PageToken = answer.NextPageToken;
            if (answer.NextPageToken.Length == 0)
            {
                break;
            }
        }

        return found.Exists(tool => tool.Name != ToolSelection.ReadResult || selection.Has(tool)) ? found : [];
    }

    private static Fail Unavailable(string why) => new(
        "tools_unavailable", $"The tool service did not say what the agent's tools are: {why}", "'minion status' shows what is wrong; then 'minion run retry'.");

    private static ToolDescription Describe(Tool tool)
    {
        using var schema = JsonDocument.Parse(tool.InputSchema);
        var effect = tool.Effect switch
        {
            Effect.ReadOnly => ToolEffect.ReadOnly,
            Effect.Idempotent => ToolEffect.Idempotent,
            _ => ToolEffect.SideEffect,
        };
        return new ToolDescription(tool.Name, tool.Version, tool.Description, schema.RootElement.Clone(), effect);
    }
}
