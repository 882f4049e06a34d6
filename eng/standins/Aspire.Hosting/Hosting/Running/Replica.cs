using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Supervision;

namespace Aspire.Hosting.Running;

/// <summary>One process of a resource.</summary>
internal sealed class Replica(string resource, IReadOnlyDictionary<EndpointAnnotation, int> targetPorts)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    /// <summary>What tells it from its siblings.</summary>
    public string Suffix { get; } = RandomNumberGenerator.GetString(Letters, 8);

    public string Id => $"{resource}-{Suffix}";

    /// <summary>The ports that this process listens on.</summary>
    public IReadOnlyDictionary<EndpointAnnotation, int> TargetPorts { get; } = targetPorts;

    /// <summary>Null while it does not run.</summary>
    public SupervisedProcess? Process { get; set; }

    /// <summary>Whether its end was asked for.</summary>
    public bool IsStopping { get; set; }
}
