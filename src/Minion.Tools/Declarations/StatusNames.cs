using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Declarations;

/// <summary>The words for the status of a tool.</summary>
internal static class StatusNames
{
    public static string Of(ToolStatus status) => status.ToString().ToLowerInvariant();

    public static ToolStatus Read(string word) => Enum.TryParse<ToolStatus>(word, ignoreCase: true, out var status) ? status : ToolStatus.Review;
}
