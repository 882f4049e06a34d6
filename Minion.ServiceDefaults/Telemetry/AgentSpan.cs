using System.Diagnostics;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>A run under way; see <see cref="MinionTelemetry.StartAgent"/>.</summary>
public sealed class AgentSpan : IDisposable
{
    private readonly Instruments _instruments;
    private readonly TimeProvider _time;
    private readonly string _agent;
    private readonly long _started;

    internal AgentSpan(Activity? activity, Instruments instruments, TimeProvider time, string agent)
    {
        Activity = activity;
        _instruments = instruments;
        _time = time;
        _agent = agent;
        _started = time.GetTimestamp();
    }

    /// <summary>The span; null when nobody listens.</summary>
    public Activity? Activity { get; }

    /// <summary>The run completed.</summary>
    /// <param name="duration">From its start, in whatever process that was; absent means since this object was made.</param>
    public void Succeed(TimeSpan? duration = null) => End("completed", duration);

    /// <summary>The run was cancelled.</summary>
    /// <param name="duration">As for <see cref="Succeed"/>.</param>
    public void Cancel(TimeSpan? duration = null) => End("cancelled", duration);

    /// <summary>The run failed.</summary>
    /// <param name="errorKind">Of few values, for example <c>limit_exceeded</c>.</param>
    /// <param name="duration">As for <see cref="Succeed"/>.</param>
    public void Fail(string errorKind, TimeSpan? duration = null)
    {
        Activity?.SetTag(TelemetryNames.ErrorType, errorKind).SetStatus(ActivityStatusCode.Error, errorKind);
        _instruments.AgentErrors.Add(1, new(TelemetryNames.Agent, _agent), new(TelemetryNames.ErrorType, errorKind));
        End("failed", duration);
    }

    /// <summary>Ends the span.</summary>
    public void Dispose() => Activity?.Dispose();

    private void End(string status, TimeSpan? duration)
    {
        _instruments.AgentExecutions.Add(1, new(TelemetryNames.Agent, _agent), new(TelemetryNames.Status, status));
        _instruments.AgentDuration.Record(
            (duration ?? _time.GetElapsedTime(_started)).TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Agent, _agent));
        Dispose();
    }
}
