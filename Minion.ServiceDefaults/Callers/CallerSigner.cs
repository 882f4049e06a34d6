using Grpc.Core;
using Minion.Contracts.Callers;

namespace Minion.ServiceDefaults.Callers;

/// <summary>Vouches for a caller towards another service, for 60 seconds.</summary>
public sealed class CallerSigner
{
    /// <summary>The header that a signed caller travels in.</summary>
    public const string HeaderName = "minion-caller-bin";

    private readonly CallerKey _key;
    private readonly TimeProvider _time;

    internal CallerSigner(CallerKey key, TimeProvider time)
    {
        _key = key;
        _time = time;
    }

    /// <summary>The headers of one call to another service in the name of <paramref name="caller"/>. Make new ones for each call.</summary>
    /// <param name="caller">In whose name.</param>
    /// <param name="audience">The called service: the part of its package after <c>minion.</c>, for example <c>tools</c>.</param>
    public Metadata Headers(Caller caller, string audience)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentException.ThrowIfNullOrEmpty(audience);
        return new Metadata { { HeaderName, SignedCaller.Sign(caller, audience, _time.GetUtcNow(), _key.Bytes) } };
    }
}
