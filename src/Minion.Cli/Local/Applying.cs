using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Local;

/// <summary>Applies cluster files: a plan first where something goes away and somebody is there to be asked, then exactly that plan.</summary>
internal sealed class Applying(Invocation invocation, Connection connection, bool dryRun, bool yes)
{
    private readonly Terminal _terminal = invocation.Terminal;

    /// <returns>Null when somebody said no.</returns>
    public async Task<ApplyClustersResponse?> ApplyAsync(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        var request = await ClusterFiles.ReadAsync(_terminal, files, cancellation);
        var asks = !dryRun && !yes && !invocation.Json && _terminal.IsInteractive;
        request.DryRun = dryRun || asks;
        var response = await SendAsync(request, cancellation);
        if (!asks)
        {
            return response;
        }

        if (PlanOutput.Removals(response) is { Count: > 0 } removals)
        {
            PlanOutput.Show(_terminal, response, would: true);
            var names = string.Join(", ", removals.Select(c => $"{c.Kind} {c.Name}"));
            var answer = await _terminal.ReadLineAsync($"Remove {names}? [y/N] ", cancellation);
            if (answer?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            {
                _terminal.Error.WriteLine("Nothing was changed.");
                return null;
            }
        }

        (request.DryRun, request.ExpectedPlan) = (false, response.Plan);
        return await SendAsync(request, cancellation);
    }

    public void Show(ApplyClustersResponse response)
    {
        if (!invocation.Json)
        {
            PlanOutput.Show(_terminal, response, dryRun);
        }
        else if (response.Clusters is [var single])
        {
            _terminal.Document(single);
        }
        else
        {
            _terminal.Document(response);
        }
    }

    private async Task<ApplyClustersResponse> SendAsync(ApplyClustersRequest request, CancellationToken cancellation)
    {
        try
        {
            return await connection.Clusters.ApplyClustersAsync(request, connection.Call(cancellation));
        }
        catch (RpcException exception) when (!invocation.Json && request.Files.Count == 1)
        {
            throw ClusterFiles.InPlaces(Refusals.Explain(exception, connection.Address), request.Files[0].Source);
        }
    }
}
