namespace Minion.Models.Providers.Ollama;

/// <summary>How far a pull is.</summary>
/// <param name="Status">What Ollama does, in its words.</param>
/// <param name="Digest">The part that comes in; empty when the status is of none.</param>
/// <param name="Total">Of the part, in bytes; 0 when unknown.</param>
/// <param name="Completed">Of the part, in bytes.</param>
internal sealed record PullProgress(string Status, string Digest, long Total, long Completed)
{
    /// <summary>Whether the model is there.</summary>
    public bool Done => Status == "success";
}
