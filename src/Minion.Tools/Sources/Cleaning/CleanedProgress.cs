namespace Minion.Tools.Sources.Cleaning;

/// <summary>Passes lines on without the secrets that a source sends.</summary>
internal sealed class CleanedProgress(IProgress<string> lines, SentSecrets sent) : IProgress<string>
{
    public void Report(string value) => lines.Report(sent.Clean(value));
}
