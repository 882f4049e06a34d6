using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Output;

namespace Minion.Cli.Local;

/// <summary>Applies files again whenever one of them changes, until it is interrupted. By content: editors replace files rather than change them.</summary>
internal sealed class ApplyWatch(Invocation invocation, Connection connection, Applying applying)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly Terminal _terminal = invocation.Terminal;
    private string _said = "";

    public async Task<int> RunAsync(IReadOnlyList<string> given, CancellationToken cancellation)
    {
        if (!invocation.Json)
        {
            _terminal.Error.WriteLine($"Watching {string.Join(", ", given)}; Ctrl-C ends it.");
        }

        var seen = "";
        while (!cancellation.IsCancellationRequested)
        {
            if (State(given) is var now && now != seen)
            {
                seen = await ApplyAsync(given, cancellation) ? now : "";
            }

            await Task.Delay(Interval, _terminal.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCodes.Interrupted;
    }

    /// <summary>False when it is to be tried again although nothing has changed: the server was away.</summary>
    private async Task<bool> ApplyAsync(IReadOnlyList<string> given, CancellationToken cancellation)
    {
        CliFailure failure;
        try
        {
            if (await applying.ApplyAsync(ClusterPaths.Expand(given), cancellation) is { } response)
            {
                applying.Show(response);
            }

            _said = "";
            return true;
        }
        catch (CliFailure wrong)
        {
            failure = wrong;
        }
        catch (RpcException refused) when (!cancellation.IsCancellationRequested)
        {
            failure = Refusals.Explain(refused, connection.Address);
        }

        var unreachable = failure.ExitCode == ExitCodes.Unreachable;
        if (!unreachable || failure.Message != _said)
        {
            FailureOutput.Write(_terminal, failure, invocation.Json);
            _said = failure.Message;
        }

        return !unreachable;
    }

    private static string State(IReadOnlyList<string> given)
    {
        var state = new StringBuilder();
        try
        {
            foreach (var file in ClusterPaths.Expand(given))
            {
                state.Append(file).Append(' ').Append(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))).Append('\n');
            }
        }
        catch (Exception error) when (error is CliFailure or IOException or UnauthorizedAccessException)
        {
            // In the middle of being replaced, or gone: applying says what it is.
            state.Append(error.Message);
        }

        return state.ToString();
    }
}
