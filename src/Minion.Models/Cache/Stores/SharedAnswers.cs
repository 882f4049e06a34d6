using Microsoft.Extensions.Logging;

namespace Minion.Models.Cache;

/// <summary>
/// The store that processes share, as an accelerator: what it does not say in time it does not know, and after a failure it is left alone for
/// a while. Writing is never waited for.
/// </summary>
internal sealed class SharedAnswers(ICacheStore? store, CacheOptions options, TimeProvider time, ILogger logger)
{
    private const int MostWrites = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(options.SharedTimeoutMilliseconds);
    private int _writes;
    private long _failed;

    public ValueTask<CacheEntry?> FindAsync(CacheKey key, CancellationToken cancellationToken) =>
        AskAsync((s, token) => s.FindAsync(key, token), null, cancellationToken);

    public ValueTask<IReadOnlyList<SimilarEntry>> NearestAsync(
        CacheKey key, QuestionEmbedding embedding, double threshold, int count, CancellationToken cancellationToken) =>
        AskAsync((s, token) => s.NearestAsync(key, embedding, threshold, count, token), [], cancellationToken);

    /// <summary>Keeps an answer soon, unless too many wait for that already.</summary>
    public void Put(CacheEntry entry)
    {
        if (store is null || IsPaused)
        {
            return;
        }

        if (Interlocked.Increment(ref _writes) > MostWrites)
        {
            Interlocked.Decrement(ref _writes);
            return;
        }

        _ = Task.Run(async () =>
        {
            try
            {
                await AskAsync<object?>(
                    async (s, token) =>
                    {
                        await s.PutAsync(entry, token);
                        return null;
                    },
                    null, CancellationToken.None);
            }
            finally
            {
                Interlocked.Decrement(ref _writes);
            }
        });
    }

    // Measured, not read from the wall clock, which may be set back.
    private bool IsPaused => Volatile.Read(ref _failed) is var failed && failed != 0 && time.GetElapsedTime(failed) < Pause;

    private async ValueTask<T> AskAsync<T>(Func<ICacheStore, CancellationToken, ValueTask<T>> ask, T nothing, CancellationToken cancellationToken)
    {
        if (store is null || IsPaused)
        {
            return nothing;
        }

        using var timer = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await ask(store, either.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Volatile.Write(ref _failed, time.GetTimestamp());
            LogMessages.SharedCacheFailed(logger, Pause.TotalSeconds, error.Message);
            return nothing;
        }
    }
}
