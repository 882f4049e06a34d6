using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Cache;

/// <summary>
/// Answers from what was answered before, when the model's <see cref="CachePolicy"/> says so, and makes one call of equal ones that are
/// under way. Whatever the cache itself fails at is a miss.
/// </summary>
internal sealed class ResponseCache(CacheLookup lookup, CacheMeter meter, Func<ModelDefinition, ModelPrice?> priceOf, TimeProvider time) : IChatStage, IStaleAnswers
{
    private readonly FlightTable _flights = new();

    public IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(ChatRequest request, NextStage next, CancellationToken cancellationToken)
    {
        var (policy, key, bypass) = CacheUse.Of(request);
        if (key is null)
        {
            if (bypass is not null)
            {
                meter.Bypass(request, bypass);
            }

            return next(request, cancellationToken);
        }

        return lookup.FindInMemory(key) is { } found
            ? ReplayAsync(request, found)
            : FlyAsync(request, key.Exact, new CachedCall(lookup, request, policy, key, next, priceOf, time), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<ChatResponseUpdate>?> TryStaleAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        if (CacheUse.Of(request).Key is not { } key || await lookup.FindStaleAsync(key, cancellationToken) is not { } found)
        {
            return null;
        }

        request.Report.CacheHit = found.Hit;
        return [.. Replay.Updates(found.Answer, request.Streamed)];
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReplayAsync(ChatRequest request, FoundAnswer found)
    {
        Hit(request, found.Hit);
        foreach (var part in Replay.Updates(found.Answer, request.Streamed))
        {
            yield return part;
        }

        yield return Replay.Unpaid(found.Hit);
        await Task.CompletedTask;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> FlyAsync(
        ChatRequest request, string exact, CachedCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = CallerDeadline.Of(request, time, cancellationToken);
        var reader = _flights.Join(exact, call.RunAsync);
        var flight = reader.Flight;
        try
        {
            FlightEnd? end;
            while (true)
            {
                (var part, end, var changed) = flight.Next(reader);
                if (end is not null)
                {
                    break;
                }

                if (part is not null)
                {
                    yield return part;
                    cancellationToken.ThrowIfCancellationRequested();
                }
                else
                {
                    await deadline.WaitAsync(changed, request);
                }
            }

            var isPayer = flight.IsPayer(reader);
            end.ThrowIfFailed(isPayer);
            if (end.HitFor(isPayer, time.GetUtcNow()) is { } hit)
            {
                Hit(request, hit);
                yield return Replay.Unpaid(hit);
            }
            else
            {
                meter.Miss(request);
                if (end.Usage is { } usage)
                {
                    yield return new ChatResponseUpdate(ChatRole.Assistant, [usage]);
                }
            }
        }
        finally
        {
            if (flight.Leave(reader))
            {
                await flight.Ended;
                request.Report.Adopt(flight.Report);
            }
        }
    }

    private void Hit(ChatRequest request, CacheHit hit)
    {
        request.Report.CacheHit = hit;
        meter.Hit(request, hit);
    }
}
