namespace Minion.Tools.Sources.Cleaning;

/// <summary>A source that sends more secrets than its settings refer to.</summary>
internal interface ISecretSender
{
    /// <summary>Those that it sends now.</summary>
    IEnumerable<string> SentSecrets { get; }
}
