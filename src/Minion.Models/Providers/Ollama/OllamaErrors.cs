using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary>Ollama's errors are one sentence, <c>{"error":"…"}</c>.</summary>
internal static class OllamaErrors
{
    public static (ModelErrorKind Kind, string Hint)? Judge(int status, ErrorBody error) => status switch
    {
        _ when error.Speaks("context length", "context window", "prompt too long", "exceeds context") =>
            (ModelErrorKind.ContextOverflow, "Shorten the conversation, or give the model a larger context (OLLAMA_CONTEXT_LENGTH where Ollama runs)."),
        404 or 500 when error.Speaks("not found") && error.Speaks("model") =>
            (ModelErrorKind.UnknownModel, "Is the model's name right? Install it with minion models pull, or ollama pull where it runs."),
        400 when error.Speaks("does not support tools") =>
            (ModelErrorKind.InvalidRequest, "The model cannot call tools: use one that can, for example qwen3:8b, or an agent without tools."),
        _ => null,
    };
}
