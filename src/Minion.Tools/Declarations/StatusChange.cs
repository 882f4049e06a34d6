using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Declarations;

/// <summary>Which status may follow which: draft → review → approved → deprecated, and back where somebody thinks better of it.</summary>
internal static class StatusChange
{
    /// <exception cref="Fault">FAILED_PRECONDITION when it may not.</exception>
    public static void Check(string tool, ToolStatus from, ToolStatus to)
    {
        var may = (from, to) switch
        {
            (ToolStatus.Draft, ToolStatus.Review) => true,
            (ToolStatus.Review, ToolStatus.Draft or ToolStatus.Approved) => true,
            (ToolStatus.Approved, ToolStatus.Review or ToolStatus.Deprecated) => true,
            (ToolStatus.Deprecated, ToolStatus.Approved or ToolStatus.Review) => true,
            _ => from == to,
        };
        if (!may)
        {
            throw new Fault(
                StatusCode.FailedPrecondition,
                "TOOL_STATUS",
                $"'{tool}' is {StatusNames.Of(from)} and cannot become {StatusNames.Of(to)} at once.",
                "The way is draft, review, approved, deprecated; each step by itself.");
        }
    }
}
