using System.Text.Json;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Execution;

/// <summary>What is known of a call under way, however it ends.</summary>
internal sealed class CallProgress
{
    public List<Repair> Repairs { get; } = [];

    /// <summary>Undefined until they have been read.</summary>
    public JsonElement Arguments { get; set; }

    public string Decision { get; set; } = Decisions.None;

    public string Rule { get; set; } = "";

    public ToolReport Stamp(ToolReport report) => report with { Repairs = Repairs };
}
