using System.Diagnostics;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>A tool call under way; see <see cref="MinionTelemetry.StartTool"/>.</summary>
public sealed class ToolSpan : IDisposable
{
    private readonly Instruments _instruments;
    private readonly TimeProvider _time;
    private readonly string _tool;
    private readonly long _started;
    private bool _ended;

    internal ToolSpan(Activity? activity, Instruments instruments, TimeProvider time, string tool)
    {
        Activity = activity;
        _instruments = instruments;
        _time = time;
        _tool = tool;
        _started = time.GetTimestamp();
    }

    /// <summary>The span; null when nobody listens.</summary>
    public Activity? Activity { get; }

    /// <summary>The tool gave a result.</summary>
    public void Succeed() => End("ok");

    /// <summary>The call failed.</summary>
    /// <param name="errorKind">Of few values, for example <c>timed_out</c>.</param>
    public void Fail(string errorKind)
    {
        Activity?.SetTag(TelemetryNames.ErrorType, errorKind).SetStatus(ActivityStatusCode.Error, errorKind);
        End(errorKind);
    }

    /// <summary>Ends the span; a call without an outcome counts as abandoned.</summary>
    public void Dispose() => End("abandoned");

    private void End(string status)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _instruments.ToolCalls.Add(1, new(TelemetryNames.Tool, _tool), new(TelemetryNames.Status, status));
        _instruments.ToolDuration.Record(
            _time.GetElapsedTime(_started).TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Tool, _tool));
        Activity?.Dispose();
    }
}
