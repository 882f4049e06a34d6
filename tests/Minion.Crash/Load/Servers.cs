using Grpc.Core;
using Minion.Crash.Arena;

namespace Minion.Crash.Load;

/// <summary>A client of both servers: a call that fails, or is not answered in time, is made again at either.</summary>
internal sealed class Servers(IReadOnlyList<ServerProcess> all, Ledger ledger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public IReadOnlyList<ServerProcess> All => all;

    public ServerProcess Any() => all[Random.Shared.Next(all.Count)];

    public async Task<T> CallAsync<T>(Func<ServerProcess, DateTime, AsyncUnaryCall<T>> call, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                ct.ThrowIfCancellationRequested();
                using var made = call(Any(), DateTime.UtcNow + Timings.Call);
                return await made.ResponseAsync;
            }
            catch (RpcException error) when (IsPassing(error.StatusCode))
            {
                ledger.NoteError(error.StatusCode);
                await Task.Delay(Pause, ct);
            }
        }
    }

    /// <summary>What a client may try again: the server went away, was late, or met the outage of its database.</summary>
    public static bool IsPassing(StatusCode status) =>
        status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown or StatusCode.Aborted;
}
