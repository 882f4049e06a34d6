using Minion.Models.Providers.OpenAiCompatible;
using Minion.Models.Providers.Scripted;

namespace Minion.Models;

/// <summary>The providers that a definition may name. A new one is a folder of its own and one line here.</summary>
public static class ModelProviders
{
    /// <summary>Answers from a script in the definition, without a network.</summary>
    public const string Scripted = "scripted";

    /// <summary>Any endpoint that speaks OpenAI's chat completions: Ollama, OpenAI, Groq, Mistral, Gemini, vLLM, llama.cpp…</summary>
    public const string OpenAiCompatible = "openai-compatible";

    private static readonly Dictionary<string, IModelProvider> All = new()
    {
        [Scripted] = new ScriptedProvider(),
        [OpenAiCompatible] = new OpenAiCompatibleProvider(),
    };

    /// <summary>The names of all providers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Keys.Order()];

    internal static IModelProvider? Find(string name) => All.GetValueOrDefault(name);
}
