using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minion.Models.Pipeline;

namespace Minion.Models.Resilience;

/// <summary>
/// Lets so many calls to one provider's endpoint be under way at once: one that has become slow takes no more than its share of the process. What does
/// not fit waits its turn, up to the call's deadline; where another candidate is left, that one is tried at once.
/// </summary>
internal sealed class Bulkhead(ResilienceOptions options) : IChatStage
{
    private readonly Dictionary<string, Compartment> _compartments = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var name = request.Definition.Url ?? request.Definition.Provider;
        var compartment = Join(name);
        try
        {
            await EnterAsync(compartment, request, cancellationToken);
            try
            {
                await foreach (var update in next(request, cancellationToken).WithCancellation(cancellationToken))
                {
                    yield return update;
                }
            }
            finally
            {
                compartment.Places.Release();
            }
        }
        finally
        {
            Leave(name, compartment);
        }
    }

    private Compartment Join(string name)
    {
        lock (_compartments)
        {
            if (!_compartments.TryGetValue(name, out var compartment))
            {
                _compartments[name] = compartment = new Compartment(options.MaxConcurrent);
            }

            compartment.Calls++;
            return compartment;
        }
    }

    // One that nobody uses is forgotten: tenants may declare any number of endpoints.
    private void Leave(string name, Compartment compartment)
    {
        lock (_compartments)
        {
            if (--compartment.Calls == 0)
            {
                _compartments.Remove(name);
            }
        }
    }

    private async ValueTask EnterAsync(Compartment compartment, ChatRequest request, CancellationToken cancellationToken)
    {
        if (compartment.Places.Wait(0, CancellationToken.None))
        {
            return;
        }

        if (request.NextCandidate is not null || compartment.Calls > options.MaxConcurrent + options.MaxWaiting)
        {
            throw new ModelException(
                ModelErrorKind.RateLimited,
                $"{options.MaxConcurrent} calls to {request.Definition.Url ?? $"the provider '{request.Definition.Provider}'"} are under way, and no more are begun.",
                "Try again, or raise Models:Resilience:MaxConcurrent.",
                TimeSpan.FromSeconds(1));
        }

        await compartment.Places.WaitAsync(cancellationToken);
    }

    private sealed class Compartment(int places)
    {
        public SemaphoreSlim Places { get; } = new(places);

        public int Calls { get; set; }
    }
}
