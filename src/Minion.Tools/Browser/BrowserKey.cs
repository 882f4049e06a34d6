namespace Minion.Tools.Browser;

/// <summary>Whose pages: a run's; for calls without a run those of a session, or else of the person.</summary>
internal readonly record struct BrowserKey(string Tenant, string Owner)
{
    public static BrowserKey Of(ToolCall call) => new(call.Caller.Tenant, call.Origin.Proven switch
    {
        { RunId: { } run } => $"run {run:N}",
        { Session.Length: > 0 } => $"session {call.Origin.Proven.Session} of {call.Caller.Principal}",
        _ => $"principal {call.Caller.Principal}",
    });
}
