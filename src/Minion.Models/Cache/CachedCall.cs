using Microsoft.Extensions.AI;
using Minion.Models.Money;
using Minion.Models.Pipeline;

namespace Minion.Models.Cache;

/// <summary>What one flight does: looks the request up, and else asks the model and keeps the answer.</summary>
internal sealed class CachedCall(
    CacheLookup lookup, ChatRequest request, CachePolicy policy, CacheKey key, NextStage next, Func<ModelDefinition, ModelPrice?> priceOf, TimeProvider time)
{
    public async Task<FlightEnd> RunAsync(Flight flight)
    {
        var embedding = await lookup.EmbedAsync(key, policy, flight.Token);
        if (await lookup.FindAsync(key, embedding, policy, flight.Token) is { } found)
        {
            foreach (var part in Replay.Updates(found.Answer, request.Streamed))
            {
                await flight.AddAsync(part);
            }

            return new FlightEnd { Hit = found.Hit };
        }

        return await AskAsync(flight, embedding);
    }

    private async Task<FlightEnd> AskAsync(Flight flight, QuestionEmbedding? embedding)
    {
        var collector = lookup.Collect();
        UsageContent? usage = null;

        // Each reader keeps to its own deadline: the call may serve one who has more time than the first.
        flight.Report.Reservation = request.Report.Reservation;
        flight.Report.Reservation = request.Report.Reservation;
        var asked = request with { Report = flight.Report, Call = request.Call with { Deadline = null } };
        await foreach (var part in next(asked, flight.Token).WithCancellation(flight.Token))
        {
            collector.Add(part);
            usage = part.Contents.OfType<UsageContent>().LastOrDefault() ?? usage;
            if (WithoutUsage(part) is { } rest)
            {
                await flight.AddAsync(rest);
            }
        }

        if (flight.Report.CacheHit is null && collector.ToAnswer(policy) is { } answer)
        {
            lookup.Keep(key, answer with { Usd = Cost(flight.Report) }, embedding, policy);
        }

        return new FlightEnd { Usage = usage, Usd = Cost(flight.Report), Hit = flight.Report.CacheHit, At = time.GetUtcNow() };
    }

    /// <summary>What one who does not have to ask saves; null when a price is not known.</summary>
    private decimal? Cost(CallReport report)
    {
        var costs = report.Attempts.Where(a => a.Succeeded).Select(a => priceOf(a.Definition) is { } price ? Prices.Cost(price, a.Usage) : (decimal?)null).ToList();
        return costs.Contains(null) ? null : costs.Sum();
    }

    /// <summary>Who reports the usage is decided at the end.</summary>
    private static ChatResponseUpdate? WithoutUsage(ChatResponseUpdate part)
    {
        if (!part.Contents.Any(c => c is UsageContent))
        {
            return part;
        }

        var rest = part.Clone();
        rest.Contents = [.. part.Contents.Where(c => c is not UsageContent)];
        return rest.Contents.Count > 0 || rest.FinishReason is not null || rest.AdditionalProperties is not null ? rest : null;
    }
}
