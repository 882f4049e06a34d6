using System.ComponentModel.DataAnnotations;

namespace Minion.Edge;

/// <summary>The limits of what comes from outside, section <c>Edge</c> of the configuration.</summary>
public sealed class EdgeOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Edge";

    /// <summary>The longest request in bytes, 1,024 (1 KiB) to 33,554,432 (32 MiB); 4,194,304 (4 MiB) unless set. Longer ones get status 413.</summary>
    [Range(1024, 32 * 1024 * 1024)]
    public int MaxRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How deep the JSON of a request may be nested, 8 to 512; 64 unless set.</summary>
    [Range(8, 512)]
    public int MaxDepth { get; set; } = 64;

    /// <summary>The most choices (<c>n</c>) of one request, each a call of its own, 1 to 128; 16 unless set.</summary>
    [Range(1, 128)]
    public int MaxChoices { get; set; } = 16;

    /// <summary>The most inputs of one embeddings request, 1 to 2,048; 2,048 unless set.</summary>
    [Range(1, 2048)]
    public int MaxEmbeddingInputs { get; set; } = 2048;

    /// <summary>Seconds of silence in an agent's stream after which a comment shows that it goes on, 1 to 300; 15 unless set.</summary>
    [Range(1, 300)]
    public int KeepAliveSeconds { get; set; } = 15;
}
