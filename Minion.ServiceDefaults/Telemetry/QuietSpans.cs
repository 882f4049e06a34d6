using System.Diagnostics;
using OpenTelemetry;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps back database spans that belong to no call or run: heartbeats and polls would otherwise be most of all traces.
/// </summary>
internal sealed class QuietSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == "Npgsql" && data.ParentSpanId == default)
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
