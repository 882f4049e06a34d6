namespace Minion.Models.Cache;

/// <summary>Why a request does not use the cache, although its model has one; the names are those of the metric.</summary>
internal static class BypassReason
{
    public const string Format = "no_key";
    public const string SideEffects = "side_effects";
    public const string Personal = "personal";
    public const string ToolResults = "tool_results";
}
