using System.Security.Cryptography;
using System.Text;

namespace Minion.Tools.Sandboxes.Homes;

/// <summary>Whose home folder: a session's, or a run's that belongs to none.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Agent">The agent; each has files of its own.</param>
/// <param name="Place">The session or run.</param>
internal sealed record HomeKey(string Tenant, string Agent, string Place)
{
    /// <summary>The key of a call; null when it belongs to neither: its files go with it.</summary>
    public static HomeKey? Of(ToolCall call) => call.Origin.Proven switch
    {
        { Session.Length: > 0 } origin => new HomeKey(call.Caller.Tenant, origin.Agent, "session:" + origin.Session),
        { RunId: { } run } origin => new HomeKey(call.Caller.Tenant, origin.Agent, $"run:{run:n}"),
        _ => null,
    };

    /// <summary>A name of a file that nobody can guess parts of, whatever the three hold.</summary>
    public string FileName()
    {
        var parts = new[] { Tenant, Agent, Place }.Select(part => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('.', parts)))) + ".tar";
    }
}
