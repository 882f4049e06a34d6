namespace Minion.Tools.Network;

/// <summary>Where tools may connect to besides public addresses.</summary>
public sealed class NetworkOptions
{
    /// <summary>The section in the configuration.</summary>
    public const string Section = "Tools:Network";

    /// <summary>Entries that <see cref="Allow"/> may have.</summary>
    internal const int Most = 1000;

    /// <summary>
    /// Hosts and networks that may be connected to although their addresses are not public: <c>intranet.example</c>, <c>*.corp.example</c>,
    /// <c>db.example:5432</c>, <c>10.1.0.0/16</c>, <c>127.0.0.1</c>, <c>[::1]:8080</c>, or <c>*</c> for all. At most 1,000; default: none.
    /// </summary>
    public IList<string> Allow { get; } = [];

    /// <summary>Everything that is wrong with the settings.</summary>
    internal IEnumerable<string> Problems() =>
        Allow.Where(entry => !HostPattern.TryParse(entry, out _))
            .Select(entry => $"{Section}:Allow has '{entry}', which is no {HostPattern.Forms}.")
            .Concat(Allow.Count > Most ? [$"{Section}:Allow has {Allow.Count} entries; at most {Most} are allowed."] : []);
}
