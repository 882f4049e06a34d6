using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Money;

namespace Minion.Models.Pipeline;

/// <summary>
/// Reserves what the call may cost at most, and settles what it did cost when its answer has ended, however that is. The cost goes
/// out with the last part of the answer.
/// </summary>
internal sealed class Spending(Ledger ledger, PriceList prices) : IChatStage
{
    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reservation = await ledger.OpenAsync(request.Call, request.Definition, Estimates.Of(request, request.Definition, prices), cancellationToken);
        request.Report.Reservation = reservation;
        try
        {
            await foreach (var update in next(request, cancellationToken))
            {
                yield return update;
            }
        }
        finally
        {
            var usage = request.Report.Attempts.Select(a => ledger.UsageOf(request.Call, a)).ToList();
            request.Report.CostUsd = usage.Sum(u => u.CostUsd);
            ledger.Settle(reservation, usage);
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [])
        {
            AdditionalProperties = new() { [AnswerProperties.CostUsd] = request.Report.CostUsd.ToString(CultureInfo.InvariantCulture) },
        };
    }
}

/// <summary>Before a candidate is asked: reserves what it may cost more than what is reserved already, with what earlier ones cost.</summary>
internal sealed class CandidateReserve(Ledger ledger, PriceList prices) : IChatStage
{
    public IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(ChatRequest request, NextStage next, CancellationToken cancellationToken) =>
        request.Report.Reservation is { } reservation && (!ReferenceEquals(reservation.Model, request.Definition) || request.Report.Attempts.Count > 0)
            ? RaiseAsync(reservation, request, next, cancellationToken)
            : next(request, cancellationToken);

    private async IAsyncEnumerable<ChatResponseUpdate> RaiseAsync(
        Reservation reservation, ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var spent = request.Report.Attempts.Select(a => ledger.UsageOf(request.Call, a)).ToList();
        var estimate = Estimates.Of(request, request.Definition, prices);
        await ledger.RaiseAsync(
            reservation, request.Definition, new Estimate(estimate.Usd + spent.Sum(s => s.CostUsd), estimate.Tokens + spent.Sum(s => s.Tokens)), cancellationToken);
        await foreach (var update in next(request, cancellationToken))
        {
            yield return update;
        }
    }
}
