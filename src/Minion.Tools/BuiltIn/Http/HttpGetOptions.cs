using System.Net;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>Where <c>http_get</c> may connect to besides public addresses.</summary>
public sealed class HttpGetOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:HttpGet";

    /// <summary>Whether it may connect to any address: loopback, private networks, metadata services. Default: no.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Networks that it may connect to although they are not public, for example <c>10.1.0.0/16</c> or <c>127.0.0.1/32</c>.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>The settings that are no networks.</summary>
    internal IEnumerable<string> Problems() => AllowedNetworks
        .Where(network => !IPNetwork.TryParse(network, out _))
        .Select(network => $"{Section}:AllowedNetworks has '{network}', which is no network such as 10.1.0.0/16.");
}
