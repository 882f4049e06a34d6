using Minion.Models.Providers.Anthropic;
using Minion.Models.Providers.Gemini;
using Minion.Models.Providers.Groq;
using Minion.Models.Providers.Local;
using Minion.Models.Providers.Mistral;
using Minion.Models.Providers.Ollama;
using Minion.Models.Providers.OpenAi;
using Minion.Models.Providers.OpenAiCompatible;
using Minion.Models.Providers.Scripted;
using Minion.Models.Routing;

namespace Minion.Models;

/// <summary>The providers that a definition may name. A new one is a folder of its own and one line here.</summary>
public static class ModelProviders
{
    /// <summary>Answers from a script in the definition, without a network.</summary>
    public const string Scripted = "scripted";

    /// <summary>Embeds texts in this process, without a network and without a model.</summary>
    public const string Local = "local";

    /// <summary>Any endpoint that speaks OpenAI's chat completions: vLLM, llama.cpp, LM Studio…</summary>
    public const string OpenAiCompatible = "openai-compatible";

    /// <summary>OpenAI.</summary>
    public const string OpenAi = "openai";

    /// <summary>Anthropic.</summary>
    public const string Anthropic = "anthropic";

    /// <summary>Google's Gemini, by its own API.</summary>
    public const string Gemini = "gemini";

    /// <summary>Groq.</summary>
    public const string Groq = "groq";

    /// <summary>Mistral.</summary>
    public const string Mistral = "mistral";

    /// <summary>Ollama, by its own API.</summary>
    public const string Ollama = "ollama";

    /// <summary>Chooses among other models.</summary>
    public const string Router = "router";

    private static readonly Dictionary<string, IModelProvider> All = new()
    {
        [Router] = new RouterProvider(),
        [Scripted] = new ScriptedProvider(),
        [Local] = new LocalProvider(),
        [OpenAiCompatible] = new OpenAiCompatibleProvider(),
        [OpenAi] = new OpenAiProvider(),
        [Anthropic] = new AnthropicProvider(),
        [Gemini] = new GeminiProvider(),
        [Groq] = new GroqProvider(),
        [Mistral] = new MistralProvider(),
        [Ollama] = new OllamaProvider(),
    };

    /// <summary>The names of all providers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Keys.Order()];

    internal static IModelProvider? Find(string name) => All.GetValueOrDefault(name);
}
