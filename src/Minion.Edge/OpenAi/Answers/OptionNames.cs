namespace Minion.Edge.OpenAi.Answers;

/// <summary>
/// Options that Microsoft.Extensions.AI has no property for travel to the provider, and come back, in the additional properties under OpenAI's own names.
/// </summary>
internal static class OptionNames
{
    public const string Logprobs = "logprobs";
    public const string TopLogprobs = "top_logprobs";
    public const string Strict = "strict";

    /// <summary>Given on as they are, as JSON.</summary>
    public static readonly string[] PassedOn =
        ["logit_bias", "user", "verbosity", "service_tier", "prompt_cache_key", "safety_identifier"];
}
