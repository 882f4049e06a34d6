namespace Minion.Models.Providers.Ollama;

/// <summary>A model on Ollama's disk.</summary>
/// <param name="Name">With its tag, for example <c>qwen3:8b</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Digest">Of its manifest.</param>
/// <param name="ModifiedAt">When it came or changed; null where Ollama does not say.</param>
/// <param name="Family">For example <c>qwen3</c>; empty where Ollama does not say.</param>
/// <param name="ParameterSize">For example <c>8.2B</c>.</param>
/// <param name="Quantization">For example <c>Q4_K_M</c>.</param>
internal sealed record LocalModel(
    string Name, long Size, string Digest, DateTimeOffset? ModifiedAt, string Family, string ParameterSize, string Quantization);
