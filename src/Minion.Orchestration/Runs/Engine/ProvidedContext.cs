using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.ToolConnections;
using Minion.ServiceDefaults.Callers;
using Polly.CircuitBreaker;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Asks the tool service what a run is told beside its agent's instructions. That is recorded, and never asked again for the run.</summary>
internal sealed class ProvidedContext(ToolConnection connection, CallerSigner signer, TimeProvider time)
{
    private const int MaxAttempts = 10;
    private const int LongestQuery = 8_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The text, null when there is nothing to tell, with what is missing in it and why; or why the run cannot be told.</summary>
    public async Task<(string? Text, IReadOnlyList<string>? Missing, Fail? Failure)> ForAsync(Caller caller, ContextSettings? settings, string input, CancellationToken ct)
    {
        if (settings is not { Providers.Count: > 0 })
        {
            return (null, null, null);
        }

        var request = new GetContextRequest
        {
            Providers = { settings.Providers },
            MaxTokens = settings.ProvidedTokens,
            Query = input.Length <= LongestQuery ? input : input[..(char.IsHighSurrogate(input[LongestQuery - 1]) ? LongestQuery - 1 : LongestQuery)],
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await connection.GetContextAsync(request, signer.Headers(caller, "tools"), time.GetUtcNow().UtcDateTime.AddSeconds(30), ct);
                string[] missing = [.. answer.Parts.Where(part => part.Problem.Length > 0).Select(part => StoredText.Clean($"{part.Provider}{(part.Subject.Length > 0 ? $" '{part.Subject}'" : "")}: {part.Problem}"))];
                return (answer.Text.Length > 0 ? StoredText.Clean(answer.Text) : null, missing.Length > 0 ? missing : null, null);
            }
            catch (RpcException error) when (ct.IsCancellationRequested)
            {
                throw new OperationCanceledException(error.Message, error, ct);
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && attempt < MaxAttempts)
            {
                await Task.Delay(Pause, time, ct);
            }
            catch (BrokenCircuitException) when (attempt < MaxAttempts)
            {
                await Task.Delay(Pause, time, ct);
            }
            catch (RpcException error)
            {
                return (null, null, Unavailable(error.Status.Detail));
            }
            catch (BrokenCircuitException)
            {
                return (null, null, Unavailable("it has not answered for a while."));
            }
        }
    }

    private static Fail Unavailable(string why) => new(
        "context_unavailable", $"The tool service did not say what the run is told beside its instructions: {why}", "'minion status' shows what is wrong; then 'minion run retry'.");
}
